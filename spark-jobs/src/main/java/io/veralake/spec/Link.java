package io.veralake.spec;

import java.util.List;

/**
 * A relationship between hubs. With {@code historised = false} it is a list of events that never
 * change, which carry their payload themselves.
 *
 * @param name its table
 * @param ends the hubs that it connects, at least one, in the order in which they are hashed
 * @param dependentKey columns that tell apart rows with the same ends (a line number), hashed after
 *     the ends; may be empty
 * @param historised false for a non-historised link
 * @param payload columns of a non-historised link; empty otherwise
 * @param sources where rows come from
 * @param names of its columns
 * @param rules what it does about what isn't known
 */
public record Link(
    String name,
    List<End> ends,
    List<Column> dependentKey,
    boolean historised,
    List<Column> payload,
    List<VaultSource> sources,
    VaultNames names,
    VaultRules rules)
    implements VaultTable {
  /**
   * One end of a link.
   *
   * @param role tells apart two ends on the same hub; the hub's name without {@code hub_} by
   *     default. In a source's {@code columns} its business key columns are {@code <column>} if no
   *     other end has a column of that name, else {@code <role>.<column>}.
   * @param hub the hub
   * @param hashKey the link's column for this end
   */
  public record End(String role, Hub hub, String hashKey) {
    /** With the usual name: the hub's own hash key, or one made from the role. */
    public End(String role, Hub hub) {
      this(role, hub, VaultNaming.DEFAULT.end(role, hub));
    }
  }

  /** Copies the lists. */
  public Link {
    ends = List.copyOf(ends);
    dependentKey = List.copyOf(dependentKey);
    payload = List.copyOf(payload);
    sources = List.copyOf(sources);
  }

  /** Without ghost records and rows without keys. */
  public Link(
      String name,
      List<End> ends,
      List<Column> dependentKey,
      boolean historised,
      List<Column> payload,
      List<VaultSource> sources,
      VaultNames names) {
    this(name, ends, dependentKey, historised, payload, sources, names, VaultRules.NONE);
  }

  /** With the usual names. */
  public Link(
      String name,
      List<End> ends,
      List<Column> dependentKey,
      boolean historised,
      List<Column> payload,
      List<VaultSource> sources) {
    this(
        name,
        ends,
        dependentKey,
        historised,
        payload,
        sources,
        VaultNaming.DEFAULT.of(VaultFamily.LINK, name));
  }
}
