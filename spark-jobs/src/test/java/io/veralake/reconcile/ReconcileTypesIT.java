package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Reconciliation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every type, written apart in each engine's own literals: the same values give no difference, and
 * one other value in one row is found, whatever its type. A comparison that is blind to a type
 * fails here.
 */
final class ReconcileTypesIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  /**
   * A column: its type in the mart, in the stream, its values as literals of Spark and of
   * ClickHouse, and a value that differs from the last one by little.
   */
  private record Typed(
      String name,
      String type,
      String streamType,
      List<String> spark,
      List<String> stream,
      String other) {}

  private static final List<Typed> TYPES =
      List.of(
          new Typed(
              "flag",
              "boolean",
              "Nullable(Bool)",
              List.of("true", "false", "NULL", "true"),
              List.of("true", "false", "NULL", "true"),
              "false"),
          new Typed(
              "small",
              "int",
              "Nullable(Int32)",
              List.of("-2147483648", "2147483647", "NULL", "0"),
              List.of("-2147483648", "2147483647", "NULL", "0"),
              "1"),
          new Typed(
              "narrow",
              "int",
              "UInt8",
              List.of("0", "255", "7", "8"),
              List.of("0", "255", "7", "8"),
              "9"),
          new Typed(
              "large",
              "bigint",
              "Nullable(Int64)",
              List.of("-9223372036854775808", "9223372036854775807", "NULL", "-1"),
              List.of("-9223372036854775808", "9223372036854775807", "NULL", "-1"),
              "-2"),
          new Typed(
              "money",
              "decimal(12,2)",
              "Nullable(Decimal(12,2))",
              List.of("-9999999999.99", "0.01", "NULL", "-0.10"),
              List.of("'-9999999999.99'", "'0.01'", "NULL", "'-0.10'"),
              "'-0.11'"),
          new Typed(
              "whole",
              "decimal(38,0)",
              "Decimal(38,0)",
              List.of("99999999999999999999999999999999999999", "0", "-1", "10"),
              List.of("'99999999999999999999999999999999999999'", "'0'", "'-1'", "'10'"),
              "'11'"),
          new Typed(
              "fine",
              "decimal(38,18)",
              "Nullable(Decimal(38,18))",
              List.of(
                  "0.000000000000000001",
                  "-12345678901234567890.123456789012345678",
                  "NULL",
                  "1.5"),
              List.of(
                  "'0.000000000000000001'",
                  "'-12345678901234567890.123456789012345678'",
                  "NULL",
                  "'1.5'"),
              "'1.500000000000000001'"),
          new Typed(
              "coarse",
              "decimal(14,4)",
              "Decimal(14,2)",
              List.of("1.5000", "0.0000", "-3.2500", "12.0000"),
              List.of("'1.5'", "'0'", "'-3.25'", "'12'"),
              "'12.01'"),
          new Typed(
              "half",
              "float",
              "Nullable(Float32)",
              List.of("float('1.1')", "float('-0.0')", "NULL", "float('NaN')"),
              List.of("toFloat32('1.1')", "toFloat32(0)", "NULL", "nan"),
              "inf"),
          new Typed(
              "real",
              "double",
              "Nullable(Float64)",
              List.of(
                  "double('0.1')", "double('1e308')", "double('-Infinity')", "double('5e-324')"),
              List.of("0.1", "1e308", "-inf", "5e-324"),
              "1e-323"),
          new Typed(
              "words",
              "string",
              "LowCardinality(Nullable(String))",
              List.of("''", "'it''s 1:n \\\\ back'", "NULL", "'caf\u00e9 \ud83d\ude80'"),
              List.of("''", "'it\\'s 1:n \\\\ back'", "NULL", "'caf\u00e9 \ud83d\ude80'"),
              "'cafe\u0301 \ud83d\ude80'"),
          new Typed(
              "bytes",
              "binary",
              "Nullable(String)",
              List.of("X''", "X'00ff10'", "NULL", "X'ff'"),
              List.of("''", "unhex('00ff10')", "NULL", "unhex('ff')"),
              "unhex('fe')"),
          new Typed(
              "day",
              "date",
              "Nullable(Date32)",
              List.of("date'1900-01-01'", "date'2299-12-31'", "NULL", "date'1970-01-01'"),
              List.of("'1900-01-01'", "'2299-12-31'", "NULL", "'1970-01-01'"),
              "'1969-12-31'"),
          new Typed(
              "moment",
              "timestamp",
              "Nullable(DateTime64(6,'UTC'))",
              List.of(
                  "timestamp'1900-01-01T00:00:00.000001Z'",
                  "timestamp'2262-04-11T23:47:16.854775Z'",
                  "NULL",
                  "timestamp'1969-12-31T23:59:59.999999Z'"),
              List.of(
                  "'1900-01-01 00:00:00.000001'",
                  "'2262-04-11 23:47:16.854775'",
                  "NULL",
                  "'1969-12-31 23:59:59.999999'"),
              "'1969-12-31 23:59:59.999998'"),
          new Typed(
              "tick",
              "timestamp",
              "DateTime64(3,'Europe/Berlin')",
              List.of(
                  "timestamp'2026-03-29T00:59:59.999Z'",
                  "timestamp'2026-03-29T01:00:00Z'",
                  "timestamp'2026-10-25T00:30:00Z'",
                  "timestamp'2026-10-25T01:30:00Z'"),
              List.of(
                  "fromUnixTimestamp64Milli(1774745999999)",
                  "fromUnixTimestamp64Milli(1774746000000)",
                  "fromUnixTimestamp64Milli(1792888200000)",
                  "fromUnixTimestamp64Milli(1792891800000)"),
              "fromUnixTimestamp64Milli(1792888200000)"));

  @Test
  void equalValuesOfEveryTypeAreNoDifference() {
    assertThat(differing("types_equal", List.of())).isEmpty();
  }

  @Test
  void oneOtherValueOfAnyTypeIsFound() {
    List<String> names = TYPES.stream().map(Typed::name).toList();
    assertThat(differing("types_other", names))
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, names.size())
                .mapToObj(i -> (100 + i) + " " + names.get(i))
                .toList());
  }

  /**
   * Fills both sides with the values, and a further row for each of {@code changed} in which that
   * column's value is another; gives {@code id columns} of what was found.
   */
  private static List<String> differing(String database, List<String> changed) {
    Lake lake = TestLake.fresh();
    try (Shop shop = new Shop(lake, CLICKHOUSE.server(), database)) {
      fill(lake, shop.clickHouse(), database, changed);
      RunContext run = run(shop, database);
      ReconcileStep.run(run, run.model().reconciliations().get(0));
      return lake
          .rows("recon.discrepancy")
          .selectExpr("concat_ws(' ', get_json_object(key, '$.id'), array_join(columns, ','))")
          .collectAsList()
          .stream()
          .map(row -> row.getString(0))
          .sorted()
          .toList();
    }
  }

  private static void fill(
      Lake lake, ClickHouse clickHouse, String database, List<String> changed) {
    List<String> spark = new ArrayList<>();
    List<String> stream = new ArrayList<>();
    for (int row = 0; row < 4; row++) {
      int place = row;
      spark.add(row + ", " + join(typed -> typed.spark().get(place)));
      stream.add(row + ", " + join(typed -> typed.stream().get(place)));
    }
    for (int i = 0; i < changed.size(); i++) {
      String name = changed.get(i);
      spark.add((100 + i) + ", " + join(typed -> typed.spark().get(3)));
      stream.add(
          (100 + i)
              + ", "
              + join(typed -> typed.name().equals(name) ? typed.other() : typed.stream().get(3)));
    }
    lake.spark()
        .sql(
            "CREATE TABLE %s (id bigint, %s, part string, at timestamp) USING iceberg"
                .formatted(
                    lake.sqlName("mart.typed"),
                    TYPES.stream()
                        .map(typed -> typed.name() + " " + typed.type())
                        .collect(Collectors.joining(", "))));
    lake.spark()
        .sql(
            spark.stream()
                .map(row -> "SELECT " + row + ", 'all', timestamp'2026-03-01T00:00:00Z'")
                .collect(
                    Collectors.joining(
                        " UNION ALL ", "INSERT INTO " + lake.sqlName("mart.typed") + " ", "")));
    clickHouse.execute(
        "CREATE TABLE %s.typed (id Int64, %s, part String, commit_time DateTime64(6,'UTC'), received_time DateTime64(6,'UTC')) ENGINE = MergeTree ORDER BY id"
            .formatted(
                database,
                TYPES.stream()
                    .map(typed -> typed.name() + " " + typed.streamType())
                    .collect(Collectors.joining(", "))));
    clickHouse.execute(
        "INSERT INTO %s.typed VALUES %s"
            .formatted(
                database,
                stream.stream()
                    .map(
                        row -> "(" + row + ", 'all', '2026-03-01 00:00:00', '2026-03-01 00:00:01')")
                    .collect(Collectors.joining(", "))));
  }

  private static String join(java.util.function.Function<Typed, String> value) {
    return TYPES.stream().map(value).collect(Collectors.joining(", "));
  }

  private static RunContext run(Shop shop, String database) {
    RunContext run = shop.run("r1", Shop.AS_OF);
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("id", ColumnType.parse("bigint").orElseThrow()));
    TYPES.forEach(
        typed ->
            columns.add(new Column(typed.name(), ColumnType.parse(typed.type()).orElseThrow())));
    columns.add(new Column("part", ColumnType.parse("string").orElseThrow()));
    columns.add(new Column("at", ColumnType.parse("timestamp").orElseThrow()));
    Mart mart =
        new Mart(
            "typed",
            Mart.Kind.FACT,
            "",
            columns,
            List.of("id"),
            List.of(),
            List.of(),
            new Mart.Refresh(List.of(), Map.of(), Map.of()),
            List.of());
    Reconciliation reconciliation =
        new Reconciliation(
            database,
            mart,
            new Reconciliation.Stream(
                database + ".typed",
                "SELECT * FROM " + database + ".typed",
                "commit_time",
                "received_time",
                Duration.ofSeconds(5)),
            List.of("id"),
            "part",
            columns.subList(1, columns.size() - 2).stream()
                .map(column -> new Reconciliation.CompareColumn(column, "0"))
                .toList(),
            List.of("money"),
            "at",
            "SELECT *, at AS effective_from, false AS deleted FROM typed LEFT SEMI JOIN keys USING (id)",
            List.of("shop"));
    Model model =
        new Model(run.model().land(), List.of(), List.of(mart), List.of(reconciliation), List.of());
    return new RunContext(run.runId(), run.asOf(), run.lake(), run.engine(), model);
  }
}
