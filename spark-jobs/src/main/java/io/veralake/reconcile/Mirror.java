package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.spec.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * Copies the recon tables into ClickHouse's database {@code recon}. A night of a reconciliation is
 * replaced there in one step.
 */
final class Mirror {
  private static final String DATABASE = "recon";
  private static final int ROWS_IN_INSERT = 20_000;

  private final Lake lake;
  private final ClickHouse clickHouse;
  private final String reconciliation;

  Mirror(Lake lake, ClickHouse clickHouse, String reconciliation) {
    this.lake = lake;
    this.clickHouse = clickHouse;
    this.reconciliation = reconciliation;
  }

  /**
   * Copies every night of the reconciliation that ClickHouse doesn't have as the lake has it: this
   * one, as a rule.
   */
  void copy() {
    this.clickHouse.execute("CREATE DATABASE IF NOT EXISTS " + DATABASE);
    ReconTables.ALL.forEach(this::create);
    Set<List<String>> there = new HashSet<>();
    for (List<String> night :
        this.clickHouse.rows(
            "SELECT toString(toUnixTimestamp64Micro(as_of)), run_id FROM %s WHERE reconciliation = %s"
                .formatted(ReconTables.SUMMARY, Sql.literal(this.reconciliation)))) {
      there.add(night);
    }
    // One row a night.
    for (Row night :
        this.lake
            .rows(ReconTables.SUMMARY)
            .where(col("reconciliation").equalTo(this.reconciliation))
            .selectExpr("unix_micros(as_of)", "run_id")
            .collectAsList()) {
      if (!there.contains(List.of(Long.toString(night.getLong(0)), night.getString(1)))) {
        this.copy(night.getLong(0));
      }
    }
  }

  private void copy(long asOf) {
    ReconTables.ALL.forEach(table -> this.replace(table, asOf));
  }

  private void create(String table) {
    String columns =
        Arrays.stream(StructType.fromDDL(ReconTables.columns(table)).fields())
            .map(field -> Sql.identifier(field.name()) + " " + type(field))
            .collect(Collectors.joining(", "));
    this.clickHouse.execute(
        """
        CREATE TABLE IF NOT EXISTS %s (%s) ENGINE = MergeTree
        PARTITION BY (reconciliation, toUnixTimestamp64Micro(as_of)) ORDER BY (reconciliation, as_of)
        SETTINGS non_replicated_deduplication_window = 1000"""
            .formatted(table, columns));
  }

  private void replace(String table, long asOf) {
    Instant time = Instant.EPOCH.plus(asOf, ChronoUnit.MICROS);
    Dataset<Row> rows =
        this.lake
            .rows(table)
            .where(col("reconciliation").equalTo(this.reconciliation))
            .where(col("as_of").equalTo(lit(time)));
    String incoming = table + "_incoming_" + this.reconciliation;
    this.clickHouse.execute("CREATE OR REPLACE TABLE " + incoming + " AS " + table);
    long sent = this.insert(rows, incoming);
    long arrived = Long.parseLong(this.clickHouse.value("SELECT count() FROM " + incoming));
    if (arrived != sent) {
      throw new DataException(
          "Failed to copy %s of %s into ClickHouse: %d of %d rows arrived (run the night again)"
              .formatted(table, this.reconciliation, arrived, sent));
    }
    String partition = "(" + Sql.literal(this.reconciliation) + ", " + asOf + ")";
    this.clickHouse.execute(
        sent == 0
            ? "ALTER TABLE " + table + " DROP PARTITION " + partition
            : "ALTER TABLE " + table + " REPLACE PARTITION " + partition + " FROM " + incoming);
    this.clickHouse.execute("DROP TABLE " + incoming);
  }

  /** Sends {@code rows}, and says how many they were. */
  private long insert(Dataset<Row> rows, String table) {
    List<String> names = List.of(rows.columns());
    Column[] columns =
        Arrays.stream(rows.schema().fields())
            .map(
                field ->
                    field.dataType().equals(DataTypes.TimestampType)
                        ? date_format(col(field.name()), "yyyy-MM-dd HH:mm:ss.SSSSSS")
                            .as(field.name())
                        : col("`" + field.name() + "`"))
            .toArray(Column[]::new);
    Engine.ClickHouseServer server = this.clickHouse.server();
    LongAccumulator sent = this.lake.spark().sparkContext().longAccumulator();
    ForeachPartitionFunction<String> send = lines -> sent.add(send(server, table, names, lines));
    rows.select(to_json(struct(columns))).as(Encoders.STRING()).foreachPartition(send);
    return sent.value();
  }

  private static long send(
      Engine.ClickHouseServer server, String table, List<String> columns, Iterator<String> lines) {
    long sent = 0;
    if (!lines.hasNext()) {
      return sent;
    }
    try (ClickHouse clickHouse = ClickHouse.connect(server)) {
      for (int block = 0; lines.hasNext(); block++) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < ROWS_IN_INSERT && lines.hasNext(); i++) {
          body.writeBytes((lines.next() + "\n").getBytes(StandardCharsets.UTF_8));
          sent++;
        }
        clickHouse.insert(
            table,
            columns,
            "JSONEachRow",
            TaskContext.getPartitionId() + "-" + block,
            new ByteArrayInputStream(body.toByteArray()));
      }
    }
    return sent;
  }

  private static String type(StructField field) {
    return field.nullable() && simple(field.dataType())
        ? "Nullable(" + type(field.dataType()) + ")"
        : type(field.dataType());
  }

  private static boolean simple(DataType type) {
    return !(type instanceof ArrayType) && !type.typeName().equals("map");
  }

  private static String type(DataType type) {
    if (type instanceof DecimalType decimal) {
      return "Decimal(" + decimal.precision() + ", " + decimal.scale() + ")";
    }
    if (type instanceof ArrayType) {
      return "Array(Nullable(String))";
    }
    return switch (type.typeName()) {
      case "string" -> "String";
      case "long" -> "Int64";
      case "double" -> "Float64";
      case "boolean" -> "Bool";
      case "timestamp" -> "DateTime64(6, 'UTC')";
      case "map" -> "Map(String, Decimal(38, " + Shape.LEDGER_SCALE + "))";
      default -> throw new IllegalStateException(type.typeName());
    };
  }
}
