package io.veralake.lineage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a table depends on.
 *
 * @param table {@code namespace.table}
 * @param columns by column, in the table's order; no entry: nothing is known, none in it: it comes
 *     from no column
 * @param rows what decides which rows there are
 */
public record TableLineage(
    String table, Map<String, Set<Dependency>> columns, Set<Dependency> rows) {
  /** Copies the collections. */
  public TableLineage {
    Map<String, Set<Dependency>> copied = new LinkedHashMap<>();
    columns.forEach((column, from) -> copied.put(column, sorted(from)));
    columns = Collections.unmodifiableMap(copied);
    rows = sorted(rows);
  }

  /** The tables depended on. */
  public Set<String> inputs() {
    Set<String> tables =
        this.columns.values().stream()
            .flatMap(Set::stream)
            .map(from -> from.from().table())
            .collect(Collectors.toCollection(TreeSet::new));
    this.rows.forEach(from -> tables.add(from.from().table()));
    return tables;
  }

  private static Set<Dependency> sorted(Set<Dependency> some) {
    return Collections.unmodifiableSet(new TreeSet<>(some));
  }
}
