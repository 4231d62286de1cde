package io.veralake.mart;

import io.veralake.catalog.Positions;
import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import io.veralake.spec.VaultTable;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/**
 * A table that a mart reads, at the snapshot that this build sees.
 *
 * @param name its name in the mart's SQL
 * @param table {@code namespace.table}
 * @param vault the vault table; empty for a mart
 * @param snapshot what is read; empty: it was never written
 * @param rows how many rows that has
 */
record Input(
    String name, String table, Optional<VaultTable> vault, OptionalLong snapshot, long rows) {
  /** The input {@code name} of {@code mart} as it stands. */
  static Input now(RunContext context, Mart mart, String name) {
    Optional<VaultTable> vault =
        context.model().vault().stream().filter(table -> table.name().equals(name)).findFirst();
    String table = vault.isPresent() ? "vault." + name : MartTable.name(name);
    if (!context.lake().exists(table)) {
      throw new DataException(
          "Cannot build mart %s: missing table %s (run the stage that makes it first)"
              .formatted(mart.name(), table));
    }
    Table stored = context.lake().table(table);
    if (vault.isPresent()) {
      HashText.stopUnlessMade(table, stored.properties(), context.engine().hash());
    }
    Snapshot snapshot = stored.currentSnapshot();
    return snapshot == null
        ? new Input(name, table, vault, OptionalLong.empty(), 0)
        : new Input(
            name, table, vault, OptionalLong.of(snapshot.snapshotId()), totalRows(snapshot));
  }

  /** As the snapshot says; more than any table has if it doesn't. */
  private static long totalRows(Snapshot snapshot) {
    String total = snapshot.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP);
    return total == null ? Long.MAX_VALUE : Long.parseLong(total);
  }

  /** Whether it was written to since {@code positions}. */
  boolean changedSince(Positions positions) {
    return !positions.lastRead(this.table).equals(this.snapshot);
  }
}
