package io.veralake.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One raw table that feeds a vault table.
 *
 * @param from name of the raw table
 * @param prejoin whose rows are read in place of the raw table's; empty: none. They are those of
 *     the raw table with more columns
 * @param stages that its rows go through, in this order, before they are what the rest sees as raw
 *     rows
 * @param columns SQL expression over the raw row's columns for each vault column; a vault column
 *     that is not named here takes the raw column of its own name
 * @param where SQL condition over the raw row's columns; {@code true} if none
 * @param explode SQL expression for an array over the raw row's columns, each of whose items gives
 *     a row; the columns' expressions see it as {@link #ITEM}; empty if none
 * @param origins of the rows' bookkeeping values
 */
public record VaultSource(
    String from,
    Optional<Prejoin> prejoin,
    List<Stage> stages,
    Map<String, String> columns,
    String where,
    String explode,
    RowOrigins origins) {
  /** How expressions name the item of the array. */
  public static final String ITEM = "item";

  /** How expressions name the item's place in the array, from 0. */
  public static final String ITEM_NUMBER = "item_number";

  /** Copies the map and the list. */
  public VaultSource {
    columns = Map.copyOf(columns);
    stages = List.copyOf(stages);
  }

  /** Of rows that depend on the raw table's alone. */
  public VaultSource(
      String from,
      List<Stage> stages,
      Map<String, String> columns,
      String where,
      String explode,
      RowOrigins origins) {
    this(from, Optional.empty(), stages, columns, where, explode, origins);
  }

  /** Of the raw table itself. */
  public VaultSource(
      String from, Map<String, String> columns, String where, String explode, RowOrigins origins) {
    this(from, List.of(), columns, where, explode, origins);
  }

  /** With the bookkeeping values of the raw table. */
  public VaultSource(String from, Map<String, String> columns, String where, String explode) {
    this(from, columns, where, explode, RowOrigins.RAW);
  }

  /** The same without an array. */
  public VaultSource(String from, Map<String, String> columns, String where) {
    this(from, columns, where, "");
  }

  /** What messages call its input: the last stage, or the raw table. */
  public String input() {
    return this.stages.isEmpty()
        ? this.prejoin.map(joined -> "stage " + joined.name()).orElse("raw." + this.from)
        : "stage " + this.stages.get(this.stages.size() - 1).name();
  }

  /** The table that is read, with its namespace. */
  public String table() {
    return this.prejoin.map(Prejoin::table).orElse("raw." + this.from);
  }

  /**
   * The expression that fills {@code column}: the declared one, else the raw column of that name.
   */
  public String expression(String column) {
    return this.columns.getOrDefault(column, "`" + column + "`");
  }
}
