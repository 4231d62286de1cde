package io.veralake.lineage;

/**
 * A column of a table.
 *
 * @param table {@code namespace.table}
 * @param column its name, or, of a table of documents, the path of a value: {@code $.customer.id}
 */
public record ColumnRef(String table, String column) implements Comparable<ColumnRef> {
  @Override
  public int compareTo(ColumnRef other) {
    int tables = this.table.compareTo(other.table);
    return tables == 0 ? this.column.compareTo(other.column) : tables;
  }

  @Override
  public String toString() {
    return this.table + "." + this.column;
  }
}
