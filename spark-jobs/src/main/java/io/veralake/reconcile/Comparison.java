package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sum;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.RunContext;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides down a tree of checksums: partitions, the segments of those that differ, the
 * rows of those segments that differ, the history of those keys that differ.
 */
final class Comparison {
  private final RunContext context;
  private final Reconciliation reconciliation;
  private final Shape shape;
  private final ClickHouse clickHouse;
  private final StreamSql sql;
  private final List<Dataset<Row>> kept = new ArrayList<>();

  Comparison(
      RunContext context, Reconciliation reconciliation, Shape shape, ClickHouse clickHouse) {
    this.context = context;
    this.reconciliation = reconciliation;
    this.shape = shape;
    this.clickHouse = clickHouse;
    this.sql = new StreamSql(reconciliation, shape);
  }

  /**
   * What was found; {@link #release} gives its memory back.
   *
   * @param streamed the stream's sums by partition
   * @param corrected the mart's sums by partition
   * @param findings {@link Finding#TYPE}
   * @param tallies the findings' sums
   * @param fetched how many rows were read one by one, of both sides
   */
  record Outcome(
      Map<@Nullable String, Sums> streamed,
      Map<@Nullable String, Sums> corrected,
      Dataset<Row> findings,
      List<Tally> tallies,
      long fetched) {
    /**
     * Partitions in which phantoms should be by what the vault knows, and that {@code compared}
     * (null: all) leaves out.
     */
    Set<@Nullable String> elsewhere(@Nullable Set<@Nullable String> compared) {
      Set<@Nullable String> partitions = new HashSet<>();
      for (Tally tally : this.tallies) {
        if (compared != null && tally.elsewhere() != null) {
          partitions.add(tally.elsewhere());
        }
      }
      if (compared != null) {
        partitions.removeAll(compared);
      }
      return partitions;
    }
  }

  /** Compares {@code partitions} (null: all) of the mart's {@code snapshot}. */
  Outcome compare(Cut cut, long snapshot, @Nullable Set<@Nullable String> partitions) {
    LongAccumulator fetched = this.context.lake().spark().sparkContext().longAccumulator();
    Map<@Nullable String, Sums> streamed = this.streamed(cut, partitions);
    long largest = streamed.values().stream().mapToLong(Sums::count).max().orElse(0);
    int bits = Segments.bits(largest);
    TruthRows truth =
        new TruthRows(this.context.lake(), this.reconciliation, this.shape, snapshot, partitions);
    Dataset<Row> truthSums = this.keep(truth.sums(cut, bits));
    Map<@Nullable String, Sums> corrected = this.corrected(truthSums);
    Set<@Nullable String> differing = this.differing(streamed, corrected);
    if (differing.isEmpty()) {
      return new Outcome(streamed, corrected, this.nothing(), List.of(), 0);
    }
    Dataset<Row> segments = this.keep(this.differingSegments(truthSums, differing, cut, bits));
    Dataset<Row> rows = this.rows(truth.in(differing), segments, cut, bits);
    Dataset<Row> unclear = this.keep(this.unclear(rows, cut, fetched));
    Dataset<Row> versions =
        new History(this.context, this.reconciliation, this.shape, this::keep).versions(unclear);
    Dataset<Row> findings = this.keep(this.judged(unclear.unionByName(versions), cut));
    List<Tally> tallies = Tally.of(findings, this.shape);
    return new Outcome(streamed, corrected, findings, tallies, fetched.value());
  }

  /** Gives back what the last outcome held in memory. */
  void release() {
    this.kept.forEach(Dataset::unpersist);
    this.kept.clear();
  }

  private Map<@Nullable String, Sums> streamed(
      Cut cut, @Nullable Set<@Nullable String> partitions) {
    Map<@Nullable String, Sums> sums = new LinkedHashMap<>();
    for (List<@Nullable String> row :
        this.clickHouse.rows(this.sql.partitionSums(partitions, cut))) {
      sums.put(row.get(0), Sums.of(row.subList(1, row.size())));
    }
    return sums;
  }

  private Map<@Nullable String, Sums> corrected(Dataset<Row> truthSums) {
    List<String> names = new ArrayList<>(List.of("count", "low", "high", "in_flight"));
    for (int i = 0; i < this.shape.measures().size(); i++) {
      names.add("m" + i);
    }
    List<Column> totals = names.stream().map(name -> sum(name).cast("string").as(name)).toList();
    Dataset<Row> byPartition =
        truthSums
            .groupBy("partition")
            .agg(totals.get(0), totals.subList(1, totals.size()).toArray(Column[]::new));
    Map<@Nullable String, Sums> sums = new LinkedHashMap<>();
    // One row a partition.
    for (Row row : byPartition.collectAsList()) {
      List<@Nullable String> texts = new ArrayList<>();
      for (int i = 1; i < row.length(); i++) {
        texts.add(row.getString(i));
      }
      sums.put(row.getString(0), Sums.of(texts));
    }
    return sums;
  }

  private Set<@Nullable String> differing(
      Map<@Nullable String, Sums> streamed, Map<@Nullable String, Sums> corrected) {
    Sums none = Sums.none(this.shape);
    Set<@Nullable String> partitions = new HashSet<>(streamed.keySet());
    partitions.addAll(corrected.keySet());
    partitions.removeIf(
        partition ->
            streamed
                .getOrDefault(partition, none)
                .sameRows(corrected.getOrDefault(partition, none)));
    return partitions;
  }

  private Dataset<Row> differingSegments(
      Dataset<Row> truthSums, Set<@Nullable String> partitions, Cut cut, int bits) {
    StreamReader reader = new StreamReader(this.context.lake().spark(), this.clickHouse.server());
    Dataset<Row> streamed =
        reader
            .rows(List.of(this.sql.segmentSums(partitions, cut, bits)), 1, 4)
            .select(
                col("texts").getItem(0).as("partition"),
                col("numbers").getItem(0).as("segment"),
                negate(col("numbers").getItem(1)).as("count"),
                negate(col("numbers").getItem(2)).as("low"),
                negate(col("numbers").getItem(3)).as("high"));
    Column equal = lit(true);
    for (String sum : List.of("count", "low", "high")) {
      equal = equal.and(col(sum).equalTo(0));
    }
    // Equal partitions stay out on both sides: against nothing, all their segments would differ.
    return truthSums
        .where(TruthRows.among(col("partition"), partitions))
        .select("partition", "segment", "count", "low", "high")
        .union(streamed)
        .groupBy("partition", "segment")
        .agg(sum("count").as("count"), sum("low").as("low"), sum("high").as("high"))
        .where(not(equal))
        .select("partition", "segment");
  }

  private Dataset<Row> rows(TruthRows truth, Dataset<Row> differing, Cut cut, int bits) {
    Segments segments = new Segments(bits, new LinkedHashMap<>());
    // One row a segment that differs, each of them of a few dozen rows.
    for (Row row : differing.collectAsList()) {
      segments.add(row.getString(0), row.getLong(1));
    }
    List<String> queries =
        segments.portions().stream().map(portion -> this.sql.rows(portion, cut)).toList();
    int keys = this.shape.key().size();
    int texts = keys + this.shape.values().size();
    StreamReader reader = new StreamReader(this.context.lake().spark(), this.clickHouse.server());
    Dataset<Row> streamed =
        reader
            .rows(queries, texts, 2)
            .select(
                lit(SideRow.Side.STREAM.name()).as("side"),
                slice(col("texts"), 1, keys).as("key"),
                slice(col("texts"), keys + 1, texts - keys).as("values"),
                col("numbers").getItem(0).as("changed"),
                col("numbers").getItem(1).as("received"),
                lit(false).as("deleted"));
    return truth.rows(differing, bits).unionByName(streamed);
  }

  private Dataset<Row> unclear(Dataset<Row> rows, Cut cut, LongAccumulator fetched) {
    Judge judge = new Judge(this.reconciliation.name(), this.shape, cut);
    return KeyGroups.map(
        rows,
        group -> {
          fetched.add(group.size());
          return judge.isClean(group) ? List.of() : group.stream().map(SideRow::row).toList();
        },
        SideRow.TYPE);
  }

  private Dataset<Row> judged(Dataset<Row> rows, Cut cut) {
    Judge judge = new Judge(this.reconciliation.name(), this.shape, cut);
    return KeyGroups.map(
        rows, group -> judge.findings(group).stream().map(Finding::row).toList(), Finding.TYPE);
  }

  private Dataset<Row> nothing() {
    return this.context.lake().spark().createDataFrame(List.of(), Finding.TYPE);
  }

  private Dataset<Row> keep(Dataset<Row> rows) {
    Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
    this.kept.add(kept);
    return kept;
  }
}
