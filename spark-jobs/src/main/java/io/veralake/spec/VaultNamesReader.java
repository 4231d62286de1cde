package io.veralake.spec;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads how the tables and columns of a vault are called. */
final class VaultNamesReader {
  private static final String PATTERN_ALLOWED =
      Names.OF_VAULT_ALLOWED + "; {name}, {table}, {NAME} and {TABLE} stand for the table's name";

  private static final Set<String> OF_KEYS = Set.of("hash-key", "load-time", "record-source");
  private static final Set<String> OF_EVENTS =
      Set.of("hash-key", "load-time", "record-source", "applied-time", "position");
  private static final Set<String> OF_EFFECTIVITY =
      Set.of(
          "hash-key",
          "load-time",
          "record-source",
          "applied-time",
          "deleted",
          "position",
          "effective-from",
          "effective-to");
  private static final Set<String> ALL =
      Set.of(
          "hash-key",
          "hashdiff",
          "load-time",
          "record-source",
          "applied-time",
          "deleted",
          "position",
          "effective-from",
          "effective-to");

  private final Node node;
  private final Set<String> keys;
  private final Predicate<String> valid;
  private final String allowed;

  private VaultNamesReader(Node node, Set<String> keys, Predicate<String> valid, String allowed) {
    this.node = node;
    this.keys = keys;
    this.valid = valid;
    this.allowed = allowed;
  }

  /** The engine's object {@code vault}. */
  static VaultNaming naming(Node node) {
    Map<VaultFamily, String> tables = new EnumMap<>(VaultFamily.class);
    node.object("tables", "tables").ifPresent(written -> tables(written, tables));
    VaultNames columns =
        node.object("names", "names").map(VaultNamesReader::patterns).orElse(VaultNames.PATTERNS);
    return new VaultNaming(tables, columns);
  }

  /**
   * The names of one table of {@code family}: what its object {@code names} says, else {@code
   * usual}. Keys of columns that its family doesn't have are unknown.
   */
  static VaultNames read(Node node, VaultFamily family, VaultNames usual) {
    Optional<Node> written = node.object("names", "names");
    if (written.isEmpty()) {
      return usual;
    }
    Node names = written.orElseThrow();
    Set<String> keys =
        switch (family) {
          case HUB, LINK -> OF_KEYS;
          case NON_HISTORISED_LINK, NON_HISTORISED_SATELLITE -> OF_EVENTS;
          case SATELLITE, MULTI_ACTIVE_SATELLITE, STATUS_SATELLITE, REFERENCE -> ALL;
          case EFFECTIVITY_SATELLITE -> OF_EFFECTIVITY;
          case RECORD_TRACKING_SATELLITE, PIT, BRIDGE -> OF_KEYS;
        };
    if (family == VaultFamily.LINK || family == VaultFamily.NON_HISTORISED_LINK) {
      names.textMap("ends");
    }
    VaultNames read =
        new VaultNamesReader(names, keys, Names::ofVault, Names.OF_VAULT_ALLOWED).read(usual);
    names.end();
    return read;
  }

  /** The declared names of a link's ends, by role; each is to be among {@code roles}. */
  static Map<String, String> ends(Node node, Set<String> roles) {
    Optional<Node> written = node.object("names", "names");
    Map<String, String> ends = written.map(names -> names.textMap("ends")).orElseGet(Map::of);
    ends.forEach(
        (role, name) -> {
          Node names = written.orElseThrow();
          if (!roles.contains(role)) {
            names.unknown("ends", "end", role, roles);
          } else if (!Names.ofVault(name)) {
            names.invalid("ends", name, Names.OF_VAULT_ALLOWED);
          }
        });
    return ends;
  }

  /**
   * Columns beside hash keys, business keys and payload that a table of {@code family} and its
   * views have.
   */
  static List<String> own(VaultFamily family, VaultNames names) {
    List<String> own = new ArrayList<>(List.of(names.loadTime(), names.recordSource()));
    boolean events =
        family == VaultFamily.NON_HISTORISED_LINK || family == VaultFamily.NON_HISTORISED_SATELLITE;
    boolean versions =
        family.satellite()
            && family != VaultFamily.NON_HISTORISED_SATELLITE
            && family != VaultFamily.RECORD_TRACKING_SATELLITE;
    if (events || versions) {
      own.add(names.appliedTime());
      own.addAll(names.position());
    }
    if (versions) {
      own.addAll(List.of(names.deleted(), names.effectiveFrom(), names.effectiveTo()));
    }
    switch (family) {
      case SATELLITE, REFERENCE -> own.add(names.hashdiff());
      case MULTI_ACTIVE_SATELLITE ->
          own.addAll(List.of(names.hashdiff(), "members", "member_count"));
      case STATUS_SATELLITE -> own.addAll(List.of(names.hashdiff(), "status"));
      case RECORD_TRACKING_SATELLITE -> own.add("seen_in");
      case HUB,
          LINK,
          NON_HISTORISED_LINK,
          EFFECTIVITY_SATELLITE,
          NON_HISTORISED_SATELLITE,
          PIT,
          BRIDGE -> {}
    }
    return own;
  }

  private static void tables(Node node, Map<VaultFamily, String> tables) {
    for (VaultFamily family : VaultFamily.values()) {
      String key = Words.of(family);
      String pattern = node.text(key, family.table());
      int first = pattern.indexOf(VaultNaming.NAME);
      boolean once = first >= 0 && first == pattern.lastIndexOf(VaultNaming.NAME);
      if (once && Names.valid(pattern.replace(VaultNaming.NAME, "x"))) {
        tables.put(family, pattern);
      } else {
        node.invalid(key, pattern, "{name} once, and " + Names.ALLOWED);
      }
    }
    node.end();
  }

  private static VaultNames patterns(Node node) {
    Predicate<String> valid = pattern -> Names.ofVault(VaultNames.filled(pattern, "x", "x"));
    VaultNames read =
        new VaultNamesReader(node, ALL, valid, PATTERN_ALLOWED).read(VaultNames.PATTERNS);
    String key = read.hashKey();
    if (VaultNames.filled(key, "x", "x").equals(VaultNames.filled(key, "y", "y"))) {
      node.invalid("hash-key", key, "with {name} or {table}: a link has those of several tables");
      read = read.withHashKey(VaultNames.PATTERNS.hashKey());
    }
    node.end();
    return read;
  }

  private VaultNames read(VaultNames usual) {
    return new VaultNames(
        this.name("hash-key", usual.hashKey()),
        this.name("hashdiff", usual.hashdiff()),
        this.name("load-time", usual.loadTime()),
        this.name("record-source", usual.recordSource()),
        this.name("applied-time", usual.appliedTime()),
        this.name("deleted", usual.deleted()),
        this.position(usual.position()),
        this.name("effective-from", usual.effectiveFrom()),
        this.name("effective-to", usual.effectiveTo()));
  }

  private String name(String key, String usual) {
    if (!this.keys.contains(key)) {
      return usual;
    }
    String name = this.node.text(key, usual);
    if (!this.valid.test(name)) {
      this.node.invalid(key, name, this.allowed);
      return usual;
    }
    return name;
  }

  private List<String> position(List<String> usual) {
    if (!this.keys.contains("position") || !this.node.has("position")) {
      return usual;
    }
    List<String> names = this.node.texts("position");
    if (names.size() != VaultNames.POSITION || !names.stream().allMatch(this.valid)) {
      this.node.invalid("position", names.toString(), "three names: " + this.allowed);
      return usual;
    }
    return names;
  }
}
