package io.veralake.run;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.util.SignalUtils;

/**
 * Lets an operator, or a scheduler, end a run well: after the first INT or TERM no step starts, the
 * jobs of those that run are cancelled, commits that have begun are finished, and the run's account
 * and lock are closed. A second signal ends the process at once.
 */
final class Interruption {
  private static final long LOOK_MILLIS = 200;

  private final PrintWriter out;
  private volatile boolean asked;

  Interruption(PrintWriter out) {
    this.out = out;
  }

  /** From now on signals are heard. */
  void listen() {
    SignalUtils.register("INT", this::ask);
    SignalUtils.register("TERM", this::ask);
  }

  /** Whether the run is to end. */
  boolean asked() {
    return this.asked;
  }

  /**
   * Runs {@code graph} to its end, or to that of the steps that run when the operator asks.
   *
   * @throws StoppedException if the operator asked before all was done
   */
  void run(StepGraph graph, int width, SparkContext spark) throws InterruptedException {
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "interruption");
              thread.setDaemon(true);
              return thread;
            });
    // Again and again: between two of its jobs a step has none that could be cancelled.
    watch.scheduleWithFixedDelay(
        () -> this.cancel(graph, spark), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    try {
      graph.run(width);
    } catch (RuntimeException e) {
      throw this.asked ? new StoppedException(e) : e;
    } finally {
      watch.shutdownNow();
      watch.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private void cancel(StepGraph graph, SparkContext spark) {
    if (this.asked) {
      graph.stop();
      // Each cancelled task tells of its end, at length: nothing to act on.
      spark.setLogLevel("FATAL");
      spark.cancelAllJobs();
    }
  }

  /** Answers whether the signal is dealt with; if not, the process ends. */
  private boolean ask() {
    if (this.asked) {
      return false;
    }
    this.asked = true;
    this.out.println();
    this.out.println("Stopping: commits that have begun are finished; once more to end at once");
    this.out.flush();
    return true;
  }
}
