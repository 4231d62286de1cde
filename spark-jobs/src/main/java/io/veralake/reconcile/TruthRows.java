package io.veralake.reconcile;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.lake.Lake;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The mart's rows of one snapshot, as they are compared. */
final class TruthRows {
  private final Dataset<Row> rows;
  private final Reconciliation reconciliation;
  private final Shape shape;

  /** All rows of {@code snapshot} in {@code partitions} (texts; null: all). */
  TruthRows(
      Lake lake,
      Reconciliation reconciliation,
      Shape shape,
      long snapshot,
      @Nullable Set<@Nullable String> partitions) {
    String table = lake.sqlName("mart." + reconciliation.mart().name());
    Dataset<Row> all = lake.spark().sql("SELECT * FROM " + table + " VERSION AS OF " + snapshot);
    this.rows = partitions == null ? all : all.where(in(shape.values().get(0), partitions));
    this.reconciliation = reconciliation;
    this.shape = shape;
  }

  private TruthRows(Dataset<Row> rows, Reconciliation reconciliation, Shape shape) {
    this.rows = rows;
    this.reconciliation = reconciliation;
    this.shape = shape;
  }

  /** Those of them in {@code partitions} (texts). */
  TruthRows in(Set<@Nullable String> partitions) {
    return new TruthRows(
        this.rows.where(in(this.shape.values().get(0), partitions)),
        this.reconciliation,
        this.shape);
  }

  /**
   * For each partition and segment: {@code partition}, {@code segment}, {@code count}, {@code low},
   * {@code high} of the rows up to the watermark, {@code in_flight} rows after it, and the sum
   * {@code m<i>} of each measure.
   */
  Dataset<Row> sums(Cut cut, int bits) {
    Column seen = col("changed").leq(cut.watermark());
    List<Column> numbers = new ArrayList<>();
    numbers.add(count_if(seen).as("count"));
    numbers.add(total(when(seen, col("hash").bitwiseAND(lit(0xFFFFFFFFL)))).as("low"));
    numbers.add(total(when(seen, shiftrightunsigned(col("hash"), 32))).as("high"));
    numbers.add(count_if(col("changed").gt(cut.watermark())).as("in_flight"));
    List<Column> columns = new ArrayList<>();
    // The text of a partition is made once for each of its segments, not for each of its rows.
    columns.add(col("`" + this.shape.values().get(0).name() + "`").as("held"));
    columns.add(this.segment(bits).as("segment"));
    columns.add(CanonicalText.sparkChecksum(this.shape.all()).as("hash"));
    columns.add(this.changed().as("changed"));
    List<Column> results = new ArrayList<>(List.of(this.textOfHeld(), col("segment")));
    List.of("count", "low", "high", "in_flight").forEach(name -> results.add(col(name)));
    for (int i = 0; i < this.shape.measures().size(); i++) {
      MeasureSum measure =
          new MeasureSum(this.shape.values().get(this.shape.measures().get(i)), "m" + i);
      columns.addAll(measure.inputs());
      measure.sums().forEach((name, value) -> numbers.add(total(when(seen, value)).as(name)));
      results.add(measure.result());
    }
    return this.rows
        .select(columns.toArray(Column[]::new))
        .groupBy("held", "segment")
        .agg(numbers.get(0), numbers.subList(1, numbers.size()).toArray(Column[]::new))
        .select(results.toArray(Column[]::new));
  }

  private Column textOfHeld() {
    return CanonicalText.sparkText(col("held"), this.shape.values().get(0).type()).as("partition");
  }

  /** Rows of {@code segments} ({@code partition}, {@code segment}) as {@link SideRow}. */
  Dataset<Row> rows(Dataset<Row> segments, int bits) {
    Dataset<Row> rows =
        this.rows.select(
            lit(SideRow.Side.TRUTH.name()).as("side"),
            texts(this.shape.key()).as("key"),
            texts(this.shape.values()).as("values"),
            this.changed().as("changed"),
            lit(SideRow.NO_TIME).as("received"),
            lit(false).as("deleted"),
            this.text(0).as("partition"),
            this.segment(bits).as("segment"));
    Column same =
        rows.col("partition")
            .eqNullSafe(segments.col("partition"))
            .and(rows.col("segment").equalTo(segments.col("segment")));
    return rows.join(segments, same, "left_semi").drop("partition", "segment");
  }

  /** The canonical texts of {@code columns} as an array. */
  static Column texts(List<io.veralake.spec.Column> columns) {
    return array(
        columns.stream()
            .map(column -> CanonicalText.sparkText(col("`" + column.name() + "`"), column.type()))
            .toArray(Column[]::new));
  }

  private Column text(int value) {
    io.veralake.spec.Column column = this.shape.values().get(value);
    return CanonicalText.sparkText(col("`" + column.name() + "`"), column.type());
  }

  private Column segment(int bits) {
    return CanonicalText.sparkChecksum(this.shape.key()).bitwiseAND(lit((1L << bits) - 1));
  }

  private Column changed() {
    return coalesce(
        unix_micros(col("`" + this.reconciliation.changeTime() + "`").cast("timestamp")),
        lit(SideRow.NO_TIME));
  }

  private static Column total(Column column) {
    return coalesce(sum(column), lit(0));
  }

  private static Column in(io.veralake.spec.Column column, Set<@Nullable String> partitions) {
    return among(
        col("`" + column.name() + "`"),
        partitions,
        text -> Values.sparkValue(lit(text), column.type()));
  }

  /** Whether {@code partition}, a text, is one of {@code partitions}. */
  static Column among(Column partition, Set<@Nullable String> partitions) {
    return among(partition, partitions, text -> lit(text));
  }

  private static Column among(
      Column value, Set<@Nullable String> partitions, Function<String, Column> literal) {
    List<Column> known = new ArrayList<>();
    for (String text : partitions) {
      if (text != null) {
        known.add(literal.apply(text));
      }
    }
    Column condition = known.isEmpty() ? lit(false) : value.isin(known.toArray());
    return partitions.contains(null) ? condition.or(value.isNull()) : condition;
  }
}
