package io.veralake.vault;

import static org.apache.spark.sql.functions.expr;

import io.veralake.lake.DataException;
import io.veralake.spec.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import scala.jdk.javaapi.CollectionConverters;

/** Expressions over the columns of raw rows, analysed. */
final class StageExpressions {
  private static final String ITEMS = "transform(%s, (item, item_number) -> (%s))";

  private final String of;
  private final Dataset<Row> none;
  private final Map<String, DataType> items = new LinkedHashMap<>();

  /**
   * What is known of an expression.
   *
   * @param type its type
   * @param uses names of the columns that it is made from, but for metadata
   */
  record Known(DataType type, Set<String> uses) {}

  /** Of {@code of}, as messages call it, over {@code raw}. */
  StageExpressions(String of, Dataset<Row> raw) {
    this.of = of;
    this.none = raw.sparkSession().createDataFrame(List.of(), FlatRows.columns(raw.schema()));
  }

  /** The value of the column {@code name}. */
  Known value(String name, String sql) {
    return this.known(name, sql, sql);
  }

  /** What the condition uses. */
  Set<String> condition(String sql) {
    try {
      this.none.filter("(" + sql + ")");
    } catch (Exception e) {
      throw this.refused("where", sql, e);
    }
    return this.known("where", sql, sql).uses();
  }

  /** What the items of an array use, whose types are known from then on. */
  Set<String> items(Stage.Explode explode) {
    Set<String> uses =
        new TreeSet<>(this.known("explode.array", explode.array(), explode.array()).uses());
    for (Stage.Derived column : explode.columns()) {
      String over = ITEMS.formatted(explode.array(), column.expression());
      Known known = this.known("explode." + column.name(), column.expression(), over);
      uses.addAll(known.uses());
      this.items.put(column.name(), ((ArrayType) known.type()).elementType());
    }
    String judged = ITEMS.formatted(explode.array(), "CAST((" + explode.where() + ") AS boolean)");
    uses.addAll(this.known("explode.where", explode.where(), judged).uses());
    return uses;
  }

  /** The type that the item's column {@code name} has by itself. */
  DataType item(String name) {
    DataType type = this.items.get(name);
    if (type == null) {
      throw new IllegalArgumentException("No column of the item: " + name);
    }
    return type;
  }

  private Known known(String name, String written, String sql) {
    try {
      Dataset<Row> analysed = this.none.select(expr("(" + sql + ")").as("value"));
      List<String> read = new ArrayList<>();
      CollectionConverters.asJava(analysed.queryExecution().analyzed().references().toSeq())
          .forEach(attribute -> read.add(attribute.name()));
      return new Known(
          analysed.schema().apply(0).dataType(), FlatRows.own(read, this.none.columns()));
    } catch (Exception e) {
      throw this.refused(name, written, e);
    }
  }

  private DataException refused(String name, String written, Exception cause) {
    String reason =
        cause instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(cause.getMessage());
    return new DataException(
        "Invalid expression of %s: %s = %s (%s)"
            .formatted(this.of, name, written, reason.lines().findFirst().orElse("")),
        cause);
  }
}
