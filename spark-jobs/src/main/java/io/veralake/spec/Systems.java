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

  /** The systems that feed a mart, through other marts too, sorted. */
  List<String> behind(String mart) {
    Set<String> result = new TreeSet<>();
    this.collect(mart, result, new HashSet<>());
    return List.copyOf(result);
  }

  private void collect(String name, Set<String> into, Set<String> seen) {
    if (!seen.add(name)) {
      return;
    }
    Mart mart = this.marts.get(name);
    if (mart != null) {
      mart.reads().forEach(input -> this.collect(input, into, seen));
    }
    VaultTable table = this.vault.get(name);
    if (table != null) {
      for (VaultSource source : table.sources()) {
        LandTable raw = this.land.get(source.from());
        if (raw != null) {
          into.add(raw.system());
        }
      }
    }
  }
}
