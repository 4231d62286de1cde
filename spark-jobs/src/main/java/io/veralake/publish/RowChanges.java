package io.veralake.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.lake.Lake;
import io.veralake.publish.Contents.Content;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.TableChange.RowChange;
import io.veralake.spec.Mart;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows that are added, removed and changed between what readers see and what they would
 * see: Iceberg's rows of the touched partitions, before and after, by the columns of the grain.
 * Where the earlier snapshot is gone, or ClickHouse lost rows of it, all rows of a partition count
 * as removed, and all that it would have as added.
 */
final class RowChanges {
  private final Lake lake;
  private final PlannedTable plan;
  private final Mart mart;

  RowChanges(Lake lake, PlannedTable plan) {
    this.lake = lake;
    this.plan = plan;
    this.mart = plan.publication().mart();
  }

  /** Counts them in {@code touched} partitions. */
  RowChange in(Set<List<String>> touched) {
    Set<List<String>> known = new HashSet<>(touched);
    known.removeAll(this.plan.damaged());
    Set<List<String>> both = new HashSet<>(known);
    both.removeIf(partition -> !this.plan.served().containsKey(partition));
    Dataset<Row> before = both.isEmpty() ? null : this.before(both);
    if (before == null) {
      known.clear();
    }
    long added = 0;
    long removed = 0;
    Map<List<String>, Content> coming = this.plan.coming();
    for (List<String> partition : touched) {
      if (!known.contains(partition)) {
        added += rows(coming.get(partition));
        removed += rows(this.plan.served().get(partition));
      }
    }
    if (before == null) {
      return new RowChange(added, removed, 0);
    }
    Row counted =
        this.compare(
            before, MartRows.at(this.lake, this.mart, this.plan.wanted().snapshot(), known));
    return new RowChange(
        added + counted.getLong(0), removed + counted.getLong(1), counted.getLong(2));
  }

  private static long rows(@Nullable Content content) {
    return content == null ? 0 : content.sums().count();
  }

  /** Rows that readers see, as the mart's columns are today; null if the snapshot is gone. */
  private @Nullable Dataset<Row> before(Set<List<String>> partitions) {
    Entry current = this.plan.current();
    return current == null || !MartRows.known(this.lake, this.mart, current.snapshot())
        ? null
        : MartRows.at(this.lake, this.mart, current.snapshot(), partitions);
  }

  private Row compare(Dataset<Row> before, Dataset<Row> after) {
    org.apache.spark.sql.Column[] grain =
        this.mart.grain().stream()
            .map(name -> col("`" + name + "`").as("key_" + name))
            .toArray(org.apache.spark.sql.Column[]::new);
    org.apache.spark.sql.Column[] keys =
        this.mart.grain().stream()
            .map(name -> col("`key_" + name + "`"))
            .toArray(org.apache.spark.sql.Column[]::new);
    return this.side(before, grain, 1, 0)
        .unionAll(this.side(after, grain, 0, 1))
        .groupBy(keys)
        .agg(
            expr("sum(before)").as("before"),
            expr("sum(after)").as("after"),
            expr("max(if(before = 1, checksum, null)) <=> max(if(after = 1, checksum, null))")
                .as("equal"))
        .agg(
            expr("coalesce(sum(greatest(after - before, 0L)), 0L)"),
            expr("coalesce(sum(greatest(before - after, 0L)), 0L)"),
            expr("coalesce(sum(if(equal, 0L, least(before, after))), 0L)"))
        .head();
  }

  private Dataset<Row> side(
      Dataset<Row> rows, org.apache.spark.sql.Column[] grain, int was, int willBe) {
    List<org.apache.spark.sql.Column> columns = Arrays.stream(grain).collect(Collectors.toList());
    columns.add(CanonicalText.sparkChecksum(this.mart.columns()).as("checksum"));
    columns.add(lit(was).as("before"));
    columns.add(lit(willBe).as("after"));
    return rows.select(columns.toArray(org.apache.spark.sql.Column[]::new));
  }
}
