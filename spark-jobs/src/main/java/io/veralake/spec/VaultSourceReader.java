package io.veralake.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads from where a vault table is fed, and checks its input's columns as far as known. */
final class VaultSourceReader {
  private static final Pattern SIMPLE = Pattern.compile("`?([A-Za-z_][A-Za-z0-9_]*)`?");
  private static final Set<String> ORIGINS = Set.of("load-time", "applied-time", "record-source");
  private static final Set<String> TIMES = Set.of("timestamp", "date");
  private static final Set<String> LITERALS = Set.of("null", "true", "false");

  private final VaultInputs inputs;

  VaultSourceReader(VaultInputs inputs) {
    this.inputs = inputs;
  }

  /** The sources of a table of {@code family} that needs {@code wanted}. */
  List<VaultSource> read(Node node, VaultFamily family, VaultWanted wanted) {
    return written(node).stream().map(source -> this.source(source, family, wanted)).toList();
  }

  /** The sources as they are written. */
  static List<Node> nodes(Node node) {
    return node.objects("sources", "from");
  }

  /** Whether the raw table {@code name} has changes of single rows. */
  boolean bringsChanges(String name) {
    return this.inputs.land(name).filter(VaultSourceReader::hasChanges).isPresent();
  }

  private static boolean hasChanges(LandTable raw) {
    return raw.source() instanceof LandSource.Dumps
        || raw.source() instanceof LandSource.Jdbc
        || raw.source() instanceof LandSource.Mongo
        || raw.format() == LandTable.Format.DEBEZIUM_JSON
        || raw.format() == LandTable.Format.DEBEZIUM_AVRO;
  }

  /** Reads sources of a table whose columns aren't known. */
  List<VaultSource> skip(Node node, VaultFamily family) {
    for (Node source : written(node)) {
      VaultInput input = this.inputs.from(source);
      source.textMap("columns");
      source.text("where", "");
      VaultWanted.isCoded(source);
      if (source.has("explode")) {
        source.text("explode");
      }
      this.origins(source, family, VaultInput.unknown(input.raw()));
      source.end();
    }
    return List.of();
  }

  private static List<Node> written(Node node) {
    List<Node> written = nodes(node);
    if (!node.has("sources")) {
      node.missing("sources");
    } else if (written.isEmpty()) {
      node.invalid("sources", "[]", "at least one raw table");
    }
    return written;
  }

  private VaultSource source(Node node, VaultFamily family, VaultWanted needed) {
    VaultInput input = this.inputs.from(node);
    Map<String, ColumnType> wanted = needed.declared();
    Set<String> ofItems = needed.ofItems();
    Map<String, ValueForm> written = ValueForm.read(node, wanted.keySet(), false);
    String explode = ofItems.isEmpty() ? "" : node.text("explode", "");
    String array = ValueForm.array(input, explode);
    String where = node.text("where", "true");
    Set<String> items = explode.isEmpty() ? Set.of() : ofItems;
    RowSql.Scope inner = input.scope();
    if (!explode.isEmpty()) {
      String type =
          node.judged(
              node.place("explode"),
              node.what("explode"),
              array,
              input.scope(),
              RowSql.Wanted.ARRAY);
      String item = type.startsWith("array<") ? type.substring(6, type.length() - 1) : "";
      inner = inner.with(Map.of(VaultSource.ITEM, item, VaultSource.ITEM_NUMBER, "int"));
    }
    if (node.has("where")) {
      node.judged(
          node.place("where"), node.what("where"), where, input.scope(), RowSql.Wanted.CONDITION);
    }
    Map<String, String> columns = new LinkedHashMap<>();
    for (Map.Entry<String, ValueForm> column : written.entrySet()) {
      String name = column.getKey();
      ColumnType type = wanted.get(name);
      if (type == null) {
        node.unknown("columns", "column", name, wanted.keySet());
      } else {
        RowSql.Scope scope = items.contains(name) ? inner : input.scope();
        this.judge(node, name, column.getValue(), type, scope);
        columns.put(name, sql(input, column.getValue(), type, items.contains(name)));
      }
    }
    wanted.keySet().stream()
        .filter(name -> !items.contains(name))
        .forEach(name -> checkName(node, input, name, columns.get(name)));
    items.stream()
        .filter(name -> !columns.containsKey(name))
        .forEach(
            name ->
                node.invalid(
                    "columns",
                    name,
                    "missing: write " + name + " = what it is of " + VaultSource.ITEM));
    columns.putAll(needed.read(node));
    RowOrigins origins = this.origins(node, family, input);
    node.end();
    return new VaultSource(
        input.raw(), input.prejoin(), input.stages(), columns, where, array, origins);
  }

  /** Where nothing is known of documents, a path stays as it is written. */
  private static String sql(VaultInput input, ValueForm form, ColumnType type, boolean item) {
    boolean path = form.kind() == ValueForm.Kind.PATH;
    return path && (form.ofItem() ? !item : item || !input.documents())
        ? form.text()
        : form.sql(input, type);
  }

  private void judge(Node node, String name, ValueForm form, ColumnType type, RowSql.Scope scope) {
    boolean constant = form.kind() == ValueForm.Kind.CONSTANT;
    if (form.kind() == ValueForm.Kind.PATH || !constant && isUnknown(form.text(), scope)) {
      return;
    }
    node.judged(
        node.place("columns", name),
        "column " + name + " in " + node.what("columns"),
        constant ? ValueForm.quoted(form.text()) : form.text(),
        scope,
        RowSql.Wanted.value(type));
  }

  /** Whether {@code sql} is nothing but a name that {@code scope} doesn't know. */
  private static boolean isUnknown(String sql, RowSql.Scope scope) {
    return simple(sql)
        .filter(name -> scope.complete() && !scope.columns().containsKey(name))
        .isPresent();
  }

  private RowOrigins origins(Node node, VaultFamily family, VaultInput input) {
    boolean ordered = family == VaultFamily.NON_HISTORISED_LINK || family == VaultFamily.SATELLITE;
    return new RowOrigins(
        this.origin(node, "load-time", input, ColumnType.Kind.TIMESTAMP),
        ordered ? this.origin(node, "applied-time", input, ColumnType.Kind.TIMESTAMP) : "",
        this.origin(node, "record-source", input, ColumnType.Kind.STRING));
  }

  private String origin(Node node, String key, VaultInput input, ColumnType.Kind kind) {
    String written = node.text(key, "");
    if (written.isEmpty()) {
      return written;
    }
    ColumnType type = new ColumnType(kind, 0, 0);
    ValueForm form = ValueForm.of(written);
    if (form.kind() == ValueForm.Kind.PATH) {
      return input.documents() ? form.sql(input, type) : written;
    }
    checkName(node, input, key, written);
    String column = simple(written).orElse("");
    String found = input.scope().columns().getOrDefault(column, "");
    if (kind == ColumnType.Kind.TIMESTAMP && !found.isEmpty() && !TIMES.contains(found)) {
      node.invalid(key, written + ", a " + found, "a timestamp or a date");
    } else if (!isUnknown(written, input.scope())) {
      node.judged(
          node.place(key), node.what(key), written, input.scope(), RowSql.Wanted.value(type));
    }
    return written;
  }

  private static Optional<String> simple(String expression) {
    Matcher simple = SIMPLE.matcher(expression.strip());
    return simple.matches() && !simple.group(1).startsWith("_")
        ? Optional.of(simple.group(1).toLowerCase(Locale.ROOT))
            .filter(name -> !LITERALS.contains(name))
        : Optional.empty();
  }

  private static void checkName(Node node, VaultInput input, String name, @Nullable String given) {
    if (input.table() == null) {
      return;
    }
    RowSql.Scope scope = input.scope();
    if (given == null && name.contains(".")) {
      node.invalid("columns", name, "missing: write " + name + " = the column of " + scope.of());
      return;
    }
    String expression = given == null ? name : given;
    if (isUnknown(expression, scope)) {
      String column = simple(expression).orElseThrow();
      String key = given == null ? "from" : ORIGINS.contains(name) ? name : "columns";
      node.unknown(key, "column of " + scope.of(), column, new TreeSet<>(scope.columns().keySet()));
    }
  }
}
