package io.veralake.vault;

import static org.apache.spark.sql.functions.col;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.spec.Prejoin;
import io.veralake.spec.VaultSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Fills the table of a join with what its source has that it hasn't consumed, and with rows that
 * waited for partners that are known now.
 *
 * <p>What a partner says never changes, or the filling is refused. So what a row takes depends on
 * the row and the set of the partners' rows alone, and the rows that are there in the end on
 * nothing but what was landed. A row that waited is appended when it is met, with its own place and
 * time: to those who read it is a late row.
 *
 * <p>The moves: what the partners said, each in a commit of its own table; then rows that are met
 * and rows that begin to wait, in one commit that says up to where the source and the partners'
 * tables were read; then rows that waited and were met are taken out from those that wait. Killed
 * after any of them, and repeated, it ends as if it hadn't been: the first finds nothing new, the
 * second goes on from the positions in its own commit, and the third is asked for by that commit.
 */
public final class PrejoinStep {
  /** Between two moves a run may be killed. */
  enum Move {
    PARTNERS_KNOWN,
    ROWS_MET
  }

  /** Summary property: whether rows that were met are still among those that wait. */
  private static final String MET = Positions.PREFIX + "prejoin.met";

  private final RunContext context;
  private final Prejoin prejoin;
  private final Consumer<Move> after;
  private final Lake lake;
  private final PrejoinTables tables;
  private final List<PartnerPairs> partners;
  private final String name;

  PrejoinStep(RunContext context, Prejoin prejoin, Consumer<Move> after) {
    this.context = context;
    this.prejoin = prejoin;
    this.after = after;
    this.lake = context.lake();
    this.tables = new PrejoinTables(this.lake, prejoin);
    this.partners =
        prejoin.partners().stream()
            .map(partner -> new PartnerPairs(context, prejoin, partner))
            .toList();
    this.name = prejoin.table();
  }

  /** Brings the table of {@code prejoin} up to date; reads nothing if nothing is new. */
  public static Prejoined run(RunContext context, Prejoin prejoin) {
    return new PrejoinStep(context, prejoin, move -> {}).run();
  }

  Prejoined run() {
    VaultStep.checkSession(this.lake);
    this.tables.check();
    if (this.lake.snapshot(this.prejoin.from().table()).isEmpty()) {
      return new Prejoined(this.prejoin.name(), 0, 0, 0, 0);
    }
    if (!this.partners.stream().allMatch(PartnerPairs::there)) {
      // Nobody knows the types of what rows take. The rows stay where they are, unread.
      return new Prejoined(this.prejoin.name(), 0, 0, this.source(this.before()).rows(), 0);
    }
    this.lake
        .spark()
        .sparkContext()
        .setJobDescription("stage " + this.prejoin.name() + " as of " + this.context.asOf());
    try {
      return this.fill();
    } finally {
      this.lake.spark().sparkContext().setJobDescription(null);
    }
  }

  private Prejoined fill() {
    boolean behind =
        !this.lake.exists(this.name)
            || this.partners.stream().anyMatch(PartnerPairs::behind)
            || this.source(this.before()).moved();
    if (behind) {
      this.ensure();
    }
    long known = this.partners.stream().mapToLong(PartnerPairs::load).sum();
    this.after.accept(Move.PARTNERS_KNOWN);
    Positions before = this.before();
    Increment source = this.source(before);
    OptionalLong held = this.lake.snapshot(this.name);
    if (source.moved() || this.anyKnownAfter(before)) {
      this.meet(source, before);
    }
    this.after.accept(Move.ROWS_MET);
    OptionalLong now = this.lake.snapshot(this.name);
    Table table = this.lake.table(this.name);
    long joined = now.isEmpty() ? 0 : PrejoinTables.count(table, held, now.getAsLong(), false);
    this.takeOut();
    return new Prejoined(this.prejoin.name(), source.rows(), joined, this.tables.waiting(), known);
  }

  private Positions before() {
    return this.lake.exists(this.name)
        ? this.lake.positions(this.name)
        : Positions.at(this.lake.table(this.prejoin.from().table()), null);
  }

  private Increment source(Positions before) {
    return Increment.of(this.lake, List.of(this.prejoin.from()), before);
  }

  private StagedSource staged(Dataset<Row> rows) {
    VaultSource from = this.prejoin.from();
    RawModels land = new RawModels(this.context.model().land());
    Dataset<Row> named = FlatRows.named(rows, land.renamed(from.from()));
    return new StagedSource(from, this.name, named, land.key(from.from()));
  }

  /** Checks columns, and makes or widens the tables. */
  private void ensure() {
    StructType rows = this.staged(this.lake.rows(this.prejoin.from().table()).limit(0)).schema();
    StructType taken = new StructType();
    for (PartnerPairs pairs : this.partners) {
      StructType its = pairs.schema();
      PrejoinKeys.check(this.prejoin, pairs.partner(), rows, its);
      StructType own = pairs.takenFrom(its);
      this.tables.ensurePairs(pairs.partner(), own);
      for (var field : own.fields()) {
        taken = taken.add(field);
      }
    }
    RawModels land = new RawModels(this.context.model().land());
    this.tables.ensureRows(rows, taken, land.renamed(this.prejoin.from().from()));
  }

  private boolean anyKnownAfter(Positions before) {
    return this.partners.stream()
        .anyMatch(
            pairs -> {
              OptionalLong current = this.lake.snapshot(pairs.name());
              return current.isPresent() && !current.equals(before.lastRead(pairs.name()));
            });
  }

  private void meet(Increment source, Positions before) {
    Map<String, String> positions = new HashMap<>(source.positions());
    for (PartnerPairs pairs : this.partners) {
      this.lake
          .snapshot(pairs.name())
          .ifPresent(id -> positions.put(Positions.READ + pairs.name(), Long.toString(id)));
    }
    boolean waited = this.anyKnownAfter(before) && this.tables.waiting() > 0;
    if (source.rows() == 0 && !waited) {
      this.lake.advance(this.name, this.context.runId(), positions);
      return;
    }
    PrejoinRows rows = new PrejoinRows(this.lake, this.prejoin, this.partners);
    RawModels land = new RawModels(this.context.model().land());
    Set<String> key = land.key(this.prejoin.from().from());
    Dataset<Row> all = rows.fresh(this.staged(source.fresh(source.ranges().get(0))), key);
    if (waited) {
      positions.put(MET, "true");
      all = all.unionByName(rows.waited(before));
    }
    boolean few = source.rows() <= PartnerPairs.LOOKED_UP_AT_MOST;
    Dataset<Row> kept = few ? all.localCheckpoint() : all;
    long count = few ? kept.count() : Long.MAX_VALUE / 4;
    this.lake.append(rows.met(kept, count), this.name, this.context.runId(), positions);
  }

  /** Takes rows that were met out from those that wait, if some are there. */
  private void takeOut() {
    if (!"true".equals(this.before().properties().get(MET))) {
      return;
    }
    long waiting = this.tables.waiting();
    PrejoinRows rows = new PrejoinRows(this.lake, this.prejoin, this.partners);
    Dataset<Row> on = rows.waitingOn(rows.waiting(), waiting).localCheckpoint();
    Map<String, String> positions = Map.of(MET, "false");
    if (on.count() == waiting) {
      this.lake.advance(this.name, this.context.runId(), positions);
      return;
    }
    try {
      this.lake
          .carrying(
              on.writeTo(this.lake.sqlName(this.name)), this.name, this.context.runId(), positions)
          .overwrite(col(RawColumns.WAITING).equalTo(true));
    } catch (org.apache.spark.sql.catalyst.analysis.NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + this.name, e);
    }
  }
}
