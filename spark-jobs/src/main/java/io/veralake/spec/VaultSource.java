package io.veralake.spec;

import java.util.Map;

/**
 * One raw table that feeds a vault table.
 *
 * @param from name of the raw table
 * @param columns SQL expression over the raw row's columns for each vault column; a vault column
 *     that is not named here takes the raw column of its own name
 * @param where SQL condition over the raw row's columns; {@code true} if none
 */
public record VaultSource(String from, Map<String, String> columns, String where) {
  /** Copies the map. */
  public VaultSource {
    columns = Map.copyOf(columns);
  }

  /**
   * The expression that fills {@code column}: the declared one, else the raw column of that name.
   */
  public String expression(String column) {
    return this.columns.getOrDefault(column, "`" + column + "`");
  }
}
