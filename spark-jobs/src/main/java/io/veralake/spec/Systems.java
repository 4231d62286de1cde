package io.veralake.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which upstream systems stand behind a mart. */
final class Systems {
  private final Map<String, LandTable> land;
  private final Map<String, VaultTable> vault;
  private final Map<String, Mart> marts;

  Systems(Map<String, LandTable> land, Map<String, VaultTable> vault, Map<String, Mart> marts) {
    this.land = land;
    this.vault = vault;
    this.marts = marts;
  }

  /** All systems that raw tables name. */
  Set<String> all() {
    Set<String> result = new TreeSet<>();
    this.land.values().forEach(table -> result.add(table.system()));
    return result;
  }

  /**
   * The systems whose changes a mart shows, through other marts too, sorted. Hubs count only if
   * there is nothing else: a system that merely mentions a key changes no row.
   */
  List<String> behind(String mart) {
    Set<String> inputs = new HashSet<>();
    this.collect(mart, inputs);
    Set<String> changing = new TreeSet<>();
    Set<String> any = new TreeSet<>();
    for (String name : inputs) {
      VaultTable table = this.vault.get(name);
      if (table != null) {
        any.addAll(this.feeding(table));
        changing.addAll(table instanceof Hub ? Set.of() : this.feeding(table));
      }
    }
    return List.copyOf(changing.isEmpty() ? any : changing);
  }

  private void collect(String name, Set<String> into) {
    Mart mart = this.marts.get(name);
    if (into.add(name) && mart != null) {
      mart.reads().forEach(input -> this.collect(input, into));
    }
  }

  private Set<String> feeding(VaultTable table) {
    Set<String> result = new TreeSet<>();
    for (VaultSource source : table.sources()) {
      LandTable raw = this.land.get(source.from());
      if (raw != null) {
        result.add(raw.system());
      }
    }
    return result;
  }
}
