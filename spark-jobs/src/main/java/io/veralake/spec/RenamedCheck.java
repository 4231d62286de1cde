package io.veralake.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks which columns of a raw table had other names before. */
final class RenamedCheck {
  private static final String KEY = "renamed-from";

  private RenamedCheck() {}

  /**
   * Checks {@code renamed-from} of {@code node}.
   *
   * @param table what it declares; null: its format isn't known
   */
  static void of(Node node, @Nullable LandTable table) {
    if (table == null || table.renamedFrom().isEmpty()) {
      return;
    }
    if (table.format() == LandTable.Format.CSV
        || table.format().documents()
        || table.events().documents()) {
      String allowed =
          "none for "
              + (table.events().documents() ? "documents" : "format")
              + " = "
              + node.text(table.events().documents() ? "documents" : "format");
      node.invalid(KEY, "{ … }", allowed);
      return;
    }
    if (table.connector() != null) {
      node.invalid(KEY, "{ … }", "none with connector: its columns are declared");
      return;
    }
    Set<String> today = table.renamedFrom().keySet();
    Set<String> seen = new HashSet<>(today);
    for (Map.Entry<String, List<String>> column : table.renamedFrom().entrySet()) {
      for (String old : column.getValue()) {
        if (!seen.add(old)) {
          node.invalid(
              KEY,
              column.getKey() + " = " + old,
              "each name once; of a column renamed twice: name = [first, second]");
        }
        if (used(table).contains(old)) {
          node.invalid(
              KEY,
              column.getKey() + " = " + old,
              "a name that the model doesn't use elsewhere: write " + column.getKey() + " there");
        }
      }
    }
  }

  private static List<String> used(LandTable table) {
    List<String> names = new ArrayList<>(table.key());
    names.addAll(table.orderBy());
    names.addAll(table.sensitive().keySet());
    table.columns().forEach(column -> names.add(column.name()));
    return names;
  }
}
