package io.veralake.run;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Configured;
import io.veralake.spec.Mart;
import io.veralake.spec.Reconciliation;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Explains a figure of a mart: what it was made of, and how it was restated. */
final class ExplainCommand {
  private final Options options;
  private final PrintWriter out;

  ExplainCommand(Options options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  /**
   * What is asked for.
   *
   * @param mart the mart's name
   * @param key values by column; empty: a partition
   * @param partition its text; null: a key
   * @param measure a measure of the partition; null: a key
   * @param most rows of each table
   */
  record Question(
      String mart,
      Map<String, String> key,
      @Nullable String partition,
      @Nullable String measure,
      int most) {}

  /** Prints the answer. */
  void run(Question question, boolean json, Instant now) {
    Configured read = this.options.read();
    FigureNames names = new FigureNames(read.model());
    Mart mart = names.mart(question.mart());
    check(question, mart, names);
    if (!read.engine().clickhouse().url().isEmpty()) {
      Servers.checkClickHouse(read.engine());
    }
    Servers.checkStore(read.engine());
    SparkSession spark = Sessions.open(read.engine(), "explain");
    try {
      Lake lake = new Lake(spark, read.engine().catalog().name());
      Map<String, String> key = FigureNames.written(lake, mart, question.key());
      RunContext context = new RunContext("explain", now, lake, read.engine(), read.model());
      Explanation explanation =
          explain(question, key, new Explainer(context, mart, question.most()));
      if (json) {
        this.out.println(explanation.json());
      } else {
        explanation.lines().forEach(this.out::println);
      }
    } finally {
      spark.stop();
    }
  }

  private static Explanation explain(
      Question question, Map<String, String> key, Explainer explainer) {
    if (question.partition() == null || question.measure() == null) {
      return explainer.key(key);
    }
    List<Reconciliation> reconciliations = explainer.reconciliations();
    if (reconciliations.isEmpty()) {
      throw new UsageException(
          "Cannot explain a partition of mart %s: nothing compares it with a stream (ask with --key)"
              .formatted(question.mart()));
    }
    for (Reconciliation reconciliation : reconciliations) {
      if (reconciliation.measures().contains(question.measure())) {
        return explainer.partition(reconciliation, question.partition(), question.measure());
      }
    }
    throw new UsageException(
        "Invalid --measure: %s (measures of mart %s are %s)"
            .formatted(
                question.measure(),
                question.mart(),
                reconciliations.stream()
                    .flatMap(one -> one.measures().stream())
                    .sorted()
                    .toList()));
  }

  private static void check(Question question, Mart mart, FigureNames names) {
    names.columns(mart, question.key().keySet());
    names.figure(
        mart, !question.key().isEmpty(), question.partition() != null, question.measure() != null);
    if (question.most() < 1) {
      throw new UsageException("Invalid --most: " + question.most() + " (rows, 1 or more)");
    }
  }
}
