package io.veralake.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the declarations of vault tables: hubs first, then the links between them, then what
 * describes both.
 */
final class VaultReader {
  private final VaultNaming naming;
  private final VaultInputs inputs;
  private final VaultSourceReader sources;
  private final Map<VaultFamily, Map<String, Node>> nodes = new TreeMap<>();
  private final Map<String, VaultTable> tables = new LinkedHashMap<>();

  /** Over what sources can name. */
  VaultReader(VaultNaming naming, VaultInputs inputs) {
    this.naming = naming;
    this.inputs = inputs;
    this.sources = new VaultSourceReader(inputs);
    for (VaultFamily family : VaultFamily.values()) {
      this.nodes.put(family, new TreeMap<>());
    }
  }

  /** Takes a file's object; {@link #read} follows when all are there. */
  void add(Node node) {
    VaultFamily family = Scalars.word(node, "type", VaultFamily.class);
    if (node.has("type") && !this.naming.fits(family, node.subject())) {
      node.invalid("type", Words.of(family), this.wanted(family));
    }
    this.nodesOf(family).put(node.subject(), node.as(Words.of(family)));
  }

  private String wanted(VaultFamily family) {
    String pattern = this.naming.pattern(family);
    return pattern.endsWith(VaultNaming.NAME)
        ? "a name that begins with " + pattern.replace(VaultNaming.NAME, "")
        : "a name like " + pattern.replace(VaultNaming.NAME, "…");
  }

  /** All tables that could be read, hubs before links before satellites, by name. */
  Map<String, VaultTable> read() {
    this.inputs.readAll();
    this.nodesOf(VaultFamily.HUB).forEach((name, node) -> this.tables.put(name, this.hub(node)));
    Map<String, Node> links = new TreeMap<>(this.nodesOf(VaultFamily.LINK));
    links.putAll(this.nodesOf(VaultFamily.NON_HISTORISED_LINK));
    links.forEach((name, node) -> this.tables.put(name, this.link(node)));
    SatelliteReader satellites = new SatelliteReader(this.naming, this.sources, this.tables);
    Map<String, Node> described = new TreeMap<>();
    for (VaultFamily family : VaultFamily.values()) {
      if (family.satellite()) {
        described.putAll(this.nodesOf(family));
      }
    }
    described.forEach(
        (name, node) ->
            satellites.read(node).ifPresent(satellite -> this.tables.put(name, satellite)));
    PitReader pits = new PitReader(this.naming, this.tables);
    this.nodesOf(VaultFamily.PIT)
        .forEach((name, node) -> pits.read(node).ifPresent(pit -> this.tables.put(name, pit)));
    BridgeReader bridges = new BridgeReader(this.naming, this.tables);
    this.nodesOf(VaultFamily.BRIDGE)
        .forEach(
            (name, node) -> bridges.read(node).ifPresent(bridge -> this.tables.put(name, bridge)));
    return this.tables;
  }

  private Map<String, Node> nodesOf(VaultFamily family) {
    return this.nodes.getOrDefault(family, Map.of());
  }

  private Hub hub(Node node) {
    List<Column> businessKey = new ArrayList<>(ColumnsReader.someOfVault(node, "business-key"));
    VaultNames names = this.names(node, VaultFamily.HUB);
    VaultTableColumns columns =
        new VaultTableColumns(node, VaultNamesReader.own(VaultFamily.HUB, names));
    columns.add("business-key", names.hashKey(), "the hash key");
    if (HubCodes.declared(node)) {
      businessKey.add(0, HubCodes.COLUMN);
    } else {
      columns.add("business-key", Hub.COLLISION_CODE, "collision codes");
    }
    columns.addAll("business-key", businessKey, "the business key");
    Map<VaultRules.Ghost, Map<String, String>> ghosts = VaultRulesReader.ghosts(node, businessKey);
    VaultRules rules =
        new VaultRules(
            ghosts,
            VaultRulesReader.nullKeys(node, businessKey, !ghosts.isEmpty()),
            sharedKeys(node));
    VaultWanted wanted = VaultWanted.of(typed(businessKey)).withCodes(HubCodes.ofHub(node));
    List<VaultSource> from = this.sources.read(node, VaultFamily.HUB, wanted);
    Hub hub = new Hub(node.subject(), businessKey, from, names, rules);
    node.end();
    return hub;
  }

  private static VaultRules.SharedKeys sharedKeys(Node node) {
    if (node.has("shared-keys") && !HubCodes.declared(node)) {
      node.invalid(
          "shared-keys", node.text("shared-keys"), "none, unless the sources have collision codes");
      return VaultRules.SharedKeys.COUNT;
    }
    return Scalars.word(
        node, "shared-keys", VaultRules.SharedKeys.class, VaultRules.SharedKeys.COUNT);
  }

  private VaultNames names(Node node, VaultFamily family) {
    return VaultNamesReader.read(node, family, this.naming.of(family, node.subject()));
  }

  private Link link(Node node) {
    VaultFamily family = Scalars.word(node, "type", VaultFamily.class);
    boolean historised = family == VaultFamily.LINK;
    List<Link.End> ends = this.ends(node);
    boolean known =
        !ends.isEmpty() && ends.stream().noneMatch(end -> end.hub().businessKey().isEmpty());
    List<Column> dependentKey = ColumnsReader.ofVault(node, "dependent-key");
    List<Column> payload = historised ? List.of() : ColumnsReader.ofVault(node, "payload");
    VaultNames names = this.names(node, family);
    VaultTableColumns columns = new VaultTableColumns(node, VaultNamesReader.own(family, names));
    columns.add("hubs", names.hashKey(), "the hash key");
    ends.forEach(end -> columns.add("hubs", end.hashKey(), "the end " + end.role()));
    columns.addAll("dependent-key", dependentKey, "the dependent key");
    columns.addAll("payload", payload, "the payload");
    Map<String, ColumnType> wanted = endColumns(ends);
    wanted.putAll(typed(dependentKey));
    wanted.putAll(typed(payload));
    List<Column> chosen = new ArrayList<>(dependentKey);
    chosen.addAll(payload);
    VaultRules rules =
        new VaultRules(
            VaultRulesReader.ghosts(node, chosen),
            VaultRulesReader.nullKeys(node, ends, endNames(ends)),
            Scalars.word(
                node, "absent-hubs", VaultRules.AbsentHubs.class, VaultRules.AbsentHubs.ACCEPT));
    Link link =
        new Link(
            node.subject(),
            ends,
            dependentKey,
            historised,
            payload,
            known
                ? this.sources.read(
                    node, family, VaultWanted.of(wanted).withCodes(HubCodes.of(ends)))
                : this.sources.skip(node, family),
            names,
            rules);
    node.end();
    return link;
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
      node.someTexts("hubs")
          .forEach(name -> written.put(this.naming.shortName(VaultFamily.HUB, name), name));
    }
    Map<String, String> names = VaultNamesReader.ends(node, written.keySet());
    List<Link.End> ends = new ArrayList<>();
    written.forEach(
        (role, name) -> {
          if (!Names.valid(role)) {
            node.invalid("hubs", role, Names.ALLOWED);
          }
          String full = this.naming.table(VaultFamily.HUB, name);
          VaultTable known = this.tables.get(full);
          Hub hub =
              known instanceof Hub found
                  ? found
                  : new Hub(full, List.of(), List.of(), this.naming.of(VaultFamily.HUB, full));
          if (!(known instanceof Hub)) {
            node.unknown("hubs", "hub", full, this.nodesOf(VaultFamily.HUB).keySet());
          }
          ends.add(new Link.End(role, hub, names.getOrDefault(role, this.naming.end(role, hub))));
        });
    return ends;
  }

  /** Columns that name a row of {@code table} in a source. */
  static Map<String, ColumnType> keyColumns(VaultTable table) {
    if (table instanceof Hub hub) {
      return typed(hub.businessKey());
    }
    Link link = (Link) table;
    Map<String, ColumnType> columns = endColumns(link.ends());
    columns.putAll(typed(link.dependentKey()));
    return columns;
  }

  private static Map<String, ColumnType> endColumns(List<Link.End> ends) {
    Map<String, String> names = endNames(ends);
    Map<String, ColumnType> result = new LinkedHashMap<>();
    for (Link.End end : ends) {
      for (Column column : end.hub().businessKey()) {
        String full = end.role() + "." + column.name();
        names.forEach(
            (name, of) -> {
              if (of.equals(full)) {
                result.put(name, column.type());
              }
            });
      }
    }
    return result;
  }

  /**
   * Names of the ends' business key columns in sources: their own, or with their role in front if
   * two ends have one of that name; each with {@code <role>.<column>}.
   */
  static Map<String, String> endNames(List<Link.End> ends) {
    Map<String, Long> uses = new TreeMap<>();
    ends.forEach(
        end -> end.hub().businessKey().forEach(column -> uses.merge(column.name(), 1L, Long::sum)));
    Map<String, String> result = new LinkedHashMap<>();
    for (Link.End end : ends) {
      for (Column column : end.hub().businessKey()) {
        boolean alone = uses.getOrDefault(column.name(), 0L) == 1;
        String full = end.role() + "." + column.name();
        result.put(alone ? column.name() : full, full);
      }
    }
    return result;
  }

  /** Types of {@code columns} by name. */
  static Map<String, ColumnType> typed(List<Column> columns) {
    Map<String, ColumnType> result = new LinkedHashMap<>();
    columns.forEach(column -> result.put(column.name(), column.type()));
    return result;
  }
}
