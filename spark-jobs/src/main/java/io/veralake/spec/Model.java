package io.veralake.spec;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that a company declares. Consistent: every name that is referred to exists, nothing is
 * declared twice, nothing depends on itself. Lists are in an order in which what is depended on
 * comes first, and otherwise by name.
 *
 * @param land raw tables
 * @param vault vault tables
 * @param marts marts
 * @param reconciliations comparisons with the stream
 * @param publications tables in ClickHouse
 */
public record Model(
    List<LandTable> land,
    List<VaultTable> vault,
    List<Mart> marts,
    List<Reconciliation> reconciliations,
    List<Publication> publications) {
  /** Copies the lists. */
  public Model {
    land = List.copyOf(land);
    vault = List.copyOf(vault);
    marts = List.copyOf(marts);
    reconciliations = List.copyOf(reconciliations);
    publications = List.copyOf(publications);
  }

  /** Joins that vault tables read, each once, those that others need before them. */
  public Collection<Prejoin> prejoins() {
    Map<String, Prejoin> result = new LinkedHashMap<>();
    this.vault.forEach(table -> table.sources().forEach(source -> collect(source, result)));
    return List.copyOf(result.values());
  }

  /** Names of the columns that a satellite declares as personal: their values are never printed. */
  public Set<String> personal() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (VaultTable table : this.vault) {
      if (table instanceof Satellite satellite) {
        names.addAll(satellite.personal());
      }
    }
    return names;
  }

  private static void collect(VaultSource source, Map<String, Prejoin> into) {
    source
        .prejoin()
        .filter(prejoin -> !into.containsKey(prejoin.name()))
        .ifPresent(
            prejoin -> {
              prejoin.sources().forEach(one -> collect(one, into));
              into.put(prejoin.name(), prejoin);
            });
  }
}
