package io.veralake.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Reads declared columns: {@code name = type}. */
final class ColumnsReader {
  private ColumnsReader() {}

  /**
   * The columns under {@code key}, in the order in which they are written; none if it is missing.
   */
  static List<Column> any(Node node, String key) {
    return any(node, key, Names::valid, Names.ALLOWED);
  }

  /** The same of a source, whose tools may have their own columns. */
  static List<Column> ofSource(Node node, String key) {
    return any(node, key, Names::ofSource, Names.ALLOWED);
  }

  /** The same of a vault table, whose columns other tools may have named. */
  static List<Column> ofVault(Node node, String key) {
    return any(node, key, Names::ofVault, Names.OF_VAULT_ALLOWED);
  }

  private static List<Column> any(Node node, String key, Predicate<String> valid, String allowed) {
    Map<String, String> written = node.textMap(key);
    List<Column> result = new ArrayList<>();
    written.forEach(
        (name, typeText) -> {
          Place place = node.place(key, name);
          if (!valid.test(name)) {
            node.problem(place, "Invalid column in " + node.what(key), name, allowed);
          }
          ColumnType.parse(typeText)
              .ifPresentOrElse(
                  type -> result.add(new Column(name, type)),
                  () ->
                      node.problem(
                          place,
                          "Invalid type of column " + name + " in " + node.what(key),
                          typeText,
                          ColumnType.ALLOWED + near(typeText)));
        });
    return result;
  }

  /** The columns under {@code key}, at least one. */
  static List<Column> some(Node node, String key) {
    checkSome(node, key);
    return any(node, key);
  }

  /** The same of a vault table. */
  static List<Column> someOfVault(Node node, String key) {
    checkSome(node, key);
    return ofVault(node, key);
  }

  private static void checkSome(Node node, String key) {
    if (!node.has(key)) {
      node.missing(key);
    } else if (node.isObject(key) && node.textMap(key).isEmpty()) {
      node.invalid(key, "{}", "at least one column: name = type");
    }
  }

  private static String near(String typeText) {
    if (typeText.startsWith("decimal")) {
      return "; p from 1 to 38, s from 0 to p";
    }
    Set<String> words = new TreeSet<>();
    for (ColumnType.Kind kind : ColumnType.Kind.values()) {
      words.add(kind.name().toLowerCase(Locale.ROOT));
    }
    return Nearest.hint(typeText, words).map(hint -> "; " + hint).orElse("");
  }
}
