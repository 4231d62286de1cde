package io.veralake.spec;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a vault table needs of its sources.
 *
 * @param columns types of its columns, as sources name them
 * @param ofItems those that may come from the items of an array
 * @param codes collision codes that a source may say, by the column that holds them; an empty set:
 *     any
 */
record VaultWanted(
    Map<String, ColumnType> columns, Set<String> ofItems, Map<String, Set<String>> codes) {
  private static final String KEY = "collision-code";

  /** Columns of a row. */
  static VaultWanted of(Map<String, ColumnType> columns) {
    return new VaultWanted(columns, Set.of(), Map.of());
  }

  /** The same, where some are codes. */
  VaultWanted withCodes(Map<String, Set<String>> some) {
    return new VaultWanted(this.columns, this.ofItems, some);
  }

  /** The same, where some may come from items. */
  VaultWanted withItems(Set<String> some) {
    return new VaultWanted(this.columns, some, this.codes);
  }

  /** The columns that a source declares one by one. */
  Map<String, ColumnType> declared() {
    Map<String, ColumnType> result = new LinkedHashMap<>(this.columns);
    result.keySet().removeAll(this.codes.keySet());
    return result;
  }

  /** Whether a source says a code. */
  static boolean isCoded(Node source) {
    return source.has(KEY);
  }

  /** The codes that {@code source} says, as SQL by column. */
  Map<String, String> read(Node source) {
    Map<String, String> result = new LinkedHashMap<>();
    if (this.codes.isEmpty()) {
      if (source.has(KEY)) {
        source.invalid(
            KEY,
            source.isObject(KEY) ? "{ … }" : source.text(KEY),
            "none: no hub's sources have one");
      }
      return result;
    }
    if (!source.has(KEY)) {
      Set<String> known = new TreeSet<>();
      this.codes.values().forEach(known::addAll);
      source.problem(
          source.place(),
          "Invalid " + source.what(KEY),
          "none",
          known.isEmpty()
              ? "a code: other sources of the hub have one"
              : "one of %s: the hub's keys are told apart by it"
                  .formatted(String.join(", ", known)));
      return result;
    }
    Map<String, String> byRole = source.isObject(KEY) ? source.textMap(KEY) : Map.of();
    byRole.keySet().stream()
        .filter(role -> this.column(role).isEmpty())
        .forEach(role -> source.unknown(KEY, "end", role, this.roles()));
    this.codes.forEach(
        (column, known) -> {
          Optional<String> code =
              source.isObject(KEY)
                  ? Optional.ofNullable(byRole.get(role(column)))
                      .or(() -> Optional.ofNullable(byRole.get(column)))
                  : Optional.of(source.text(KEY));
          if (code.isEmpty()) {
            source.invalid(KEY, "{ … }", "one for " + role(column) + " too");
          } else if (code.get().isBlank()) {
            source.invalid(KEY, "\"\"", "a text");
          } else if (!known.isEmpty() && !known.contains(code.get())) {
            source.unknown(KEY, "code", code.get(), known);
          }
          result.put(column, ValueForm.quoted(code.orElse("")));
        });
    return result;
  }

  private Optional<String> column(String role) {
    return this.codes.keySet().stream()
        .filter(column -> role(column).equals(role) || column.equals(role))
        .findFirst();
  }

  private Collection<String> roles() {
    return this.codes.keySet().stream().map(VaultWanted::role).toList();
  }

  private static String role(String column) {
    int dot = column.indexOf('.');
    return dot < 0 ? column : column.substring(0, dot);
  }
}
