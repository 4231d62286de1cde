package io.veralake.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the declarations of raw tables. */
final class LandReader {
  private static final Set<ColumnType.Kind> ORDERED =
      Set.of(
          ColumnType.Kind.INT,
          ColumnType.Kind.BIGINT,
          ColumnType.Kind.DATE,
          ColumnType.Kind.TIMESTAMP);

  /** What files and topics hold. */
  private static final List<LandTable.Format> FORMATS =
      Stream.of(LandTable.Format.values())
          .filter(format -> format != LandTable.Format.ROWS)
          .toList();

  private LandReader() {}

  /**
   * The raw table that {@code node} declares.
   *
   * @param connections the known ones by name; null: they couldn't be read
   */
  static LandTable read(Node node, @Nullable Map<String, Connection> connections) {
    boolean rows = node.isObject("jdbc");
    boolean collection = node.isObject("mongo");
    LandTable.Format format =
        rows
            ? LandTable.Format.ROWS
            : collection ? LandTable.Format.JSON_LINES : Scalars.word(node, "format", FORMATS);
    boolean known = rows || collection || node.text("format", "").equals(Words.of(format));
    if ((rows || collection) && node.has("format")) {
      node.invalid("format", node.text("format"), "none with jdbc or mongo");
    }
    List<Column> columns =
        known && format == LandTable.Format.CSV
            ? ColumnsReader.some(node, "columns")
            : ColumnsReader.ofSource(node, "columns");
    if (known && format.documents() && !columns.isEmpty()) {
      node.invalid(
          "columns", columns.get(0).name() + ", …", "none for format = " + Words.of(format));
    }
    String system = node.text("system");
    if (node.has("system") && !Names.valid(system)) {
      node.invalid("system", system, Names.ALLOWED);
    }
    LandSource source = new LandSourceReader(node, connections).read();
    if (known && !format.inTopics() && source instanceof LandSource.Topics topics) {
      node.invalid(
          topics.pattern().isEmpty() ? "topics" : "topics-matching",
          topics.pattern().isEmpty() ? topics.names().get(0) + ", …" : topics.pattern(),
          "a path for format = " + Words.of(format));
    }
    RestOrder.check(node, known ? format : null, source);
    List<String> order = known && format.documents() ? documentOrder(node) : orderBy(node, columns);
    LandTable table =
        new LandTable(
            node.subject(),
            format,
            source,
            system,
            recordSource(node, columns, system),
            key(node, format, columns),
            columns,
            RestOrder.of(source, order),
            RestOrder.of(source, time(node, "commit-time", format, columns)),
            time(node, "load-time", format, columns),
            csv(node, !known || format == LandTable.Format.CSV, columns),
            connector(node, !known || format == LandTable.Format.DEBEZIUM_JSON, columns),
            onLoss(node, !known || ChangeEventsReader.has(format)),
            SensitiveReader.read(node, known ? format : null, columns),
            ChangeEventsReader.read(node, known ? format : null, source, connections),
            node.text("owner", ""),
            node.textsMap("renamed-from"));
    SensitiveReader.check(node, table);
    RenamedCheck.of(node, known ? table : null);
    node.end();
    return table;
  }

  private static List<String> key(Node node, LandTable.Format format, List<Column> columns) {
    List<String> key = node.texts("key");
    if (key.isEmpty() && node.isObject("mongo")) {
      return List.of("$._id");
    }
    if (format == LandTable.Format.CSV) {
      key.forEach(name -> column(node, "key", name, columns));
    } else if (format.documents()) {
      key.forEach(path -> DocumentFieldReader.path(node, "key", path));
    }
    return key;
  }

  private static List<String> orderBy(Node node, List<Column> columns) {
    List<String> orderBy = node.texts("order-by");
    if (orderBy.size() > 3) {
      node.invalid("order-by", String.join(", ", orderBy), "at most three columns");
    }
    for (String name : orderBy) {
      column(node, "order-by", name, columns)
          .filter(column -> !ORDERED.contains(column.type().kind()))
          .ifPresent(
              column ->
                  node.invalid(
                      "order-by",
                      name + ", a " + column.type(),
                      "int, bigint, date or timestamp: a text has no order in time"));
    }
    return orderBy;
  }

  private static List<String> documentOrder(Node node) {
    List<String> fields =
        DocumentFieldReader.fields(node, "order-by").stream().map(DocumentField::toString).toList();
    if (fields.size() > 3) {
      node.invalid("order-by", String.join(", ", fields), "at most three fields");
    }
    return fields;
  }

  private static ValueOrigin recordSource(Node node, List<Column> columns, String system) {
    return column(node, "record-source", columns)
        .map(column -> ValueOrigin.column(column.name()))
        .orElseGet(
            () ->
                ValueOrigin.constant(
                    node.isObject("record-source") ? "" : node.text("record-source", system)));
  }

  private static ValueOrigin time(
      Node node, String key, LandTable.Format format, List<Column> columns) {
    ValueOrigin otherwise = key.equals("load-time") ? ValueOrigin.RUN : ValueOrigin.SOURCE;
    boolean text = !node.isObject(key);
    if (format.documents() && (!text || DocumentField.is(node.text(key, "")))) {
      return documentTime(node, key).orElse(otherwise);
    }
    if (!text) {
      Optional<Column> column = column(node, key, columns);
      column
          .filter(found -> found.type().kind() != ColumnType.Kind.TIMESTAMP)
          .filter(found -> found.type().kind() != ColumnType.Kind.DATE)
          .ifPresent(
              found ->
                  node.invalid(key, found.name() + ", a " + found.type(), "a timestamp or a date"));
      return column.map(found -> ValueOrigin.column(found.name())).orElse(otherwise);
    }
    String word = node.text(key, Words.of(otherwise.kind()));
    return switch (word) {
      case "run" -> ValueOrigin.RUN;
      case "source" -> {
        if (key.equals("load-time")) {
          node.invalid(key, word, "run or { column = name }");
        }
        yield ValueOrigin.SOURCE;
      }
      default -> {
        String allowed = key.equals("load-time") ? "run or " : "source, run or ";
        node.invalid(
            key, word, allowed + (format.documents() ? "\"$.path\"" : "{ column = name }"));
        yield otherwise;
      }
    };
  }

  private static Optional<ValueOrigin> documentTime(Node node, String key) {
    Optional<DocumentField> field = DocumentFieldReader.field(node, key);
    field
        .filter(found -> !found.type().time())
        .ifPresent(found -> node.invalid(key, found.toString(), "a type that is a time"));
    return field.map(found -> ValueOrigin.column(found.toString()));
  }

  private static CsvDialect csv(Node node, boolean allowed, List<Column> columns) {
    Optional<Node> child = node.object("csv", "csv");
    if (child.isEmpty()) {
      return CsvDialect.DEFAULT;
    }
    if (!allowed) {
      node.invalid("csv", "{ … }", "none for format = " + node.text("format"));
    }
    return new CsvReader(child.orElseThrow()).read(columns);
  }

  private static @Nullable ConnectorModes connector(
      Node node, boolean allowed, List<Column> columns) {
    Optional<Node> child = node.object("connector", "connector");
    if (child.isEmpty()) {
      return null;
    }
    if (!allowed) {
      node.invalid("connector", "{ … }", "none for format = " + node.text("format"));
    } else if (columns.isEmpty()) {
      node.missing("columns");
    }
    Node connector = child.orElseThrow();
    ConnectorModes modes =
        new ConnectorModes(
            Scalars.word(connector, "decimal-handling-mode", ConnectorModes.Decimals.class),
            Scalars.word(connector, "time-precision-mode", ConnectorModes.Times.class),
            Scalars.word(
                connector,
                "binary-handling-mode",
                ConnectorModes.Binaries.class,
                ConnectorModes.Binaries.BYTES));
    connector.end();
    return modes;
  }

  private static LandTable.OnLoss onLoss(Node node, boolean allowed) {
    if (node.has("on-loss") && !allowed) {
      node.invalid("on-loss", node.text("on-loss"), "none for format = " + node.text("format"));
    }
    return Scalars.word(node, "on-loss", LandTable.OnLoss.class, LandTable.OnLoss.QUARANTINE);
  }

  private static Optional<Column> column(Node node, String key, List<Column> columns) {
    if (!node.isObject(key)) {
      return Optional.empty();
    }
    Node origin = node.object(key, key).orElseThrow();
    String name = origin.text("column");
    origin.end();
    return name.isEmpty() ? Optional.empty() : column(node, key, name, columns);
  }

  private static Optional<Column> column(Node node, String key, String name, List<Column> columns) {
    Optional<Column> found =
        columns.stream().filter(column -> column.name().equals(name)).findFirst();
    if (found.isEmpty()) {
      node.unknown(key, "column", name, columns.stream().map(Column::name).toList());
    }
    return found;
  }
}
