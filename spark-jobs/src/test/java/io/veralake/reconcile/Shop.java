package io.veralake.reconcile;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.Engine;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.ValueOrigin;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * A small shop for a test: a mart of sales with a composite key, a streaming table beside it, the
 * versions of every sale, and one upstream system. Times are seconds after {@link #START}.
 */
final class Shop implements AutoCloseable {
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  static final long AS_OF = 3 * 86_400L;

  private static final String TYPES =
      "id bigint, line string, day date, quantity int, price decimal(12,2), note string";

  final Lake lake;
  private final Engine.ClickHouseServer server;
  final String database;
  private final ClickHouse clickHouse;
  final Mart mart;
  final Reconciliation reconciliation;

  /** An empty shop in a lake and a database of its own. */
  Shop(Lake lake, Engine.ClickHouseServer server, String database) {
    this.lake = lake;
    this.server = server;
    this.database = database;
    this.clickHouse = ClickHouse.connect(server);
    this.clickHouse.execute("CREATE DATABASE " + database);
    this.clickHouse.execute(
        """
        CREATE TABLE %s.sales (id Int64, line LowCardinality(Nullable(String)), ingest UInt64, day Nullable(Date), quantity Nullable(Int32), price Nullable(Decimal(12,2)),
          note Nullable(String), commit_time DateTime64(6,'UTC'), received_time DateTime64(6,'UTC')) ENGINE = MergeTree ORDER BY id"""
            .formatted(database));
    lake.spark()
        .sql(
            "CREATE TABLE %s (%s, change_time timestamp) USING iceberg PARTITIONED BY (day)"
                .formatted(lake.sqlName("mart.sales"), TYPES));
    lake.spark().sql("CREATE TABLE " + lake.sqlName("raw.source") + " (x int) USING iceberg");
    this.mart = mart();
    this.reconciliation = this.reconciliation("0");
    this.landed(AS_OF);
  }

  static Mart mart() {
    return TestModel.mart(
        "sales",
        TestModel.columns((TYPES + ", change_time timestamp").split(", ")),
        List.of("id", "line"),
        new Mart.PartitionField(Mart.PartitionField.Transform.IDENTITY, "day"));
  }

  /** The comparison, with {@code tolerance} for the price. */
  Reconciliation reconciliation(String tolerance) {
    return declared(this.database, this.mart, tolerance);
  }

  /** The comparison of {@code mart} with table {@code sales} of {@code database}. */
  static Reconciliation declared(String database, Mart mart, String tolerance) {
    return new Reconciliation(
        "sales_" + database,
        mart,
        new Reconciliation.Stream(
            database + ".sales",
            "SELECT * FROM " + database + ".sales",
            "commit_time",
            "received_time",
            Duration.ofSeconds(5)),
        List.of("id", "line"),
        "day",
        mart.columns().stream()
            .filter(column -> List.of("quantity", "price", "note").contains(column.name()))
            .map(
                column ->
                    new Reconciliation.CompareColumn(
                        column, column.name().equals("price") ? tolerance : "0"))
            .toList(),
        List.of("price", "quantity"),
        "change_time",
        "SELECT v.* FROM %s v LEFT SEMI JOIN keys k ON v.id = k.id AND v.line = k.line"
            .formatted("versions_" + database),
        List.of("shop"));
  }

  /** Says that the batch knows everything up to {@code seconds}. */
  void landed(long seconds) {
    this.lake.advance(
        "raw.source", "land", Map.of("veralake.high.commit-time", Long.toString(micros(seconds))));
  }

  /** Replaces the mart; lines of {@code id|line|day|quantity|price|note|change}. */
  void truth(String lines) {
    Dataset<Row> rows = this.table(lines, TYPES + ", change_time double");
    try {
      timed(rows, "change_time").writeTo(this.lake.sqlName("mart.sales")).overwritePartitions();
    } catch (org.apache.spark.sql.catalyst.analysis.NoSuchTableException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets the versions; lines of {@code id|line|day|quantity|price|note|from|deleted}. */
  void versions(String lines) {
    timed(this.table(lines, TYPES + ", effective_from double, deleted boolean"), "effective_from")
        .createOrReplaceTempView("versions_" + this.database);
  }

  /** Appends to the stream; lines of {@code id|line|day|quantity|price|note|commit|received}. */
  void stream(String lines) {
    String body =
        lines
            .lines()
            .map(line -> line.split("\\|", -1))
            .map(
                fields ->
                    String.join(
                            "\t",
                            fields[0],
                            value(fields[1]),
                            value(fields[2]),
                            value(fields[3]),
                            value(fields[4]),
                            value(fields[5]),
                            time(fields[6]),
                            time(fields[7]))
                        + "\n")
            .collect(Collectors.joining());
    this.clickHouse.insert(
        this.database + ".sales",
        List.of("id", "line", "day", "quantity", "price", "note", "commit_time", "received_time"),
        "TabSeparated",
        "",
        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  ClickHouse clickHouse() {
    return this.clickHouse;
  }

  /** A run with as-of {@code seconds}. */
  RunContext run(String id, long seconds) {
    Engine engine = TestEngine.of(this.lake, this.server, TestLake.newFolder("reports"));
    LandTable source =
        new LandTable(
            "source",
            LandTable.Format.CSV,
            new LandSource.Folder(""),
            "shop",
            ValueOrigin.RUN,
            List.of(),
            List.of(),
            List.of(),
            ValueOrigin.RUN,
            ValueOrigin.RUN,
            CsvDialect.DEFAULT);
    Model model =
        new Model(
            List.of(source),
            List.of(),
            List.of(this.mart),
            List.of(this.reconciliation),
            List.of());
    return new RunContext(id, START.plusSeconds(seconds), this.lake, engine, model);
  }

  /** Findings as {@code cause id}, sorted. */
  List<String> causes(long asOf) {
    return this.discrepancies(asOf).stream()
        .map(line -> line.split(" ")[0] + " " + line.split(" ")[1])
        .sorted()
        .toList();
  }

  /** The ledger of the price as {@code partition account} with its amount, zeros left out. */
  Map<String, java.math.BigDecimal> ledger(long asOf) {
    Map<String, java.math.BigDecimal> ledger = new java.util.TreeMap<>();
    for (Row row :
        this.lake
            .rows("recon.restatement")
            .where("measure = 'price' AND as_of = timestamp '" + START.plusSeconds(asOf) + "'")
            .collectAsList()) {
      String partition = row.getAs("partition");
      ledger.put(partition + " streamed", row.getAs("streamed"));
      ledger.put(partition + " corrected", row.getAs("corrected"));
      for (Cause cause : Cause.values()) {
        if (cause.isDiscrepancy()) {
          ledger.put(partition + " " + cause.word(), row.getAs(cause.column()));
        }
      }
    }
    return normal(ledger);
  }

  /** The same amounts without trailing zeros, zeros left out. */
  static Map<String, java.math.BigDecimal> normal(Map<String, java.math.BigDecimal> ledger) {
    Map<String, java.math.BigDecimal> normal = new java.util.TreeMap<>();
    ledger.forEach(
        (account, amount) -> {
          if (amount.signum() != 0) {
            normal.put(account, amount.stripTrailingZeros());
          }
        });
    return normal;
  }

  /** Discrepancies of the last run as {@code cause id line columns}, sorted. */
  List<String> discrepancies(long asOf) {
    return this.lake
        .rows("recon.discrepancy")
        .where("as_of = timestamp '" + START.plusSeconds(asOf) + "'")
        .selectExpr(
            "concat_ws(' ', cause, get_json_object(key, '$.id'), get_json_object(key, '$.line'), array_join(columns, ','))")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0).strip())
        .sorted()
        .toList();
  }

  /** Every row of the recon tables as text, sorted. */
  List<String> everything() {
    List<String> rows = new java.util.ArrayList<>();
    for (String table : ReconTables.ALL) {
      this.lake.rows(table).toJSON().collectAsList().forEach(row -> rows.add(table + " " + row));
    }
    rows.sort(null);
    return rows;
  }

  /**
   * Count and content hash of each table of ClickHouse's copy of this shop's nights, which are told
   * by their run's mart.
   */
  List<List<@Nullable String>> mirrored() {
    return ReconTables.ALL.stream()
        .map(
            table ->
                this.clickHouse
                    .rows(
                        "SELECT count(), sum(cityHash64(*)) FROM "
                            + table
                            + " WHERE reconciliation = '"
                            + this.reconciliation.name()
                            + "'")
                    .get(0))
        .toList();
  }

  /**
   * Leaves what a run that died would leave: a difference of its own, no summary, and another state
   * in ClickHouse.
   */
  void leaveHalfARun(long asOf) {
    this.lake
        .spark()
        .sql(
            "INSERT INTO %s SELECT * FROM %s LIMIT 1"
                .formatted(
                    this.lake.sqlName("recon.discrepancy"),
                    this.lake.sqlName("recon.discrepancy")));
    this.lake.spark().sql("DELETE FROM " + this.lake.sqlName("recon.summary"));
    for (String table : List.of("recon.summary", "recon.restatement")) {
      this.clickHouse.execute(
          "ALTER TABLE %s DELETE WHERE reconciliation = '%s' SETTINGS mutations_sync = 2"
              .formatted(table, this.reconciliation.name()));
    }
  }

  /** For each partition the price's previous corrected value and the present one. */
  List<String> previous(long asOf) {
    return this.lake
        .rows("recon.restatement")
        .where("measure = 'price' AND as_of = timestamp '" + START.plusSeconds(asOf) + "'")
        .selectExpr("concat_ws(' ', partition, previous_corrected, corrected)")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** How many rows were read one by one. */
  long fetched(long asOf) {
    return this.lake
        .rows("recon.summary")
        .where("as_of = timestamp '" + START.plusSeconds(asOf) + "'")
        .select("fetched")
        .head()
        .getLong(0);
  }

  private Dataset<Row> table(String lines, String types) {
    org.apache.spark.sql.types.StructType target =
        org.apache.spark.sql.types.StructType.fromDDL(types);
    List<Row> rows =
        lines
            .lines()
            .map(line -> line.split("\\|", -1))
            .map(
                fields ->
                    org.apache.spark.sql.RowFactory.create(
                        java.util.Arrays.stream(fields)
                            .map(field -> field.equals("-") ? null : field)
                            .toArray()))
            .toList();
    org.apache.spark.sql.types.StructType texts = new org.apache.spark.sql.types.StructType();
    List<org.apache.spark.sql.Column> columns = new java.util.ArrayList<>();
    for (org.apache.spark.sql.types.StructField field : target.fields()) {
      texts = texts.add(field.name(), "string");
      columns.add(
          org.apache.spark.sql.functions.col(field.name()).cast(field.dataType()).as(field.name()));
    }
    return this.lake
        .spark()
        .createDataFrame(rows, texts)
        .select(columns.toArray(org.apache.spark.sql.Column[]::new));
  }

  private static Dataset<Row> timed(Dataset<Row> rows, String column) {
    return rows.withColumn(
        column,
        org.apache.spark.sql.functions.expr(
            "timestamp_micros(%d + CAST(%s * 1000000 AS bigint))".formatted(micros(0), column)));
  }

  private static String value(String text) {
    return text.equals("-") ? "\\N" : text.replace("\\", "\\\\");
  }

  private static String time(@Nullable String seconds) {
    return START
        .plusNanos((long) (Double.parseDouble(String.valueOf(seconds)) * 1e9))
        .toString()
        .replace("T", " ")
        .replace("Z", "");
  }

  static long micros(long seconds) {
    return START.plusSeconds(seconds).getEpochSecond() * 1_000_000;
  }

  @Override
  public void close() {
    this.clickHouse.close();
  }
}
