package io.veralake.lake;

import io.veralake.catalog.Positions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.parser.ParseException;

/**
 * The Iceberg tables of one installation, seen through one Spark session. Tables are named {@code
 * namespace.table} throughout.
 */
public final class Lake {
  private final SparkSession spark;
  private final String catalog;

  /** The lake behind the session's Iceberg catalog {@code catalog}. */
  public Lake(SparkSession spark, String catalog) {
    this.spark = spark;
    this.catalog = catalog;
  }

  /** The session. */
  public SparkSession spark() {
    return this.spark;
  }

  /** The catalog's name in SQL. */
  public String catalog() {
    return this.catalog;
  }

  /** {@code namespace.table} with the catalog in front, for SQL. */
  public String sqlName(String table) {
    return this.catalog + "." + table;
  }

  /** Whether the table is there. */
  public boolean exists(String table) {
    return this.spark.catalog().tableExists(this.sqlName(table));
  }

  /** The table's current rows. */
  public Dataset<Row> rows(String table) {
    return this.spark.table(this.sqlName(table));
  }

  /** The Iceberg table, freshly loaded. */
  public Table table(String table) {
    try {
      Table loaded = Spark3Util.loadIcebergTable(this.spark, this.sqlName(table));
      loaded.refresh();
      return loaded;
    } catch (NoSuchTableException | ParseException e) {
      throw new IllegalStateException("Missing table " + table, e);
    }
  }

  /** Id of the table's current snapshot; empty if the table is missing or was never written. */
  public OptionalLong snapshot(String table) {
    if (!this.exists(table)) {
      return OptionalLong.empty();
    }
    Snapshot current = this.table(table).currentSnapshot();
    return current == null ? OptionalLong.empty() : OptionalLong.of(current.snapshotId());
  }

  /** Positions that the table's current state was made from. */
  public Positions positions(String table) {
    return Positions.of(this.table(table));
  }

  /**
   * Rows that were appended to {@code table} after snapshot {@code after} up to and including
   * {@code upTo}; all rows as of {@code upTo} if {@code after} is empty or has been expired since.
   * Rows that compaction rewrote don't appear again.
   */
  public Dataset<Row> appended(String table, OptionalLong after, long upTo) {
    Table loaded = this.table(table);
    boolean known =
        after.isPresent()
            && loaded.snapshot(after.getAsLong()) != null
            && SnapshotUtil.isAncestorOf(loaded, upTo, after.getAsLong());
    Snapshot current = loaded.currentSnapshot();
    if (!known && current != null && current.snapshotId() == upTo) {
      // The table itself has its columns of today; a snapshot has those of its day.
      return this.rows(table);
    }
    if (!known) {
      return this.spark.sql("SELECT * FROM " + this.sqlName(table) + " VERSION AS OF " + upTo);
    }
    if (after.getAsLong() == upTo) {
      return this.rows(table).limit(0);
    }
    return this.spark
        .read()
        .option("start-snapshot-id", after.getAsLong())
        .option("end-snapshot-id", upTo)
        .table(this.sqlName(table));
  }

  /**
   * Appends {@code rows} in one commit that carries {@code positions} over those that the table
   * had.
   */
  public void append(Dataset<Row> rows, String table, String runId, Map<String, String> positions) {
    this.append(rows, table, runId, positions, Map.of());
  }

  /** The same with {@code options} of Iceberg's writer. */
  public void append(
      Dataset<Row> rows,
      String table,
      String runId,
      Map<String, String> positions,
      Map<String, String> options) {
    try {
      DataFrameWriterV2<Row> writer = rows.writeTo(this.sqlName(table));
      for (Map.Entry<String, String> option : options.entrySet()) {
        writer = writer.option(option.getKey(), option.getValue());
      }
      this.carrying(writer, table, runId, positions).append();
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + table, e);
    }
  }

  /** Commits {@code positions} over those that the table had, with no rows. */
  public void advance(String table, String runId, Map<String, String> positions) {
    AppendFiles commit = this.table(table).newAppend();
    this.summary(table, runId, positions).forEach(commit::set);
    commit.commit();
  }

  /** {@code writer}, whose commit will carry {@code positions} over those that the table had. */
  public DataFrameWriterV2<Row> carrying(
      DataFrameWriterV2<Row> writer, String table, String runId, Map<String, String> positions) {
    DataFrameWriterV2<Row> result = writer;
    for (Map.Entry<String, String> property : this.summary(table, runId, positions).entrySet()) {
      result = result.option("snapshot-property." + property.getKey(), property.getValue());
    }
    return result;
  }

  private Map<String, String> summary(String table, String runId, Map<String, String> positions) {
    Map<String, String> all = new LinkedHashMap<>(this.positions(table).properties());
    all.putAll(positions);
    all.put(Positions.RUN, runId);
    return all;
  }
}
