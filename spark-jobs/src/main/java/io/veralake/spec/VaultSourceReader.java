package io.veralake.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads from where a vault table is fed, and checks raw columns as far as they are declared. */
final class VaultSourceReader {
  private static final Pattern SIMPLE = Pattern.compile("`?([A-Za-z_][A-Za-z0-9_]*)`?");
  private static final Pattern KEY = Pattern.compile("\\$\\._id(?![^.\\[])");
  private static final Set<String> ORIGINS = Set.of("load-time", "applied-time", "record-source");
  private static final Set<ColumnType.Kind> TIMES =
      Set.of(ColumnType.Kind.TIMESTAMP, ColumnType.Kind.DATE);
  private static final Set<String> LITERALS = Set.of("null", "true", "false");

  private final Map<String, LandTable> land;
  private final Set<String> landNames;

  VaultSourceReader(Map<String, LandTable> land, Set<String> landNames) {
    this.land = land;
    this.landNames = landNames;
  }

  /** The sources of a table of {@code family} that needs the columns {@code wanted}. */
  List<VaultSource> read(Node node, VaultFamily family, Map<String, ColumnType> wanted) {
    return this.read(node, family, wanted, Set.of());
  }

  /**
   * The same, where a source may say that the columns {@code ofItems} come from the items of an
   * array.
   */
  List<VaultSource> read(
      Node node, VaultFamily family, Map<String, ColumnType> wanted, Set<String> ofItems) {
    return written(node).stream()
        .map(source -> this.source(source, family, wanted, ofItems))
        .toList();
  }

  /** Whether the raw table {@code name} has changes of single rows. */
  boolean bringsChanges(String name) {
    LandTable raw = this.land.get(name);
    return raw != null
        && (raw.source() instanceof LandSource.Dumps
            || raw.source() instanceof LandSource.Jdbc
            || raw.source() instanceof LandSource.Mongo
            || raw.format() == LandTable.Format.DEBEZIUM_JSON
            || raw.format() == LandTable.Format.DEBEZIUM_AVRO);
  }

  /** Reads sources of a table whose columns aren't known. */
  List<VaultSource> skip(Node node, VaultFamily family) {
    for (Node source : written(node)) {
      this.from(source);
      source.textMap("columns");
      source.text("where", "");
      if (source.has("explode")) {
        source.text("explode");
      }
      this.origins(source, family, null);
      source.end();
    }
    return List.of();
  }

  private static List<Node> written(Node node) {
    List<Node> written = node.objects("sources", "from");
    if (!node.has("sources")) {
      node.missing("sources");
    } else if (written.isEmpty()) {
      node.invalid("sources", "[]", "at least one raw table");
    }
    return written;
  }

  private VaultSource source(
      Node node, VaultFamily family, Map<String, ColumnType> wanted, Set<String> ofItems) {
    String from = this.from(node);
    Map<String, String> written = node.textMap("columns");
    String explode = ofItems.isEmpty() ? "" : node.text("explode", "");
    String where = node.text("where", "true");
    LandTable raw = this.land.get(from);
    boolean json = raw != null && (raw.format().documents() || raw.events().documents());
    Map<String, String> columns = new LinkedHashMap<>();
    written.forEach(
        (name, expression) -> {
          ColumnType type = wanted.get(name);
          if (type == null) {
            node.unknown("columns", "column", name, wanted.keySet());
          } else {
            boolean item = !explode.isEmpty() && ofItems.contains(name);
            String sql = item ? itemPath(expression, type) : expression;
            columns.put(name, raw != null && json && !item ? jsonPath(raw, sql, type) : sql);
          }
        });
    if (raw != null) {
      wanted.keySet().stream()
          .filter(name -> explode.isEmpty() || !ofItems.contains(name))
          .forEach(name -> checkRaw(node, raw, name, columns.get(name)));
    }
    if (!explode.isEmpty()) {
      ofItems.stream()
          .filter(name -> !columns.containsKey(name))
          .forEach(
              name ->
                  node.invalid(
                      "columns",
                      name,
                      "missing: write " + name + " = what it is of " + VaultSource.ITEM));
    }
    RowOrigins origins = this.origins(node, family, raw);
    node.end();
    return new VaultSource(from, columns, where, json ? jsonArray(explode) : explode, origins);
  }

  private RowOrigins origins(Node node, VaultFamily family, @Nullable LandTable raw) {
    boolean ordered = family == VaultFamily.NON_HISTORISED_LINK || family == VaultFamily.SATELLITE;
    return new RowOrigins(
        this.origin(node, "load-time", raw, ColumnType.Kind.TIMESTAMP),
        ordered ? this.origin(node, "applied-time", raw, ColumnType.Kind.TIMESTAMP) : "",
        this.origin(node, "record-source", raw, ColumnType.Kind.STRING));
  }

  private String origin(Node node, String key, @Nullable LandTable raw, ColumnType.Kind kind) {
    String written = node.text(key, "");
    if (written.isEmpty() || raw == null) {
      return written;
    }
    boolean json = raw.format().documents() || raw.events().documents();
    checkRaw(node, raw, key, written);
    String column = written.strip().replace("`", "").toLowerCase(Locale.ROOT);
    raw.columns().stream()
        .filter(declared -> declared.name().equals(column) && kind == ColumnType.Kind.TIMESTAMP)
        .filter(declared -> !TIMES.contains(declared.type().kind()))
        .forEach(
            declared ->
                node.invalid(key, written + ", a " + declared.type(), "a timestamp or a date"));
    return json ? jsonPath(raw, written, new ColumnType(kind, 0, 0)) : written;
  }

  private String from(Node node) {
    String from = node.text("from");
    if (node.has("from") && !this.landNames.contains(from)) {
      node.unknown("from", "raw table", from, this.landNames);
    }
    return from;
  }

  /** {@code "$.images[*]"} as the array of the items' texts. */
  private static String jsonArray(String expression) {
    if (!expression.startsWith("$.")) {
      return expression;
    }
    String path = expression.replaceFirst("\\[\\*]$", "").replace("'", "\\'");
    return "from_json(get_json_object(document, '%s'), 'array<string>')".formatted(path);
  }

  /** {@code "$item.name"} as the value at that path in the item's JSON. */
  private static String itemPath(String expression, ColumnType type) {
    String start = "$" + VaultSource.ITEM;
    if (!expression.startsWith(start)) {
      return expression;
    }
    String path = "$" + expression.substring(start.length()).replace("'", "\\'");
    String text =
        path.equals("$")
            ? VaultSource.ITEM
            : "get_json_object(%s, '%s')".formatted(VaultSource.ITEM, path);
    return ExtendedJson.value(text, type);
  }

  private static String jsonPath(LandTable raw, String expression, ColumnType type) {
    if (!expression.startsWith("$.")) {
      return expression;
    }
    String path = "'" + expression.replace("'", "\\'") + "'";
    String text = "get_json_object(document, " + path + ")";
    if (raw.events().documents() && KEY.matcher(expression).lookingAt()) {
      // A delete may have nothing else than the key.
      text =
          "coalesce(%s, get_json_object(concat('{\"_id\":', _id, '}'), %s))".formatted(text, path);
    }
    return ExtendedJson.value(text, type);
  }

  private static void checkRaw(Node node, LandTable raw, String name, @Nullable String given) {
    String expression = given == null ? name : given;
    if (given == null && name.contains(".")) {
      node.invalid("columns", name, "missing: write " + name + " = the column of " + raw.name());
      return;
    }
    var simple = SIMPLE.matcher(expression.strip());
    List<String> known = new ArrayList<>();
    switch (raw.format()) {
      case CSV ->
          raw.columns().stream()
              .map(Column::name)
              .filter(column -> raw.sensitive().get(column) != Protection.DROP)
              .forEach(known::add);
      case JSON_LINES, JSON, XML -> known.add("document");
      case DEBEZIUM_JSON, DEBEZIUM_AVRO, AVRO, ROWS -> {
        return;
      }
    }
    if (!simple.matches() || simple.group(1).startsWith("_")) {
      return;
    }
    String column = simple.group(1).toLowerCase(Locale.ROOT);
    if (!known.contains(column) && !LITERALS.contains(column)) {
      String key = given == null ? "from" : ORIGINS.contains(name) ? name : "columns";
      node.unknown(key, "column of " + raw.name(), column, new TreeSet<>(known));
    }
  }
}
