package io.veralake.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which satellites say whether a key of a hub or link was there at an instant. */
public final class InForce {
  private InForce() {}

  /**
   * Satellites of {@code table} by groups: a key was there if of each group at least one satellite
   * says so. Each effectivity satellite is a group; the status satellites are one; without either
   * those of the other satellites are one that have versions. No group: a key is there from ever to
   * ever, an event from its time on.
   *
   * @param vault where its satellites are among
   */
  public static List<List<Satellite>> groups(
      VaultTable table, Collection<? extends VaultTable> vault) {
    List<List<Satellite>> groups = new ArrayList<>();
    List<Satellite> status = new ArrayList<>();
    List<Satellite> other = new ArrayList<>();
    for (VaultTable one : vault) {
      if (!(one instanceof Satellite satellite) || !describes(satellite, table)) {
        continue;
      }
      if (satellite.form() instanceof SatelliteForm.Effectivity) {
        groups.add(List.of(satellite));
      } else if (satellite.form() instanceof SatelliteForm.Status) {
        status.add(satellite);
      } else {
        other.add(satellite);
      }
    }
    if (!status.isEmpty()) {
      groups.add(List.copyOf(status));
    } else if (groups.isEmpty() && !other.isEmpty()) {
      groups.add(List.copyOf(other));
    }
    return List.copyOf(groups);
  }

  /** Whether {@code satellite} says something of an instant and a key of {@code table}. */
  static boolean describes(Satellite satellite, VaultTable table) {
    return satellite.versions()
        && !satellite.name().equals(table.name())
        && satellite.parent().name().equals(table.name());
  }
}
