package io.veralake.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the declarations of comparisons with the stream. */
final class ReconciliationReader {
  private static final Set<ColumnType.Kind> NUMBERS =
      Set.of(
          ColumnType.Kind.INT,
          ColumnType.Kind.BIGINT,
          ColumnType.Kind.FLOAT,
          ColumnType.Kind.DOUBLE,
          ColumnType.Kind.DECIMAL);

  private final Map<String, Mart> marts;
  private final Set<String> martNames;
  private final Systems systems;

  /** Over marts that were read, and the names of all that are declared. */
  ReconciliationReader(Map<String, Mart> marts, Set<String> martNames, Systems systems) {
    this.marts = marts;
    this.martNames = martNames;
    this.systems = systems;
  }

  /** The comparison that {@code node} declares; empty if there is no such mart. */
  Optional<Reconciliation> read(Node node, SqlReader sql) {
    String martName = node.text("mart");
    if (node.has("mart") && !this.martNames.contains(martName)) {
      node.unknown("mart", "mart", martName, this.martNames);
    }
    Mart mart = this.marts.get(martName);
    Map<String, Column> columns = new TreeMap<>();
    if (mart != null) {
      mart.columns().forEach(column -> columns.put(column.name(), column));
    }
    List<String> names = List.copyOf(columns.keySet());
    Optional<Reconciliation.Stream> stream = stream(node, sql);
    List<String> key = node.someTexts("key");
    key.forEach(column -> MartReader.known(node, "key", column, names));
    List<Reconciliation.CompareColumn> compare = compare(node, columns);
    List<String> measures = measures(node, compare);
    String history = sql.read(node, "history", node.subject() + ".sql");
    List<String> from = this.systems(node, martName);
    String partition = column(node, "partition", names);
    String changeTime = changeTime(node, columns);
    node.end();
    if (mart == null || stream.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Reconciliation(
            node.subject(),
            mart,
            stream.orElseThrow(),
            key,
            partition,
            compare,
            measures,
            changeTime,
            history,
            from));
  }

  private static Optional<Reconciliation.Stream> stream(Node node, SqlReader sql) {
    Optional<Node> child = node.object("stream", "stream");
    if (child.isEmpty()) {
      if (!node.has("stream")) {
        node.missing("stream");
      }
      return Optional.empty();
    }
    Node stream = child.orElseThrow();
    String table = stream.text("table");
    if (stream.has("table") && !table.matches("\\w+\\.\\w+")) {
      stream.invalid("table", table, "database.table in ClickHouse");
    }
    if (!stream.has("rows")) {
      stream.missing("rows");
    }
    if (!stream.has("latency")) {
      stream.missing("latency");
    }
    Reconciliation.Stream result =
        new Reconciliation.Stream(
            table,
            stream.has("rows") ? sql.read(stream, "rows", "") : "",
            stream.text("commit-time"),
            stream.text("received-time"),
            Scalars.duration(stream, "latency", Duration.ZERO));
    stream.end();
    return Optional.of(result);
  }

  private static List<Reconciliation.CompareColumn> compare(
      Node node, Map<String, Column> columns) {
    Map<String, String> tolerances = new HashMap<>(node.textMap("tolerance"));
    List<Reconciliation.CompareColumn> result = new ArrayList<>();
    List<String> names = List.copyOf(columns.keySet());
    List<String> compared = node.someTexts("compare");
    for (String name : compared) {
      MartReader.known(node, "compare", name, names);
      String tolerance = tolerances.getOrDefault(name, "0");
      Column column = columns.get(name);
      if (!tolerance.matches("\\d+(\\.\\d+)?")) {
        node.invalid("tolerance", name + " = " + tolerance, "a decimal number, not negative");
      } else if (column != null) {
        if (tolerances.containsKey(name) && !NUMBERS.contains(column.type().kind())) {
          node.invalid("tolerance", name + ", a " + column.type(), "only numbers have a tolerance");
        }
        result.add(new Reconciliation.CompareColumn(column, tolerance));
      }
    }
    tolerances.keySet().stream()
        .filter(name -> !compared.contains(name))
        .sorted()
        .forEach(name -> node.unknown("tolerance", "compared column", name, compared));
    return result;
  }

  private static List<String> measures(Node node, List<Reconciliation.CompareColumn> compare) {
    List<String> measures = node.someTexts("measures");
    Map<String, ColumnType> types = new TreeMap<>();
    compare.forEach(column -> types.put(column.column().name(), column.column().type()));
    for (String measure : measures) {
      ColumnType type = types.get(measure);
      if (type == null && !types.isEmpty()) {
        node.unknown("measures", "compared column", measure, types.keySet());
      } else if (type != null && !NUMBERS.contains(type.kind())) {
        node.invalid("measures", measure + ", a " + type, "a number, to be summed");
      }
    }
    return measures;
  }

  private static String column(Node node, String key, List<String> names) {
    String name = node.text(key);
    if (node.has(key)) {
      MartReader.known(node, key, name, names);
    }
    return name;
  }

  private static String changeTime(Node node, Map<String, Column> columns) {
    String name = column(node, "change-time", List.copyOf(columns.keySet()));
    Column column = columns.get(name);
    if (column != null && column.type().kind() != ColumnType.Kind.TIMESTAMP) {
      node.invalid("change-time", name + ", a " + column.type(), "a timestamp");
    }
    return name;
  }

  private List<String> systems(Node node, String mart) {
    if (!node.has("systems")) {
      return this.systems.behind(mart);
    }
    List<String> written = node.someTexts("systems");
    written.stream()
        .filter(name -> !this.systems.all().contains(name))
        .forEach(
            name -> node.unknown("systems", "system", name, new TreeSet<>(this.systems.all())));
    return written;
  }
}
