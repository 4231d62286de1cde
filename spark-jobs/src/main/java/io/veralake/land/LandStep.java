package io.veralake.land;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/** Lands the files that a source offers, each record exactly once, however often the same file or record is offered. */
public final class LandStep {
  /** Summary property, below {@code veralake.}: the latest commit time in the table, microseconds since the epoch. */
  static final String HIGH_COMMIT_TIME = "high.commit-time";

  private static final long ROWS_PER_FILE = 200_000;

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

  /** Lands what is new in the folder of {@code table}. */
  public static Landed run(RunContext context, LandTable table) {
    return new LandStep(context, table, move -> {}).run();
  }

  Landed run() {
    Lake lake = this.context.lake();
    SparkSession spark = lake.spark();
    SerializableConfiguration hadoop =
        new SerializableConfiguration(
            ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().newHadoopConf());
    FileManifest manifest = FileManifest.of(lake, this.raw);
    List<SourceFile> files =
        manifest.fresh(SourceFolder.files(this.context, this.table, hadoop.value()));
    if (files.isEmpty()) {
      return Landed.nothing(this.table.name());
    }
    spark.sparkContext().setJobDescription("land " + this.table.name() + " as of " + this.context.asOf());
    Format format = new Format(this.table);
    List<List<Split>> tasks =
        Split.tasks(
            Split.of(files, !format.headers(), spark.sparkContext().defaultParallelism()));
    Scout scout = Scout.of(spark, this.table, tasks, hadoop);
    StructType rowType = RawTable.ensure(lake, this.raw, scout.rowType());
    this.after.accept(Move.TABLE_READY);
    RowMaker maker =
        new RowMaker(
            this.table, rowType, this.context.runId(), micros(this.context.asOf()));
    Dataset<Row> batch =
        Batch.read(spark, scout.tasks(), format, rowType, maker, hadoop)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return this.land(batch, manifest, files);
    } finally {
      batch.unpersist();
    }
  }

  private Landed land(Dataset<Row> batch, FileManifest manifest, List<SourceFile> files) {
    Lake lake = this.context.lake();
    BatchReport report = BatchReport.of(batch);
    long rows = report.count(BatchColumns.Fate.ROW);
    long repeats = report.count(BatchColumns.Fate.REPEAT);
    long bad = report.count(BatchColumns.Fate.BAD);
    if (bad > 0) {
      Quarantine.keep(
          this.context, this.table.name(), fate(batch, BatchColumns.Fate.BAD));
    }
    this.after.accept(Move.QUARANTINE_KEPT);
    Dataset<Row> good =
        fate(batch, BatchColumns.Fate.ROW)
            .selectExpr(RawTable.type(new StructType()).fieldNames());
    int partitions = (int) Math.max(1, Math.min(1000, rows / ROWS_PER_FILE));
    lake.append(
        Duplicates.drop(lake, this.raw, good, report.positions(), partitions), this.raw, this.context.runId(), this.positions(report, manifest, files));
    this.after.accept(Move.ROWS_APPENDED);
    long appended = added(lake);
    return new Landed(
        this.table.name(),
        files.size(),
        rows + repeats + bad,
        appended,
        rows - appended + repeats,
        bad,
        report.count(BatchColumns.Fate.OTHER));
  }

  private Map<String, String> positions(
      BatchReport report, FileManifest manifest, List<SourceFile> files) {
    Lake lake = this.context.lake();
    long high =
        lake.positions(this.raw)
            .value(HIGH_COMMIT_TIME)
            .map(Long::parseLong)
            .orElse(Long.MIN_VALUE);
    high = Math.max(high, report.highCommitTime());
    Map<String, String> positions = new HashMap<>();
    positions.put(
        "veralake." + FileManifest.PROPERTY, manifest.write(lake.table(this.raw), files));
    positions.put("veralake.system", this.table.system());
    if (high != Long.MIN_VALUE) {
      positions.put("veralake." + HIGH_COMMIT_TIME, Long.toString(high));
    }
    positions.put("veralake.land.files", Integer.toString(files.size()));
    for (BatchColumns.Fate fate : BatchColumns.Fate.values()) {
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

  private static Dataset<Row> fate(Dataset<Row> batch, BatchColumns.Fate fate) {
    return batch.where(col(BatchColumns.FATE).equalTo(fate.ordinal()));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
