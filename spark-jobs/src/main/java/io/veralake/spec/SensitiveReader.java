package io.veralake.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what becomes of the sensitive values of a raw table. */
final class SensitiveReader {
  private static final Pattern PATH = Pattern.compile("\\$(\\.[^.\\s\\[\\]*$]+)+");

  private SensitiveReader() {}

  /**
   * The protections that {@code node} declares, by column or path.
   *
   * @param format of the table; null: it isn't known
   * @param columns the declared ones
   */
  static Map<String, Protection> read(
      Node node, LandTable.@Nullable Format format, List<Column> columns) {
    Map<String, Protection> result = new TreeMap<>();
    node.object("sensitive", "sensitive" + Reading.OPEN)
        .ifPresent(
            sensitive -> {
              for (String name : sensitive.keys()) {
                check(sensitive, name, format, columns);
                result.put(name, Scalars.word(sensitive, name, Protection.class));
              }
            });
    return result;
  }

  private static void check(
      Node node, String name, LandTable.@Nullable Format format, List<Column> columns) {
    if (name.startsWith("$")) {
      if (!PATH.matcher(name).matches()) {
        node.invalid(name, name, "$.name, $.name.name, …: arrays on the way need no sign");
      } else if (format == LandTable.Format.CSV) {
        node.invalid(name, name, "a column for format = csv");
      }
      return;
    }
    if (format != null && format.documents()) {
      node.invalid(name, name, "$.path into the document for format = " + Words.of(format));
    } else if (format == LandTable.Format.CSV) {
      List<String> known = new ArrayList<>();
      columns.forEach(column -> known.add(column.name()));
      if (!known.contains(name)) {
        node.unknown(name, "column", name, known);
      }
    }
  }

  /** Checks that what the engine itself needs of the rows stays readable. */
  static void check(Node node, LandTable table) {
    table.sensitive().keySet().stream()
        .filter(name -> needed(table).contains(name))
        .forEach(
            name ->
                node.invalid(
                    "sensitive",
                    name,
                    "another than the columns of order-by, commit-time, load-time and record-source"));
    table.key().stream()
        .filter(name -> table.sensitive().get(name) == Protection.DROP)
        .forEach(name -> node.invalid("sensitive", name + " = drop", "hash or encrypt for a key"));
  }

  private static List<String> needed(LandTable table) {
    List<String> names = new ArrayList<>(table.orderBy());
    for (ValueOrigin origin : List.of(table.commitTime(), table.loadTime(), table.recordSource())) {
      if (origin.kind() == ValueOrigin.Kind.COLUMN) {
        names.add(origin.text());
      }
    }
    return names;
  }
}
