package io.veralake.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * How far a table's inputs had been consumed when its current state was committed. Positions lie in
 * the summary of the snapshot that holds the data they led to, so that data and position can't
 * disagree. Each commit of Veralake carries every position of its table, and commits of others
 * (compaction) carry none: the nearest ancestor that has some tells.
 */
public final class Positions {
  /** Prefix of all summary properties that Veralake writes. */
  public static final String PREFIX = "veralake.";

  /** Summary property: the run that made the snapshot. Present in every commit of Veralake. */
  public static final String RUN = PREFIX + "run";

  /**
   * Prefix of a summary property whose name goes on with {@code namespace.table} and whose value is
   * the id of the last snapshot of it that was read.
   */
  public static final String READ = PREFIX + "read.";

  private final Map<String, String> properties;

  private Positions(Map<String, String> properties) {
    this.properties = Map.copyOf(properties);
  }

  /**
   * Positions of the main branch of {@code table}; empty ones if Veralake never committed to it.
   */
  public static Positions of(Table table) {
    return at(table, table.currentSnapshot());
  }

  /** Positions as of {@code snapshot}, null for an empty table. */
  public static Positions at(Table table, @Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return new Positions(Map.of());
    }
    for (Snapshot ancestor : SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot)) {
      if (ancestor.summary().containsKey(RUN)) {
        Map<String, String> own = new LinkedHashMap<>();
        ancestor
            .summary()
            .forEach(
                (name, value) -> {
                  if (name.startsWith(PREFIX)) {
                    own.put(name, value);
                  }
                });
        return new Positions(own);
      }
    }
    return new Positions(Map.of());
  }

  /**
   * The last snapshot that was read of {@code input} ({@code namespace.table}), empty if none was.
   */
  public OptionalLong lastRead(String input) {
    String id = this.properties.get(READ + input);
    return id == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(id));
  }

  /** The value of {@code veralake.<name>}. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(this.properties.get(PREFIX + name));
  }

  /** All properties, with their prefix; what a next commit starts from. */
  public Map<String, String> properties() {
    return this.properties;
  }
}
