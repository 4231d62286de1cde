package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.spec.Satellite;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;

/** The rows by which a satellite grows in one load, see {@link io.veralake.vault}. */
final class SatelliteLoad {
  /** Summary property: the last place in the order of all observations consumed so far. */
  static final String HIGH = "high";

  private static final String NEW = "_new";
  private static final String BEFORE = "_hashdiff_before";

  private final Lake lake;
  private final Satellite satellite;
  private final List<String> sorting;
  private final LateRows late;
  private final StagedRows staged;

  SatelliteLoad(
      Lake lake, Satellite satellite, List<String> sorting, LateRows late, StagedRows staged) {
    this.lake = lake;
    this.satellite = satellite;
    this.sorting = sorting;
    this.late = late;
    this.staged = staged;
  }

  /** The highest place in the order after this load. */
  static Optional<SourceOrder.Mark> high(Positions before, StagedRows.Counts counts) {
    Optional<SourceOrder.Mark> old = before.value(HIGH).map(SourceOrder.Mark::parse);
    return Stream.of(old, counts.last()).flatMap(Optional::stream).max(SourceOrder.Mark::compareTo);
  }

  /**
   * Observations that are changes, and that the table, loaded up to {@code before}, doesn't hold.
   */
  Dataset<Row> changes(Positions before, StagedRows.Counts counts) {
    Dataset<Row> observations = this.late.with(before, counts);
    List<Column> columns =
        VaultTables.columns(this.satellite).stream().map(functions::col).toList();
    Dataset<Row> all =
        observations.select(columns.toArray(Column[]::new)).withColumn(NEW, lit(true));
    if (this.lake.snapshot(VaultTables.name(this.satellite)).isPresent()) {
      all = all.unionByName(this.stored(observations, counts), true);
    }
    Column[] sorted =
        Stream.concat(this.sorting.stream(), Stream.of(NEW))
            .map(functions::col)
            .toArray(Column[]::new);
    WindowSpec versions = Window.partitionBy(this.satellite.hashKey()).orderBy(sorted);
    return all.withColumn(BEFORE, lag(this.satellite.names().hashdiff(), 1).over(versions))
        .filter(
            col(NEW)
                .and(
                    col(BEFORE)
                        .isNull()
                        .or(col(BEFORE).notEqual(col(this.satellite.names().hashdiff())))))
        .drop(NEW, BEFORE);
  }

  /** What the table holds of the keys of {@code observations}, without payload. */
  private Dataset<Row> stored(Dataset<Row> observations, StagedRows.Counts counts) {
    List<String> columns =
        Stream.concat(Stream.of(this.satellite.hashKey()), this.sorting.stream()).toList();
    return new HeldRows(this.lake, this.staged)
        .of(VaultTables.name(this.satellite), columns, observations, counts)
        .withColumn(NEW, lit(false));
  }
}
