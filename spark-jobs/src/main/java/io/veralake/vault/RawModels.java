package io.veralake.vault;

import io.veralake.spec.LandTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the model says of raw tables that matters to those who read them. */
final class RawModels {
  private static final Set<String> ID = Set.of("_id");

  private final Map<String, LandTable> tables = new HashMap<>();

  RawModels(List<LandTable> tables) {
    tables.forEach(table -> this.tables.put(table.name(), table));
  }

  /** Earlier names of columns by the name of today. */
  Map<String, List<String>> renamed(String name) {
    LandTable table = this.tables.get(name);
    return table == null ? Map.of() : table.renamedFrom();
  }

  /** Columns that identify a row at its source; empty: not declared. */
  Set<String> key(String name) {
    LandTable table = this.tables.get(name);
    if (table == null) {
      return Set.of();
    }
    return table.events().documents() ? ID : Set.copyOf(table.key());
  }
}
