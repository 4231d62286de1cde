package io.veralake.vault;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.RawColumns;
import io.veralake.spec.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** The columns of a stage over raw rows of one schema: checked before anything runs. */
final class StageColumns {
  /** Working column of rows: names of those columns whose values didn't fit. */
  static final String MISFIT = "_misfit";

  /** Working column of rows before a change: whether they have nothing but the source's key. */
  static final String KEY_ONLY = "_key_only";

  private static final String DOCUMENT = "document";

  private final Stage stage;
  private final Map<String, DataType> input = new LinkedHashMap<>();
  private final List<Column> derived = new ArrayList<>();
  private final List<Column> misfits = new ArrayList<>();
  private final Map<String, Set<String>> uses = new LinkedHashMap<>();
  private final Set<String> judged = new TreeSet<>();
  private final StageExpressions expressions;
  private final Predicate<String> wanted;

  private StageColumns(
      Stage stage, StageExpressions expressions, StructType image, Predicate<String> wanted) {
    this.stage = stage;
    this.wanted = wanted;
    this.expressions = expressions;
    for (StructField field : image.fields()) {
      if (!FlatRows.METADATA.contains(field.name())) {
        this.input.put(field.name(), field.dataType());
      }
    }
  }

  /**
   * The columns of {@code stage} over {@code raw}, on the way to {@code where}.
   *
   * @param wanted which of those that it lets through are needed
   */
  static StageColumns of(Stage stage, String where, Dataset<Row> raw, Predicate<String> wanted) {
    StageColumns result =
        new StageColumns(
            stage,
            new StageExpressions(stage.name().isEmpty() ? where : "stage " + stage.name(), raw),
            (StructType) raw.schema().apply(RawColumns.AFTER).dataType(),
            wanted);
    result.analyse();
    return result;
  }

  private void analyse() {
    if (!this.stage.where().equals("true")) {
      this.judged.addAll(this.expressions.condition(this.stage.where()));
    }
    for (Stage.Derived column : this.stage.columns()) {
      StageExpressions.Known known = this.expressions.value(column.name(), column.expression());
      this.uses.put(column.name(), known.uses());
      Column value = expr(column.expression());
      if (column.type().isEmpty()) {
        this.derived.add(value.as(column.name()));
      } else {
        DataType type = DataType.fromDDL(column.type().get().sql());
        Column cast = known.type().equals(type) ? value : value.try_cast(type);
        this.derived.add(cast.as(column.name()));
        if (!known.type().equals(type)) {
          this.misfits.add(when(value.isNotNull().and(cast.isNull()), lit(column.name())));
        }
      }
    }
    this.stage
        .explode()
        .ifPresent(
            explode -> {
              Set<String> used = this.expressions.items(explode);
              explode.columns().forEach(column -> this.uses.put(column.name(), used));
              explode.ranks().forEach(rank -> this.uses.put(rank.name(), used));
              this.judged.addAll(used);
            });
  }

  /** Which of the input's columns the columns {@code names} are made from. */
  Set<String> inputs(Set<String> names) {
    Set<String> result = new TreeSet<>(this.judged);
    this.passed().stream().filter(names::contains).forEach(result::add);
    boolean items = this.stage.explode().isPresent();
    this.uses.forEach(
        (name, used) -> {
          if (items || names.contains(name)) {
            result.addAll(used);
          }
        });
    return result;
  }

  /** Names of the input's columns. */
  List<String> input() {
    return List.copyOf(this.input.keySet());
  }

  /** Names of the columns that rows have, without those of items. */
  List<String> ofRow() {
    return Stream.concat(
            this.passed().stream(), this.stage.columns().stream().map(Stage.Derived::name))
        .toList();
  }

  /** Columns that go through as they are. A document doesn't go with each of its items. */
  private List<String> passed() {
    Set<String> hidden = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    this.stage.names().forEach(hidden::add);
    hidden.addAll(List.of(MISFIT, KEY_ONLY));
    if (this.stage.explode().isPresent()) {
      hidden.add(DOCUMENT);
    }
    return this.input().stream()
        .filter(name -> !hidden.contains(name))
        .filter(this.wanted)
        .toList();
  }

  /** The stage's columns over a row whose columns go by their names. */
  List<Column> made() {
    List<Column> columns = new ArrayList<>();
    this.passed().forEach(name -> columns.add(col(name)));
    columns.addAll(this.derived);
    this.stage
        .explode()
        .ifPresent(explode -> columns.add(StageItems.of(explode, this.expressions)));
    columns.add(this.misfit().as(MISFIT));
    columns.add(col(KEY_ONLY).as(KEY_ONLY));
    return columns;
  }

  private Column misfit() {
    List<Column> names = new ArrayList<>(this.misfits);
    boolean before = this.input.containsKey(MISFIT);
    if (before) {
      this.uses.forEach(
          (name, used) -> {
            if (!used.isEmpty()) {
              names.add(when(arrays_overlap(col(MISFIT), texts(used)), lit(name)));
            }
          });
    }
    Column own = array_compact(array(names.toArray(Column[]::new)).cast("array<string>"));
    return before ? concat(col(MISFIT), own) : own;
  }

  private static Column texts(Set<String> names) {
    return array(names.stream().map(functions::lit).toArray(Column[]::new));
  }

  /**
   * Columns of the stage whose values the source kept back, as {@code raw} says it of its own: made
   * from one that it kept back. Where the condition is, all of them.
   */
  Column unsent(Dataset<Row> raw) {
    List<Column> names = new ArrayList<>();
    this.uses.forEach((name, used) -> names.addAll(this.whenUnsent(raw, used, List.of(name))));
    Set<String> all = new LinkedHashSet<>(this.ofRow());
    all.addAll(this.uses.keySet());
    names.addAll(this.whenUnsent(raw, this.judged, all));
    Column listed = col(RawColumns.UNAVAILABLE);
    Set<String> hidden = new TreeSet<>();
    this.uses.keySet().forEach(name -> hidden.addAll(List.of(name, "before." + name)));
    Column passed =
        hidden.isEmpty() ? listed : filter(listed, name -> not(name.isin(hidden.toArray())));
    Column made = array_compact(array(names.toArray(Column[]::new)).cast("array<string>"));
    return when(listed.isNotNull(), names.isEmpty() ? passed : concat(passed, made));
  }

  /** Whether the condition needs a value that the source kept back: then nobody can judge. */
  Column untold(Dataset<Row> raw) {
    return coalesce(this.anyUnsent(raw, this.judged), lit(false));
  }

  private Column anyUnsent(Dataset<Row> raw, Set<String> used) {
    return used.stream()
        .filter(this.input::containsKey)
        .map(name -> FlatRows.unknown(raw, name))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  private List<Column> whenUnsent(Dataset<Row> raw, Set<String> used, Collection<String> names) {
    Column there = col(RawColumns.AFTER).isNotNull().and(this.anyUnsent(raw, used));
    List<Column> result = new ArrayList<>();
    if (!used.isEmpty()) {
      names.forEach(
          name -> {
            result.add(when(there, lit(name)));
            result.add(when(there, lit("before." + name)));
          });
    }
    return result;
  }

  /** Whether {@code value} of the column {@code name} is what a source sends for want of one. */
  Column isBlank(String name, Column value) {
    return isBlank(this.input.getOrDefault(name, DataTypes.NullType), value);
  }

  /** Whether {@code value} of {@code type} is what a source sends for want of one. */
  static Column isBlank(DataType type, Column value) {
    Column none = value.isNull();
    if (type instanceof StringType || type instanceof BinaryType) {
      return none.or(octet_length(value).equalTo(0));
    }
    if (type instanceof NumericType) {
      return none.or(value.equalTo(lit(0).cast(type)));
    }
    if (type instanceof BooleanType) {
      return none.or(not(value));
    }
    return type instanceof DateType || type instanceof TimestampType
        ? none.or(value.equalTo(lit("1970-01-01T00:00:00Z").cast(type)))
        : none;
  }
}
