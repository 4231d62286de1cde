package io.veralake.spec;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Reads the checks of a mart that speak of time: whether its newest row is as new as it should be,
 * and whether the last day has about as many rows as such days had before. They are run every
 * night, also if the mart stays as it is: nothing coming any more is what they are for.
 */
final class TimeChecks {
  private static final int PERCENT = 100;
  private static final int MOST_WEEKS = 52;

  private static final String FRESHNESS =
      """
      SELECT * FROM (SELECT max({column}) AS {column} FROM whole)
      WHERE {column} IS NULL OR CAST({column} AS timestamp) < {as-of} - INTERVAL '{seconds}' SECOND""";

  /** The last whole day before the run, and the same weekdays of the weeks before it. */
  private static final String VOLUME =
      """
      SELECT * FROM (
        SELECT
          date_sub(CAST({as-of} AS date), 1) AS {column},
          count_if(n = 0) AS `rows`,
          count_if(n > 0) / {weeks} AS usual
        FROM (
          SELECT datediff(date_sub(CAST({as-of} AS date), 1), CAST({column} AS date)) AS n
          FROM whole
          WHERE {column} >= date_sub(CAST({as-of} AS date), {days}) AND {column} < CAST({as-of} AS date))
        WHERE n % 7 = 0
        HAVING max(n) >= {oldest})
      WHERE abs(`rows` - usual) > usual * {within} / 100""";

  private final List<Column> columns;

  /** For a mart with {@code columns}. */
  TimeChecks(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** The check that the group {@code freshness} declares. */
  Mart.Check freshness(Node node) {
    String column = this.column(node);
    if (!node.has("within")) {
      node.missing("within");
    }
    Duration within = Scalars.duration(node, "within", Duration.ofDays(1));
    return this.check(
        node,
        "freshness",
        FRESHNESS
            .replace("{column}", "`" + column + "`")
            .replace("{seconds}", Long.toString(within.toSeconds())));
  }

  /** The check that the group {@code volume} declares. */
  Mart.Check volume(Node node) {
    String column = this.column(node);
    int weeks = Scalars.integer(node, "weeks", 1, MOST_WEEKS, 4);
    if (!node.has("within")) {
      node.missing("within");
    }
    return this.check(
        node,
        "volume",
        VOLUME
            .replace("{column}", "`" + column + "`")
            .replace("{weeks}", Integer.toString(weeks))
            .replace("{days}", Integer.toString(7 * weeks + 1))
            .replace("{oldest}", Integer.toString(7 * weeks))
            .replace("{within}", Integer.toString(percent(node))));
  }

  private Mart.Check check(Node node, String name, String sql) {
    Mart.Severity severity =
        Scalars.word(node, "severity", Mart.Severity.class, Mart.Severity.WARN);
    node.end();
    return new Mart.Check(name, severity, sql);
  }

  private String column(Node node) {
    String name = node.text("column").toLowerCase(Locale.ROOT);
    List<String> names = this.columns.stream().map(Column::name).toList();
    if (node.has("column")) {
      MartReader.known(node, "column", name, names);
    }
    this.columns.stream()
        .filter(column -> column.name().equals(name))
        .filter(
            column ->
                column.type().kind() != ColumnType.Kind.DATE
                    && column.type().kind() != ColumnType.Kind.TIMESTAMP)
        .forEach(
            column ->
                node.invalid("column", name + ", a " + column.type(), "a date or a timestamp"));
    return name;
  }

  private static int percent(Node node) {
    String text = node.text("within", "50 %");
    if (text.matches("\\d{1,4} ?%")) {
      int percent = Integer.parseInt(text.replaceFirst(" ?%", ""));
      if (percent >= 1) {
        return percent;
      }
    }
    node.invalid("within", text, "how far from the usual, such as 50 %");
    return PERCENT;
  }
}
