package io.veralake.reconcile;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.Lake;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A mart of sales, and streams of it in which every row is right or one in a thousand is wrong. */
final class BenchmarkSales {
  static final List<String> TYPES =
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
  private static final String TABLE =
      """
      CREATE TABLE %s.sales (order_id Int64, line_number Int32, order_date Date32, customer_id Int64, product_id Int64, seller_id Int64,
        region LowCardinality(String), channel LowCardinality(String), status LowCardinality(String), quantity Int32,
        unit_price Decimal(12,2), discount Decimal(12,2), revenue Decimal(14,2), %s)
      ENGINE = MergeTree PARTITION BY toYYYYMM(order_date) ORDER BY (order_id, line_number)""";
  // Of ten thousand rows: three are missing, three come twice, three are stale, one never existed.
  static final String DIE = "(cityHash64(order_id, line_number) % 10000)";

  private final Lake lake;
  private final ClickHouse clickHouse;

  BenchmarkSales(Lake lake, ClickHouse clickHouse) {
    this.lake = lake;
    this.clickHouse = clickHouse;
  }

  /** The mart, the versions before, and as many rows for each day. */
  void fill(long rows, int months) {
    String table = this.lake.sqlName("mart.sales");
    this.lake
        .spark()
        .sql(
            "CREATE TABLE %s (%s) USING iceberg PARTITIONED BY (order_date) TBLPROPERTIES ('write.distribution-mode' = 'none', 'write.spark.fanout.enabled' = 'true')"
                .formatted(table, String.join(", ", TYPES)));
    this.lake.spark().range(0, rows, 1, Math.max(2, months * 2)).createOrReplaceTempView("sold");
    this.lake
        .spark()
        .sql(
            """
            INSERT INTO %s
            SELECT order_id, line_number, date_add(DATE '2026-01-01', cast(id * %d / %d AS int)) AS order_date,
              pmod(hash, 10000000) AS customer_id, pmod(hash div 7, 25000000) AS product_id, pmod(hash div 11, 5000) AS seller_id,
              element_at(array('north', 'south', 'east', 'west'), cast(pmod(hash, 4) AS int) + 1) AS region,
              element_at(array('web', 'app', 'store'), cast(pmod(hash, 3) AS int) + 1) AS channel,
              element_at(array('paid', 'sent', 'done', 'returned'), cast(pmod(hash div 3, 4) AS int) + 1) AS status,
              cast(quantity AS int), cast(price AS decimal(12,2)), cast(0 AS decimal(12,2)), cast(quantity * price AS decimal(14,2)),
              timestamp_seconds(1767225600 + cast(id * %d * 86400L / %d AS bigint)) AS change_time
            FROM (
              SELECT id, id div 2 AS order_id, cast(id %% 2 AS int) AS line_number, xxhash64(id) AS hash,
                1 + pmod(xxhash64(id, 1), 5) AS quantity, cast(pmod(xxhash64(id, 2), 100000) AS decimal(12,2)) / 100 AS price FROM sold
            )"""
                .formatted(table, months * 30, rows, months * 30, rows));
    Dataset<Row> last =
        this.lake
            .rows("mart.sales")
            .withColumnRenamed("change_time", "effective_from")
            .withColumn("deleted", lit(false));
    last.unionByName(
            last.withColumn("status", lit("placed"))
                .withColumn("effective_from", expr("effective_from - INTERVAL 1 HOUR")))
        .createOrReplaceTempView("versions_of_sales");
  }

  /** The stream: {@code once} are the rows that came, {@code again} those that came once more. */
  void stream(String name, String once, String again) {
    this.clickHouse.execute("CREATE DATABASE " + name);
    this.clickHouse.execute(
        TABLE.formatted(
            name, "commit_time DateTime64(6,'UTC'), received_time DateTime64(6,'UTC')"));
    String columns =
        "order_id, line_number, order_date, customer_id, product_id, seller_id, region, channel, ";
    String amounts = ", quantity, unit_price, discount, revenue, ";
    String late =
        "clean".equals(name) ? "status" : "if(" + DIE + " IN (6, 7, 8), 'placed', status)";
    this.insert(name, columns + late + amounts + "change_time, change_time", once);
    this.insert(name, columns + "status" + amounts + "change_time, change_time + 1", again);
    if (!"clean".equals(name)) {
      String never = columns.replaceFirst("order_id", "order_id + 1000000000000");
      this.insert(name, never + "status" + amounts + "change_time, change_time", DIE + " = 9");
    }
  }

  /** The mart's rows as a table of ClickHouse, of which the streams are made. */
  void copy() {
    this.clickHouse.execute("CREATE DATABASE held");
    this.clickHouse.execute(TABLE.formatted("held", "change_time DateTime64(6,'UTC')"));
    for (String file : this.files()) {
      this.clickHouse.execute(
          "INSERT INTO held.sales SELECT * FROM file('" + file + "', 'Parquet')",
          Map.of("use_hive_partitioning", "0", "max_partitions_per_insert_block", "0"));
    }
  }

  private void insert(String name, String columns, String condition) {
    this.clickHouse.execute(
        "INSERT INTO %s.sales SELECT %s FROM held.sales WHERE %s"
            .formatted(name, columns, condition),
        Map.of("max_partitions_per_insert_block", "0"));
  }

  private List<String> files() {
    return this.lake
        .spark()
        .sql("SELECT file_path FROM " + this.lake.sqlName("mart.sales") + ".files")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0).replaceFirst("^file:", ""))
        .sorted()
        .toList();
  }
}
