package io.veralake.spec;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The columns that a vault table and its views will have, each once without regard to case. */
final class VaultTableColumns {
  private static final String OWN = "Veralake's own column";

  private final Node node;
  private final Map<String, String> taken = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Takes the names that {@code names} declare, of which the table has {@code own}. */
  VaultTableColumns(Node node, List<String> own) {
    this.node = node;
    for (String name : own) {
      this.add("names", name, OWN);
    }
  }

  /** Takes the names of {@code columns}, which stand under {@code key}. */
  void addAll(String key, List<Column> columns, String owner) {
    columns.forEach(column -> this.add(key, column.name(), owner));
  }

  /** Takes {@code name}; reports one that is taken. */
  void add(String key, String name, String owner) {
    String earlier = this.taken.putIfAbsent(name, owner);
    if (earlier != null) {
      this.node.invalid(key, name, "a name that isn't taken by " + earlier);
    }
  }
}
