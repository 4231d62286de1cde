package io.veralake.publish;

import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Publication;
import io.veralake.spec.Reconciliation;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * Up to when a reconciliation found the corrected rows complete: after that a live view shows the
 * stream.
 */
final class Watermarks {
  private static final String SUMMARY = "recon.summary";

  private Watermarks() {}

  /**
   * Microseconds of the latest watermark not after the run's as-of; null if nothing was reconciled
   * yet, or nothing is live.
   */
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

  /** Stops the publication of a star that needs a reconciliation of the same night and has none. */
  static void require(RunContext context, Star star) {
    if (!context.engine().publish().requireReconciled().contains(star.name())) {
      return;
    }
    List<String> marts = star.publications().stream().map(each -> each.mart().name()).toList();
    for (Reconciliation reconciliation : context.model().reconciliations()) {
      if (marts.contains(reconciliation.mart().name())
          && !reconciled(context, reconciliation.name())) {
        throw new GateException(
            "Stopped before publishing star "
                + star.name()
                + ": "
                + reconciliation.name()
                + " is not reconciled as of "
                + context.asOf()
                + " (run veralake reconcile with the same --as-of first, or take the star out of"
                + " engine.publish.require-reconciled)");
      }
    }
  }

  private static boolean reconciled(RunContext context, String reconciliation) {
    return context.lake().exists(SUMMARY)
        && !context
            .lake()
            .rows(SUMMARY)
            .where(functions.col("reconciliation").equalTo(reconciliation))
            .where(functions.col("as_of").equalTo(functions.lit(context.asOf())))
            .isEmpty();
  }
}
