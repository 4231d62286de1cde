package io.veralake.spec;

import java.util.List;

/**
 * Which version of each of several satellites held of a key at each of many instants.
 *
 * @param name its table
 * @param parent the hub or link whose keys they are
 * @param satellites satellites of the parent
 * @param calendar the instants
 * @param names of its columns
 */
public record Pit(
    String name,
    VaultTable parent,
    List<Satellite> satellites,
    SnapshotCalendar calendar,
    VaultNames names)
    implements VaultTable {
  /** Copies the list. */
  public Pit {
    satellites = List.copyOf(satellites);
  }

  /** The column that tells from when the version of {@code satellite} held. */
  public static String from(Satellite satellite) {
    return satellite.name() + "_from";
  }

  @Override
  public VaultRules rules() {
    return VaultRules.NONE;
  }

  /** The raw tables that feed its satellites. */
  @Override
  public List<VaultSource> sources() {
    return this.satellites.stream()
        .flatMap(satellite -> satellite.sources().stream())
        .distinct()
        .toList();
  }
}
