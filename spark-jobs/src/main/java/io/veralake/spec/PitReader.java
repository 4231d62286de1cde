package io.veralake.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the declarations of point-in-time tables. */
final class PitReader {
  private final VaultNaming naming;
  private final Map<String, VaultTable> tables;

  /** Over hubs, links and satellites among {@code tables}, which have been read. */
  PitReader(VaultNaming naming, Map<String, VaultTable> tables) {
    this.naming = naming;
    this.tables = tables;
  }

  /** The table that {@code node} declares; empty if its parent isn't known. */
  Optional<Pit> read(Node node) {
    node.text("type", "");
    String name = node.text("parent");
    VaultTable parent = this.tables.get(name);
    boolean keyed = parent instanceof Hub || parent instanceof Link;
    if (node.has("parent") && !keyed) {
      node.unknown("parent", "hub or link", name, this.keyed());
    }
    List<Satellite> satellites = new ArrayList<>();
    for (String written : node.someTexts("satellites")) {
      if (this.tables.get(written) instanceof Satellite satellite
          && (!keyed || satellite.parent().name().equals(name))) {
        if (shows(satellite)) {
          satellites.add(satellite);
        } else {
          node.invalid(
              "satellites",
              written,
              "a satellite that has one version of a key at a time: plain, status, or multi-active with members = whole");
        }
      } else {
        node.unknown("satellites", "satellite of " + name, written, this.satellitesOf(name));
      }
    }
    SnapshotCalendar calendar = SnapshotsReader.read(node);
    node.end();
    if (parent == null || !keyed || satellites.isEmpty()) {
      return Optional.empty();
    }
    VaultNames names =
        this.naming.of(VaultFamily.PIT, node.subject()).withHashKey(parent.hashKey());
    return Optional.of(new Pit(node.subject(), parent, satellites, calendar, names));
  }

  private static boolean shows(Satellite satellite) {
    return satellite.versions()
        && !(satellite.form() instanceof SatelliteForm.Members)
        && !(satellite.form() instanceof SatelliteForm.Effectivity);
  }

  private List<String> keyed() {
    return this.tables.values().stream()
        .filter(table -> table instanceof Hub || table instanceof Link)
        .map(VaultTable::name)
        .toList();
  }

  private List<String> satellitesOf(String parent) {
    return this.tables.values().stream()
        .filter(table -> table instanceof Satellite s && s.parent().name().equals(parent))
        .map(VaultTable::name)
        .toList();
  }
}
