package io.veralake.mart;

import io.veralake.catalog.Positions;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The new content of exactly those partitions of a mart that differ from the state before. */
final class Increment {
  private final RunContext context;
  private final Mart mart;
  private final Views views;
  private final Scratch scratch;
  private final Dataset<Row> query;

  /**
   * {@code views} have the mart as it stands as {@code this}, {@code query} is the mart's over
   * them.
   */
  Increment(RunContext context, Mart mart, Views views, Dataset<Row> query, Scratch scratch) {
    this.context = context;
    this.mart = mart;
    this.views = views;
    this.scratch = scratch;
    this.query = query;
  }

  /**
   * What changes of {@code inputs} since {@code before} make of the mart; only inputs named in
   * {@code large} are worth being cut down to what is needed.
   */
  Rebuild since(Positions before, Set<String> large, Iterable<Input> inputs) {
    if (large.isEmpty()) {
      return this.whole();
    }
    Optional<Dataset<Row>> keys =
        new AffectedKeys(this.context, this.mart, this.views, this.scratch).since(before, inputs);
    return keys.isPresent() ? this.of(keys.get(), large) : this.whole();
  }

  /** The whole table recomputed, of which only the partitions that differ are written. */
  private Rebuild whole() {
    Dataset<Row> recomputed = this.scratch.keep(this.query);
    PartitionSet partitions =
        PartitionSet.of(
            this.mart, this.differing(recomputed, this.sql(this.views, "SELECT * FROM this")));
    return new Rebuild(recomputed.where(partitions.condition()), partitions);
  }

  private Rebuild of(Dataset<Row> keys, Set<String> large) {
    String view = this.scratch.view("keys", keys);
    Views restricted =
        new RestrictedInputs(this.context, this.mart, large, this.views, this.scratch).of(view);
    Dataset<Row> recomputed =
        this.scratch.keep(this.join(this.sql(restricted, this.mart.sql()), keys, "left_semi"));
    Dataset<Row> standing = this.sql(this.views, "SELECT * FROM this");
    Dataset<Row> old = this.scratch.keep(this.join(standing, keys, "left_semi"));
    PartitionSet partitions = PartitionSet.of(this.mart, this.differing(recomputed, old));
    Dataset<Row> kept = this.join(standing.where(partitions.condition()), keys, "left_anti");
    return new Rebuild(kept.unionByName(recomputed.where(partitions.condition())), partitions);
  }

  private Dataset<Row> join(Dataset<Row> rows, Dataset<Row> keys, String how) {
    Column same =
        this.mart.refresh().key().stream()
            .map(column -> functions.col("t." + column).equalTo(functions.col("k." + column)))
            .reduce(Column::and)
            .orElseThrow();
    return rows.as("t").join(functions.broadcast(keys.as("k")), same, how);
  }

  private Dataset<Row> differing(Dataset<Row> now, Dataset<Row> before) {
    Column[] columns = Stream.of(now.columns()).map(functions::col).toArray(Column[]::new);
    return now.withColumn(Changes.COUNT, functions.lit(1))
        .union(before.withColumn(Changes.COUNT, functions.lit(-1)))
        .groupBy(columns)
        .agg(functions.sum(Changes.COUNT).as(Changes.COUNT))
        .where(Changes.COUNT + " <> 0");
  }

  private Dataset<Row> sql(Views over, String query) {
    return this.context.lake().spark().sql(over.query(query));
  }
}
