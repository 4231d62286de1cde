package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;

import io.veralake.lake.RunContext;
import io.veralake.spec.Reconciliation;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** What the nights found and restated, for a key or a partition of a mart. */
public final class KeyTrace {
  private final RunContext context;
  private final Reconciliation reconciliation;

  private KeyTrace(RunContext context, Reconciliation reconciliation) {
    this.context = context;
    this.reconciliation = reconciliation;
  }

  /** Of {@code reconciliation}, whatever it has found so far. */
  public static KeyTrace of(RunContext context, Reconciliation reconciliation) {
    return new KeyTrace(context, reconciliation);
  }

  /**
   * Differences ({@code recon.discrepancy}), by night, of the keys that have the values {@code
   * asked} (texts by column); if that is no column of the reconciliation's key, of the keys of
   * {@code rows} of the mart.
   */
  public List<Row> differences(Map<String, String> asked, List<Row> rows, int most) {
    if (!this.context.lake().exists(ReconTables.DISCREPANCY)) {
      return List.of();
    }
    List<String> named = this.reconciliation.key().stream().filter(asked::containsKey).toList();
    Column any = lit(false);
    if (named.isEmpty()) {
      for (Row row : rows) {
        any = any.or(keyed(this.reconciliation.key(), column -> row.getAs(column)));
      }
    } else {
      any = keyed(named, asked::get);
    }
    return this.own(ReconTables.DISCREPANCY)
        .where(any)
        .orderBy("as_of", "key", "cause")
        .limit(most)
        .drop("run_id", "reconciliation", "mart")
        .collectAsList();
  }

  private static Column keyed(List<String> columns, Function<String, @Nullable Object> value) {
    Column all = lit(true);
    for (String column : columns) {
      Object wanted = value.apply(column);
      Column said = get_json_object(col("key"), "$." + column);
      all = all.and(wanted == null ? said.isNull() : said.equalTo(wanted.toString()));
    }
    return all;
  }

  /** The largest differences of a partition (null: of those without one) in {@code measure}. */
  public List<Row> largest(@Nullable String partition, String measure, int most) {
    if (!this.context.lake().exists(ReconTables.DISCREPANCY)) {
      return List.of();
    }
    Column amount = org.apache.spark.sql.functions.abs(col("delta").getItem(measure));
    return this.own(ReconTables.DISCREPANCY)
        .where(partition == null ? col("partition").isNull() : col("partition").equalTo(partition))
        .where(amount.notEqual(0))
        .orderBy(amount.desc(), col("as_of"), col("key"))
        .limit(most)
        .drop("run_id", "reconciliation", "mart")
        .collectAsList();
  }

  /**
   * The ledger ({@code recon.restatement}) of {@code partitions} and {@code measures}, by
   * partition, measure and night.
   */
  public List<Row> ledger(
      Collection<@Nullable String> partitions, Collection<String> measures, int most) {
    if (!this.context.lake().exists(ReconTables.RESTATEMENT)) {
      return List.of();
    }
    Column wanted = partitions.contains(null) ? col("partition").isNull() : null;
    Object[] known = partitions.stream().filter(text -> text != null).toArray();
    Column among = col("partition").isin(known);
    return this.own(ReconTables.RESTATEMENT)
        .where(wanted == null ? among : among.or(wanted))
        .where(col("measure").isin(measures.toArray()))
        .orderBy("partition", "measure", "as_of")
        .limit(most)
        .drop("run_id", "reconciliation", "mart")
        .collectAsList();
  }

  private Dataset<Row> own(String table) {
    return this.context
        .lake()
        .rows(table)
        .where(col("reconciliation").equalTo(this.reconciliation.name()));
  }
}
