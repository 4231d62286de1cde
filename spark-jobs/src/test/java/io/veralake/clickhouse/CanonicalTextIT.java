package io.veralake.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class CanonicalTextIT {
  @RegisterExtension static final TestClickHouse SERVER = new TestClickHouse();

  private static ClickHouse clickHouse;

  @BeforeAll
  static void connect() {
    clickHouse = ClickHouse.connect(SERVER.server());
  }

  @AfterAll
  static void disconnect() {
    clickHouse.close();
  }

  /** Type, then for each value: as Spark's SQL, as ClickHouse's SQL, its text. */
  static Stream<List<String>> values() {
    return Stream.of(
        List.of("boolean", "true", "true", "4:true"),
        List.of("boolean", "false", "false", "5:false"),
        List.of("int", "-2147483648", "-2147483648", "11:-2147483648"),
        List.of(
            "bigint",
            "-9223372036854775807 - 1",
            "toInt64('-9223372036854775808')",
            "20:-9223372036854775808"),
        List.of("bigint", "0", "0", "1:0"),
        List.of("float", "float('1.1')", "toFloat32('1.1')", "16:3ff19999a0000000"),
        List.of("float", "float('-0.0')", "toFloat32('-0')", "16:0000000000000000"),
        List.of("double", "double('-0.0')", "toFloat64('-0')", "16:0000000000000000"),
        List.of("double", "double('NaN')", "-nan", "16:7ff8000000000000"),
        List.of("double", "double('-Infinity')", "-inf", "16:fff0000000000000"),
        List.of(
            "double",
            "double('4.9E-324')",
            "toFloat64('4.9406564584124654e-324')",
            "16:0000000000000001"),
        List.of("decimal(4,4)", "-0.0500", "toDecimal32('-0.05', 4)", "7:-0.0500"),
        List.of("decimal(12,2)", "0", "0", "4:0.00"),
        List.of("decimal(12,2)", "-0.07", "toDecimal64('-0.07', 2)", "5:-0.07"),
        List.of(
            "decimal(12,2)",
            "9999999999.99",
            "toDecimal64('9999999999.99', 2)",
            "13:9999999999.99"),
        List.of("decimal(18,0)", "-12", "-12", "3:-12"),
        List.of(
            "decimal(38,18)",
            "cast('-12345678901234567890.123456789012345678' as decimal(38,18))",
            "toDecimal128('-12345678901234567890.123456789012345678', 18)",
            "40:-12345678901234567890.123456789012345678"),
        List.of(
            "decimal(38,38)",
            "cast('0.00000000000000000000000000000000000001' as decimal(38,38))",
            "toDecimal128('0.00000000000000000000000000000000000001', 38)",
            "40:0.00000000000000000000000000000000000001"),
        List.of("string", "''", "''", "0:"),
        List.of("string", "'n'", "'n'", "1:n"),
        List.of("string", "'Zoë 漢字 😀'", "'Zoë 漢字 😀'", "16:Zoë 漢字 😀"),
        List.of("string", "'a\\tb\\n\\\\'", "'a\\tb\\n\\\\'", "5:a\tb\n\\"),
        List.of("binary", "X'00FF0A'", "unhex('00FF0A')", "6:00ff0a"),
        List.of("binary", "X''", "''", "0:"),
        List.of("date", "date'1900-01-01'", "toDate32('1900-01-01')", "10:1900-01-01"),
        List.of("date", "date'2299-12-31'", "toDate32('2299-12-31')", "10:2299-12-31"),
        List.of("date", "date'1969-12-31'", "toDate32('1969-12-31')", "10:1969-12-31"),
        List.of(
            "timestamp",
            "timestamp'1969-12-31 23:59:59.999999Z'",
            "toDateTime64('1969-12-31 23:59:59.999999', 6, 'UTC')",
            "27:1969-12-31T23:59:59.999999Z"),
        List.of(
            "timestamp",
            "timestamp'1901-02-03 04:05:06.000007Z'",
            "toDateTime64('1901-02-03 04:05:06.000007', 6, 'UTC')",
            "27:1901-02-03T04:05:06.000007Z"),
        List.of(
            "timestamp",
            "timestamp'2026-03-01 00:00:00Z'",
            "toDateTime64('2026-03-01 00:00:00', 6, 'UTC')",
            "27:2026-03-01T00:00:00.000000Z"));
  }

  @Test
  void everyTypeHasOneTextAndOneChecksumInBothEngines() {
    SparkSession spark = TestLake.session();
    List<String> wrong = new ArrayList<>();
    for (List<String> value : values().toList()) {
      ColumnType type = ColumnType.parse(value.get(0)).orElseThrow();
      Column column = new Column("v", type);
      for (boolean nullable : new boolean[] {false, true}) {
        String declared = ClickHouseType.of(type, nullable);
        List<String> theirs =
            clickHouse
                .rows(
                    "SELECT "
                        + CanonicalText.clickHouse(List.of(column))
                        + ", toInt64(reinterpretAsInt64("
                        + CanonicalText.clickHouseChecksum(List.of(column))
                        + ")) FROM (SELECT CAST("
                        + value.get(2)
                        + " AS "
                        + declared
                        + ") AS v)")
                .get(0);
        Row row =
            spark
                .sql("SELECT cast(" + value.get(1) + " AS " + type.sql() + ") AS v")
                .select(
                    CanonicalText.spark(List.of(column)),
                    CanonicalText.sparkChecksum(List.of(column)))
                .head();
        List<String> expected = List.of(value.get(3), row.get(1).toString());
        if (!theirs.equals(expected) || !row.getString(0).equals(value.get(3))) {
          wrong.add(value + " ClickHouse " + declared + " " + theirs + " Spark " + row);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void nullIsNoEmptyString() {
    for (String word :
        List.of(
            "boolean",
            "int",
            "bigint",
            "float",
            "double",
            "decimal(9,2)",
            "decimal(38,3)",
            "string",
            "binary",
            "date",
            "timestamp")) {
      ColumnType type = ColumnType.parse(word).orElseThrow();
      List<Column> columns = List.of(new Column("v", type));
      String theirs =
          clickHouse.value(
              "SELECT "
                  + CanonicalText.clickHouse(columns)
                  + " FROM (SELECT CAST(NULL AS "
                  + ClickHouseType.of(type, true)
                  + ") AS v)");
      Dataset<Row> rows = TestLake.session().sql("SELECT cast(null AS " + type.sql() + ") AS v");
      assertThat(List.of(theirs, rows.select(CanonicalText.spark(columns)).head().getString(0)))
          .as(word)
          .containsExactly("n", "n");
    }
  }

  @Test
  void sumsAgreeOverManyRows() {
    List<Column> columns =
        List.of(
            new Column("id", ColumnType.parse("bigint").orElseThrow()),
            new Column("d", ColumnType.parse("double").orElseThrow()),
            new Column("t", ColumnType.parse("timestamp").orElseThrow()),
            new Column("m", ColumnType.parse("decimal(14,2)").orElseThrow()));
    Row spark =
        TestLake.session()
            .sql(
                "SELECT id, id / 7 AS d, timestamp_micros(id * 1234567890123 - 1000000000000000) AS t,"
                    + " cast(id * 3 - 1000 AS decimal(14,2)) / 100 AS m0 FROM range(1000)")
            .selectExpr("id", "cast(d as double) d", "t", "cast(m0 as decimal(14,2)) m")
            .agg(
                CanonicalText.sparkSums(CanonicalText.sparkChecksum(columns)).get(0),
                CanonicalText.sparkSums(CanonicalText.sparkChecksum(columns))
                    .subList(1, 3)
                    .toArray(org.apache.spark.sql.Column[]::new))
            .head();
    List<String> theirs =
        clickHouse
            .rows(
                "SELECT "
                    + CanonicalText.clickHouseSums(CanonicalText.clickHouseChecksum(columns))
                    + " FROM (SELECT toInt64(number) AS id, number / 7 AS d,"
                    + " fromUnixTimestamp64Micro(toInt64(number * 1234567890123 - 1000000000000000), 'UTC') AS t,"
                    + " toDecimal64(id * 3 - 1000, 2) / 100 AS m FROM numbers(1000))")
            .get(0);
    assertThat(spark.mkString(",")).isEqualTo(String.join(",", theirs));
  }
}
