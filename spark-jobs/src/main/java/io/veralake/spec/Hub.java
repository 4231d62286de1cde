package io.veralake.spec;

import java.util.List;

/**
 * A list of business keys.
 *
 * @param name its table
 * @param businessKey the columns that identify a thing to the business, in the order in which they
 *     are hashed
 * @param sources where keys come from
 * @param names of its columns
 * @param rules what it does about what isn't known
 */
public record Hub(
    String name,
    List<Column> businessKey,
    List<VaultSource> sources,
    VaultNames names,
    VaultRules rules)
    implements VaultTable {
  /**
   * First business key column of a hub whose sources have collision codes: which of them the key is
   * of, so that equal keys of different systems are different keys.
   */
  public static final String COLLISION_CODE = "collision_code";

  /** Copies the lists. */
  public Hub {
    businessKey = List.copyOf(businessKey);
    sources = List.copyOf(sources);
  }

  /** Whether its sources have collision codes. */
  public boolean coded() {
    return !this.businessKey.isEmpty() && this.businessKey.get(0).name().equals(COLLISION_CODE);
  }

  /** Without ghost records. */
  public Hub(String name, List<Column> businessKey, List<VaultSource> sources, VaultNames names) {
    this(name, businessKey, sources, names, VaultRules.NONE);
  }

  /** With the usual names. */
  public Hub(String name, List<Column> businessKey, List<VaultSource> sources) {
    this(name, businessKey, sources, VaultNaming.DEFAULT.of(VaultFamily.HUB, name));
  }
}
