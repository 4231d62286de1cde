package io.veralake.publish;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.clickhouse.CanonicalText.Sums;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * Compares staged rows with Iceberg's: per partition the number of rows, the checksum over all
 * columns, and the totals of all decimal columns.
 */
final class Verification {
  private static final String UNIT = "\u0001";
  private static final int MOST_LINES = 20;

  private final List<Column> columns;
  private final List<Column> measures;
  private final PartitionText partition;
  private final String table;

  Verification(Load load) {
    this.columns = load.columns();
    this.measures =
        this.columns.stream()
            .filter(column -> column.type().kind() == ColumnType.Kind.DECIMAL)
            .toList();
    this.partition = new PartitionText(load.publication().mart());
    this.table = load.martTable();
  }

  /**
   * What a partition holds.
   *
   * @param sums count and checksum
   * @param totals of the decimal columns, in order
   * @param id ClickHouse's id of the partition; empty for Iceberg
   */
  record Content(Sums sums, List<String> totals, String id) {
    boolean matches(Content other) {
      return this.sums.equals(other.sums) && this.totals.equals(other.totals);
    }
  }

  /**
   * What Iceberg holds, by partition. One row a partition is collected, as many as ClickHouse has
   * pointers.
   */
  Map<List<String>, Content> truth(Load load) {
    List<org.apache.spark.sql.Column> sums =
        new ArrayList<>(CanonicalText.sparkSums(functions.col("__checksum")));
    for (Column measure : this.measures) {
      sums.add(
          functions
              .coalesce(functions.sum(functions.col("`" + measure.name() + "`")), functions.lit(0))
              .cast("decimal(38," + measure.type().scale() + ")")
              .cast("string")
              .as("total_" + measure.name()));
    }
    Map<List<String>, Content> contents = new LinkedHashMap<>();
    List<Row> rows =
        load.rows()
            .withColumn("__checksum", CanonicalText.sparkChecksum(this.columns))
            .groupBy(functions.array_join(this.partition.spark(), UNIT, "\u0000").as("__partition"))
            .agg(
                sums.get(0),
                sums.subList(1, sums.size()).toArray(org.apache.spark.sql.Column[]::new))
            .collectAsList();
    for (Row row : rows) {
      List<String> totals = new ArrayList<>();
      for (int i = 4; i < row.length(); i++) {
        totals.add(plain(row.getString(i)));
      }
      Sums content = new Sums(row.getLong(1), row.getLong(2), row.getLong(3));
      contents.put(this.texts(row.getString(0)), new Content(content, totals, ""));
    }
    return contents;
  }

  private List<String> texts(String joined) {
    if (this.partition.clickHouseKey().isEmpty()) {
      return List.of();
    }
    if (joined.contains("\u0000")) {
      throw new DataException(
          "Invalid null in a partition column of "
              + this.table
              + " (a partition column of a published mart is never null)");
    }
    return List.of(joined.split(UNIT, -1));
  }

  /** What the staging table holds, by partition. */
  Map<List<String>, Content> staged(ClickHouse clickHouse, Load load) {
    StringBuilder totals = new StringBuilder();
    for (Column measure : this.measures) {
      totals
          .append(", toDecimalString(ifNull(sum(toDecimal256(")
          .append(Sql.identifier(measure.name()))
          .append(", ")
          .append(measure.type().scale())
          .append(")), 0), ")
          .append(measure.type().scale())
          .append(')');
    }
    String checksum = CanonicalText.clickHouseChecksum(this.columns);
    Map<List<String>, Content> contents = new LinkedHashMap<>();
    for (List<@Nullable String> row :
        clickHouse.rows(
            "SELECT arrayStringConcat(arrayMap(x -> concat(hex(x), '.'), p)), _partition_id, "
                + CanonicalText.clickHouseSums("c")
                + totals
                + " FROM (SELECT *, _partition_id, "
                + this.partition.clickHouse()
                + " AS p, "
                + checksum
                + " AS c FROM "
                + load.stagingName()
                + ") GROUP BY p, _partition_id")) {
      List<String> values = new ArrayList<>();
      row.subList(5, row.size()).forEach(total -> values.add(plain(Objects.requireNonNull(total))));
      Sums sums = new Sums(number(row, 2), number(row, 3), number(row, 4));
      contents.put(
          Ledger.fromHex(Objects.requireNonNull(row.get(0))),
          new Content(sums, values, Objects.requireNonNull(row.get(1))));
    }
    return contents;
  }

  /** Stops if the two differ. */
  void check(Map<List<String>, Content> truth, Map<List<String>, Content> staged, Load load) {
    TreeSet<String> differences = new TreeSet<>();
    truth.forEach(
        (name, content) -> {
          Content other = staged.get(name);
          if (other == null || !content.matches(other)) {
            differences.add(this.difference(name, content, other));
          }
        });
    staged.forEach(
        (name, content) -> {
          if (!truth.containsKey(name)) {
            differences.add(this.difference(name, null, content));
          }
        });
    if (differences.isEmpty()) {
      return;
    }
    List<String> shown = differences.stream().limit(MOST_LINES).toList();
    throw new DataException(
        "Failed to verify "
            + load.stagingName()
            + " against "
            + this.table
            + " snapshot "
            + load.snapshot()
            + ": "
            + differences.size()
            + " of "
            + truth.size()
            + " partitions differ; nothing was published (dates and timestamps must lie between"
            + " 1900 and 2299, declared types must hold every value; run again if the load was"
            + " disturbed)\n"
            + String.join("\n", shown)
            + (shown.size() < differences.size() ? "\n…" : ""));
  }

  private String difference(List<String> name, @Nullable Content truth, @Nullable Content staged) {
    return "partition "
        + name
        + ": Iceberg "
        + this.text(truth)
        + ", ClickHouse "
        + this.text(staged);
  }

  private String text(@Nullable Content content) {
    if (content == null) {
      return "no rows";
    }
    StringBuilder text = new StringBuilder();
    text.append(content.sums().count()).append(" rows, checksum ");
    text.append(content.sums().high()).append('/').append(content.sums().low());
    for (int i = 0; i < this.measures.size(); i++) {
      text.append(", ")
          .append(this.measures.get(i).name())
          .append(' ')
          .append(content.totals().get(i));
    }
    return text.toString();
  }

  private static String plain(String decimal) {
    return new BigDecimal(decimal).toPlainString();
  }

  private static long number(List<@Nullable String> row, int column) {
    return Long.parseUnsignedLong(Objects.requireNonNull(row.get(column)));
  }
}
