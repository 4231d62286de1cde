package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.Lakes;
import io.veralake.fixture.LocalClickHouse;
import io.veralake.fixture.TestModel;
import io.veralake.fixture.Took;
import io.veralake.lake.Lake;
import io.veralake.spec.Engine;
import io.veralake.spec.Engine.WritePath;
import io.veralake.spec.Mart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Prints what it takes to publish months of sales, all of them, one that changed, and none; and
 * what ClickHouse's own {@code INSERT SELECT} of the same Parquet files takes: {@code
 * PublishBenchmark <rows a month> <months>}.
 */
final class PublishBenchmark {
  private static final List<String> TYPES =
      List.of(
          "order_id bigint",
          "line_number int",
          "order_date date",
          "customer_id bigint",
          "product_id bigint",
          "seller_id bigint",
          "region string",
          "channel string",
          "status string",
          "quantity int",
          "unit_price decimal(12,2)",
          "discount decimal(12,2)",
          "revenue decimal(14,2)",
          "change_time timestamp");

  private static final Map<String, String> WORDS =
      Map.of(
          "region", "LowCardinality(Nullable(String))",
          "channel", "LowCardinality(Nullable(String))",
          "status", "LowCardinality(Nullable(String))");

  private final Lake lake;
  private final Engine.ClickHouseServer server;
  private final ClickHouse clickHouse;
  private final Mart mart =
      TestModel.mart(
          "sales",
          TestModel.columns(TYPES.toArray(String[]::new)),
          List.of("order_id", "line_number"),
          new Mart.PartitionField(Mart.PartitionField.Transform.MONTH, "order_date"));

  private PublishBenchmark(Lake lake) {
    this.lake = lake;
    this.server = LocalClickHouse.server();
    this.clickHouse = ClickHouse.connect(this.server);
  }

  public static void main(String[] arguments) {
    SparkSession spark = Lakes.sessionAsInstalled();
    spark.conf().set("spark.sql.shuffle.partitions", "16");
    new PublishBenchmark(Lakes.fresh(spark))
        .run(Long.parseLong(arguments[0]), Integer.parseInt(arguments[1]));
    spark.stop();
    // The server's thread of the embedded engine ends with the process.
    System.exit(0);
  }

  private void run(long rowsOfMonth, int months) {
    this.fill(rowsOfMonth, months);
    // Compiles what all of them run; its figures say nothing.
    this.star("warm", WritePath.PUSH).publish();
    this.star("warmer", WritePath.PULL).publish();
    Took peer = this.peer();
    long rows = rowsOfMonth * months;
    long read = Long.parseLong(this.clickHouse.value("SELECT count() FROM peer.sales"));
    if (read != rows) {
      throw new IllegalStateException("ClickHouse read " + read + " of " + rows + " rows");
    }
    print("insert", "clickhouse", peer, "%,d rows, %d months".formatted(rows, months));
    for (WritePath path : List.of(WritePath.PULL, WritePath.PUSH)) {
      SmallStar star = this.star(path.name().toLowerCase(Locale.ROOT), path);
      Took all = this.publish(star, "all", path, "");
      System.out.printf(
          Locale.ROOT,
          "publish %-7s %-10s %.2f of ClickHouse's own rate, rows, checksums and totals proven%n",
          "all",
          path,
          peer.seconds() / all.seconds());
      this.publish(star, "nothing", path, "");
      this.change(months);
      Took one = this.publish(star, "one", path, "one month of " + months + " changed: ");
      System.out.printf(
          Locale.ROOT,
          "publish %-7s %-10s %.1f %% of the time of all %d%n",
          "one",
          path,
          100 * one.seconds() / all.seconds(),
          months);
    }
  }

  private SmallStar star(String name, WritePath path) {
    SmallStar star = new SmallStar(this.lake, this.server, name).keep(2).path(path);
    return star.publications(
        star.publication("sales", this.mart, List.of("order_id", "line_number"), WORDS));
  }

  private Took publish(SmallStar star, String what, WritePath path, String note) {
    List<Published> results = new ArrayList<>();
    Took took = Took.by(() -> results.add(star.publish()));
    Published result = results.get(0);
    print(
        what,
        path.name(),
        took,
        "%s%,d rows in %d partitions, generation %d"
            .formatted(note, result.rows(), result.partitions(), result.generation()));
    return took;
  }

  /** The mart: as many rows for each month of the years from 2026 on. */
  private void fill(long rowsOfMonth, int months) {
    String table = this.lake.sqlName("mart.sales");
    this.lake
        .spark()
        .sql(
            "CREATE TABLE %s (%s) USING iceberg PARTITIONED BY (month(order_date)) TBLPROPERTIES ('write.distribution-mode' = 'none', 'write.spark.fanout.enabled' = 'true')"
                .formatted(table, String.join(", ", TYPES)));
    this.lake
        .spark()
        .range(0, rowsOfMonth * months, 1, Math.max(2, months))
        .createOrReplaceTempView("sold");
    this.lake
        .spark()
        .sql(
            """
            INSERT INTO %s
            SELECT order_id, line_number, date_add(add_months(DATE '2026-01-01', cast(id div %d AS int)), cast(pmod(hash, 28) AS int)) AS order_date,
              pmod(hash, 10000000) AS customer_id, pmod(hash div 7, 25000000) AS product_id, pmod(hash div 11, 5000) AS seller_id,
              element_at(array('north', 'south', 'east', 'west'), cast(pmod(hash, 4) AS int) + 1) AS region,
              element_at(array('web', 'app', 'store'), cast(pmod(hash, 3) AS int) + 1) AS channel,
              element_at(array('paid', 'sent', 'done', 'returned'), cast(pmod(hash div 3, 4) AS int) + 1) AS status,
              cast(quantity AS int), cast(price AS decimal(12,2)), cast(0 AS decimal(12,2)), cast(quantity * price AS decimal(14,2)),
              timestamp_seconds(1767225600 + id) AS change_time
            FROM (
              SELECT id, id div 2 AS order_id, cast(id %% 2 AS int) AS line_number, xxhash64(id) AS hash,
                1 + pmod(xxhash64(id, 1), 5) AS quantity, cast(pmod(xxhash64(id, 2), 100000) AS decimal(12,2)) / 100 AS price FROM sold
            )"""
                .formatted(table, rowsOfMonth));
  }

  /** Another discount for all orders of the last month. */
  private void change(int months) {
    this.lake
        .spark()
        .sql(
            "UPDATE %s SET discount = discount + 1 WHERE order_date >= add_months(DATE '2026-01-01', %d)"
                .formatted(this.lake.sqlName("mart.sales"), months - 1));
  }

  /** ClickHouse reads all files into a table of the same types, sorted and parted the same. */
  private Took peer() {
    this.clickHouse.execute("CREATE DATABASE peer");
    this.clickHouse.execute(
        """
        CREATE TABLE peer.sales (order_id Nullable(Int64), line_number Nullable(Int32), order_date Nullable(Date32), customer_id Nullable(Int64),
          product_id Nullable(Int64), seller_id Nullable(Int64), region LowCardinality(Nullable(String)), channel LowCardinality(Nullable(String)),
          status LowCardinality(Nullable(String)), quantity Nullable(Int32), unit_price Nullable(Decimal(12,2)), discount Nullable(Decimal(12,2)),
          revenue Nullable(Decimal(14,2)), change_time Nullable(DateTime64(6, 'UTC')))
        ENGINE = MergeTree PARTITION BY toYYYYMM(order_date) ORDER BY (order_id, line_number) SETTINGS allow_nullable_key = 1""");
    String files =
        this.lake
            .spark()
            .sql("SELECT file_path FROM " + this.lake.sqlName("mart.sales") + ".files")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0).replaceFirst("^file:", ""))
            .map(file -> file.substring(0, file.lastIndexOf("/data/")))
            .findFirst()
            .orElseThrow();
    return Took.by(
        () ->
            this.clickHouse.execute(
                "INSERT INTO peer.sales SELECT * FROM file('"
                    + files
                    + "/data/*/*.parquet', 'Parquet')",
                Map.of("use_hive_partitioning", "0", "max_partitions_per_insert_block", "0")));
  }

  private static void print(String what, String who, Took took, String more) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "publish %-7s %-10s %7.2f s  %7.2f CPU s of this process, %s",
            what,
            who,
            took.seconds(),
            took.cpu(),
            more));
  }
}
