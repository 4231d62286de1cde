package io.veralake.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Rules between declarations. */
final class ModelChecks {
  private static final Set<String> TAKEN = Set.of("this", "whole", "changes", "keys");

  private final Reading reading;
  private final Map<String, Map<String, Path>> paths;

  /** Over the files of each section by name. */
  ModelChecks(Reading reading, Map<String, Map<String, Path>> paths) {
    this.reading = reading;
    this.paths = paths;
  }

  /** Checks that SQL can tell vault tables, their views and marts apart. */
  void names(Collection<VaultTable> vault) {
    Map<String, String> taken = new TreeMap<>();
    TAKEN.forEach(name -> taken.put(name, "Veralake itself"));
    for (VaultTable table : vault) {
      taken.putIfAbsent(table.name(), "vault table " + table.name());
      if (table instanceof Satellite satellite && satellite.versions()) {
        taken.put(table.name() + "_current", "the current view of " + table.name());
        taken.put(table.name() + "_history", "the history view of " + table.name());
      }
    }
    for (VaultTable table : vault) {
      String satellite = table.name().replaceFirst("_(current|history)$", "");
      String owner = taken.getOrDefault(table.name(), "");
      if (taken.containsKey(satellite) && owner.startsWith("the ")) {
        this.duplicate("vault", table.name(), owner);
      }
    }
    for (String mart : this.of("mart").keySet()) {
      if (taken.containsKey(mart)) {
        this.duplicate("mart", mart, taken.getOrDefault(mart, ""));
      }
    }
    if (this.of("land").containsKey("quarantine")) {
      this.duplicate("land", "quarantine", "Veralake's own table raw.quarantine");
    }
  }

  /** Checks that the keys are there which raw tables with sensitive values need. */
  void privacy(Collection<LandTable> tables, Engine.Privacy privacy) {
    for (LandTable table : tables) {
      if (table.sensitive().containsValue(Protection.HASH) && privacy.hashKey().isEmpty()) {
        this.missingKey(table, "hash-key", "sensitive values are to be hashed with it");
      }
      if (!table.sensitive().isEmpty() && privacy.encryptionKey().isEmpty()) {
        this.missingKey(
            table,
            "encryption-key",
            "records that can't be read are kept encrypted where a table has sensitive values");
      }
    }
  }

  /**
   * Checks that each record of a source of several tables has one table which keeps it, also if
   * nothing in it says whose it is.
   */
  void shared(Collection<LandTable> tables) {
    Map<String, List<LandTable>> sharing = new TreeMap<>();
    for (LandTable table : tables) {
      for (String place : places(table.source())) {
        sharing.computeIfAbsent(place, p -> new ArrayList<>()).add(table);
      }
    }
    Set<String> reported = new HashSet<>();
    sharing.forEach(
        (place, all) ->
            all.stream()
                .filter(table -> table.events().shared())
                .findFirst()
                .filter(table -> reported.add(table.name()))
                .ifPresent(first -> this.keeper(place, all, first)));
  }

  private void keeper(String place, List<LandTable> all, LandTable first) {
    List<LandTable> keepers = all.stream().filter(t -> t.events().keepsUnnamed()).toList();
    if (keepers.isEmpty()) {
      this.unnamed(
          first, "skip", "keep in one land model of " + place + ": records that name no table");
      return;
    }
    LandTable keeper = keepers.get(0);
    keepers.stream()
        .skip(1)
        .filter(table -> table.events().shared())
        .forEach(
            table ->
                this.unnamed(
                    table, "keep", "skip: %s keeps those of %s".formatted(keeper.name(), place)));
    all.stream()
        .filter(table -> !table.sensitive().isEmpty() && keeper.sensitive().isEmpty())
        .findFirst()
        .ifPresent(
            table ->
                this.unnamed(
                    keeper,
                    "keep",
                    "a table with sensitive values keeps them, encrypted; %s of %s has such"
                        .formatted(table.name(), place)));
  }

  private void unnamed(LandTable table, String value, String allowed) {
    this.problem("land", table.name(), "Invalid unnamed of " + table.name(), value, allowed);
  }

  private static List<String> places(LandSource source) {
    if (source instanceof LandSource.Topics topics) {
      return topics.pattern().isEmpty()
          ? topics.names().stream().map(name -> "topic " + name).toList()
          : List.of("topics matching " + topics.pattern());
    }
    return source instanceof LandSource.Folder folder
        ? List.of("path " + folder.path().replaceFirst("/+$", ""))
        : List.of();
  }

  private void missingKey(LandTable table, String key, String why) {
    this.problem(
        "land",
        table.name(),
        "Missing key for sensitive of " + table.name(),
        "veralake.privacy." + key,
        why + "; point to it with { env = NAME } or { file = path }");
  }

  /** Checks what stars will create in ClickHouse. */
  void stars(Collection<Publication> all, Engine engine, Place required) {
    Set<String> stars = new TreeSet<>();
    Map<String, Publication> publications = new TreeMap<>();
    all.forEach(publication -> publications.put(publication.name(), publication));
    all.forEach(publication -> stars.add(publication.star()));
    for (Publication publication : all) {
      String data = publication.star().replaceFirst("_data$", "");
      if (!data.equals(publication.star()) && stars.contains(data)) {
        this.problem(
            "publish",
            publication.name(),
            "Invalid star of " + publication.name(),
            publication.star(),
            "not the database in which star " + data + " keeps its data");
      }
      String base = publication.name().replaceFirst("_live$", "");
      Publication other = publications.get(base);
      if (!base.equals(publication.name()) && other != null && other.live() != null) {
        this.duplicate("publish", publication.name(), "the live view of " + base);
      }
      this.lookups(publication, publications.values());
    }
    for (String star : engine.publish().requireReconciled()) {
      if (!stars.contains(star)) {
        this.reading
            .problems()
            .unknown(required, "star in veralake.publish.require-reconciled", star, stars);
      }
    }
  }

  /** Checks that marts have the columns that others take for their key. */
  void keyColumns(Map<String, Mart> marts) {
    for (Mart mart : marts.values()) {
      mart.refresh()
          .columns()
          .forEach(
              (input, names) -> {
                Mart upstream = marts.get(input);
                List<String> known =
                    upstream == null
                        ? List.copyOf(names.values())
                        : upstream.columns().stream().map(Column::name).toList();
                names.values().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(
                        name ->
                            this.problem(
                                "mart",
                                mart.name(),
                                "Unknown column of %s in refresh.columns of %s"
                                    .formatted(input, mart.name()),
                                name,
                                String.join(", ", known)));
              });
    }
  }

  /**
   * The marts, each after those that it reads or checks against; otherwise by name. Reports marts
   * that depend on themselves.
   */
  List<Mart> inOrder(Map<String, Mart> marts) {
    Set<String> done = new LinkedHashSet<>();
    Set<String> reported = new HashSet<>();
    for (String name : marts.keySet()) {
      this.visit(name, marts, new ArrayList<>(), done, reported);
    }
    List<Mart> result = new ArrayList<>();
    for (String name : done) {
      Mart mart = marts.get(name);
      if (mart != null) {
        result.add(mart);
      }
    }
    return result;
  }

  private void visit(
      String name,
      Map<String, Mart> marts,
      List<String> path,
      Set<String> done,
      Set<String> reported) {
    Mart mart = marts.get(name);
    if (mart == null || done.contains(name)) {
      return;
    }
    int start = path.indexOf(name);
    if (start >= 0) {
      List<String> cycle = path.subList(start, path.size());
      if (reported.add(String.join(",", new TreeSet<>(cycle)))) {
        this.problem(
            "mart",
            name,
            "Invalid reads of " + name,
            String.join(" → ", cycle) + " → " + name,
            "a mart may not depend on itself");
      }
      return;
    }
    path.add(name);
    for (String input : inputs(mart, marts)) {
      this.visit(input, marts, path, done, reported);
    }
    path.remove(path.size() - 1);
    done.add(name);
  }

  private static Set<String> inputs(Mart mart, Map<String, Mart> marts) {
    Set<String> inputs = new TreeSet<>(mart.reads());
    marts.keySet().stream().filter(mart::checksNeed).forEach(inputs::add);
    inputs.retainAll(marts.keySet());
    return inputs;
  }

  private Map<String, Path> of(String section) {
    return this.paths.getOrDefault(section, Map.of());
  }

  private void duplicate(String section, String name, String owner) {
    this.problem(section, name, "Duplicate name", name, "already taken by " + owner);
  }

  private void problem(String section, String name, String what, String value, String allowed) {
    Path file = this.of(section).getOrDefault(name, Path.of(name));
    Place place = new Place(Place.relative(file, this.reading.conf()), 0);
    this.reading.problems().add(place, what, value, allowed);
  }

  private void lookups(Publication publication, Collection<Publication> publications) {
    if (publication.live() == null) {
      return;
    }
    for (Map.Entry<String, String> lookup : publication.live().lookups().entrySet()) {
      boolean published =
          publications.stream()
              .anyMatch(
                  other ->
                      other.star().equals(publication.star())
                          && other.mart().name().equals(lookup.getValue()));
      if (!published) {
        this.problem(
            "publish",
            publication.name(),
            "Invalid live.lookups." + lookup.getKey() + " of " + publication.name(),
            lookup.getValue(),
            "a dimension that star " + publication.star() + " publishes");
      }
    }
  }
}
