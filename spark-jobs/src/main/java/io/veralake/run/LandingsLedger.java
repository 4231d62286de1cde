package io.veralake.run;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.LandAudit;
import io.veralake.land.Landed;
import io.veralake.land.SourceOrder;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The account of what was landed, {@code ops.landings}: a row a table and run that read something,
 * with the audit of the source's continuity.
 */
final class LandingsLedger {
  /** Its name. */
  static final String TABLE = "ops.landings";

  /** What is null in a row was not known, or not asked for when the row was written. */
  private static final StructType COLUMNS =
      StructType.fromDDL(
          """
          run_id string NOT NULL,
          as_of timestamp NOT NULL,
          table string NOT NULL COMMENT 'raw table',
          files bigint NOT NULL COMMENT 'files that were read',
          read bigint NOT NULL COMMENT 'records in them = appended + duplicate + quarantined',
          appended bigint NOT NULL,
          duplicate bigint NOT NULL COMMENT 'tombstones + twice_in_batch + landed_before',
          quarantined bigint NOT NULL COMMENT 'kept in raw.quarantine with reason and bytes',
          absent bigint COMMENT 'deletes of rows that a full dump no longer has; not in read',
          gaps array<string> COMMENT 'what the source lost before it was landed',
          tombstones bigint COMMENT 'records that only repeat the delete before them',
          twice_in_batch bigint COMMENT 'records that repeat one of the same batch',
          landed_before bigint COMMENT 'records that the table held already',
          first_position struct<major: bigint, minor: bigint, row: bigint> COMMENT 'lowest place in the order of the source',
          last_position struct<major: bigint, minor: bigint, row: bigint> COMMENT 'highest place in the order of the source',
          latest_commit timestamp COMMENT 'latest commit time that was read',
          lag_seconds bigint COMMENT 'from latest_commit to as_of',
          behind bigint COMMENT 'records that the source had and that were left for a later batch',
          doubts array<string> COMMENT 'what may be a loss and may be none',
          repeated_files array<string> COMMENT 'files with the content of another one',
          landed_at timestamp COMMENT 'when the run had landed it, by the clock'
          """);

  private LandingsLedger() {}

  /** Appends the landings of one run, which ended {@code now}, in one commit. */
  static void write(RunContext run, List<LandAudit> landings, Instant now) {
    List<Row> rows =
        landings.stream().filter(LandingsLedger::told).map(audit -> row(run, audit, now)).toList();
    if (rows.isEmpty()) {
      return;
    }
    Lake lake = run.lake();
    ensure(lake);
    lake.append(
        lake.spark()
            .createDataFrame(rows, COLUMNS)
            .selectExpr(lake.rows(TABLE).columns())
            .coalesce(1),
        TABLE,
        run.runId(),
        Map.of());
  }

  private static boolean told(LandAudit audit) {
    Landed landed = audit.landed();
    return landed.files()
            + landed.read()
            + landed.absent()
            + landed.gaps().size()
            + audit.doubts().size()
        > 0;
  }

  private static Row row(RunContext run, LandAudit audit, Instant now) {
    Landed landed = audit.landed();
    return RowFactory.create(
        run.runId(),
        Timestamp.from(run.asOf()),
        landed.table(),
        landed.files(),
        landed.read(),
        landed.appended(),
        landed.duplicate(),
        landed.quarantined(),
        landed.absent(),
        landed.gaps().toArray(String[]::new),
        audit.tombstones(),
        audit.twice(),
        audit.known(),
        position(audit.first()),
        position(audit.last()),
        audit.latestCommit() == null ? null : Timestamp.from(audit.latestCommit()),
        audit.lag().map(Duration::toSeconds).orElse(null),
        audit.behind() < 0 ? null : audit.behind(),
        audit.doubts().toArray(String[]::new),
        audit.repeated().toArray(String[]::new),
        Timestamp.from(now));
  }

  private static @Nullable Row position(@Nullable SourceOrder order) {
    return order == null ? null : RowFactory.create(order.major(), order.minor(), order.row());
  }

  /** Makes the table; one that an earlier version made gets the columns that it lacks. */
  private static void ensure(Lake lake) {
    String name = lake.sqlName(TABLE);
    if (!lake.exists(TABLE)) {
      lake.spark().sql("CREATE TABLE %s (%s) USING iceberg".formatted(name, COLUMNS.toDDL()));
    }
    List<String> there = List.of(lake.rows(TABLE).columns());
    StructType missing = new StructType();
    for (StructField column : COLUMNS.fields()) {
      missing = there.contains(column.name()) ? missing : missing.add(column);
    }
    if (!missing.isEmpty()) {
      lake.spark().sql("ALTER TABLE %s ADD COLUMNS (%s)".formatted(name, missing.toDDL()));
    }
  }
}
