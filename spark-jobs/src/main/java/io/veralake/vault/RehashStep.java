package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import io.veralake.catalog.Positions;
import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Bridge;
import io.veralake.spec.Link;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.expressions.Expressions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/**
 * Makes the hashes of one vault table anew, as they are configured: on a branch of the table, which
 * is compared with what the table held, and takes its place together with the properties that name
 * the text, in one commit. Killed before, the table is as it was; loads refuse it, and marts do,
 * until all tables have the configured text. Satellites come first, then links, then hubs: those
 * before find their keys through those after. Point-in-time tables and bridges come last, and are
 * made again from the others.
 */
public final class RehashStep {
  /** The branch of hashes that aren't compared yet. */
  static final String BRANCH = "rehash";

  /** What a step does, in order; tests stop it after each. */
  enum Move {
    WIDENED,
    BRANCHED,
    WRITTEN,
    COMPARED,
    SWAPPED
  }

  private final RunContext context;
  private final VaultTable table;
  private final Lake lake;
  private final HashText hash;
  private final VaultTables tables;
  private final String name;
  private final Consumer<Move> after;

  private RehashStep(RunContext context, VaultTable table, Consumer<Move> after) {
    this.context = context;
    this.table = table;
    this.lake = context.lake();
    this.hash = new HashText(context.engine().hash());
    this.tables = new VaultTables(this.lake, this.hash);
    this.name = VaultTables.name(table);
    this.after = after;
  }

  /** Makes the hashes of {@code table} anew; does nothing if they are as configured. */
  public static Rehashed run(RunContext context, VaultTable table) {
    return run(context, table, move -> {});
  }

  static Rehashed run(RunContext context, VaultTable table, Consumer<Move> after) {
    return new RehashStep(context, table, after).rehash();
  }

  private Rehashed rehash() {
    if (!this.lake.exists(this.name) || this.isDone(this.table)) {
      return new Rehashed(this.table.name(), 0, 0);
    }
    Map<String, String> found = this.lake.table(this.name).properties();
    if (!found.containsKey(HashText.VERSION_PROPERTY)) {
      throw this.refused("Veralake didn't make it", "veralake adopt takes it over first");
    }
    if (!Objects.equals(
        found.get(HashText.FORM_PROPERTY),
        this.tables.properties(this.table, "").get(HashText.FORM_PROPERTY))) {
      throw this.refused(
          "its hashes have another form than veralake.vault.hash-form",
          "put that back, or drop the table and load it again from raw");
    }
    this.checkStored();
    this.checkOrder();
    if (this.table instanceof Bridge bridge) {
      this.tables.replace(bridge);
      return this.filled();
    }
    this.tables.widen(this.table);
    this.after.accept(Move.WIDENED);
    if (this.table instanceof Pit) {
      return this.rebuilt();
    }
    if (this.lake.snapshot(this.name).isEmpty()) {
      this.swap(false);
      return new Rehashed(this.table.name(), 0, 0);
    }
    Dataset<Row> rows = new NewHashes(this.lake, this.hash).of(this.table);
    this.write(rows);
    HashesCompared compared = HashesCompared.of(this.lake, this.table, rows);
    compared.stopUnlessSame();
    this.after.accept(Move.COMPARED);
    this.swap(true);
    this.after.accept(Move.SWAPPED);
    return new Rehashed(this.table.name(), compared.rows(), compared.keys());
  }

  private boolean isDone(VaultTable one) {
    Map<String, String> found = this.lake.table(VaultTables.name(one)).properties();
    return this.tables.properties(one, "").entrySet().stream()
        .allMatch(wanted -> wanted.getValue().equals(found.get(wanted.getKey())));
  }

  /** Refuses all while some tables' keys can't be made from what is stored. */
  private void checkStored() {
    List<String> lossy =
        this.context.model().vault().stream()
            .filter(NewHashes::isLossy)
            .filter(one -> this.lake.exists(VaultTables.name(one)))
            .filter(one -> !this.isDone(one))
            .map(VaultTables::name)
            .toList();
    if (!lossy.isEmpty()) {
      throw this.refused(
          "keys of %s were made from values beside a null that aren't stored"
              .formatted(String.join(", ", lossy)),
          "where null-key of an end with several business key columns isn't skip: drop these tables, and load them again from raw afterwards");
    }
  }

  /**
   * A point-in-time table holds nothing that isn't in its satellites: it is emptied and filled
   * again. Killed in between, the next load fills it.
   */
  private Rehashed rebuilt() {
    Transaction both = this.lake.table(this.name).newTransaction();
    this.setProperties(both);
    DeleteFiles all = both.newDelete().deleteFromRowFilter(Expressions.alwaysTrue());
    all.set(Positions.RUN, this.context.runId());
    all.set(Positions.PREFIX + SnapshotMoves.SNAPSHOTS, "");
    all.commit();
    both.commitTransaction();
    this.lake.table(this.name);
    return this.filled();
  }

  /** Fills a table of snapshots that was emptied. */
  private Rehashed filled() {
    this.after.accept(Move.SWAPPED);
    VaultStep.run(this.context, this.table);
    Row counts =
        this.lake
            .rows(this.name)
            .agg(count(lit(1)), count_distinct(col(this.table.hashKey())))
            .first();
    return new Rehashed(this.table.name(), counts.getLong(0), counts.getLong(1));
  }

  /** Refuses a table through which others that aren't done find their keys. */
  private void checkOrder() {
    Stream<? extends VaultTable> read =
        this.table instanceof Pit pit
            ? pit.satellites().stream()
            : this.table instanceof Bridge bridge ? bridge.inputs().stream() : Stream.empty();
    read.filter(one -> this.lake.exists(VaultTables.name(one)))
        .filter(one -> !this.isDone(one))
        .findFirst()
        .ifPresent(
            one -> {
              throw this.refused(
                  VaultTables.name(one) + ", which it is made from, has the earlier hashes",
                  "rehash that first; without --only they are taken in order");
            });
    this.context.model().vault().stream()
        .filter(one -> !one.name().equals(this.table.name()) && this.isFoundBy(one))
        .filter(one -> this.lake.exists(VaultTables.name(one)))
        .filter(one -> !this.isDone(one))
        .findFirst()
        .ifPresent(
            one -> {
              throw this.refused(
                  VaultTables.name(one) + " has the earlier hashes and finds its keys through it",
                  "rehash that first; without --only they are taken in order");
            });
  }

  private boolean isFoundBy(VaultTable one) {
    Stream<VaultTable> through =
        one instanceof Satellite satellite
            ? Stream.concat(Stream.of(satellite.parent()), ends(satellite.parent()))
            : ends(one);
    return through.anyMatch(other -> other.name().equals(this.table.name()));
  }

  private static Stream<VaultTable> ends(VaultTable one) {
    return one instanceof Link link ? link.ends().stream().map(Link.End::hub) : Stream.empty();
  }

  private void write(Dataset<Row> rows) {
    Table stored = this.lake.table(this.name);
    long main = stored.currentSnapshot().snapshotId();
    if (stored.refs().containsKey(BRANCH)) {
      stored.manageSnapshots().replaceBranch(BRANCH, main).commit();
    } else {
      stored.manageSnapshots().createBranch(BRANCH, main).commit();
    }
    this.after.accept(Move.BRANCHED);
    Positions positions = this.lake.positions(this.name);
    try {
      this.lake
          .carrying(
              rows.drop(NewHashes.OLD).writeTo(this.lake.sqlName(this.name) + ".branch_" + BRANCH),
              this.name,
              this.context.runId(),
              positions.properties())
          .overwrite(lit(true));
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + this.name, e);
    }
    this.after.accept(Move.WRITTEN);
  }

  private void swap(boolean withRows) {
    Transaction both = this.lake.table(this.name).newTransaction();
    this.setProperties(both);
    if (withRows) {
      both.manageSnapshots()
          .fastForwardBranch(SnapshotRef.MAIN_BRANCH, BRANCH)
          .removeBranch(BRANCH)
          .commit();
    }
    both.commitTransaction();
    this.lake.table(this.name);
  }

  private void setProperties(Transaction both) {
    UpdateProperties properties = both.updateProperties();
    String order =
        SourceOrder.of(this.table, new VaultViews(this.context.model()))
            .map(SourceOrder::word)
            .orElse("");
    this.tables.properties(this.table, order).forEach(properties::set);
    properties.commit();
  }

  private DataException refused(String why, String allowed) {
    return new DataException("Cannot rehash %s: %s (%s)".formatted(this.name, why, allowed));
  }
}
