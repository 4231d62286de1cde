package io.veralake.mart;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/**
 * A mart's Iceberg table: its main branch, which readers see, and branch {@code audit}, where a new
 * state is written and checked.
 */
final class MartTable {
  /** The branch of a state that isn't audited yet. */
  static final String AUDIT = "audit";

  private final Lake lake;
  private final String name;

  MartTable(Lake lake, String mart) {
    this.lake = lake;
    this.name = name(mart);
  }

  /** {@code namespace.table} of the mart {@code mart}. */
  static String name(String mart) {
    return "mart." + mart;
  }

  String name() {
    return this.name;
  }

  /** Puts branch {@code audit} where main is, whatever a killed run left on it. */
  void branch() {
    Table table = this.lake.table(this.name);
    if (table.currentSnapshot() == null) {
      table.newAppend().commit();
      table.refresh();
    }
    long main = table.currentSnapshot().snapshotId();
    if (table.refs().containsKey(AUDIT)) {
      table.manageSnapshots().replaceBranch(AUDIT, main).commit();
    } else {
      table.manageSnapshots().createBranch(AUDIT, main).commit();
    }
  }

  /**
   * Overwrites the rows that meet {@code where} with {@code rows} on branch {@code audit}; the
   * commit carries {@code positions}.
   */
  void overwrite(Dataset<Row> rows, Column where, String runId, Map<String, String> positions) {
    try {
      this.lake
          .carrying(
              rows.writeTo(this.lake.sqlName(this.name) + ".branch_" + AUDIT),
              this.name,
              runId,
              positions)
          .overwrite(where);
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + this.name, e);
    }
  }

  /** Rows that the last commit on branch {@code audit} added. */
  long addedRows() {
    Snapshot audited = this.lake.table(this.name).snapshot(AUDIT);
    return Long.parseLong(audited.summary().getOrDefault(SnapshotSummary.ADDED_RECORDS_PROP, "0"));
  }

  /**
   * Makes what is on branch {@code audit} the main branch's state, and drops the branch, in one
   * step.
   */
  void publish() {
    this.lake
        .table(this.name)
        .manageSnapshots()
        .fastForwardBranch(SnapshotRef.MAIN_BRANCH, AUDIT)
        .removeBranch(AUDIT)
        .commit();
  }

  /** Commits positions alone on the main branch. */
  void advance(String runId, Map<String, String> positions) {
    this.lake.advance(this.name, runId, positions);
  }

  Positions positions() {
    return this.lake.positions(this.name);
  }
}
