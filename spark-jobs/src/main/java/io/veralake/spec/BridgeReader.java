package io.veralake.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the declarations of bridges. */
final class BridgeReader {
  private static final String SNAPSHOT = "snapshot_time";

  private final VaultNaming naming;
  private final Map<String, VaultTable> tables;

  /** Over hubs, links and satellites among {@code tables}, which have been read. */
  BridgeReader(VaultNaming naming, Map<String, VaultTable> tables) {
    this.naming = naming;
    this.tables = tables;
  }

  /** The table that {@code node} declares; empty if it makes no sense. */
  Optional<Bridge> read(Node node) {
    node.text("type", "");
    Optional<Hub> hub = this.hub(node);
    Bridge.Ends ends = Scalars.word(node, "ends", Bridge.Ends.class, Bridge.Ends.IN_FORCE);
    Bridge.Join join = Scalars.word(node, "join", Bridge.Join.class, Bridge.Join.LEFT);
    SnapshotCalendar calendar = SnapshotsReader.read(node);
    List<Node> written = node.objects("walk", "link");
    if (!node.has("walk")) {
      node.missing("walk");
    } else if (written.isEmpty()) {
      node.invalid("walk", "[]", "at least one link");
    }
    Optional<Walk> walk = hub.flatMap(start -> this.walk(written, start, join));
    List<String> shown = node.texts("business-keys");
    Optional<List<Hub>> named = walk.map(done -> this.named(node, shown, done));
    node.end();
    if (hub.isEmpty() || walk.isEmpty() || walk.get().steps.isEmpty() || named.isEmpty()) {
      return Optional.empty();
    }
    if (!uniquelyNamed(node, hub.get(), walk.get().steps, named.get())) {
      return Optional.empty();
    }
    VaultNames names =
        this.naming.of(VaultFamily.BRIDGE, node.subject()).withHashKey(hub.get().hashKey());
    return Optional.of(
        Bridge.over(
            this.tables.values(),
            node.subject(),
            hub.get(),
            walk.get().steps,
            ends,
            named.get(),
            calendar,
            names));
  }

  private Optional<Hub> hub(Node node) {
    String name = node.text("hub");
    if (node.has("hub") && this.hub(name).isEmpty()) {
      node.unknown("hub", "hub", name, this.names(Hub.class));
    }
    return this.hub(name).filter(hub -> !hub.businessKey().isEmpty());
  }

  private Optional<Hub> hub(String name) {
    return Stream.of(name, this.naming.table(VaultFamily.HUB, name))
        .map(this.tables::get)
        .filter(Hub.class::isInstance)
        .map(Hub.class::cast)
        .findFirst();
  }

  private Optional<Link> link(String name) {
    return Stream.of(
            name,
            this.naming.table(VaultFamily.LINK, name),
            this.naming.table(VaultFamily.NON_HISTORISED_LINK, name))
        .map(this.tables::get)
        .filter(Link.class::isInstance)
        .map(Link.class::cast)
        .findFirst();
  }

  private Collection<String> names(Class<? extends VaultTable> kind) {
    return this.tables.values().stream().filter(kind::isInstance).map(VaultTable::name).toList();
  }

  /** The hubs whose business keys are to be shown. */
  private List<Hub> named(Node node, List<String> shown, Walk walk) {
    Map<String, Hub> reached = new TreeMap<>();
    walk.reached.values().forEach(hub -> reached.put(hub.name(), hub));
    List<Hub> result = new ArrayList<>();
    for (String name : shown) {
      Optional<Hub> hub = this.hub(name).filter(found -> reached.containsKey(found.name()));
      if (hub.isEmpty()) {
        node.unknown("business-keys", "hub of the walk", name, reached.keySet());
      }
      hub.ifPresent(result::add);
    }
    return result;
  }

  /** Steps that were read, and the hubs they reach by the bridge's column. */
  private static final class Walk {
    private final List<Bridge.Step> steps = new ArrayList<>();
    private final Map<String, Hub> reached = new LinkedHashMap<>();
  }

  /** The steps; empty if one isn't possible, so that those behind it can't be judged. */
  private Optional<Walk> walk(List<Node> written, Hub start, Bridge.Join join) {
    Walk walk = new Walk();
    walk.reached.put(start.hashKey(), start);
    for (Node node : written) {
      Optional<Bridge.Step> step = this.step(node, walk.reached, join);
      node.end();
      if (step.isEmpty()) {
        return Optional.empty();
      }
      walk.steps.add(step.get());
      for (Link.End end : step.get().to()) {
        walk.reached.putIfAbsent(step.get().endKey(end), end.hub());
      }
    }
    return Optional.of(walk);
  }

  private Optional<Bridge.Step> step(Node node, Map<String, Hub> reached, Bridge.Join usual) {
    String name = node.text("link");
    Bridge.Join join = Scalars.word(node, "join", Bridge.Join.class, usual);
    String prefix = node.text("as", "");
    if (!prefix.isEmpty() && !Names.ofVault(prefix)) {
      node.invalid("as", prefix, Names.OF_VAULT_ALLOWED);
      return Optional.empty();
    }
    String role = node.text("from", "");
    String column = node.text("at", "");
    List<String> only = node.texts("to");
    Optional<Link> link = this.link(name);
    if (node.has("link") && link.isEmpty()) {
      node.unknown("link", "link", name, this.names(Link.class));
    }
    Optional<Link.End> from = link.flatMap(known -> from(node, known, role, column, reached));
    Optional<String> at =
        link.flatMap(known -> from.flatMap(end -> at(node, known, end, column, reached)));
    Optional<List<Link.End>> to =
        link.flatMap(known -> from.flatMap(end -> to(node, known, end, only)));
    if (link.isEmpty() || from.isEmpty() || at.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    checkGhosts(node, link.get(), to.get(), join);
    return Optional.of(new Bridge.Step(link.get(), from.get(), at.get(), to.get(), prefix, join));
  }

  /** The end by which the step enters the link. */
  private static Optional<Link.End> from(
      Node node, Link link, String role, String column, Map<String, Hub> reached) {
    List<String> hubs = reached.values().stream().map(Hub::name).distinct().toList();
    if (!role.isEmpty()) {
      Optional<Link.End> end =
          link.ends().stream().filter(one -> one.role().equals(role)).findFirst();
      if (end.isEmpty()) {
        node.unknown("from", "end of " + link.name(), role, roles(link.ends()));
      } else if (!hubs.contains(end.get().hub().name())) {
        node.invalid(
            "from",
            role,
            "an end on a hub that the walk has reached: %s; this one is on %s"
                .formatted(String.join(", ", hubs), end.get().hub().name()));
        return Optional.empty();
      }
      return end;
    }
    List<Link.End> possible =
        link.ends().stream()
            .filter(end -> hubs.contains(end.hub().name()))
            .filter(
                end ->
                    !reached.containsKey(column)
                        || reached.get(column).name().equals(end.hub().name()))
            .toList();
    if (possible.isEmpty()) {
      node.invalid(
          "link",
          link.name(),
          "a link with an end on a hub that the walk has reached: %s; this one has %s"
              .formatted(
                  String.join(", ", hubs),
                  String.join(", ", link.ends().stream().map(end -> end.hub().name()).toList())));
    } else if (possible.size() > 1) {
      node.invalid(
          "link",
          link.name(),
          "with from = the end by which the walk enters it: " + Words.either(roles(possible)));
    }
    return possible.size() == 1 ? Optional.of(possible.get(0)) : Optional.empty();
  }

  /** The column of the bridge at which the step starts. */
  private static Optional<String> at(
      Node node, Link link, Link.End from, String column, Map<String, Hub> reached) {
    List<String> possible =
        reached.entrySet().stream()
            .filter(entry -> entry.getValue().name().equals(from.hub().name()))
            .map(Map.Entry::getKey)
            .toList();
    if (!column.isEmpty()) {
      if (!possible.contains(column)) {
        node.unknown("at", "hash key of " + from.hub().name(), column, possible);
        return Optional.empty();
      }
      return Optional.of(column);
    }
    if (possible.size() > 1) {
      node.invalid(
          "link",
          link.name(),
          "with at = the column that it starts at, the walk has been at %s before: %s"
              .formatted(from.hub().name(), Words.either(possible)));
      return Optional.empty();
    }
    return Optional.of(possible.get(0));
  }

  /** The ends that the step reaches: all others, or those that are named. */
  private static Optional<List<Link.End>> to(
      Node node, Link link, Link.End from, List<String> only) {
    List<Link.End> others = link.ends().stream().filter(end -> !end.equals(from)).toList();
    if (!node.has("to")) {
      return Optional.of(others);
    }
    for (String role : only) {
      if (!roles(others).contains(role)) {
        node.unknown(
            "to", "end of %s beside %s".formatted(link.name(), from.role()), role, roles(others));
        return Optional.empty();
      }
    }
    return Optional.of(others.stream().filter(end -> only.contains(end.role())).toList());
  }

  private static List<String> roles(List<Link.End> ends) {
    return ends.stream().map(Link.End::role).toList();
  }

  private static void checkGhosts(Node node, Link link, List<Link.End> to, Bridge.Join join) {
    if (join != Bridge.Join.UNKNOWN) {
      return;
    }
    List<String> without =
        Stream.concat(Stream.of(link), to.stream().map(Link.End::hub))
            .filter(table -> !table.rules().ghosts().containsKey(VaultRules.Ghost.UNKNOWN))
            .map(VaultTable::name)
            .distinct()
            .toList();
    if (!without.isEmpty()) {
      node.invalid(
          "join",
          Words.of(join),
          "left or inner, unless ghosts = true in " + String.join(", ", without));
    }
  }

  /** Whether each column has a name of its own; reports those that don't. */
  private static boolean uniquelyNamed(
      Node node, Hub hub, List<Bridge.Step> steps, List<Hub> named) {
    Map<String, String> taken = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    taken.put(SNAPSHOT, "the instant");
    boolean unique = true;
    for (Bridge.Shown one : Bridge.shown(hub, steps, named)) {
      String owner = "%s of %s".formatted(one.column(), one.table().name());
      String earlier = taken.putIfAbsent(one.name(), owner);
      if (earlier != null) {
        node.invalid(
            "walk",
            "two columns " + one.name(),
            "names that differ: as = … gives the columns of a step a prefix; these are %s and %s"
                .formatted(earlier, owner));
        unique = false;
      }
    }
    return unique;
  }
}
