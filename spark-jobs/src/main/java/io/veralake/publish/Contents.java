package io.veralake.publish;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.clickhouse.CanonicalText.Sums;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Publication;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * What the partitions of one published mart hold: per partition the number of rows, the checksum
 * over all columns, and the totals of its summed columns. Iceberg and ClickHouse compute the same
 * numbers.
 */
final class Contents {
  private static final String UNIT = "\u0001";

  private final Publication publication;
  private final List<Column> columns;
  private final List<Column> summed;
  private final PartitionText partition;

  Contents(Publication publication) {
    this(publication, publication.mart().columns());
  }

  /** The same over some of the mart's columns. */
  Contents(Publication publication, List<Column> columns) {
    this.publication = publication;
    this.columns = columns;
    this.summed = publication.summed().stream().filter(columns::contains).toList();
    this.partition = new PartitionText(publication.mart());
  }

  /**
   * What a partition holds.
   *
   * @param sums count and checksum
   * @param totals by summed column, of the column's scale
   * @param id ClickHouse's id of the partition; empty for Iceberg
   */
  record Content(Sums sums, Map<String, BigDecimal> totals, String id) {
    Content {
      totals = new LinkedHashMap<>(totals);
    }

    boolean matches(Content other) {
      return this.sums.equals(other.sums) && this.totals.equals(other.totals);
    }
  }

  /** What {@code rows} of the mart hold. One row a partition is collected. */
  Map<List<String>, Content> iceberg(Dataset<Row> rows) {
    List<org.apache.spark.sql.Column> sums =
        new ArrayList<>(CanonicalText.sparkSums(functions.col("__checksum")));
    for (Column column : this.summed) {
      String digits = "decimal(38," + column.type().scale() + ")";
      sums.add(
          functions
              .coalesce(functions.sum(exact(column)).cast(digits), functions.lit(0).cast(digits))
              .as("total_" + column.name()));
    }
    Map<List<String>, Content> contents = new LinkedHashMap<>();
    for (Row row :
        rows.withColumn("__checksum", CanonicalText.sparkChecksum(this.columns))
            .groupBy(functions.array_join(this.partition.spark(), UNIT, "\u0000").as("__partition"))
            .agg(
                sums.get(0),
                sums.subList(1, sums.size()).toArray(org.apache.spark.sql.Column[]::new))
            .collectAsList()) {
      Map<String, BigDecimal> totals = new LinkedHashMap<>();
      for (int i = 0; i < this.summed.size(); i++) {
        totals.put(this.summed.get(i).name(), row.getDecimal(4 + i));
      }
      Sums content = new Sums(row.getLong(1), row.getLong(2), row.getLong(3));
      contents.put(this.texts(row.getString(0)), new Content(content, totals, ""));
    }
    return contents;
  }

  private static org.apache.spark.sql.Column exact(Column column) {
    org.apache.spark.sql.Column value = functions.col("`" + column.name() + "`");
    return column.type().kind() == ColumnType.Kind.DECIMAL ? value : value.cast("decimal(19,0)");
  }

  private List<String> texts(String joined) {
    if (this.partition.clickHouseKey().isEmpty()) {
      return List.of();
    }
    if (joined.contains("\u0000")) {
      throw new DataException(
          "Invalid null in a partition column of mart."
              + this.publication.mart().name()
              + " (a partition column of a published mart is never null)");
    }
    return List.of(joined.split(UNIT, -1));
  }

  /** What a table of ClickHouse holds where {@code condition} is true. */
  Map<List<String>, Content> clickHouse(ClickHouse clickHouse, String table, String condition) {
    String checksum = CanonicalText.clickHouseChecksum(this.columns);
    return this.contents(
        clickHouse,
        CanonicalText.clickHouseSums("c") + this.totals(this.summed),
        "SELECT *, _partition_id, "
            + this.partition.clickHouse()
            + " AS p, "
            + checksum
            + " AS c FROM "
            + table
            + " WHERE "
            + condition,
        this.summed);
  }

  /** What a view of ClickHouse shows where {@code condition} is true. */
  Map<List<String>, Content> view(ClickHouse clickHouse, String view, String condition) {
    return this.contents(
        clickHouse,
        CanonicalText.clickHouseSums("c") + this.totals(this.summed),
        "SELECT *, '' AS _partition_id, "
            + this.partition.clickHouse()
            + " AS p, "
            + CanonicalText.clickHouseChecksum(this.columns)
            + " AS c FROM "
            + view
            + " WHERE "
            + condition,
        this.summed);
  }

  /**
   * Rows and totals alone, of a table that may lack columns that the mart has today: their totals
   * are missing, the checksum is 0.
   */
  Map<List<String>, Content> totals(
      ClickHouse clickHouse, String table, List<String> columns, String condition) {
    List<Column> there =
        this.summed.stream().filter(column -> columns.contains(column.name())).toList();
    return this.contents(
        clickHouse,
        "count(), 0, 0" + this.totals(there),
        "SELECT *, _partition_id, "
            + this.partition.clickHouse()
            + " AS p FROM "
            + table
            + " WHERE "
            + condition,
        there);
  }

  private String totals(List<Column> columns) {
    StringBuilder totals = new StringBuilder();
    for (Column column : columns) {
      totals
          .append(", toDecimalString(ifNull(sum(toDecimal256(")
          .append(Sql.identifier(column.name()))
          .append(", ")
          .append(column.type().scale())
          .append(")), 0), ")
          .append(column.type().scale())
          .append(')');
    }
    return totals.toString();
  }

  private Map<List<String>, Content> contents(
      ClickHouse clickHouse, String sums, String rows, List<Column> columns) {
    Map<List<String>, Content> contents = new LinkedHashMap<>();
    for (List<@Nullable String> row :
        clickHouse.rows(
            "SELECT "
                + Ledger.hexadecimal("p")
                + ", _partition_id, "
                + sums
                + " FROM ("
                + rows
                + ") GROUP BY p, _partition_id")) {
      Map<String, BigDecimal> totals = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        totals.put(
            columns.get(i).name(),
            new BigDecimal(Objects.requireNonNull(row.get(5 + i)))
                .setScale(columns.get(i).type().scale()));
      }
      contents.put(
          Ledger.fromHex(Objects.requireNonNull(row.get(0))),
          new Content(
              new Sums(number(row, 2), number(row, 3), number(row, 4)),
              totals,
              Objects.requireNonNull(row.get(1))));
    }
    return contents;
  }

  private static long number(List<@Nullable String> row, int column) {
    return Long.parseUnsignedLong(Objects.requireNonNull(row.get(column)));
  }
}
