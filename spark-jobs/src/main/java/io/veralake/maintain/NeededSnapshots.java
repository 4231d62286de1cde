package io.veralake.maintain;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The snapshots that tables were filled up to, and go on from: those that a mart's state was made
 * from, those that these were made from, and so on. Without one of them the next run would have to
 * read all of its table again, and a reconciliation couldn't tell up to when a mart speaks.
 */
public final class NeededSnapshots {
  private final Map<String, Set<Long>> ids = new HashMap<>();

  private NeededSnapshots() {}

  /** What {@code tables} ({@code namespace.table}; missing ones are fine) need of each other. */
  public static NeededSnapshots of(Lake lake, Collection<String> tables) {
    NeededSnapshots needed = new NeededSnapshots();
    Map<String, Table> loaded = new HashMap<>();
    for (String name : tables) {
      if (lake.exists(name)) {
        loaded.put(name, lake.table(name));
      }
    }
    loaded.values().forEach(table -> needed.follow(Positions.of(table), loaded));
    return needed;
  }

  private void follow(Positions positions, Map<String, Table> tables) {
    for (String property : positions.properties().keySet()) {
      if (!property.startsWith(Positions.READ)) {
        continue;
      }
      String input = property.substring(Positions.READ.length());
      long id = positions.lastRead(input).orElseThrow();
      Table table = tables.get(input);
      Snapshot snapshot = table == null ? null : table.snapshot(id);
      if (snapshot != null && this.ids.computeIfAbsent(input, any -> new HashSet<>()).add(id)) {
        this.follow(Positions.at(Objects.requireNonNull(table), snapshot), tables);
      }
    }
  }

  /** When the oldest needed snapshot of {@code table} was made, in milliseconds; empty: none is. */
  OptionalLong oldest(String name, Table table) {
    return this.ids.getOrDefault(name, Set.of()).stream()
        .map(table::snapshot)
        .filter(Objects::nonNull)
        .mapToLong(Snapshot::timestampMillis)
        .min();
  }
}
