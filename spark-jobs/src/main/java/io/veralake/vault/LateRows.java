package io.veralake.vault;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.DataException;
import io.veralake.spec.Satellite;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Adds to a night's observations those consumed earlier that a late one may turn into changes. */
final class LateRows {
  private final Satellite satellite;
  private final SourceOrder order;
  private final StagedRows staged;

  LateRows(Satellite satellite, SourceOrder order, StagedRows staged) {
    this.satellite = satellite;
    this.order = order;
    this.staged = staged;
  }

  /** The night's observations, and if some aren't after {@code high}, all observations of their keys from the first of them on. */
  Dataset<Row> with(Optional<SourceOrder.Mark> high, StagedRows.Counts counts) {
    Dataset<Row> keyed = this.staged.keyed();
    if (counts.truncates() > 0) {
      throw new DataException(
          "Cannot load vault.%s: a source was truncated".formatted(this.satellite.name()));
    }
    if (high.isEmpty()
        || counts.first().isEmpty()
        || counts.first().get().compareTo(high.get()) > 0) {
      return keyed;
    }
    Column late = this.order.mark().leq(this.order.literal(high.get()));
    Dataset<Row> keys = this.staged.keys(keyed.filter(late), counts);
    return keyed.unionByName(
        this.since(counts.first().get())
            .filter(col(this.satellite.hashKey()).isNotNull())
            .join(keys, this.satellite.hashKey(), "left_semi"));
  }

  private Dataset<Row> since(SourceOrder.Mark first) {
    Increment increment = this.staged.increment();
    return increment.ranges().stream()
        .map(
            range ->
                this.staged
                    .staging()
                    .observations(
                        range.source(),
                        increment.all(range).filter(this.order.rawNotBefore(first))))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }
}
