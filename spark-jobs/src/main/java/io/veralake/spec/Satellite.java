package io.veralake.spec;

import java.util.List;

/**
 * The history of what is known about a hub's or link's keys.
 *
 * @param name its table
 * @param parent the hub or link that it describes (never a satellite)
 * @param payload its descriptive columns
 * @param personal names of payload columns that hold personal data: never printed
 * @param sources where rows come from
 * @param names of its columns
 * @param hashdiff names of the columns by which versions differ: of the payload, or of the parent's
 *     business keys
 */
public record Satellite(
    String name,
    VaultTable parent,
    List<Column> payload,
    List<String> personal,
    List<VaultSource> sources,
    VaultNames names,
    List<String> hashdiff)
    implements VaultTable {
  /** Copies the lists. */
  public Satellite {
    payload = List.copyOf(payload);
    personal = List.copyOf(personal);
    sources = List.copyOf(sources);
    hashdiff = List.copyOf(hashdiff);
  }

  /** With a hashdiff over the whole payload. */
  public Satellite(
      String name,
      VaultTable parent,
      List<Column> payload,
      List<String> personal,
      List<VaultSource> sources,
      VaultNames names) {
    this(
        name,
        parent,
        payload,
        personal,
        sources,
        names,
        payload.stream().map(Column::name).toList());
  }

  /** The same with the usual names, and its parent's hash key. */
  public Satellite(
      String name,
      VaultTable parent,
      List<Column> payload,
      List<String> personal,
      List<VaultSource> sources) {
    this(
        name,
        parent,
        payload,
        personal,
        sources,
        VaultNaming.DEFAULT.of(VaultFamily.SATELLITE, name).withHashKey(parent.hashKey()));
  }
}
