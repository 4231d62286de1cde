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
 * @param form what it says about its parent's keys
 * @param names of its columns
 * @param hashdiff names of the columns by which versions differ: of the payload, or of the parent's
 *     business keys
 * @param rules what it does about what isn't known
 * @param order what orders its versions
 */
public record Satellite(
    String name,
    VaultTable parent,
    List<Column> payload,
    List<String> personal,
    List<VaultSource> sources,
    SatelliteForm form,
    VaultNames names,
    List<String> hashdiff,
    VaultRules rules,
    VersionOrder order)
    implements VaultTable {
  /** Copies the lists. */
  public Satellite {
    payload = List.copyOf(payload);
    personal = List.copyOf(personal);
    sources = List.copyOf(sources);
    hashdiff = List.copyOf(hashdiff);
  }

  /** With a hashdiff over the whole payload, and without ghost records. */
  public Satellite(
      String name,
      VaultTable parent,
      List<Column> payload,
      List<String> personal,
      List<VaultSource> sources,
      SatelliteForm form,
      VaultNames names) {
    this(
        name,
        parent,
        payload,
        personal,
        sources,
        form,
        names,
        payload.stream().map(Column::name).toList(),
        VaultRules.NONE,
        VersionOrder.SOURCE);
  }

  /** A plain one with the usual names, and its parent's hash key. */
  public Satellite(
      String name,
      VaultTable parent,
      List<Column> payload,
      List<String> personal,
      List<VaultSource> sources) {
    this(name, parent, payload, personal, sources, SatelliteForm.PLAIN);
  }

  /** With the usual names, and its parent's hash key. */
  public Satellite(
      String name,
      VaultTable parent,
      List<Column> payload,
      List<String> personal,
      List<VaultSource> sources,
      SatelliteForm form) {
    this(
        name,
        parent,
        payload,
        personal,
        sources,
        form,
        VaultNaming.DEFAULT.of(VaultFamily.SATELLITE, name).withHashKey(parent.hashKey()));
  }

  /** Whether history and current views show its versions. */
  public boolean versions() {
    return this.form.versions();
  }

  /** Whether rows are stored whose source kept back some of their payload. */
  public boolean carries() {
    return this.rules.unsent() == VaultRules.Unsent.CARRY;
  }

  /** Columns of its table that tell apart what has versions of its own. */
  public List<String> unit() {
    if (this.form instanceof SatelliteForm.Members members) {
      return java.util.stream.Stream.concat(
              java.util.stream.Stream.of(this.hashKey()), members.key().stream().map(Column::name))
          .toList();
    }
    return this.found();
  }

  /** Columns of its table by which a load finds what is stored. */
  public List<String> found() {
    return this.form instanceof SatelliteForm.Effectivity effectivity
        ? effectivity.columns()
        : List.of(this.hashKey());
  }
}
