package io.veralake.run;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.Landed;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The account of what was landed, {@code ops.landings}: a row a table and run that read something.
 */
final class LandingsLedger {
  private static final String TABLE = "ops.landings";

  private LandingsLedger() {}

  /** Appends the landings of one run, in one commit. */
  static void write(RunContext run, List<Landed> landings) {
    Lake lake = run.lake();
    List<Row> rows =
        landings.stream()
            .filter(landed -> landed.files() + landed.read() + landed.gaps().size() > 0)
            .map(
                landed ->
                    RowFactory.create(
                        run.runId(),
                        Timestamp.from(run.asOf()),
                        landed.table(),
                        landed.files(),
                        landed.read(),
                        landed.appended(),
                        landed.duplicate(),
                        landed.quarantined(),
                        landed.gaps().toArray(String[]::new)))
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    lake.spark()
        .sql(
            """
            CREATE TABLE IF NOT EXISTS %s (
              run_id string NOT NULL,
              as_of timestamp NOT NULL,
              table string NOT NULL COMMENT 'raw table',
              files bigint NOT NULL COMMENT 'files that were read',
              read bigint NOT NULL COMMENT 'records in them = appended + duplicate + quarantined',
              appended bigint NOT NULL,
              duplicate bigint NOT NULL COMMENT 'landed before, or twice in the batch',
              quarantined bigint NOT NULL COMMENT 'kept in raw.quarantine with reason and bytes',
              gaps array<string> COMMENT 'what the source lost before it was landed')
            USING iceberg"""
                .formatted(lake.sqlName(TABLE)));
    if (!List.of(lake.rows(TABLE).columns()).contains("gaps")) {
      lake.spark()
          .sql("ALTER TABLE %s ADD COLUMN gaps array<string>".formatted(lake.sqlName(TABLE)));
    }
    lake.append(
        lake.spark().createDataFrame(rows, lake.rows(TABLE).schema()).coalesce(1),
        TABLE,
        run.runId(),
        Map.of());
  }
}
