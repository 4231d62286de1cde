package io.veralake.mart;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Goes from rows of a mart back to the rows of the vault and of other marts that they come from.
 */
public final class MartTrace {
  private final RunContext context;
  private final Mart mart;
  private final Map<String, String> literals;
  private final int most;

  private MartTrace(RunContext context, Mart mart, Map<String, String> literals, int most) {
    this.context = context;
    this.mart = mart;
    this.literals = literals;
    this.most = most;
  }

  /**
   * What was found; of no table more rows than were asked for.
   *
   * @param rows the mart's rows
   * @param inputs by name of a table that the mart reads (as its SQL names it) the rows that lead
   *     to the key, in the order of the declaration
   * @param whole tables that the mart reads and of which no row belongs to one key more than to
   *     another
   */
  public record Traced(List<Row> rows, Map<String, List<Row>> inputs, List<String> whole) {}

  /**
   * The rows of {@code mart} whose columns have the values {@code key} (texts), as it stands, and
   * what they come from; at most {@code most} rows of each table.
   *
   * @throws DataException if the mart was never built, or a value is none of its column's type
   */
  public static Traced of(RunContext context, Mart mart, Map<String, String> key, int most) {
    Lake lake = context.lake();
    if (lake.snapshot(MartTable.name(mart.name())).isEmpty()) {
      throw new DataException(
          "Cannot explain mart %s: it was never built (run `veralake mart` first)"
              .formatted(mart.name()));
    }
    return new MartTrace(context, mart, literals(lake, mart, key), most).trace();
  }

  /**
   * The values {@code key} (texts by column) as SQL of their columns' types.
   *
   * @throws DataException if one is none of its column's type
   */
  public static Map<String, String> literals(Lake lake, Mart mart, Map<String, String> key) {
    Map<String, String> literals = new LinkedHashMap<>();
    for (Column column : mart.columns()) {
      if (key.containsKey(column.name())) {
        literals.put(column.name(), literal(lake, column, key.get(column.name())));
      }
    }
    return literals;
  }

  private static String literal(Lake lake, Column column, String text) {
    String typed = "CAST(%s AS %s)".formatted(Literal.of(text), column.type().sql());
    Row value = lake.spark().sql("SELECT try_cast" + typed.substring("CAST".length())).head();
    if (!value.isNullAt(0)) {
      return typed;
    }
    throw new DataException(
        "Invalid value of column %s: %s (its type is %s)"
            .formatted(column.name(), text, column.type().sql()));
  }

  private Traced trace() {
    Lake lake = this.context.lake();
    String condition =
        this.literals.entrySet().stream()
            .map(one -> "`" + one.getKey() + "` = " + one.getValue())
            .collect(Collectors.joining(" AND "));
    try (Scratch scratch = new Scratch(lake, this.mart)) {
      Dataset<Row> found =
          scratch.keep(
              lake.rows(MartTable.name(this.mart.name()))
                  .where(condition)
                  .orderBy(
                      this.mart.grain().stream()
                          .map(functions::col)
                          .toArray(org.apache.spark.sql.Column[]::new))
                  .limit(this.most));
      List<Row> rows = found.collectAsList();
      List<String> key = this.mart.refresh().key();
      if (key.isEmpty()) {
        return new Traced(rows, Map.of(), this.mart.reads());
      }
      String named = scratch.keep("named", this.keys(found, key));
      Map<String, Input> inputs = new LinkedHashMap<>();
      this.mart.reads().forEach(name -> inputs.put(name, Input.now(this.context, this.mart, name)));
      return this.inputs(rows, named, new Views(this.context, inputs), scratch);
    }
  }

  /**
   * The refresh keys of {@code rows}; of a row that isn't there what is asked for, if that is one.
   */
  private Dataset<Row> keys(Dataset<Row> rows, List<String> key) {
    String columns =
        key.stream().map(column -> "`" + column + "`").collect(Collectors.joining(", "));
    Dataset<Row> keys =
        rows.selectExpr(key.stream().map(column -> "`" + column + "`").toArray(String[]::new));
    if (this.literals.keySet().containsAll(key)) {
      String asked =
          key.stream()
              .map(column -> this.literals.get(column) + " AS `" + column + "`")
              .collect(Collectors.joining(", "));
      keys = keys.union(this.context.lake().spark().sql("SELECT " + asked));
    }
    return keys.distinct().selectExpr(columns.split(", "));
  }

  private Traced inputs(List<Row> rows, String named, Views views, Scratch scratch) {
    String keys =
        Anchor.of(this.mart, this.context.model())
            .map(
                anchor ->
                    scratch.keep(
                        "keys",
                        this.context
                            .lake()
                            .spark()
                            .sql(views.with("named", named).query(anchor.keysOfNames()))))
            .orElse(named);
    RestrictedInputs restricted =
        new RestrictedInputs(
            this.context,
            this.mart,
            new HashSet<>(this.mart.reads()),
            views,
            scratch,
            this.narrowed(rows));
    Views cut = restricted.of(keys);
    Map<String, List<Row>> inputs = new LinkedHashMap<>();
    List<String> whole = new ArrayList<>();
    Set<String> known = restricted.restricted();
    for (String name : this.mart.reads()) {
      if (known.contains(name)) {
        inputs.put(
            name,
            this.context
                .lake()
                .spark()
                .sql(cut.query("SELECT * FROM " + name))
                .limit(this.most)
                .collectAsList());
      } else {
        whole.add(name);
      }
    }
    return new Traced(rows, inputs, whole);
  }

  /** Values of the grain that all rows share: one of many lines of an order isn't the others. */
  private Map<String, String> narrowed(List<Row> rows) {
    Map<String, String> narrowed = new LinkedHashMap<>();
    for (String column : this.mart.grain()) {
      if (this.literals.containsKey(column)) {
        narrowed.put(column, this.literals.get(column));
      } else {
        Set<Object> values = new HashSet<>();
        rows.forEach(row -> values.add(row.getAs(column)));
        if (values.size() == 1) {
          values.forEach(value -> narrowed.put(column, Literal.of(value)));
        }
      }
    }
    return narrowed;
  }
}
