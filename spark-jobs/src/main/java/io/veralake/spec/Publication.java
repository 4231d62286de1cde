package io.veralake.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mart's table in ClickHouse ({@code models/publish/<name>.conf}). All publications of one star
 * become visible together.
 *
 * @param name the table's public name; the file's base name
 * @param star the star that it belongs to; also the ClickHouse database of the public views
 * @param mart what is published
 * @param orderBy the sorting key, never empty
 * @param types ClickHouse types that differ from the default for a column's type, by column
 * @param live how rows of the stream follow after the watermark; null: the corrected table alone
 * @param measures columns whose totals say what a publication changes for readers; decimals or
 *     whole numbers
 * @param limits how much a publication may change without approval
 */
public record Publication(
    String name,
    String star,
    Mart mart,
    List<String> orderBy,
    Map<String, String> types,
    @Nullable Live live,
    List<String> measures,
    Limits limits) {
  /** The most digits after the point that a measure has. */
  public static final int MEASURE_SCALE = 9;

  /** Without measures and limits. */
  public Publication(
      String name,
      String star,
      Mart mart,
      List<String> orderBy,
      Map<String, String> types,
      @Nullable Live live) {
    this(name, star, mart, orderBy, types, live, List.of(), Limits.NONE);
  }

  /**
   * The live view {@code <name>_live}: corrected rows, overridden and followed by what the stream
   * has after the watermark.
   *
   * @param reconciliation the reconciliation whose watermark and key apply
   * @param columns ClickHouse expression over the reconciliation's stream rows for each of the
   *     mart's columns that they don't have by name
   * @param gone ClickHouse SQL that gives key and commit time (under the reconciliation's names) of
   *     rows that the stream deleted; empty: a row that is deleted after the watermark stays in
   *     view until the next night
   * @param lookups by column of the mart, a dimension of the same star among the mart's lookups:
   *     the column of a row of the stream is the key of the dimension's version, if there is one
   */
  public record Live(
      Reconciliation reconciliation,
      Map<String, String> columns,
      String gone,
      Map<String, String> lookups) {
    /** Copies the maps. */
    public Live {
      columns = Map.copyOf(columns);
      lookups = Map.copyOf(lookups);
    }

    /** Without lookups. */
    public Live(Reconciliation reconciliation, Map<String, String> columns, String gone) {
      this(reconciliation, columns, gone, Map.of());
    }
  }

  /** Copies the collections. */
  public Publication {
    orderBy = List.copyOf(orderBy);
    types = Map.copyOf(types);
    measures = List.copyOf(measures);
  }

  /** The columns that are summed to compare two states: the measures, and all decimals. */
  public List<Column> summed() {
    return this.mart.columns().stream()
        .filter(
            column ->
                column.type().kind() == ColumnType.Kind.DECIMAL
                    || this.measures.contains(column.name()))
        .toList();
  }
}
