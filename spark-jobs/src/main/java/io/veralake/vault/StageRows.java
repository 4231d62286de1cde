package io.veralake.vault;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode_outer;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.RawColumns;
import io.veralake.spec.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Raw rows as a stage gives them, in the form of raw rows again: what the stage says of the row
 * before the change, and of the row after it. Each image is judged by the stage's condition; what
 * isn't taken isn't there. So a row that an update takes out of the stage is deleted there, and one
 * that it brings in is inserted. Items of an array before and after meet by their key.
 *
 * <p>A row of which nothing is left stays as {@link Staging#FILTERED}, to be counted. It holds
 * nothing.
 */
final class StageRows {
  private static final String RAW_BEFORE = "_stage_raw_before";
  private static final String RAW_AFTER = "_stage_raw_after";
  private static final String HAD_BEFORE = "_stage_had_before";
  private static final String HAD_AFTER = "_stage_had_after";
  private static final String KEY_ONLY = StageColumns.KEY_ONLY;
  private static final String UNTOLD = "_stage_untold";
  private static final String THERE = "_stage_there";
  private static final String BEFORE = "_stage_before";
  private static final String AFTER = "_stage_after";
  private static final String PAIR = "_stage_pair";
  private static final String UPDATE = "u";

  private final Stage stage;
  private final StageColumns columns;
  private final Set<String> key;
  private final Dataset<Row> raw;

  private StageRows(Stage stage, StageColumns columns, Set<String> key, Dataset<Row> raw) {
    this.stage = stage;
    this.columns = columns;
    this.key = key;
    this.raw = raw;
  }

  /**
   * What {@code stage} gives of {@code raw}.
   *
   * @param of what it is on the way to, for messages
   * @param key columns of the source's key, if they are declared: a row before that has no others
   *     says nothing about them
   */
  static Dataset<Row> of(Stage stage, String of, Dataset<Row> raw, Set<String> key) {
    return of(stage, StageColumns.of(stage, of, raw, any -> true), raw, key);
  }

  /** The same with columns that were found. */
  static Dataset<Row> of(Stage stage, StageColumns columns, Dataset<Row> raw, Set<String> key) {
    return new StageRows(stage, columns, key, raw).rows();
  }

  private Dataset<Row> rows() {
    Dataset<Row> prepared = this.prepared();
    Dataset<Row> after =
        this.image(prepared, RAW_AFTER, AFTER, this.afterValues(), lit(false), col(UNTOLD));
    Dataset<Row> both =
        this.image(after, RAW_BEFORE, BEFORE, this.beforeValues(), col(KEY_ONLY), lit(false));
    if (this.stage.explode().isEmpty()) {
      return this.assembled(both, col(BEFORE), col(AFTER));
    }
    Dataset<Row> paired =
        both.withColumn(
            PAIR,
            explode_outer(
                StageItems.pairs(
                    this.stage.explode().get(),
                    (StructType) both.schema().apply(AFTER).dataType(),
                    col(BEFORE),
                    col(AFTER))));
    Column nothing = col(AFTER).isNull().and(col(BEFORE).isNull());
    Column before =
        when(col(BEFORE).isNotNull().and(pair("before").isNotNull()), this.whole(BEFORE, "before"));
    Column afterwards =
        when(col(AFTER).isNotNull().and(pair("after").isNotNull()), this.whole(AFTER, "after"));
    return this.assembled(paired.filter(nothing.or(col(PAIR).isNotNull())), before, afterwards);
  }

  /** The raw rows, whose images and what is known of them have names of their own. */
  private Dataset<Row> prepared() {
    List<Column> columns = new ArrayList<>();
    FlatRows.METADATA.forEach(name -> columns.add(col(name)));
    columns.add(col(RawColumns.BEFORE).as(RAW_BEFORE));
    columns.add(col(RawColumns.AFTER).as(RAW_AFTER));
    columns.add(col(RawColumns.BEFORE).isNotNull().as(HAD_BEFORE));
    columns.add(col(RawColumns.AFTER).isNotNull().as(HAD_AFTER));
    columns.add(this.columns.unsent(this.raw).as(RawColumns.UNAVAILABLE));
    columns.add(this.keyOnly().as(KEY_ONLY));
    columns.add(this.columns.untold(this.raw).as(UNTOLD));
    for (String name : this.values()) {
      columns.add(FlatRows.latestValue(name).as(completed(name)));
    }
    return this.raw.select(columns.toArray(Column[]::new));
  }

  private static String completed(String name) {
    return "_stage_after_" + name;
  }

  /** Whether the row before has nothing else than the source's key. */
  private Column keyOnly() {
    if (this.key.isEmpty()) {
      return lit(false);
    }
    if (this.columns.input().contains(KEY_ONLY)) {
      return coalesce(col(RawColumns.BEFORE).getField(KEY_ONLY), lit(false));
    }
    return this.columns.input().stream()
        .filter(name -> !this.key.contains(name))
        .map(name -> this.columns.isBlank(name, col(RawColumns.BEFORE).getField(name)))
        .reduce(col(RawColumns.BEFORE).isNotNull(), Column::and);
  }

  /** Columns that hold values. */
  private List<String> values() {
    return this.columns.input().stream().filter(name -> !name.equals(KEY_ONLY)).toList();
  }

  private List<Column> afterValues() {
    return this.values().stream().map(name -> col(completed(name)).as(name)).toList();
  }

  private List<Column> beforeValues() {
    return this.values().stream()
        .map(
            name -> {
              Column value = col(RAW_BEFORE).getField(name);
              return (this.key.contains(name) ? value : when(not(col(KEY_ONLY)), value)).as(name);
            })
        .toList();
  }

  /**
   * {@code rows} with {@code name}, what the stage makes of the image {@code raw}, whose columns
   * are {@code values}; null where it isn't taken.
   *
   * @param unknown whether a row is taken whose condition is null
   * @param untold whether a row is taken whatever its condition is
   */
  private Dataset<Row> image(
      Dataset<Row> rows,
      String raw,
      String name,
      List<Column> values,
      Column unknown,
      Column untold) {
    List<String> kept =
        Stream.of(rows.columns()).filter(column -> !FlatRows.METADATA.contains(column)).toList();
    List<Column> flat = new ArrayList<>();
    FlatRows.METADATA.forEach(column -> flat.add(col(column)));
    kept.forEach(column -> flat.add(col(column)));
    flat.addAll(values);
    flat.add(col(raw).isNotNull().as(THERE));
    Dataset<Row> seen = rows.select(flat.toArray(Column[]::new));
    List<Column> out = new ArrayList<>();
    FlatRows.METADATA.forEach(column -> out.add(col(column)));
    kept.forEach(column -> out.add(col(column)));
    Column condition = coalesce(expr("(" + this.stage.where() + ")"), unknown).or(untold);
    Column taken = this.stage.where().equals("true") ? col(THERE) : col(THERE).and(condition);
    List<Column> made = new ArrayList<>(this.columns.made());
    out.add(when(taken, struct(made.toArray(Column[]::new))).as(name));
    return seen.select(out.toArray(Column[]::new));
  }

  private static Column pair(String side) {
    return col(PAIR).getField(side);
  }

  /** The stage's columns of a row and one of its items. */
  private Column whole(String image, String side) {
    List<Column> fields = new ArrayList<>();
    this.columns.ofRow().forEach(name -> fields.add(col(image).getField(name).as(name)));
    StageItems.names(this.stage.explode().orElseThrow())
        .forEach(name -> fields.add(pair(side).getField(name).as(name)));
    fields.add(
        functions
            .concat(
                col(image).getField(StageColumns.MISFIT), pair(side).getField(StageColumns.MISFIT))
            .as(StageColumns.MISFIT));
    fields.add(col(image).getField(KEY_ONLY).as(KEY_ONLY));
    return struct(fields.toArray(Column[]::new));
  }

  private Dataset<Row> assembled(Dataset<Row> rows, Column before, Column after) {
    Dataset<Row> imaged = rows.withColumn("_stage_b", before).withColumn("_stage_a", after);
    Column op = col(RawColumns.OP);
    Column noneBefore = col("_stage_b").isNull();
    Column noneAfter = col("_stage_a").isNull();
    Column had = col(HAD_BEFORE).or(col(HAD_AFTER));
    Column staged =
        when(op.equalTo(Staging.TRUNCATE).or(not(had)), op)
            .when(noneBefore.and(noneAfter), lit(Staging.FILTERED))
            .when(noneAfter, lit(Staging.DELETE))
            .when(noneBefore.and(col(HAD_BEFORE)).and(op.equalTo(UPDATE)), lit("c"))
            .otherwise(op);
    List<Column> columns = new ArrayList<>();
    for (String name : FlatRows.METADATA) {
      columns.add(name.equals(RawColumns.OP) ? staged.as(name) : col(name));
    }
    columns.add(col("_stage_b").as(RawColumns.BEFORE));
    columns.add(col("_stage_a").as(RawColumns.AFTER));
    columns.add(col(RawColumns.UNAVAILABLE));
    return imaged.select(columns.toArray(Column[]::new));
  }
}
