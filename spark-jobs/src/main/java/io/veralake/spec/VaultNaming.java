package io.veralake.spec;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a vault's tables and columns are called where a table's own declaration doesn't say it.
 *
 * @param tables a family's tables: {@code {name}}, and what is put around it
 * @param columns patterns in which {@code {name}} and {@code {table}} stand for the short and the
 *     whole name of the table
 */
public record VaultNaming(Map<VaultFamily, String> tables, VaultNames columns) {
  /** What a pattern of tables has once. */
  static final String NAME = "{name}";

  /** Shorter marks don't tell a vault table in SQL. */
  private static final int SHORTEST_MARK = 3;

  /** The names where nothing else is declared. */
  public static final VaultNaming DEFAULT = new VaultNaming(Map.of(), VaultNames.PATTERNS);

  /** Copies the map; a family that isn't in it has its default. */
  public VaultNaming {
    Map<VaultFamily, String> all = new EnumMap<>(VaultFamily.class);
    for (VaultFamily family : VaultFamily.values()) {
      all.put(family, tables.getOrDefault(family, family.table()));
    }
    tables = Map.copyOf(all);
  }

  /** How tables of {@code family} are called. */
  String pattern(VaultFamily family) {
    return this.tables.getOrDefault(family, family.table());
  }

  /** Whether {@code table} may be one of {@code family}. */
  boolean fits(VaultFamily family, String table) {
    return this.inner(family, table).isPresent();
  }

  /** Whether {@code table} is called as no other table than one of the vault would be. */
  boolean marks(String table) {
    return this.tables.entrySet().stream()
        .filter(entry -> entry.getValue().length() - NAME.length() >= SHORTEST_MARK)
        .anyMatch(entry -> this.fits(entry.getKey(), table));
  }

  /** Name of {@code table} without what its family puts around it; all of it if there is none. */
  String shortName(VaultFamily family, String table) {
    return this.inner(family, table).orElse(table);
  }

  /** The table that {@code name}, short or whole, stands for. */
  String table(VaultFamily family, String name) {
    return this.fits(family, name) ? name : this.pattern(family).replace(NAME, name);
  }

  /** Columns of {@code table}. */
  public VaultNames of(VaultFamily family, String table) {
    return this.columns.of(this.shortName(family, table), table);
  }

  /**
   * A link's column for an end: the hub's own hash key if the role is the hub's name, else made
   * from the role as if that were a hub's.
   */
  String end(String role, Hub hub) {
    if (role.equals(this.shortName(VaultFamily.HUB, hub.name()))) {
      return hub.hashKey();
    }
    return VaultNames.filled(
        this.columns.hashKey(), role, this.pattern(VaultFamily.HUB).replace(NAME, role));
  }

  private Optional<String> inner(VaultFamily family, String table) {
    String pattern = this.pattern(family);
    String before = pattern.substring(0, pattern.indexOf(NAME));
    String after = pattern.substring(before.length() + NAME.length());
    return table.startsWith(before)
            && table.endsWith(after)
            && table.length() > before.length() + after.length()
        ? Optional.of(table.substring(before.length(), table.length() - after.length()))
        : Optional.empty();
  }
}
