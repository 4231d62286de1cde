package io.veralake.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a mart's invariants: its own SQL and the short forms, which become SQL. */
final class CheckReader {
  private final Node node;
  private final List<Column> declared;
  private final List<String> columns;
  private final Set<String> martNames;
  private final SqlReader sql;
  private final List<Mart.Check> checks = new ArrayList<>();

  CheckReader(Node node, List<Column> columns, Set<String> martNames, SqlReader sql) {
    this.node = node;
    this.declared = columns;
    this.columns = columns.stream().map(Column::name).toList();
    this.martNames = martNames;
    this.sql = sql;
  }

  /** All checks, without the one of the grain, which every mart has. */
  List<Mart.Check> read() {
    this.notNull();
    this.acceptedValues();
    this.foreignKeys();
    TimeChecks inTime = new TimeChecks(this.declared);
    this.node.object("freshness", "freshness").map(inTime::freshness).ifPresent(this.checks::add);
    this.node.object("volume", "volume").map(inTime::volume).ifPresent(this.checks::add);
    this.own();
    return this.checks;
  }

  private void notNull() {
    for (String column : this.node.texts("not-null")) {
      MartReader.known(this.node, "not-null", column, this.columns);
      this.stop("not-null-" + column, "SELECT * FROM this WHERE " + quoted(column) + " IS NULL");
    }
  }

  private void acceptedValues() {
    this.node
        .textsMap("accepted-values")
        .forEach(
            (column, values) -> {
              MartReader.known(this.node, "accepted-values", column, this.columns);
              String list =
                  values.stream()
                      .map(value -> "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'")
                      .collect(Collectors.joining(", "));
              this.stop(
                  "accepted-values-" + column,
                  "SELECT * FROM this WHERE CAST("
                      + quoted(column)
                      + " AS STRING) NOT IN ("
                      + list
                      + ")");
            });
  }

  private void foreignKeys() {
    this.node
        .textMap("foreign-keys")
        .forEach(
            (column, target) -> {
              MartReader.known(this.node, "foreign-keys", column, this.columns);
              int dot = target.indexOf('.');
              String mart = dot < 0 ? target : target.substring(0, dot);
              String other = dot < 0 ? column : target.substring(dot + 1);
              if (!this.martNames.contains(mart)) {
                this.node.unknown("foreign-keys", "mart", mart, this.martNames);
              }
              this.stop(
                  "foreign-key-" + column,
                  "SELECT t.* FROM this t LEFT ANTI JOIN "
                      + mart
                      + " d ON t."
                      + quoted(column)
                      + " = d."
                      + quoted(other)
                      + " WHERE t."
                      + quoted(column)
                      + " IS NOT NULL");
            });
  }

  private void own() {
    Set<String> names = new HashSet<>(Set.of("grain"));
    this.checks.forEach(check -> names.add(check.name()));
    for (Node check : this.node.objects("checks", "")) {
      String name = check.text("name");
      if (check.has("name") && !names.add(name.toLowerCase(Locale.ROOT))) {
        check.invalid("name", name, "another name than all other checks of the mart");
      }
      Mart.Severity severity =
          Scalars.word(check, "severity", Mart.Severity.class, Mart.Severity.STOP);
      if (!check.has("sql")) {
        check.missing("sql");
      }
      String text = check.has("sql") ? this.sql.read(check, "sql", "") : "";
      this.checks.add(new Mart.Check(name, severity, text));
      check.end();
    }
  }

  private void stop(String name, String text) {
    this.checks.add(new Mart.Check(name, Mart.Severity.STOP, text));
  }

  private static String quoted(String column) {
    return "`" + column + "`";
  }
}
