package io.veralake.publish;

/**
 * A limit of a table that a publication is over.
 *
 * @param table the table
 * @param limit the limit's key and value, as the model has them
 * @param found what was found, in words
 */
public record Excess(String table, String limit, String found) {
  @Override
  public String toString() {
    return this.table + ": " + this.found + " (limits." + this.limit + ")";
  }
}
