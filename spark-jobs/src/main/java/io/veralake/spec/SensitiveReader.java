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

  /** Checks that what the engine itself needs of the rows stays readable, and is told nowhere. */
  static void check(Node node, LandTable table) {
    table.sensitive().keySet().stream()
        .filter(name -> needed(table).stream().anyMatch(needed -> touches(name, needed)))
        .forEach(
            name ->
                node.invalid(
                    "sensitive",
                    name,
                    "another than the columns of order-by, commit-time, load-time and record-source"));
    table.key().stream()
        .filter(name -> table.sensitive().get(name) == Protection.DROP)
        .forEach(name -> node.invalid("sensitive", name + " = drop", "hash or encrypt for a key"));
    if (table.source() instanceof LandSource.Rest rest) {
      String next = inRecord(rest.api());
      table.sensitive().keySet().stream()
          .filter(name -> !next.isEmpty() && touches(name, next))
          .forEach(
              name ->
                  node.invalid(
                      "sensitive",
                      name,
                      "another than rest.paging.next, which is sent in addresses and told in messages: take a page's own mark, or a field that isn't sensitive"));
    }
  }

  private static List<String> needed(LandTable table) {
    List<String> names = new ArrayList<>(table.orderBy());
    for (ValueOrigin origin : List.of(table.commitTime(), table.loadTime(), table.recordSource())) {
      if (origin.kind() == ValueOrigin.Kind.COLUMN) {
        names.add(origin.text());
      }
    }
    return names.stream()
        .map(
            name ->
                DocumentField.is(name) ? withoutIndexes(DocumentField.parse(name).path()) : name)
        .toList();
  }

  /** Whether one of two columns, or paths of names, is the other or a part of it. */
  private static boolean touches(String sensitive, String used) {
    return sensitive.equals(used)
        || sensitive.startsWith(used + ".")
        || used.startsWith(sensitive + ".");
  }

  /** The path in a record that names the next page; empty: it isn't a record that does. */
  private static String inRecord(RestApi api) {
    String next = api.paging().next();
    if (api.xml()) {
      boolean within = next.startsWith(api.records() + "/");
      return within ? "$" + next.substring(api.records().length()).replace('/', '.') : "";
    }
    boolean members = api.records().endsWith(".*");
    String text = members ? api.records().substring(0, api.records().length() - 2) : api.records();
    List<JsonPath.Step> list = JsonPath.parse(text).map(JsonPath::steps).orElse(List.of());
    List<JsonPath.Step> steps = JsonPath.parse(next).map(JsonPath::steps).orElse(List.of());
    boolean within = steps.size() > list.size() && steps.subList(0, list.size()).equals(list);
    if (!within || (steps.get(list.size()).name() == null) == members) {
      return "";
    }
    return withoutIndexes(new JsonPath(steps.subList(list.size() + 1, steps.size())));
  }

  private static String withoutIndexes(JsonPath path) {
    StringBuilder text = new StringBuilder("$");
    for (JsonPath.Step step : path.steps()) {
      if (step.name() != null) {
        text.append('.').append(step.name());
      }
    }
    return text.toString();
  }
}
