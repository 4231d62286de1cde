package io.veralake.run;

import io.veralake.catalog.NightLock;
import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.SparkSession;

/**
 * One run over some stages: takes the lock, opens the session, runs the steps in the order of what
 * they need, keeps the ledger.
 */
final class Night {
  private final Job job;
  private final Steps steps;
  private final Interruption interruption;
  private final RunMetrics metrics;

  Night(Job job, Steps steps) {
    this.job = job;
    this.steps = steps;
    this.interruption = new Interruption(job.out());
    this.metrics = new RunMetrics(job.configured().engine().metrics());
  }

  /** Runs to the end on a session of its own, or throws what stopped it. */
  void run() {
    this.interruption.listen();
    this.run(
        () -> Sessions.open(this.job.configured().engine(), this.job.command()),
        SparkSession::stop);
  }

  /** Runs to the end on {@code spark}, which stays open, or throws what stopped it. */
  void runOn(SparkSession spark) {
    this.run(() -> spark, opened -> {});
  }

  /** What can be seen without Spark is looked at before it starts. */
  private void run(Supplier<SparkSession> open, Consumer<SparkSession> close) {
    Engine engine = this.job.configured().engine();
    String runId = this.job.newRunId();
    Servers.checkStore(engine);
    try (LakeCatalog catalog = LakeCatalog.open(engine)) {
      if (this.steps.needClickHouse()) {
        Servers.checkClickHouse(engine);
      }
      try (NightLock lock = NightLock.acquire(catalog.iceberg(), runId, this.job.clock())) {
        SparkSession spark = open.get();
        try {
          Lake lake = new Lake(spark, engine.catalog().name());
          this.measured(
              catalog.iceberg(),
              new RunContext(runId, this.job.asOf(), lake, engine, this.job.configured().model()));
        } finally {
          close.accept(spark);
        }
      }
    }
  }

  /** Runs, and tells the monitoring system how it ended. */
  private void measured(Catalog catalog, RunContext run) {
    Instant started = this.job.clock().instant();
    boolean success = false;
    try {
      this.under(run);
      success = true;
    } finally {
      Instant ended = this.job.clock().instant();
      this.metrics
          .write(
              this.job.command(),
              success,
              Duration.between(started, ended),
              ended,
              this.steps.landed(),
              () -> Waiting.of(catalog))
          .ifPresent(this.job.out()::println);
    }
  }

  private void under(RunContext run) {
    for (String namespace : List.of("raw", "stage", "vault", "mart", "recon", "ops")) {
      run.lake().spark().sql("CREATE NAMESPACE IF NOT EXISTS " + run.lake().sqlName(namespace));
    }
    Instant started = this.job.clock().instant();
    RunLedger ledger = new RunLedger(run.lake(), run.runId(), this.job);
    ledger.started(started);
    Progress progress = new Progress(this.job.out(), System.console() != null, this.steps.size());
    progress.line(
        "veralake %s, as of %s, run %s".formatted(this.job.command(), run.asOf(), run.runId()));
    try {
      StepGraph graph = new StepGraph();
      this.steps.addTo(graph, (name, work) -> this.told(name, work, run, ledger, progress));
      this.interruption.run(graph, width(run.engine()), run.lake().spark().sparkContext());
      this.steps.account(run, this.job.clock().instant());
      ledger.ended("done", started, null);
      this.steps.publishing().proofs().forEach(progress::line);
      this.steps.summary().forEach(progress::line);
      progress.line(
          String.format(
              Locale.ROOT,
              "Done in %.1f s",
              Duration.between(started, this.job.clock().instant()).toMillis() / 1000.0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    } catch (RuntimeException e) {
      this.steps.publishing().proofs().forEach(progress::line);
      this.noteFailure(run, ledger, started, e);
      throw e;
    }
  }

  /**
   * Writes down what was done and how it ended, if that is still possible; what stopped the run
   * goes before a failure to tell of it.
   */
  private void noteFailure(RunContext run, RunLedger ledger, Instant started, RuntimeException e) {
    try {
      this.steps.account(run, this.job.clock().instant());
      ledger.ended(this.state(e), started, Failure.text(e));
    } catch (RuntimeException second) {
      e.addSuppressed(second);
    }
  }

  private Callable<Outcome> told(
      String name, Steps.Work work, RunContext run, RunLedger ledger, Progress progress) {
    return () -> {
      Instant started = this.job.clock().instant();
      progress.started(name);
      run.lake().spark().sparkContext().setJobDescription(name + " as of " + run.asOf());
      Lake own = new Lake(run.lake().spark().newSession(), run.lake().catalog());
      try {
        Outcome outcome =
            work.run(new RunContext(run.runId(), run.asOf(), own, run.engine(), run.model()));
        Instant now = this.job.clock().instant();
        ledger.step(name, "done", started, outcome.counts(), null);
        this.metrics.step(name, true, Duration.between(started, now), outcome.counts());
        progress.ended(name, outcome.toString(), Duration.between(started, now));
        return outcome;
      } catch (RuntimeException e) {
        String state = this.state(e);
        ledger.step(name, state, started, Map.of(), Failure.text(e));
        Duration took = Duration.between(started, this.job.clock().instant());
        this.metrics.step(name, false, took, Map.of());
        progress.ended(name, state, took);
        throw e;
      }
    };
  }

  private String state(RuntimeException e) {
    if (this.interruption.asked()) {
      return "stopped";
    }
    return e instanceof GateException ? "gated" : "failed";
  }

  private static int width(Engine engine) {
    return Integer.parseInt(engine.spark().getOrDefault("veralake.parallel-steps", "3"));
  }
}
