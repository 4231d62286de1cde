package io.veralake.vault;

import static org.apache.spark.sql.functions.lit;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.VersionRules;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The rows by which a satellite grows in one load, see {@link io.veralake.vault}. */
final class SatelliteLoad {
  /** Summary property: the last place in the order of all observations consumed so far. */
  static final String HIGH = "high";

  private static final String NEW = "_new";

  private final Lake lake;
  private final Satellite satellite;
  private final VersionRules rules;
  private final LateRows late;
  private final StagedRows staged;

  SatelliteLoad(
      Lake lake, Satellite satellite, VersionRules rules, LateRows late, StagedRows staged) {
    this.lake = lake;
    this.satellite = satellite;
    this.rules = rules;
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
    if (this.satellite.form() instanceof SatelliteForm.Sets sets && !sets.exploded()) {
      observations = this.staged.staging().sets(observations);
    }
    Column[] columns =
        VaultTables.columns(this.satellite).stream().map(functions::col).toArray(Column[]::new);
    Dataset<Row> all = observations.select(columns).withColumn(NEW, lit(true));
    if (this.lake.snapshot(VaultTables.name(this.satellite)).isPresent()) {
      Dataset<Row> stored =
          new HeldRows(this.lake, this.staged)
              .of(VaultTables.name(this.satellite), this.rules.columns(), observations, counts)
              .withColumn(NEW, lit(false));
      all = all.unionByName(stored, true);
    }
    String view = "_compared_" + this.satellite.name();
    all.createOrReplaceTempView(view);
    try {
      return this.lake.spark().sql(this.rules.appended(view, NEW)).select(columns);
    } finally {
      this.lake.spark().catalog().dropTempView(view);
    }
  }
}
