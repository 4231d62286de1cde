package io.veralake.land;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.BatchColumns.Fate;
import io.veralake.spec.LandTable;
import io.veralake.spec.ValueOrigin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Lands the records that a source offers, each record exactly once, however often the same file or
 * record is offered.
 */
public final class LandStep {
  /**
   * Summary property, below {@code veralake.}: the latest commit time in the table, microseconds
   * since the epoch.
   */
  static final String HIGH_COMMIT_TIME = "high.commit-time";

  /** Between two moves of a step a run may be killed. */
  enum Move {
    TABLE_READY,
    QUARANTINE_KEPT,
    ROWS_APPENDED
  }

  private final RunContext context;
  private final LandTable table;
  private final String raw;
  private final Consumer<Move> after;

  LandStep(RunContext context, LandTable table, Consumer<Move> after) {
    this.context = context;
    this.table = table;
    this.raw = "raw." + table.name();
    this.after = after;
  }

  /** Lands what is new in the source of {@code table}. */
  public static Landed run(RunContext context, LandTable table) {
    return audited(context, table).landed();
  }

  /** As {@link #run}, and says what is known of the source's continuity. */
  public static LandAudit audited(RunContext context, LandTable table) {
    return new LandStep(context, table, move -> {}).audited();
  }

  Landed run() {
    return this.audited().landed();
  }

  private LandAudit audited() {
    LandAudit all = this.nothing(List.of());
    @Nullable Feed next = Feed.of(this.context, this.table);
    while (next != null) {
      try (Feed feed = next) {
        if (!feed.isEmpty()) {
          all = all.plus(this.audited(feed));
        } else if (!feed.waiting().isEmpty()) {
          all = all.plus(this.nothing(feed.waiting()));
        }
        next = feed.isEmpty() ? null : feed.rest();
      }
    }
    return all;
  }

  private LandAudit nothing(List<String> waiting) {
    return LandAudit.nothing(this.table.name(), this.context.asOf(), waiting);
  }

  private LandAudit audited(Feed feed) {
    this.context
        .lake()
        .spark()
        .sparkContext()
        .setJobDescription("land " + this.table.name() + " as of " + this.context.asOf());
    RowMaker maker = this.ready(feed.rowTypes());
    try (Batch batch = this.read(feed, maker)) {
      return this.land(batch, feed);
    }
  }

  /**
   * The records of {@code feed}. If some are changes of another binlog than the others, they are
   * read once more, and can't be landed.
   */
  Batch read(Feed feed, RowMaker maker) {
    Batch batch = feed.read(maker);
    Binlogs found = batch.report().binlogs();
    if (found.isEmpty()) {
      return batch;
    }
    OneBinlog one = Binlogs.of(this.context.lake(), this.raw).choice(found, this.table);
    if (found.all(one)) {
      return batch;
    }
    batch.close();
    maker.only(one);
    return feed.read(maker);
  }

  /**
   * Makes or changes the table so that it can hold rows of each of {@code wanted}, the columns that
   * the source declares; returns what makes them.
   */
  RowMaker ready(List<StructType> wanted) {
    RenamedColumns renamed = RenamedColumns.of(this.table);
    List<StructType> named = renamed.types(wanted);
    Sensitive.check(this.context, this.table, named);
    StructType raw =
        RawTable.ensure(
            this.context.lake(),
            this.raw,
            renamed,
            Protected.stored(this.table, named),
            this.context.asOf() + " " + this.context.runId());
    Sensitive.note(this.context, this.table);
    this.after.accept(Move.TABLE_READY);
    Protected values = Protected.of(this.table, this.context.engine().privacy(), named, raw);
    RenamedRows rows = new RenamedRows(this.table, wanted, values.source());
    long asOf = ChronoUnit.MICROS.between(Instant.EPOCH, this.context.asOf());
    return new RowMaker(this.table, values, rows, this.context.runId(), asOf);
  }

  /**
   * Lands {@code batch}, the records of {@code feed}. Bad records first: once the rows are there,
   * with how far the source was consumed, the records are never read again.
   */
  LandAudit land(Batch batch, Feed feed) {
    BatchReport report = batch.report();
    long rows = report.count(Fate.ROW);
    long repeats = report.count(Fate.REPEAT);
    long bad = report.count(Fate.BAD);
    if (bad > 0) {
      Dataset<Row> kept = batch.rows(Fate.BAD).coalesce(BatchFiles.tasks(report, Fate.BAD));
      boolean encrypted = !this.table.sensitive().isEmpty();
      Quarantine.keep(this.context, this.table.name(), kept, feed.places(), encrypted);
    }
    this.after.accept(Move.QUARANTINE_KEPT);
    Continuity continuity = feed.continuity(report);
    Duplicates.Noted noted = Duplicates.Noted.of(this.context.lake());
    DumpAppend done = this.append(batch, report, feed, noted);
    long appended = done.read();
    this.after.accept(Move.ROWS_APPENDED);
    Landed landed =
        new Landed(
            this.table.name(),
            feed.files(),
            rows + repeats + bad,
            appended,
            rows - appended + repeats,
            bad,
            report.count(Fate.OTHER),
            done.absent(),
            continuity.gaps());
    return new LandAudit(
        landed,
        repeats,
        noted.twice().value(),
        rows - appended - noted.twice().value(),
        report.first(),
        report.last(),
        report.first() == null
            ? null
            : Instant.EPOCH.plus(report.highCommitTime(), ChronoUnit.MICROS),
        this.context.asOf(),
        Stream.of(continuity.doubts(), done.doubts(), this.tied(noted))
            .flatMap(List::stream)
            .toList(),
        continuity.repeated(),
        continuity.behind());
  }

  /** Only a source's own order has a place for each change. */
  private List<String> tied(Duplicates.Noted noted) {
    long tied = noted.tied().value();
    boolean own =
        this.table.format() == LandTable.Format.DEBEZIUM_JSON
            || this.table.format() == LandTable.Format.DEBEZIUM_AVRO;
    return tied == 0 || !own || !this.table.orderBy().isEmpty()
        ? List.of()
        : List.of(
            "%d changes have the place of another one in the source's order: which of them came first isn't known (provide.transaction.metadata = true at the connector numbers the changes of a transaction)"
                .formatted(tied));
  }

  private DumpAppend append(Batch batch, BatchReport report, Feed feed, Duplicates.Noted noted) {
    Map<String, String> positions = this.positions(report, feed);
    DumpMoment moment = feed.moment();
    return moment == null
        ? new DumpAppend(this.append(batch, report, feed, positions, noted), 0, List.of())
        : DumpAppend.of(this.context, this.table, batch, report, moment, positions);
  }

  private long append(
      Batch batch,
      BatchReport report,
      Feed feed,
      Map<String, String> positions,
      Duplicates.Noted noted) {
    Lake lake = this.context.lake();
    long rows = report.count(Fate.ROW);
    if (rows == 0) {
      lake.advance(this.raw, this.context.runId(), positions);
      return 0;
    }
    Dataset<Row> fresh =
        Duplicates.drop(
                lake,
                this.raw,
                GrownFiles.grown(lake, this.raw, batch.rows(Fate.ROW), feed.rewritten()),
                report.positions(),
                BatchFiles.tasks(report, Fate.ROW),
                noted)
            .selectExpr(RawTable.type(new StructType()).fieldNames());
    BatchFiles files = BatchFiles.of(lake.table(this.raw), report);
    lake.append(files.placed(fresh), this.raw, this.context.runId(), positions, files.options());
    return this.added(lake);
  }

  private Map<String, String> positions(BatchReport report, Feed feed) {
    Lake lake = this.context.lake();
    long high =
        lake.positions(this.raw)
            .value(HIGH_COMMIT_TIME)
            .map(Long::parseLong)
            .orElse(Long.MIN_VALUE);
    high = Math.max(high, report.highCommitTime());
    DumpMoment moment = feed.moment();
    if (moment != null && this.table.commitTime().kind() == ValueOrigin.Kind.SOURCE) {
      high = Math.max(high, moment.commitTime());
    }
    Map<String, String> positions = new HashMap<>(feed.positions(lake.table(this.raw)));
    positions.put("veralake.system", this.table.system());
    positions.putAll(Binlogs.of(lake, this.raw).with(report.binlogs()).properties());
    if (high != Long.MIN_VALUE) {
      positions.put("veralake." + HIGH_COMMIT_TIME, Long.toString(high));
    }
    for (Fate fate : Fate.values()) {
      positions.put(
          "veralake.land." + fate.name().toLowerCase(Locale.ROOT),
          Long.toString(report.count(fate)));
    }
    return positions;
  }

  private long added(Lake lake) {
    Snapshot snapshot = lake.table(this.raw).currentSnapshot();
    return snapshot == null
        ? 0
        : Long.parseLong(snapshot.summary().getOrDefault("added-records", "0"));
  }
}
