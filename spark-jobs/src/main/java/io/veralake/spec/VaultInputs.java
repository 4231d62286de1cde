package io.veralake.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds what vault sources and stages read: raw tables and stages, by name. */
final class VaultInputs {
  private final Map<String, LandTable> land;
  private final Set<String> landNames;
  private final Map<String, Node> stages = new TreeMap<>();
  private final Map<String, VaultInput> read = new LinkedHashMap<>();
  private final List<String> reading = new ArrayList<>();

  /** Over raw tables that were read, and the names of all that are declared. */
  VaultInputs(Map<String, LandTable> land, Set<String> landNames) {
    this.land = land;
    this.landNames = landNames;
  }

  /** Takes a stage's file. */
  void add(Node node) {
    if (this.landNames.contains(node.subject())) {
      node.problem(node.place(), "Duplicate name", node.subject(), "already taken by a raw table");
      return;
    }
    this.stages.put(node.subject(), node);
  }

  /** Reads the stages that nothing has asked for. */
  void readAll() {
    List.copyOf(this.stages.keySet()).forEach(this::stage);
  }

  /** The raw table {@code name}, if it could be read. */
  java.util.Optional<LandTable> land(String name) {
    return java.util.Optional.ofNullable(this.land.get(name));
  }

  /** Whether a stage is called {@code name}. */
  boolean hasStage(String name) {
    return this.stages.containsKey(name);
  }

  /** What the key {@code from} of {@code node} names. */
  VaultInput from(Node node) {
    String name = node.text("from");
    if (this.stages.containsKey(name)) {
      return this.stage(name);
    }
    if (node.has("from") && !this.landNames.contains(name)) {
      Set<String> known = new TreeSet<>(this.landNames);
      known.addAll(this.stages.keySet());
      node.unknown("from", this.stages.isEmpty() ? "raw table" : "raw table or stage", name, known);
    }
    LandTable table = this.land.get(name);
    return table == null ? VaultInput.unknown(name) : VaultInput.of(table);
  }

  private VaultInput stage(String name) {
    VaultInput known = this.read.get(name);
    if (known != null) {
      return known;
    }
    Node node = this.stages.getOrDefault(name, this.stages.values().iterator().next());
    int start = this.reading.indexOf(name);
    if (start >= 0) {
      node.invalid(
          "from",
          String.join(" → ", this.reading.subList(start, this.reading.size())) + " → " + name,
          "a stage may not depend on itself");
      return VaultInput.unknown(name);
    }
    this.reading.add(name);
    VaultInput input = StageReader.read(node, this.from(node), this);
    this.reading.remove(name);
    this.read.put(name, input);
    return input;
  }
}
