package io.veralake.vault;

import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Bridge;
import java.time.LocalDate;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a bridge holds, see {@link SnapshotMoves}. Where late rows changed what was in force at
 * snapshots that it holds, the rows of the keys concerned are made again and compared with its own,
 * of these snapshots alone.
 */
final class BridgeStep implements SnapshotMoves.Content {
  private final Bridge bridge;
  private final Lake lake;
  private final SnapshotMoves moves;
  private final BridgeRows before;
  private final BridgeRows now;

  BridgeStep(RunContext context, Bridge bridge) {
    this.bridge = bridge;
    this.lake = context.lake();
    this.moves = new SnapshotMoves(context, bridge, bridge.calendar(), bridge.inputs());
    VaultViews views = new VaultViews(context.model());
    HashText hash = new HashText(context.engine().hash());
    this.before = new BridgeRows(this.lake, views, hash, bridge, this.moves::last);
    this.now = new BridgeRows(this.lake, views, hash, bridge, this.moves::now);
  }

  /** Makes the moves that are due. */
  Loaded run() {
    return this.run(move -> {});
  }

  Loaded run(Consumer<SnapshotMoves.Move> after) {
    return this.moves.run(this, after);
  }

  @Override
  public List<String> key() {
    return this.bridge.key();
  }

  /** Another list of inputs is another definition, by which the table is made anew. */
  @Override
  public boolean mayGrowInputs() {
    return true;
  }

  @Override
  public Optional<Dataset<Row>> repairs(NavigableSet<LocalDate> kept) {
    BridgeChanges changes =
        new BridgeChanges(this.lake, this.bridge, this.moves, this.before, this.now);
    Optional<BridgeRows.Keys> keys = changes.keys(kept);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    String held =
        keys.get()
            .of(
                "(SELECT * FROM %s WHERE %s IN (%s))"
                    .formatted(
                        this.lake.sqlName(VaultTables.name(this.bridge)),
                        BridgeRows.TIME,
                        SnapshotMoves.literals(changes.days())),
                this.bridge.hashKey());
    return Optional.of(
        this.moves.difference(
            "SELECT * FROM " + held,
            this.now.rows(changes.days(), changes.scope(keys.get())),
            this.key()));
  }

  @Override
  public Dataset<Row> rows(NavigableSet<LocalDate> days) {
    return this.lake.spark().sql(this.now.rows(days, BridgeRows.Scope.ALL));
  }
}
