package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;

import io.veralake.lake.FormColumns;
import io.veralake.lake.Lake;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows by which a record tracking satellite grows in one load: of each key, source and period
 * one, the first time that the source names the key in it. Deletes name no key that is there.
 */
final class SightingLoad {
  private final Lake lake;
  private final Satellite satellite;
  private final SatelliteForm.Period period;
  private final StagedRows staged;

  SightingLoad(
      Lake lake, Satellite satellite, SatelliteForm.Sightings sightings, StagedRows staged) {
    this.lake = lake;
    this.satellite = satellite;
    this.period = sightings.period();
    this.staged = staged;
  }

  /** Sightings that the table doesn't hold. */
  Dataset<Row> missing(StagedRows.Counts counts) {
    String key = this.satellite.hashKey();
    List<String> same = List.of(key, this.satellite.names().recordSource(), FormColumns.SEEN_IN);
    Dataset<Row> seen =
        this.staged
            .keyed()
            .filter(not(col(Staging.OP).isin(Staging.DELETE, Staging.MOVED)))
            .withColumn(
                FormColumns.SEEN_IN,
                date_trunc(this.period.name(), col(this.satellite.names().appliedTime())))
            .groupBy(col(key), col(this.satellite.names().recordSource()), col(FormColumns.SEEN_IN))
            .agg(min(this.satellite.names().loadTime()).as(this.satellite.names().loadTime()));
    if (this.lake.snapshot(VaultTables.name(this.satellite)).isEmpty()) {
      return seen;
    }
    Dataset<Row> known =
        new HeldRows(this.lake, this.staged)
            .of(VaultTables.name(this.satellite), same, seen, counts);
    return seen.join(known, same.toArray(String[]::new), "left_anti");
  }
}
