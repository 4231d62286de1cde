package io.veralake.vault;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * A night's observations of one vault table, kept in memory and on disk while the load uses them,
 * if they aren't too many.
 */
final class StagedRows implements AutoCloseable {
  /** More raw rows than this are read again rather than kept. */
  private static final long KEPT_AT_MOST = 5_000_000;

  /** A set of keys up to this size is sent whole to every task. */
  private static final long BROADCAST_AT_MOST = 1_000_000;

  /** How many numbers of {@link Counts} come before the marks. */
  private static final int NUMBERS = 7;

  private final Staging staging;
  private final Increment increment;
  private final Dataset<Row> rows;
  private final Dataset<Row> keyed;
  private final Optional<KeptRows> kept;

  /** The new observations of {@code increment}; {@code reused}: they are read more than twice. */
  StagedRows(Staging staging, Increment increment, boolean reused) {
    this.staging = staging;
    this.increment = increment;
    Dataset<Row> all =
        increment.ranges().stream()
            .filter(range -> range.rows() > 0)
            .map(range -> staging.observations(range.source(), increment.fresh(range)))
            .reduce(Dataset::unionByName)
            .orElseThrow();
    boolean keep = reused && increment.rows() <= KEPT_AT_MOST;
    this.kept = keep ? Optional.of(new KeptRows(all)) : Optional.empty();
    this.rows = this.kept.map(KeptRows::rows).orElse(all);
    this.keyed = this.rows.filter(col(Staging.KEYED));
  }

  /**
   * Counts of the staged rows.
   *
   * @param keyed observations that name a key
   * @param skipped raw rows that name none
   * @param unreadable values that don't fit their type
   * @param unsent rows whose source kept back a value that is needed
   * @param truncates raw rows that say that the source was emptied
   * @param ghosted rows a null in whose key leads to a ghost record
   * @param filtered rows of which a condition left nothing
   * @param first the first place of an observation in the order, empty if there is none or no order
   * @param last the last place
   */
  record Counts(
      long keyed,
      long skipped,
      long unreadable,
      long unsent,
      long truncates,
      long ghosted,
      long filtered,
      Optional<SourceOrder.Mark> first,
      Optional<SourceOrder.Mark> last) {
    /** Whether the rows name few enough keys to send them whole to every task. */
    boolean few() {
      return this.keyed <= BROADCAST_AT_MOST && this.truncates == 0;
    }
  }

  /** Observations that name a key. */
  Dataset<Row> keyed() {
    return this.keyed;
  }

  /**
   * The values of {@code column} in {@code observations}, if they are known: nulls aren't among
   * them, and some are there more than once.
   */
  Optional<List<byte[]>> known(Dataset<Row> observations, String column) {
    boolean same = observations == this.keyed && column.equals(this.staging.found().get(0));
    return same ? this.kept.flatMap(KeptRows::keys) : Optional.empty();
  }

  /**
   * The keys of {@code observations}, marked for broadcast if {@code counts} say that they are few:
   * a truncate observes any number of keys.
   */
  Dataset<Row> keys(Dataset<Row> observations, Counts counts) {
    Column[] columns = this.staging.found().stream().map(functions::col).toArray(Column[]::new);
    Dataset<Row> keys = observations.select(columns).distinct();
    return counts.few() ? functions.broadcast(keys) : keys;
  }

  /** Counts the rows, in one pass over few columns. The result is one row. */
  Counts count(Optional<SourceOrder> order) {
    if (this.kept.isPresent()) {
      return this.kept.orElseThrow().count(order, this.staging);
    }
    Column keyed = col(Staging.KEYED);
    Column truncate = col(Staging.OP).equalTo(Staging.TRUNCATE);
    List<Column> aggregates = new ArrayList<>();
    aggregates.add(count_if(keyed.and(truncate.unary_$bang())));
    Column filtered = col(Staging.OP).equalTo(Staging.FILTERED);
    aggregates.add(
        count_if(not(keyed).and(not(truncate)).and(not(filtered)).and(not(col(Staging.GHOSTED)))));
    aggregates.add(coalesce(sum(col(Staging.UNREADABLE)), lit(0L)));
    aggregates.add(count_if(col(FlatRows.UNSENT)));
    aggregates.add(count_if(truncate));
    aggregates.add(count_if(col(Staging.GHOSTED)));
    aggregates.add(count_if(filtered));
    order.ifPresent(
        o -> {
          Column mark = when(keyed.or(truncate), o.mark(this.staging.names()));
          for (Column end : List.of(min(mark), max(mark))) {
            if (o == SourceOrder.POSITION) {
              List.of("major", "minor", "row").forEach(f -> aggregates.add(end.getField(f)));
            } else {
              aggregates.add(unix_micros(end));
            }
          }
        });
    Row row =
        this.rows
            .agg(aggregates.get(0), aggregates.subList(1, aggregates.size()).toArray(Column[]::new))
            .first();
    int width = (aggregates.size() - NUMBERS) / 2;
    return new Counts(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        mark(row, NUMBERS, width),
        mark(row, NUMBERS + width, width));
  }

  /** The increment that the rows are of. */
  Increment increment() {
    return this.increment;
  }

  /** How the rows were made. */
  Staging staging() {
    return this.staging;
  }

  @Override
  public void close() {
    this.kept.ifPresent(KeptRows::close);
  }

  private static Optional<SourceOrder.Mark> mark(Row row, int from, int width) {
    return width == 0 || row.isNullAt(from)
        ? Optional.empty()
        : Optional.of(
            new SourceOrder.Mark(
                IntStream.range(from, from + width).mapToObj(row::getLong).toList()));
  }
}
