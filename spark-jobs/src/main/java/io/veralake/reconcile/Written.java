package io.veralake.reconcile;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Reconciliation;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Turns what was found into rows of the recon tables. */
final class Written {
  /** A file of the table of differences holds about so many: some ten megabytes. */
  private static final long ROWS_OF_FILE = 100_000;

  private static final long MOST_FILES = 200;

  private final RunContext context;
  private final Reconciliation reconciliation;
  private final Shape shape;

  Written(RunContext context, Reconciliation reconciliation, Shape shape) {
    this.context = context;
    this.reconciliation = reconciliation;
    this.shape = shape;
  }

  /** Rows of {@link ReconTables#DISCREPANCY}: of {@code findings}, which are {@code count}. */
  Dataset<Row> discrepancies(Dataset<Row> findings, long count) {
    List<Column> columns = new ArrayList<>(this.head());
    columns.add(regexp_replace(lower(col("cause")), lit("_"), lit("-")).as("cause"));
    columns.add(col("evidence"));
    columns.add(col("key"));
    columns.add(
        when(col("corrected").isNotNull(), col("corrected.partition"))
            .otherwise(col("streamed.partition"))
            .as("partition"));
    columns.add(col("streamed.partition").as("streamed_partition"));
    columns.add(col("corrected.partition").as("corrected_partition"));
    columns.add(col("columns"));
    columns.add(col("streamed.json").as("streamed"));
    columns.add(col("corrected.json").as("corrected"));
    columns.add(this.delta().as("delta"));
    List<String> none =
        Arrays.stream(Cause.values()).filter(c -> !c.isDiscrepancy()).map(Enum::name).toList();
    return findings
        .coalesce((int) Math.min(MOST_FILES, 1 + count / ROWS_OF_FILE))
        .where(org.apache.spark.sql.functions.not(col("cause").isin(none.toArray())))
        .select(columns.toArray(Column[]::new));
  }

  private Column delta() {
    List<String> names = this.shape.measureNames();
    Column[] keys = names.stream().map(org.apache.spark.sql.functions::lit).toArray(Column[]::new);
    Column[] amounts = new Column[names.size()];
    for (int i = 0; i < amounts.length; i++) {
      amounts[i] = amount("corrected", i).minus(amount("streamed", i)).cast(Finding.AMOUNT);
    }
    return map_from_arrays(array(keys), array(amounts));
  }

  private static Column amount(String side, int measure) {
    return coalesce(
        col(side + ".measures").getItem(measure), lit(BigDecimal.ZERO).cast(Finding.AMOUNT));
  }

  /** Rows of {@link ReconTables#RESTATEMENT}. */
  Dataset<Row> restatements(List<Ledger.Line> lines) {
    Map<List<@Nullable String>, BigDecimal> previous = this.previous();
    List<Row> rows = new ArrayList<>();
    for (Ledger.Line line : lines) {
      List<@Nullable Object> row = new ArrayList<>(this.headValues());
      row.add(line.partition());
      row.add(line.measure());
      row.add(line.streamed());
      for (Cause cause : Cause.values()) {
        if (cause != Cause.IN_FLIGHT) {
          row.add(line.causes().getOrDefault(cause, BigDecimal.ZERO));
        }
      }
      row.add(line.corrected());
      BigDecimal before = previous.get(Arrays.asList(line.partition(), line.measure()));
      row.add(before);
      row.add(before == null ? null : line.corrected().subtract(before));
      row.add(line.inFlight());
      rows.add(RowFactory.create(row.toArray()));
    }
    return this.rows(rows, ReconTables.RESTATEMENT);
  }

  /**
   * Last corrected value of each partition and measure before this as-of; as many as the ledger has
   * lines.
   */
  private Map<List<@Nullable String>, BigDecimal> previous() {
    Dataset<Row> earlier =
        this.lake()
            .rows(ReconTables.RESTATEMENT)
            .where(col("reconciliation").equalTo(this.reconciliation.name()))
            .where(col("as_of").lt(lit(this.context.asOf())))
            .groupBy("partition", "measure")
            .agg(org.apache.spark.sql.functions.max_by(col("corrected"), col("as_of")));
    Map<List<@Nullable String>, BigDecimal> previous = new HashMap<>();
    for (Row row : earlier.collectAsList()) {
      previous.put(Arrays.asList(row.getString(0), row.getString(1)), row.getDecimal(2));
    }
    return previous;
  }

  /** The row of {@link ReconTables#SUMMARY}. */
  Dataset<Row> summary(
      Reconciled reconciled, long snapshot, long fetched, List<@Nullable String> open) {
    List<@Nullable Object> row = new ArrayList<>(this.headValues());
    row.add(Timestamp.from(reconciled.watermark()));
    row.add(snapshot);
    row.add((long) reconciled.partitions());
    row.add(reconciled.compared());
    row.add(fetched);
    row.add(reconciled.inFlight());
    row.add(reconciled.discrepancies());
    for (Cause cause : Cause.values()) {
      if (cause.isDiscrepancy()) {
        row.add(reconciled.causes().getOrDefault(cause, 0L));
      }
    }
    row.add(open.toArray());
    return this.rows(List.of(RowFactory.create(row.toArray())), ReconTables.SUMMARY);
  }

  /** Rows of {@link ReconTables#QUALITY}, a cause each. */
  Dataset<Row> quality(Reconciled reconciled) {
    StreamQuality.Night tonight =
        new StreamQuality.Night(this.context.asOf(), reconciled.compared(), reconciled.causes());
    List<Row> rows = new ArrayList<>();
    for (StreamQuality.Quality quality : StreamQuality.of(tonight, this.earlierNights())) {
      List<@Nullable Object> row = new ArrayList<>(this.headValues());
      row.add(this.reconciliation.stream().table());
      row.add(quality.cause().word());
      row.add(quality.differences());
      row.add(reconciled.compared());
      row.add(quality.rate());
      row.add(quality.nights());
      row.add(quality.usual());
      row.add(quality.score());
      row.add(quality.unusual());
      rows.add(RowFactory.create(row.toArray()));
    }
    return this.rows(rows, ReconTables.QUALITY);
  }

  /** The nights before this one, as many as are looked at. */
  private List<StreamQuality.Night> earlierNights() {
    List<StreamQuality.Night> nights = new ArrayList<>();
    for (Row row :
        this.lake()
            .rows(ReconTables.SUMMARY)
            .where(col("reconciliation").equalTo(this.reconciliation.name()))
            .where(col("as_of").lt(lit(this.context.asOf())))
            .orderBy(col("as_of").desc())
            .limit(StreamQuality.NIGHTS)
            .collectAsList()) {
      Map<Cause, Long> differences = new EnumMap<>(Cause.class);
      for (Cause cause : Cause.values()) {
        if (cause.isDiscrepancy()) {
          differences.put(cause, row.<Long>getAs(cause.column()));
        }
      }
      nights.add(
          new StreamQuality.Night(
              row.<Timestamp>getAs("as_of").toInstant(), row.<Long>getAs("compared"), differences));
    }
    return nights;
  }

  private Dataset<Row> rows(List<Row> rows, String table) {
    return this.lake()
        .spark()
        .createDataFrame(rows, StructType.fromDDL(ReconTables.columns(table)))
        .coalesce(1);
  }

  private Lake lake() {
    return this.context.lake();
  }

  private List<Column> head() {
    return List.of(
        lit(this.context.runId()).as("run_id"),
        lit(this.context.asOf()).as("as_of"),
        lit(this.reconciliation.name()).as("reconciliation"),
        lit(this.reconciliation.mart().name()).as("mart"));
  }

  private List<Object> headValues() {
    return List.of(
        this.context.runId(),
        Timestamp.from(this.context.asOf()),
        this.reconciliation.name(),
        this.reconciliation.mart().name());
  }
}
