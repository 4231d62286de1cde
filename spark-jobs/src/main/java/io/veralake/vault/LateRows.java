package io.veralake.vault;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;

import io.veralake.catalog.Positions;
import io.veralake.spec.Satellite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Adds to a night's observations those consumed earlier that a late one may turn into changes, and
 * those that follow from truncates.
 */
final class LateRows {
  /** Summary property: present once a truncate was consumed. */
  static final String TRUNCATED = "truncated";

  private static final String FIRST = "_first";

  private final Satellite satellite;
  private final SourceOrder order;
  private final StagedRows staged;

  LateRows(Satellite satellite, SourceOrder order, StagedRows staged) {
    this.satellite = satellite;
    this.order = order;
    this.staged = staged;
  }

  /**
   * The night's observations; if some aren't after all that were consumed {@code before}, all
   * observations of their keys from the first of those on. A truncate is an observation of every
   * key that its source knew before: that all of them are deleted. A new truncate makes all keys
   * late.
   */
  Dataset<Row> with(Positions before, StagedRows.Counts counts) {
    Dataset<Row> keyed = this.staged.keyed();
    Optional<SourceOrder.Mark> high = before.value(SatelliteLoad.HIGH).map(SourceOrder.Mark::parse);
    boolean truncated = counts.truncates() > 0;
    boolean late = high.isPresent() && !this.after(high.get(), counts);
    if (counts.first().isEmpty() || !truncated && !late) {
      return keyed;
    }
    SourceOrder.Mark since = counts.first().get();
    List<Dataset<Row>> parts = new ArrayList<>(List.of(keyed));
    Optional<Dataset<Row>> only = Optional.empty();
    if (late && !truncated) {
      Column notAfter = this.order.mark(this.satellite.names()).leq(this.order.literal(high.get()));
      only = Optional.of(this.staged.keys(keyed.filter(notAfter), counts));
    }
    for (Increment.Range range : this.staged.increment().ranges()) {
      Dataset<Row> raw = this.staged.increment().all(range);
      if (high.isPresent()) {
        parts.add(this.keyed(range, this.notBefore(range, raw, since), only));
      }
      if (truncated || before.value(TRUNCATED).isPresent()) {
        parts.add(this.truncated(range, raw, since, only));
      }
    }
    return parts.stream().reduce(Dataset::unionByName).orElseThrow();
  }

  private boolean after(SourceOrder.Mark high, StagedRows.Counts counts) {
    return counts.first().isPresent() && counts.first().get().compareTo(high) > 0;
  }

  /** Where a source says itself when its rows were committed, files of raw can't tell. */
  private Dataset<Row> notBefore(Increment.Range range, Dataset<Row> raw, SourceOrder.Mark since) {
    boolean told =
        this.order == SourceOrder.APPLIED_TIME && !range.source().origins().appliedTime().isEmpty();
    return told ? raw : raw.filter(this.order.rawNotBefore(since));
  }

  private Dataset<Row> keyed(Increment.Range range, Dataset<Row> raw, Optional<Dataset<Row>> only) {
    Dataset<Row> rows =
        this.staged.staging().observations(range.source(), raw).filter(col(Staging.KEYED));
    return only.map(keys -> rows.join(keys, keys.columns(), "left_semi")).orElse(rows);
  }

  /**
   * For each key and each truncate of its source since {@code since} that came after the key's
   * first observation: that the key was deleted.
   */
  private Dataset<Row> truncated(
      Increment.Range range,
      Dataset<Row> raw,
      SourceOrder.Mark since,
      Optional<Dataset<Row>> only) {
    Dataset<Row> firsts =
        this.keyed(range, raw, only)
            .groupBy(this.satellite.unit().stream().map(functions::col).toArray(Column[]::new))
            .agg(min(this.order.mark(this.satellite.names())).as(FIRST));
    Dataset<Row> truncates =
        this.staged
            .staging()
            .observations(range.source(), this.notBefore(range, raw, since))
            .filter(col(Staging.OP).equalTo(Staging.TRUNCATE))
            .drop(this.satellite.unit().toArray(String[]::new));
    return firsts
        .join(broadcast(truncates), col(FIRST).lt(this.order.mark(this.satellite.names())))
        .drop(FIRST);
  }
}
