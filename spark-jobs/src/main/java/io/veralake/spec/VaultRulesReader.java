package io.veralake.spec;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads what a vault table does about what isn't known. */
final class VaultRulesReader {
  private VaultRulesReader() {}

  /** The ghost records of a table with {@code columns} whose values can be chosen. */
  static Map<VaultRules.Ghost, Map<String, String>> ghosts(Node node, List<Column> columns) {
    boolean wanted = Scalars.flag(node, "ghosts", false);
    Map<VaultRules.Ghost, Map<String, String>> ghosts = new EnumMap<>(VaultRules.Ghost.class);
    Optional<Node> written = node.object("ghost-values", "ghost-values");
    for (VaultRules.Ghost ghost : VaultRules.Ghost.values()) {
      String key = Words.of(ghost);
      Map<String, String> values = new LinkedHashMap<>();
      for (Column column : columns) {
        ghost.value(column.type()).ifPresent(value -> values.put(column.name(), value));
      }
      written.ifPresent(chosen -> chosen(chosen, key, columns, values));
      if (wanted) {
        ghosts.put(ghost, values);
      }
    }
    written.ifPresent(Node::end);
    if (!wanted && node.has("ghost-values")) {
      node.invalid("ghosts", "false", "true: the table has ghost-values");
    }
    return ghosts;
  }

  private static void chosen(
      Node node, String key, List<Column> columns, Map<String, String> values) {
    List<String> names = columns.stream().map(Column::name).toList();
    node.textMap(key)
        .forEach(
            (name, value) -> {
              if (names.contains(name)) {
                values.put(name, value);
              } else {
                node.unknown(key, "column", name, names);
              }
            });
  }

  /**
   * What nulls in the ends' business keys lead to: one word for all, or one for some of the columns
   * as sources name them.
   */
  static Map<String, VaultRules.NullKey> nullKeys(
      Node node, List<Link.End> ends, Map<String, String> columns) {
    Map<String, VaultRules.NullKey> result = new TreeMap<>();
    for (Link.End end : ends) {
      for (Column column : end.hub().businessKey()) {
        VaultRules.NullKey usual = end.hub().rules().nullKey("", column.name());
        if (usual != VaultRules.NullKey.SKIP) {
          result.put(end.role() + "." + column.name(), usual);
        }
      }
    }
    Map<String, String> written = chosen(node, columns, result);
    Set<String> missing = new java.util.TreeSet<>();
    for (Link.End end : ends) {
      boolean needed =
          result.entrySet().stream()
              .anyMatch(
                  entry ->
                      entry.getKey().startsWith(end.role() + ".")
                          && entry.getValue() != VaultRules.NullKey.SKIP);
      if (needed && end.hub().rules().ghosts().isEmpty()) {
        missing.add(end.hub().name());
      }
    }
    missing.forEach(
        hub ->
            node.invalid(
                "null-key",
                String.join(", ", new java.util.TreeSet<>(written.values())),
                "skip, unless " + hub + " has ghosts = true"));
    return result;
  }

  /** What nulls in a hub's business key lead to: one word for all, or one for some columns. */
  static Map<String, VaultRules.NullKey> nullKeys(
      Node node, List<Column> businessKey, boolean ghosts) {
    Map<String, String> columns = new LinkedHashMap<>();
    businessKey.stream()
        .filter(column -> !column.equals(HubCodes.COLUMN))
        .forEach(column -> columns.put(column.name(), "." + column.name()));
    Map<String, VaultRules.NullKey> result = new TreeMap<>();
    Map<String, String> written = chosen(node, columns, result);
    boolean led = result.values().stream().anyMatch(word -> word != VaultRules.NullKey.SKIP);
    if (led && !ghosts) {
      node.invalid(
          "null-key",
          String.join(", ", new java.util.TreeSet<>(written.values())),
          "skip, unless ghosts = true");
    }
    return result;
  }

  /** Puts what {@code null-key} says into {@code result}; answers what is written, by column. */
  private static Map<String, String> chosen(
      Node node, Map<String, String> columns, Map<String, VaultRules.NullKey> result) {
    Map<String, String> written = new LinkedHashMap<>();
    if (!node.has("null-key")) {
      return written;
    }
    if (node.isObject("null-key")) {
      written.putAll(node.textMap("null-key"));
    } else {
      columns.keySet().forEach(name -> written.put(name, node.text("null-key")));
    }
    written.forEach(
        (name, word) -> {
          String column = columns.get(name);
          Optional<VaultRules.NullKey> policy = policy(word);
          if (column == null) {
            node.unknown("null-key", "business key column", name, columns.keySet());
          } else if (policy.isEmpty()) {
            node.invalid("null-key", word, "skip, unknown or error");
          } else {
            result.put(column, policy.orElseThrow());
          }
        });
    return written;
  }

  private static Optional<VaultRules.NullKey> policy(String word) {
    return java.util.Arrays.stream(VaultRules.NullKey.values())
        .filter(policy -> Words.of(policy).equals(word))
        .findFirst();
  }
}
