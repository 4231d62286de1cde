package io.veralake.mart;

import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Mart;
import io.veralake.spec.Satellite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/**
 * Checks of a mart's new state: that the query gives the declared columns, that the grain is unique
 * and never null, and what the model declares. A sample shows the grain's columns and those that
 * hold no text, never a column that a satellite declares as personal.
 */
final class Audit {
  private static final int SAMPLE_ROWS = 3;

  private final RunContext context;
  private final Mart mart;

  Audit(RunContext context, Mart mart) {
    this.context = context;
    this.mart = mart;
  }

  /** Whether {@code rows} have the declared columns, in order and of the declared types. */
  Checked columns(Dataset<Row> rows) {
    List<String> given = List.of(rows.schema().fields()).stream().map(Audit::described).toList();
    List<String> declared =
        this.mart.columns().stream()
            .map(column -> column.name() + " " + column.type().sql())
            .toList();
    List<String> wrong =
        IntStream.range(0, Math.max(given.size(), declared.size()))
            .filter(i -> !at(given, i).equals(at(declared, i)))
            .mapToObj(
                i -> "column %d: %s (declared: %s)".formatted(i + 1, at(given, i), at(declared, i)))
            .toList();
    return new Checked("columns", Mart.Severity.STOP, wrong.size(), String.join("; ", wrong));
  }

  /**
   * Runs the grain's check and the declared ones; {@code views} have the new state as {@code this},
   * and all of it as {@code whole}.
   */
  List<Checked> rows(Views views) {
    List<Mart.Check> checks = new ArrayList<>();
    checks.add(new Mart.Check("grain", Mart.Severity.STOP, this.grain()));
    checks.addAll(this.mart.checks());
    return this.run(checks, views);
  }

  /** Runs the checks that may say something new though the mart stays as it is. */
  List<Checked> inTime(Views views) {
    List<Mart.Check> checks =
        this.mart.checks().stream().filter(Mart.Check::dependsOnTime).toList();
    return checks.isEmpty() ? List.of() : this.run(checks, views);
  }

  private List<Checked> run(List<Mart.Check> declared, Views views) {
    List<Mart.Check> checks = declared.stream().map(this::dated).toList();
    Map<Integer, Long> violations = new HashMap<>();
    // One row a check.
    this.context
        .lake()
        .spark()
        .sql(views.query(ViolationCounts.of(checks)))
        .collectAsList()
        .forEach(row -> violations.put(row.getInt(0), row.getLong(1)));
    return IntStream.range(0, checks.size())
        .mapToObj(
            i -> {
              long found = violations.getOrDefault(i, 0L);
              Mart.Check check = checks.get(i);
              return new Checked(
                  check.name(),
                  check.severity(),
                  found,
                  found == 0 ? "" : this.sample(views.query(check.sql())));
            })
        .toList();
  }

  private Mart.Check dated(Mart.Check check) {
    return new Mart.Check(
        check.name(),
        check.severity(),
        check.sql().replace(Mart.Check.AS_OF, Literal.of(this.context.asOf())));
  }

  private String grain() {
    String columns = names(this.mart.grain(), "`%s`", ", ");
    return "SELECT %s, count(*) AS rows FROM this GROUP BY %s HAVING count(*) > 1 OR %s"
        .formatted(columns, columns, names(this.mart.grain(), "`%s` IS NULL", " OR "));
  }

  private String sample(String violating) {
    Dataset<Row> rows = this.context.lake().spark().sql(violating);
    Set<String> personal =
        this.context.model().vault().stream()
            .filter(Satellite.class::isInstance)
            .flatMap(table -> ((Satellite) table).personal().stream())
            .collect(Collectors.toSet());
    Set<String> shown =
        this.mart.columns().stream()
            .filter(column -> this.mart.grain().contains(column.name()) || !isText(column))
            .map(Column::name)
            .filter(name -> !personal.contains(name))
            .collect(Collectors.toSet());
    List<org.apache.spark.sql.Column> columns =
        List.of(rows.columns()).stream().filter(shown::contains).map(functions::col).toList();
    if (columns.isEmpty()) {
      return "";
    }
    // A handful of rows.
    return rows
        .select(
            functions
                .to_json(functions.struct(columns.toArray(org.apache.spark.sql.Column[]::new)))
                .as("row"))
        .orderBy("row")
        .limit(SAMPLE_ROWS)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .collect(Collectors.joining(" "));
  }

  private static boolean isText(Column column) {
    return column.type().kind() == ColumnType.Kind.STRING
        || column.type().kind() == ColumnType.Kind.BINARY;
  }

  private static String names(List<String> columns, String format, String separator) {
    return columns.stream()
        .map(column -> String.format(Locale.ROOT, format, column))
        .collect(Collectors.joining(separator));
  }

  private static String described(StructField field) {
    return field.name() + " " + field.dataType().sql().toLowerCase(Locale.ROOT);
  }

  private static String at(List<String> list, int index) {
    return index < list.size() ? list.get(index) : "none";
  }
}
