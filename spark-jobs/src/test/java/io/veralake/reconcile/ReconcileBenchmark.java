package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.not;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.HeapWatch;
import io.veralake.fixture.Lakes;
import io.veralake.fixture.LocalClickHouse;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestModel;
import io.veralake.fixture.Took;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Prints what it takes to compare a mart of sales with a streaming table that is clean, and with
 * one in which one row in a thousand is wrong; and what a full outer join of both sides takes,
 * which is how datacompy compares: {@code ReconcileBenchmark <folder> <rows a month> <months>}.
 */
final class ReconcileBenchmark {
  private static final Instant AS_OF = Instant.parse("2031-01-02T00:00:00Z");
  private static final List<String> KEY = List.of("order_id", "line_number");
  private static final List<String> COMPARED =
      List.of(
          "customer_id",
          "product_id",
          "seller_id",
          "region",
          "channel",
          "status",
          "quantity",
          "unit_price",
          "discount",
          "revenue");
  private final Lake lake;
  private final Engine.ClickHouseServer server;
  private final ClickHouse clickHouse;
  private final BenchmarkSales sales;
  private final Path folder;
  private final Mart mart =
      TestModel.mart(
          "sales",
          TestModel.columns(BenchmarkSales.TYPES.toArray(String[]::new)),
          KEY,
          new Mart.PartitionField(Mart.PartitionField.Transform.IDENTITY, "order_date"));

  private ReconcileBenchmark(Lake lake, Path folder) {
    this.lake = lake;
    this.server = LocalClickHouse.server();
    this.clickHouse = ClickHouse.connect(this.server);
    this.sales = new BenchmarkSales(lake, this.clickHouse);
    this.folder = folder;
  }

  public static void main(String[] arguments) {
    SparkSession spark = Lakes.sessionAsInstalled();
    // As for a machine of two cores: with the default of 200, half of the time is starting tasks.
    spark.conf().set("spark.sql.shuffle.partitions", "16");
    ReconcileBenchmark bench =
        new ReconcileBenchmark(Lakes.fresh(spark), Path.of(arguments[0]).toAbsolutePath());
    bench.run(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
    spark.stop();
    // The server's thread of the embedded engine ends with the process.
    System.exit(0);
  }

  private void run(long rowsOfMonth, int months) {
    this.lake
        .spark()
        .sql("CREATE TABLE " + this.lake.sqlName("raw.source") + " (x int) USING iceberg");
    this.lake.advance(
        "raw.source",
        "land",
        Map.of("veralake.high.commit-time", Long.toString(AS_OF.getEpochSecond() * 1_000_000)));
    this.sales.fill(rowsOfMonth * months, months);
    this.sales.copy();
    this.sales.stream("clean", "1", "0");
    this.sales.stream(
        "faulty", BenchmarkSales.DIE + " > 2", BenchmarkSales.DIE + " BETWEEN 3 AND 5");
    // Compiles what all of them run; its figures say nothing.
    this.compare("warm", "clean", AS_OF.minusSeconds(3600));
    this.compare("clean", "clean", AS_OF);
    this.scans("clean");
    this.join("clean");
    this.compare("faulty", "faulty", AS_OF);
    this.join("faulty");
    this.laterDay();
  }

  private Reconciliation reconciliation(String name, String database) {
    Map<String, io.veralake.spec.Column> columns =
        this.mart.columns().stream()
            .collect(Collectors.toMap(io.veralake.spec.Column::name, column -> column));
    return new Reconciliation(
        name,
        this.mart,
        new Reconciliation.Stream(
            database + ".sales",
            "SELECT * FROM " + database + ".sales",
            "commit_time",
            "received_time",
            Duration.ofSeconds(5)),
        KEY,
        "order_date",
        COMPARED.stream()
            .map(column -> new Reconciliation.CompareColumn(columns.get(column), "0"))
            .toList(),
        List.of("revenue", "quantity"),
        "change_time",
        "SELECT v.* FROM versions_of_sales v LEFT SEMI JOIN keys k ON v.order_id = k.order_id AND v.line_number = k.line_number",
        List.of("shop"));
  }

  private RunContext run(Reconciliation reconciliation, Instant asOf) {
    Engine engine = TestEngine.of(this.lake, this.server, Lakes.newFolder("reports"));
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
            List.of(source), List.of(), List.of(this.mart), List.of(reconciliation), List.of());
    return new RunContext("run " + asOf, asOf, this.lake, engine, model);
  }

  private void compare(String name, String database, Instant asOf) {
    Reconciliation reconciliation = this.reconciliation(name, database);
    List<Reconciled> results = new ArrayList<>();
    HeapWatch heap = HeapWatch.begun();
    long wire = wire();
    Took took =
        Took.by(
            () -> results.add(ReconcileStep.run(this.run(reconciliation, asOf), reconciliation)));
    long sent = wire() - wire;
    long fetched =
        this.lake
            .rows("recon.summary")
            .where(
                col("reconciliation")
                    .equalTo(name)
                    .and(col("as_of").equalTo(expr("timestamp '" + asOf + "'"))))
            .select("fetched")
            .head()
            .getLong(0);
    print(
        name,
        "veralake",
        took,
        "%,d rows compared, %,d differences, %,d rows read one by one, %,d KB over the wire, largest heap %,d MiB"
            .formatted(
                results.get(0).compared(),
                results.get(0).discrepancies(),
                fetched,
                sent >> 10,
                heap.most()));
    System.out.println("reconcile " + name + " causes " + results.get(0).causes());
  }

  /** What both engines take for their checksums alone. */
  private void scans(String database) {
    Reconciliation reconciliation = this.reconciliation("scans", database);
    Shape shape = Shape.of(reconciliation, List.of());
    Cut cut = new Cut(Watermark.micros(AS_OF), Watermark.micros(AS_OF), 0);
    Took there =
        Took.by(
            () ->
                this.clickHouse.rows(
                    new StreamSql(reconciliation, shape).partitionSums(null, cut)));
    long snapshot = this.lake.snapshot("mart.sales").orElseThrow();
    Took here =
        Took.by(
            () ->
                new TruthRows(this.lake, reconciliation, shape, snapshot, null)
                    .sums(cut, 0)
                    .collectAsList());
    print(database, "scans", there, "ClickHouse's checksums alone");
    print(database, "scans", here, "Spark's checksums alone");
  }

  /** Both sides joined by key, the stream as a file that ClickHouse wrote. */
  private void join(String database) {
    Path file = this.folder.resolve(database + ".parquet");
    long[] differing = new long[1];
    Took took =
        Took.by(
            () -> {
              this.clickHouse.execute(
                  "INSERT INTO FUNCTION file('%s', 'Parquet') SELECT * FROM %s.sales"
                      .formatted(file, database));
              differing[0] = this.joined(file);
            });
    print(
        database,
        "full join",
        took,
        "%,d differences, %,d KB over the wire".formatted(differing[0], size(file) >> 10));
  }

  private long joined(Path file) {
    String place =
        ", row_number() OVER (PARTITION BY order_id, line_number ORDER BY order_id) AS place";
    Dataset<Row> truth = this.lake.rows("mart.sales").selectExpr("*", place.substring(2));
    Dataset<Row> stream =
        this.lake.spark().read().parquet("file:" + file).selectExpr("*", place.substring(2));
    Column same =
        truth
            .col("order_id")
            .equalTo(stream.col("order_id"))
            .and(truth.col("line_number").equalTo(stream.col("line_number")))
            .and(truth.col("place").equalTo(stream.col("place")));
    Dataset<Row> both = truth.join(stream, same, "full_outer");
    Column left = truth.col("order_id").isNull();
    Column right = stream.col("order_id").isNull();
    Column differs = left.or(right);
    List<Column> counts = new ArrayList<>();
    for (String column : COMPARED) {
      Column equal = truth.col(column).eqNullSafe(stream.col(column));
      counts.add(count_if(not(equal)).as(column));
      differs = differs.or(not(equal));
    }
    counts.add(count_if(left).as("only_in_stream"));
    counts.add(count_if(right).as("only_in_mart"));
    return both.agg(count_if(differs), counts.toArray(Column[]::new)).head().getLong(0);
  }

  /** A reconciled stream of which one day gets wrong: what the next night takes. */
  private void laterDay() {
    this.compare("night", "clean", AS_OF);
    this.clickHouse.execute(
        "INSERT INTO clean.sales SELECT * EXCEPT (received_time), toDateTime64('2031-01-02 12:00:00', 6, 'UTC') FROM clean.sales WHERE order_date = '2026-01-15' AND "
            + BenchmarkSales.DIE
            + " < 10");
    this.compare("night", "clean", AS_OF.plusSeconds(86_400));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that went over the loopback interface; 0 outside Linux. */
  private static long wire() {
    try {
      Matcher found =
          Pattern.compile("lo: *(\\d+)").matcher(Files.readString(Path.of("/proc/net/dev")));
      return found.find() ? Long.parseLong(found.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static void print(String what, String who, Took took, String more) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "reconcile %-7s %-10s %7.2f s  %7.2f CPU s of this process, %s",
            what,
            who,
            took.seconds(),
            took.cpu(),
            more));
  }
}
