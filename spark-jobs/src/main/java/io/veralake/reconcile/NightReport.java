package io.veralake.reconcile;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.RunContext;
import io.veralake.reconcile.report.Night;
import io.veralake.spec.Reconciliation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the recon tables what a night's report tells. All of it is small: the ledger, and a
 * few rows of each partition and cause.
 */
final class NightReport {
  private static final int EXAMPLES = 10;
  private static final int EXAMPLES_IN_ALL = 3_000;
  private static final int NIGHTS = 30;
  private static final String CHECKS = "ops.checks";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private final RunContext context;

  NightReport(RunContext context) {
    this.context = context;
  }

  Night read() {
    List<Night.Book> books = new ArrayList<>();
    if (this.context.lake().exists(ReconTables.SUMMARY)) {
      for (Reconciliation reconciliation : this.context.model().reconciliations()) {
        this.tonight(ReconTables.SUMMARY, reconciliation).collectAsList().stream()
            .findFirst()
            .ifPresent(summary -> books.add(this.book(reconciliation, summary)));
      }
    }
    List<Night.Reason> reasons =
        Arrays.stream(Cause.values())
            .filter(cause -> cause != Cause.IN_FLIGHT)
            .map(cause -> new Night.Reason(cause.word(), cause.sentence(), cause.meaning()))
            .toList();
    return new Night(
        this.context.runId(),
        this.context.asOf(),
        reasons,
        books,
        this.checks(),
        new Publications(this.context).tonight());
  }

  private Night.Book book(Reconciliation reconciliation, Row summary) {
    List<String> measures = new ArrayList<>(reconciliation.measures());
    measures.add(Shape.ROWS);
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Cause cause : Cause.values()) {
      if (cause.isDiscrepancy()) {
        counts.put(cause.word(), summary.<Long>getAs(cause.column()));
      }
    }
    return new Night.Book(
        reconciliation.name(),
        reconciliation.mart().name(),
        reconciliation.partition(),
        measures,
        summary.<java.sql.Timestamp>getAs("watermark").toInstant(),
        summary.<Long>getAs("compared"),
        summary.<Long>getAs("in_flight"),
        counts,
        this.lines(reconciliation),
        this.examples(reconciliation, measures.get(0)),
        this.trend(reconciliation, measures.get(0)),
        this.unusual(reconciliation));
  }

  private List<Night.Unusual> unusual(Reconciliation reconciliation) {
    return this.tonight(ReconTables.QUALITY, reconciliation)
        .where(col("unusual"))
        .orderBy(col("rate").desc(), col("cause"))
        .collectAsList()
        .stream()
        .map(
            row ->
                new Night.Unusual(
                    row.<String>getAs("cause"),
                    row.<Double>getAs("rate"),
                    row.<Double>getAs("usual"),
                    row.<Long>getAs("nights")))
        .toList();
  }

  private List<Night.Line> lines(Reconciliation reconciliation) {
    return this.tonight(ReconTables.RESTATEMENT, reconciliation).collectAsList().stream()
        .map(
            row -> {
              Map<String, BigDecimal> causes = new LinkedHashMap<>();
              for (Cause cause : Cause.values()) {
                if (cause != Cause.IN_FLIGHT) {
                  causes.put(cause.word(), row.<BigDecimal>getAs(cause.column()));
                }
              }
              return new Night.Line(
                  row.<@Nullable String>getAs("partition"),
                  row.<String>getAs("measure"),
                  row.<BigDecimal>getAs("streamed"),
                  causes,
                  row.<BigDecimal>getAs("corrected"),
                  row.<@Nullable BigDecimal>getAs("previous_corrected"));
            })
        .toList();
  }

  private List<Night.Examples> examples(Reconciliation reconciliation, String measure) {
    WindowSpec all = Window.partitionBy("partition", "cause");
    WindowSpec heaviest =
        all.orderBy(abs(col("delta").getItem(measure)).desc_nulls_last(), col("key"));
    Dataset<Row> rows =
        this.tonight(ReconTables.DISCREPANCY, reconciliation)
            .withColumn("n", count(lit(1)).over(all))
            .withColumn("place", row_number().over(heaviest))
            .where(col("place").leq(EXAMPLES))
            .orderBy(col("partition"), col("n").desc(), col("cause"), col("place"))
            .limit(EXAMPLES_IN_ALL);
    Map<List<@Nullable String>, List<Row>> groups = new LinkedHashMap<>();
    for (Row row : rows.collectAsList()) {
      List<@Nullable String> group =
          Arrays.asList(row.<@Nullable String>getAs("partition"), row.<String>getAs("cause"));
      groups.computeIfAbsent(group, any -> new ArrayList<>()).add(row);
    }
    return groups.entrySet().stream()
        .map(
            group ->
                new Night.Examples(
                    group.getKey().get(0),
                    Objects.requireNonNull(group.getKey().get(1)),
                    group.getValue().get(0).<Long>getAs("n"),
                    group.getValue().stream().map(NightReport::example).toList()))
        .toList();
  }

  private static Night.Example example(Row row) {
    String streamed = row.getAs("streamed");
    String corrected = row.getAs("corrected");
    return new Night.Example(
        object(row.getAs("key")),
        row.getList(row.fieldIndex("columns")),
        streamed == null ? null : object(streamed),
        corrected == null ? null : object(corrected),
        row.<String>getAs("evidence"));
  }

  private List<Night.Point> trend(Reconciliation reconciliation, String measure) {
    List<Night.Point> points = new ArrayList<>();
    Dataset<Row> nights =
        this.context
            .lake()
            .rows(ReconTables.SUMMARY)
            .where(col("reconciliation").equalTo(reconciliation.name()))
            .where(col("as_of").leq(lit(this.context.asOf())))
            .select("as_of", "discrepancies");
    Dataset<Row> totals =
        this.context
            .lake()
            .rows(ReconTables.RESTATEMENT)
            .where(col("reconciliation").equalTo(reconciliation.name()))
            .where(col("measure").equalTo(measure))
            .groupBy("as_of")
            .agg(sum("streamed").as("streamed"), sum("corrected").as("corrected"));
    nights
        .join(totals, "as_of")
        .orderBy(col("as_of").desc())
        .limit(NIGHTS)
        .collectAsList()
        .forEach(
            row ->
                points.add(
                    0,
                    new Night.Point(
                        row.<java.sql.Timestamp>getAs("as_of").toInstant(),
                        row.<BigDecimal>getAs("streamed"),
                        row.<BigDecimal>getAs("corrected"),
                        row.<Long>getAs("discrepancies"))));
    return points;
  }

  private List<Night.Check> checks() {
    if (!this.context.lake().exists(CHECKS)) {
      return List.of();
    }
    return this.context
        .lake()
        .rows(CHECKS)
        .where(col("run_id").equalTo(this.context.runId()))
        .select("mart", "check", "severity", "violations")
        .orderBy("mart", "check")
        .collectAsList()
        .stream()
        .map(
            row ->
                new Night.Check(
                    row.getString(0), row.getString(1), row.getString(2), row.getLong(3)))
        .toList();
  }

  private Dataset<Row> tonight(String table, Reconciliation reconciliation) {
    Instant asOf = this.context.asOf();
    return this.context
        .lake()
        .rows(table)
        .where(col("reconciliation").equalTo(reconciliation.name()))
        .where(col("as_of").equalTo(lit(asOf)));
  }

  private static Map<String, String> object(String json) {
    try {
      Map<String, String> values = new LinkedHashMap<>();
      JSON.readValue(json, OBJECT)
          .forEach((name, value) -> values.put(name, String.valueOf(value)));
      return values;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
