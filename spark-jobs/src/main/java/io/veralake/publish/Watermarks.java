package io.veralake.publish;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Publication;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/** Up to when a reconciliation found the corrected rows complete: after that a live view shows the stream. */
final class Watermarks {
  private static final String SUMMARY = "recon.summary";

  private Watermarks() {}

  /** Microseconds of the latest watermark not after the run's as-of; null if nothing was reconciled yet, or nothing is live. */
  static @Nullable Long of(RunContext context, Publication publication) {
    Publication.Live live = publication.live();
    Lake lake = context.lake();
    if (live == null || !lake.exists(SUMMARY)) {
      return null;
    }
    // at most one row
    List<Row> rows =
        lake.rows(SUMMARY)
            .where(functions.col("reconciliation").equalTo(live.reconciliation().name()))
            .where(functions.col("as_of").leq(functions.lit(context.asOf())))
            .where(functions.col("watermark").isNotNull())
            .orderBy(functions.col("as_of").desc())
            .limit(1)
            .selectExpr("unix_micros(watermark)")
            .collectAsList();
    return rows.isEmpty() ? null : rows.get(0).getLong(0);
  }

  /** For messages. */
  static String text(@Nullable Long micros) {
    return micros == null
        ? "none"
        : Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000).toString();
  }
}
