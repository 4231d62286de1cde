package io.veralake.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the declarations of vault tables: hubs first, then the links between them, then what
 * describes both.
 */
final class VaultReader {
  private enum Type {
    HUB,
    LINK,
    NON_HISTORISED_LINK,
    SATELLITE;

    private String prefix() {
      return switch (this) {
        case HUB -> "hub_";
        case LINK, NON_HISTORISED_LINK -> "link_";
        case SATELLITE -> "sat_";
      };
    }
  }

  private final VaultSourceReader sources;
  private final Map<Type, Map<String, Node>> nodes = new TreeMap<>();
  private final Map<String, VaultTable> tables = new LinkedHashMap<>();

  /** Over raw tables that were read, and the names of all that are declared. */
  VaultReader(Map<String, LandTable> land, Set<String> landNames) {
    this.sources = new VaultSourceReader(land, landNames);
    for (Type type : Type.values()) {
      this.nodes.put(type, new TreeMap<>());
    }
  }

  /** Takes a file's object; {@link #read} follows when all are there. */
  void add(Node node) {
    Type type = Scalars.word(node, "type", Type.class);
    if (node.has("type") && !node.subject().startsWith(type.prefix())) {
      node.invalid("type", Words.of(type), "a name that begins with " + type.prefix());
    }
    this.nodesOf(type).put(node.subject(), node.as(Words.of(type)));
  }

  /** All tables that could be read, hubs before links before satellites, by name. */
  Map<String, VaultTable> read() {
    this.nodesOf(Type.HUB).forEach((name, node) -> this.tables.put(name, this.hub(node)));
    Map<String, Node> links = new TreeMap<>(this.nodesOf(Type.LINK));
    links.putAll(this.nodesOf(Type.NON_HISTORISED_LINK));
    links.forEach((name, node) -> this.tables.put(name, this.link(node)));
    this.nodesOf(Type.SATELLITE)
        .forEach(
            (name, node) -> this.satellite(node).ifPresent(table -> this.tables.put(name, table)));
    return this.tables;
  }

  private Map<String, Node> nodesOf(Type type) {
    return this.nodes.getOrDefault(type, Map.of());
  }

  private Hub hub(Node node) {
    List<Column> businessKey = ColumnsReader.some(node, "business-key");
    Columns columns = new Columns(node);
    columns.add("business-key", VaultTable.hashKeyOf(node.subject()), "the hash key");
    columns.addAll("business-key", businessKey, "the business key");
    Hub hub = new Hub(node.subject(), businessKey, this.sources.read(node, typed(businessKey)));
    node.end();
    return hub;
  }

  private Link link(Node node) {
    boolean historised = Scalars.word(node, "type", Type.class) == Type.LINK;
    List<Link.End> ends = this.ends(node);
    boolean known =
        !ends.isEmpty() && ends.stream().noneMatch(end -> end.hub().businessKey().isEmpty());
    List<Column> dependentKey = ColumnsReader.any(node, "dependent-key");
    List<Column> payload = historised ? List.of() : ColumnsReader.any(node, "payload");
    Columns columns = new Columns(node);
    columns.add("hubs", VaultTable.hashKeyOf(node.subject()), "the hash key");
    ends.forEach(end -> columns.add("hubs", end.hashKey(), "the end " + end.role()));
    columns.addAll("dependent-key", dependentKey, "the dependent key");
    columns.addAll("payload", payload, "the payload");
    Map<String, ColumnType> wanted = endColumns(ends);
    wanted.putAll(typed(dependentKey));
    wanted.putAll(typed(payload));
    Link link =
        new Link(
            node.subject(),
            ends,
            dependentKey,
            historised,
            payload,
            known ? this.sources.read(node, wanted) : this.sources.skip(node));
    node.end();
    return link;
  }

  private Optional<Satellite> satellite(Node node) {
    List<Column> payload = ColumnsReader.some(node, "payload");
    List<String> personal = node.texts("personal");
    List<String> names = payload.stream().map(Column::name).toList();
    personal.stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> node.unknown("personal", "column", name, names));
    Optional<VaultTable> parent = this.parent(node);
    Columns columns = new Columns(node);
    parent.ifPresent(table -> columns.add("parent", table.hashKey(), "the hash key"));
    columns.addAll("payload", payload, "the payload");
    Map<String, ColumnType> wanted = new LinkedHashMap<>();
    parent.ifPresent(table -> wanted.putAll(keyColumns(table)));
    wanted.putAll(typed(payload));
    List<VaultSource> from =
        parent.isPresent() && !wanted.isEmpty()
            ? this.sources.read(node, wanted)
            : this.sources.skip(node);
    node.end();
    return parent.map(table -> new Satellite(node.subject(), table, payload, personal, from));
  }

  private Optional<VaultTable> parent(Node node) {
    String name = node.text("parent");
    if (!node.has("parent")) {
      return Optional.empty();
    }
    VaultTable parent = this.tables.get(name);
    if (parent instanceof Link link && !link.historised()) {
      node.invalid(
          "parent", name, "a hub or link; a non-historised link carries its payload itself");
    } else if (parent != null) {
      return Optional.of(parent);
    } else {
      List<String> known = new ArrayList<>(this.tables.keySet());
      known.removeIf(table -> table.startsWith("sat_"));
      node.unknown("parent", "hub or link", name, known);
    }
    return Optional.empty();
  }

  private List<Link.End> ends(Node node) {
    if (!node.has("hubs")) {
      node.missing("hubs");
      return List.of();
    }
    Map<String, String> written = new LinkedHashMap<>();
    if (node.isObject("hubs")) {
      written.putAll(node.textMap("hubs"));
    } else {
      node.someTexts("hubs").forEach(name -> written.put(name.replaceFirst("^hub_", ""), name));
    }
    List<Link.End> ends = new ArrayList<>();
    written.forEach(
        (role, name) -> {
          if (!Names.valid(role)) {
            node.invalid("hubs", role, Names.ALLOWED);
          }
          String full = name.startsWith("hub_") ? name : "hub_" + name;
          if (this.tables.get(full) instanceof Hub hub) {
            ends.add(new Link.End(role, hub));
          } else {
            ends.add(new Link.End(role, new Hub(full, List.of(), List.of())));
            node.unknown("hubs", "hub", full, this.nodesOf(Type.HUB).keySet());
          }
        });
    return ends;
  }

  private static Map<String, ColumnType> keyColumns(VaultTable table) {
    if (table instanceof Hub hub) {
      return typed(hub.businessKey());
    }
    Link link = (Link) table;
    Map<String, ColumnType> columns = endColumns(link.ends());
    columns.putAll(typed(link.dependentKey()));
    return columns;
  }

  /**
   * The ends' business key columns: by their own name, or with their role in front if two ends have
   * one of that name.
   */
  private static Map<String, ColumnType> endColumns(List<Link.End> ends) {
    Map<String, Long> uses = new TreeMap<>();
    ends.forEach(
        end -> end.hub().businessKey().forEach(column -> uses.merge(column.name(), 1L, Long::sum)));
    Map<String, ColumnType> result = new LinkedHashMap<>();
    for (Link.End end : ends) {
      for (Column column : end.hub().businessKey()) {
        boolean alone = uses.getOrDefault(column.name(), 0L) == 1;
        result.put(alone ? column.name() : end.role() + "." + column.name(), column.type());
      }
    }
    return result;
  }

  private static Map<String, ColumnType> typed(List<Column> columns) {
    Map<String, ColumnType> result = new LinkedHashMap<>();
    columns.forEach(column -> result.put(column.name(), column.type()));
    return result;
  }

  /** The columns that a table will have, each once. */
  private static final class Columns {
    private final Node node;
    private final Map<String, String> taken = new TreeMap<>();

    Columns(Node node) {
      this.node = node;
      for (String name :
          List.of(
              "load_time",
              "record_source",
              "applied_time",
              "position_major",
              "position_minor",
              "position_row",
              "hashdiff",
              "deleted",
              "effective_from",
              "effective_to")) {
        this.taken.put(name, "Veralake's own column");
      }
    }

    void addAll(String key, List<Column> columns, String owner) {
      columns.forEach(column -> this.add(key, column.name(), owner));
    }

    void add(String key, String name, String owner) {
      String earlier = this.taken.putIfAbsent(name, owner);
      if (earlier != null) {
        this.node.invalid(key, name, "a name that isn't taken by " + earlier);
      }
    }
  }
}
