package io.veralake.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the declarations of marts. */
final class MartReader {
  private enum Type {
    DIMENSION,
    FACT,
    AGGREGATE
  }

  private static final Pattern PARTITION =
      Pattern.compile("([a-z_]+)\\(\\s*([a-z0-9_]+)\\s*\\)|([a-z0-9_]+)");

  private final VaultNaming naming;
  private final Set<String> vaultNames;
  private final Set<String> martNames;

  /** Over the names of all vault tables and marts that are declared. */
  MartReader(VaultNaming naming, Set<String> vaultNames, Set<String> martNames) {
    this.naming = naming;
    this.vaultNames = vaultNames;
    this.martNames = martNames;
  }

  /** The mart that {@code node} declares. */
  Mart read(Node node, SqlReader sqlReader) {
    String name = node.subject();
    Mart.Kind kind = Mart.Kind.valueOf(Scalars.word(node, "type", Type.class).name());
    String sql = sqlReader.read(node, "sql", name + ".sql");
    List<Column> columns = ColumnsReader.some(node, "columns");
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> grain = node.someTexts("grain");
    grain.forEach(column -> known(node, "grain", column, names));
    List<String> reads = this.reads(node, sql);
    Mart.Refresh refresh = this.refresh(node, sqlReader, reads, columns);
    List<Mart.Check> checks = new CheckReader(node, columns, this.martNames, sqlReader).read();
    Mart mart =
        new Mart(
            name, kind, sql, columns, grain, partitions(node, columns), reads, refresh, checks);
    node.end();
    return mart;
  }

  /** Reports a column that isn't among {@code names}. */
  static void known(Node node, String key, String column, List<String> names) {
    if (!names.contains(column) && !names.isEmpty()) {
      node.unknown(key, "column", column, names);
    }
  }

  private static List<Mart.PartitionField> partitions(Node node, List<Column> columns) {
    List<Mart.PartitionField> fields = new ArrayList<>();
    for (String text : node.texts("partition-by")) {
      Matcher matcher = PARTITION.matcher(text);
      Optional<Mart.PartitionField.Transform> transform =
          matcher.matches() ? transform(matcher.group(1)) : Optional.empty();
      if (transform.isEmpty()) {
        node.invalid("partition-by", text, "column, day(column) or month(column)");
        continue;
      }
      String name = matcher.group(3) == null ? matcher.group(2) : matcher.group(3);
      known(node, "partition-by", name, columns.stream().map(Column::name).toList());
      columns.stream()
          .filter(column -> column.name().equals(name))
          .filter(column -> !fits(transform.orElseThrow(), column.type()))
          .forEach(
              column ->
                  node.invalid(
                      "partition-by",
                      text + " of a " + column.type(),
                      "day and month take a date or timestamp; whole values are not float, double or binary"));
      fields.add(new Mart.PartitionField(transform.orElseThrow(), name));
    }
    return fields;
  }

  private static Optional<Mart.PartitionField.Transform> transform(@Nullable String word) {
    if (word == null) {
      return Optional.of(Mart.PartitionField.Transform.IDENTITY);
    }
    return switch (word) {
      case "day" -> Optional.of(Mart.PartitionField.Transform.DAY);
      case "month" -> Optional.of(Mart.PartitionField.Transform.MONTH);
      default -> Optional.empty();
    };
  }

  private static boolean fits(Mart.PartitionField.Transform transform, ColumnType type) {
    return switch (type.kind()) {
      case DATE, TIMESTAMP -> true;
      case FLOAT, DOUBLE, BINARY -> false;
      case BOOLEAN, INT, BIGINT, DECIMAL, STRING ->
          transform == Mart.PartitionField.Transform.IDENTITY;
    };
  }

  private List<String> reads(Node node, String sql) {
    Set<String> result = new LinkedHashSet<>();
    Set<String> known = new TreeSet<>(this.vaultNames);
    known.addAll(this.martNames);
    if (node.has("reads")) {
      for (String name : node.texts("reads")) {
        Optional<String> table = this.table(name);
        table.ifPresentOrElse(
            result::add, () -> node.unknown("reads", "vault table or mart", name, known));
      }
      return List.copyOf(result);
    }
    for (String name : SqlReader.relations(sql)) {
      Optional<String> table = this.table(name);
      table.ifPresent(result::add);
      if (table.isEmpty() && this.naming.marks(name)) {
        node.unknown("sql", "vault table", name, this.views());
      }
    }
    return result.stream().sorted().toList();
  }

  /** The vault table or mart that the relation {@code name} shows. */
  private Optional<String> table(String name) {
    if (this.vaultNames.contains(name) || this.martNames.contains(name)) {
      return Optional.of(name);
    }
    String satellite = name.replaceFirst("_(current|history)$", "");
    return this.isSatellite(satellite) && this.vaultNames.contains(satellite)
        ? Optional.of(satellite)
        : Optional.empty();
  }

  private boolean isSatellite(String name) {
    return Arrays.stream(VaultFamily.values())
        .anyMatch(family -> family.satellite() && this.naming.fits(family, name));
  }

  private Set<String> views() {
    Set<String> names = new TreeSet<>();
    for (String name : this.vaultNames) {
      if (this.isSatellite(name)) {
        names.add(name + "_current");
        names.add(name + "_history");
      } else {
        names.add(name);
      }
    }
    return names;
  }

  private Mart.Refresh refresh(
      Node node, SqlReader sqlReader, List<String> reads, List<Column> columns) {
    Optional<Node> child = node.object("refresh", "refresh");
    if (child.isEmpty()) {
      return new Mart.Refresh(List.of(), Map.of(), Map.of());
    }
    Node refresh = child.orElseThrow();
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> key = refresh.someTexts("key");
    key.forEach(column -> known(refresh, "key", column, names));
    Map<String, String> changes = new LinkedHashMap<>();
    refresh
        .object("changes", "entries")
        .ifPresent(
            inputs -> {
              for (String name : inputs.keys()) {
                String input = this.input(refresh, "changes", name, reads);
                changes.put(input, sqlReader.read(inputs, name, ""));
              }
            });
    Map<String, Mart.Lookup> lookups = new LinkedHashMap<>();
    refresh
        .object("lookups", "entries")
        .ifPresent(
            inputs -> {
              for (String name : inputs.keys()) {
                String input = this.input(refresh, "lookups", name, reads);
                inputs
                    .object(name, "lookup")
                    .ifPresent(lookup -> lookups.put(input, lookup(lookup, columns)));
              }
            });
    Map<String, Map<String, String>> columnsOf = this.keyColumns(refresh, key, reads);
    refresh.end();
    return new Mart.Refresh(key, changes, lookups, columnsOf);
  }

  private Map<String, Map<String, String>> keyColumns(
      Node refresh, List<String> key, List<String> reads) {
    Map<String, Map<String, String>> result = new LinkedHashMap<>();
    Optional<Node> inputs = refresh.object("columns", "entries");
    for (String name : inputs.map(Node::keys).orElse(List.of())) {
      Set<String> marts = new TreeSet<>(reads);
      marts.retainAll(this.martNames);
      if (!marts.contains(name)) {
        refresh.unknown("columns", "mart among the inputs", name, marts);
      }
      Map<String, String> names = inputs.orElseThrow().textMap(name);
      names.keySet().forEach(column -> known(refresh, "columns", column, key));
      result.put(name, names);
    }
    return result;
  }

  private String input(Node node, String key, String name, List<String> reads) {
    Optional<String> table = this.table(name);
    if (table.isEmpty() || !reads.contains(table.orElseThrow())) {
      node.unknown(key, "input", name, reads);
    }
    return table.orElse(name);
  }

  private static Mart.Lookup lookup(Node node, List<Column> columns) {
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> match = node.someTexts("match");
    match.forEach(column -> known(node, "match", column, names));
    String at = node.text("at");
    if (node.has("at")) {
      known(node, "at", at, names);
    }
    columns.stream()
        .filter(column -> column.name().equals(at))
        .filter(column -> column.type().kind() != ColumnType.Kind.TIMESTAMP)
        .forEach(column -> node.invalid("at", at + ", a " + column.type(), "a timestamp"));
    node.end();
    return new Mart.Lookup(match, at);
  }
}
