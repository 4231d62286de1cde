package io.veralake.run;

import io.veralake.lake.Lake;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * The account of all runs, {@code ops.runs}: a row when a run starts, a row a step and one for the
 * whole when it has ended.
 */
final class RunLedger {
  private static final String TABLE = "ops.runs";

  private final Lake lake;
  private final String runId;
  private final Job job;
  private final List<Row> rows = Collections.synchronizedList(new ArrayList<>());

  RunLedger(Lake lake, String runId, Job job) {
    this.lake = lake;
    this.runId = runId;
    this.job = job;
    lake.spark()
        .sql(
            """
            CREATE TABLE IF NOT EXISTS %s (
              run_id string NOT NULL COMMENT 'unique name of the run',
              command string NOT NULL,
              as_of timestamp NOT NULL COMMENT 'the instant up to which the run spoke',
              step string COMMENT 'stage and table; null for the run as a whole',
              state string NOT NULL COMMENT 'started, done, failed, gated or stopped',
              started timestamp NOT NULL,
              ended timestamp,
              counts map<string, bigint>,
              message string)
            USING iceberg"""
                .formatted(lake.sqlName(TABLE)));
  }

  /** Writes down at once that the run has started. */
  void started(Instant started) {
    this.rows.add(this.row(null, "started", started, null, Map.of(), null));
    this.write();
  }

  /** Notes a step that has ended. */
  void step(
      String step,
      String state,
      Instant started,
      Map<String, Long> counts,
      @Nullable String message) {
    this.rows.add(this.row(step, state, started, this.job.clock().instant(), counts, message));
  }

  /** Notes the end of the run and writes what was noted, in one commit. */
  void ended(String state, Instant started, @Nullable String message) {
    this.rows.add(this.row(null, state, started, this.job.clock().instant(), Map.of(), message));
    this.write();
  }

  private void write() {
    this.lake.append(
        this.lake
            .spark()
            .createDataFrame(List.copyOf(this.rows), this.lake.rows(TABLE).schema())
            .coalesce(1),
        TABLE,
        this.runId,
        Map.of());
    this.rows.clear();
  }

  private Row row(
      @Nullable String step,
      String state,
      Instant started,
      @Nullable Instant ended,
      Map<String, Long> counts,
      @Nullable String message) {
    return RowFactory.create(
        this.runId,
        this.job.command(),
        Timestamp.from(this.job.asOf()),
        step,
        state,
        Timestamp.from(started),
        ended == null ? null : Timestamp.from(ended),
        scala.jdk.javaapi.CollectionConverters.asScala(counts),
        message);
  }
}
