package io.veralake.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the declarations of what describes hubs and links. */
final class SatelliteReader {
  private enum Shape {
    WHOLE,
    SINGLE
  }

  private final VaultNaming naming;
  private final VaultSourceReader sources;
  private final Map<String, VaultTable> tables;

  /** Over the hubs and links among {@code tables}, which have been read. */
  SatelliteReader(VaultNaming naming, VaultSourceReader sources, Map<String, VaultTable> tables) {
    this.naming = naming;
    this.sources = sources;
    this.tables = tables;
  }

  /** The satellite that {@code node} declares; empty if its parent isn't known. */
  Optional<Satellite> read(Node node) {
    VaultFamily family = Scalars.word(node, "type", VaultFamily.class);
    List<Column> payload =
        switch (family) {
          case SATELLITE, MULTI_ACTIVE_SATELLITE, NON_HISTORISED_SATELLITE, REFERENCE ->
              ColumnsReader.someOfVault(node, "payload");
          case HUB,
              LINK,
              NON_HISTORISED_LINK,
              EFFECTIVITY_SATELLITE,
              STATUS_SATELLITE,
              RECORD_TRACKING_SATELLITE,
              PIT,
              BRIDGE ->
              List.of();
        };
    List<String> personal = payload.isEmpty() ? List.of() : personal(node, payload);
    Optional<VaultTable> parent = this.parent(node, family);
    SatelliteForm form = this.form(node, family, parent);
    List<String> hashdiff = hashdiff(node, family, payload, parent);
    VersionOrder order =
        family == VaultFamily.SATELLITE
            ? Scalars.word(node, "order", VersionOrder.class, VersionOrder.SOURCE)
            : VersionOrder.SOURCE;
    VaultNames usual = this.naming.of(family, node.subject());
    VaultNames names =
        VaultNamesReader.read(
            node, family, parent.map(t -> usual.withHashKey(t.hashKey())).orElse(usual));
    Map<String, ColumnType> wanted = new LinkedHashMap<>();
    parent.ifPresent(table -> wanted.putAll(VaultReader.keyColumns(table)));
    List<Column> members =
        form instanceof SatelliteForm.Members several ? several.key() : List.of();
    wanted.putAll(VaultReader.typed(members));
    wanted.putAll(VaultReader.typed(payload));
    boolean known = parent.filter(SatelliteReader::hasKey).isPresent();
    VaultRules rules =
        new VaultRules(
            VaultRulesReader.ghosts(node, chosen(form, payload)), Map.of(), unsent(node, family));
    checkNames(node, family, form, names, payload, rules);
    VaultWanted needed =
        VaultWanted.of(wanted).withCodes(parent.map(HubCodes::of).orElse(Map.of()));
    List<VaultSource> from = this.from(node, family, form, known, needed, payload);
    node.end();
    SatelliteForm read = withSources(node, form, from);
    return parent.map(
        table ->
            new Satellite(
                node.subject(),
                table,
                payload,
                personal,
                from,
                read,
                names,
                hashdiff,
                rules,
                order));
  }

  private static VaultRules.Unsent unsent(Node node, VaultFamily family) {
    return family == VaultFamily.SATELLITE
        ? Scalars.word(node, "unsent", VaultRules.Unsent.class, VaultRules.Unsent.REFUSE)
        : VaultRules.Unsent.REFUSE;
  }

  private static List<String> hashdiff(
      Node node, VaultFamily family, List<Column> payload, Optional<VaultTable> parent) {
    List<String> all = payload.stream().map(Column::name).toList();
    if (family != VaultFamily.SATELLITE || !node.has("hashdiff")) {
      return all;
    }
    List<String> known = new ArrayList<>(all);
    parent.ifPresent(table -> known.addAll(VaultReader.keyColumns(table).keySet()));
    List<String> names = node.someTexts("hashdiff");
    names.stream()
        .filter(name -> parent.isPresent() && !known.contains(name))
        .forEach(name -> node.unknown("hashdiff", "column", name, known));
    return names;
  }

  private static List<Column> chosen(SatelliteForm form, List<Column> payload) {
    List<Column> columns = new ArrayList<>(payload);
    if (form instanceof SatelliteForm.Members several) {
      columns.addAll(several.key());
    } else if (form instanceof SatelliteForm.Effectivity effectivity) {
      columns.addAll(effectivity.dependent());
    }
    return columns;
  }

  /** Whether all that a row of {@code parent} is named by could be read. */
  private static boolean hasKey(VaultTable parent) {
    return parent instanceof Hub hub
        ? !hub.businessKey().isEmpty()
        : parent instanceof Link link
            && link.ends().stream().noneMatch(end -> end.hub().businessKey().isEmpty());
  }

  private static List<String> personal(Node node, List<Column> payload) {
    List<String> personal = node.texts("personal");
    List<String> payloadNames = payload.stream().map(Column::name).toList();
    personal.stream()
        .filter(name -> !payloadNames.contains(name))
        .forEach(name -> node.unknown("personal", "column", name, payloadNames));
    return personal;
  }

  private SatelliteForm form(Node node, VaultFamily family, Optional<VaultTable> parent) {
    return switch (family) {
      case MULTI_ACTIVE_SATELLITE -> members(node);
      case REFERENCE ->
          new SatelliteForm.Members(parent.map(hub -> ((Hub) hub).businessKey()).orElse(List.of()));
      case EFFECTIVITY_SATELLITE -> effectivity(node, parent);
      case STATUS_SATELLITE -> new SatelliteForm.Status();
      case NON_HISTORISED_SATELLITE -> new SatelliteForm.Once();
      case RECORD_TRACKING_SATELLITE ->
          new SatelliteForm.Sightings(
              Scalars.word(node, "every", SatelliteForm.Period.class, SatelliteForm.Period.DAY));
      case HUB, LINK, NON_HISTORISED_LINK, SATELLITE, PIT, BRIDGE -> SatelliteForm.PLAIN;
    };
  }

  private static SatelliteForm members(Node node) {
    Shape shape = Scalars.word(node, "members", Shape.class);
    List<Column> key = ColumnsReader.ofVault(node, "member-key");
    if (shape == Shape.SINGLE) {
      if (key.isEmpty()) {
        node.missing("member-key");
      }
      return new SatelliteForm.Members(key);
    }
    if (node.has("member-key") && node.has("members")) {
      node.invalid(
          "member-key",
          String.join(", ", key.stream().map(Column::name).toList()),
          "only with members = single; a whole set needs none");
    }
    return new SatelliteForm.Sets(false);
  }

  private static SatelliteForm effectivity(Node node, Optional<VaultTable> parent) {
    List<String> written = node.someTexts("driving-key");
    List<Link.End> driving = new ArrayList<>();
    List<Column> dependent = new ArrayList<>();
    if (parent.isPresent() && parent.orElseThrow() instanceof Link link) {
      Set<String> known = new LinkedHashSet<>();
      link.ends().forEach(end -> known.add(end.role()));
      link.dependentKey().forEach(column -> known.add(column.name()));
      for (String name : written) {
        link.ends().stream().filter(end -> end.role().equals(name)).forEach(driving::add);
        link.dependentKey().stream().filter(c -> c.name().equals(name)).forEach(dependent::add);
        if (!known.contains(name)) {
          node.unknown("driving-key", "end or column of the dependent key", name, known);
        }
      }
      boolean allEnds = driving.size() == link.ends().size();
      if (allEnds || driving.isEmpty() && !written.isEmpty() && known.containsAll(written)) {
        node.invalid(
            "driving-key",
            String.join(", ", written),
            "some ends of " + link.name() + ", not all: what they point to is told by the others");
      }
    }
    return new SatelliteForm.Effectivity(driving, dependent);
  }

  private Optional<VaultTable> parent(Node node, VaultFamily family) {
    if (family == VaultFamily.REFERENCE) {
      // Its keys are its own: what it describes is a hub that is nowhere else.
      List<Column> key = ColumnsReader.someOfVault(node, "key");
      VaultNames names = this.naming.of(family, node.subject());
      return Optional.of(new Hub(node.subject(), key, List.of(), names));
    }
    String name = node.text("parent");
    if (!node.has("parent")) {
      return Optional.empty();
    }
    VaultTable parent = this.tables.get(name);
    boolean events = parent instanceof Link link && !link.historised();
    if (family == VaultFamily.EFFECTIVITY_SATELLITE && (events || parent instanceof Hub)) {
      node.invalid("parent", name, "a link, whose rows hold and end");
    } else if (events
        && family != VaultFamily.NON_HISTORISED_SATELLITE
        && family != VaultFamily.RECORD_TRACKING_SATELLITE) {
      node.invalid(
          "parent", name, "a hub or link; a non-historised link carries its payload itself");
    } else if (parent != null && !(parent instanceof Satellite)) {
      return Optional.of(parent);
    } else {
      List<String> known = new ArrayList<>(this.tables.keySet());
      known.removeIf(table -> this.tables.get(table) instanceof Satellite);
      node.unknown("parent", "hub or link", name, known);
    }
    return Optional.empty();
  }

  private static void checkNames(
      Node node,
      VaultFamily family,
      SatelliteForm form,
      VaultNames names,
      List<Column> payload,
      VaultRules rules) {
    VaultTableColumns columns = new VaultTableColumns(node, VaultNamesReader.own(family, names));
    if (rules.unsent() == VaultRules.Unsent.CARRY) {
      columns.add("unsent", "unsent", "the names of values that weren't sent");
    }
    columns.add("parent", names.hashKey(), "the hash key");
    if (form instanceof SatelliteForm.Members several) {
      columns.addAll("member-key", several.key(), "the member key");
    } else if (form instanceof SatelliteForm.Effectivity effectivity) {
      effectivity.columns().forEach(name -> columns.add("driving-key", name, "the driving key"));
    }
    columns.addAll("payload", payload, "the payload");
  }

  private List<VaultSource> from(
      Node node,
      VaultFamily family,
      SatelliteForm form,
      boolean known,
      VaultWanted wanted,
      List<Column> payload) {
    if (!known || wanted.columns().isEmpty()) {
      return this.sources.skip(node, family);
    }
    Set<String> ofItems =
        form instanceof SatelliteForm.Sets ? VaultReader.typed(payload).keySet() : Set.of();
    List<VaultSource> sources = this.sources.read(node, family, wanted.withItems(ofItems));
    if (form.versions() && !(form instanceof SatelliteForm.Sets)) {
      Set<String> key = new LinkedHashSet<>(wanted.columns().keySet());
      key.removeAll(VaultReader.typed(payload).keySet());
      sources.forEach(source -> checkItems(node, source, key));
    }
    return sources;
  }

  /** Reports a source whose rows give several items of one key. */
  private static void checkItems(Node node, VaultSource source, Set<String> key) {
    Set<String> used = new TreeSet<>();
    key.forEach(column -> used.add(source.expression(column).strip().replace("`", "")));
    for (Stage stage : source.stages()) {
      stage
          .explode()
          .filter(explode -> explode.identity().isEmpty() || !used.containsAll(explode.identity()))
          .ifPresent(
              explode ->
                  node.invalid(
                      "sources",
                      "stage " + stage.name(),
                      explode.identity().isEmpty()
                          ? "a stage whose explode.key is in the key of what is described: else several items are one key at one time"
                          : "one whose key has %s in it, by which explode tells items apart: else several items are one key at one time"
                              .formatted(String.join(", ", explode.identity()))));
    }
  }

  /** {@code form}, as far as only the sources tell it. */
  private SatelliteForm withSources(Node node, SatelliteForm form, List<VaultSource> sources) {
    if (!(form instanceof SatelliteForm.Sets)) {
      return form;
    }
    long exploded = sources.stream().filter(source -> !source.explode().isEmpty()).count();
    if (exploded > 0 && exploded < sources.size()) {
      node.invalid(
          "sources",
          exploded + " of " + sources.size() + " with explode",
          "all or none: sets come in a row each, or member by member");
    }
    if (exploded == 0) {
      sources.stream()
          .filter(source -> this.sources.bringsChanges(source.from()))
          .forEach(
              source ->
                  node.invalid(
                      "members",
                      "whole",
                      "single: raw.%s has changes of single rows; or explode an array that is the set"
                          .formatted(source.from())));
    }
    return new SatelliteForm.Sets(exploded > 0);
  }
}
