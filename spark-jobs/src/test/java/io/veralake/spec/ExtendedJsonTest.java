package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Spark makes of the expressions, by type and way of writing. */
final class ExtendedJsonTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          string        | {"$oid":"65e1f0c2a1b2c3d4e5f60718"}           | 65e1f0c2a1b2c3d4e5f60718
          string        | {"$numberLong":"1004"}                        | 1004
          string        | {"$uuid":"6f1a0b1e-3a1c-4e1b-9a3a-012345678900"} | 6f1a0b1e-3a1c-4e1b-9a3a-012345678900
          string        | {"$binary":{"base64":"bxoLHjocThuaOgEjRWeJqw==","subType":"04"}} | 6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab
          string        | {"$binary":"bxoLHjocThuaOgEjRWeJqw==","$type":"04"} | 6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab
          string        | {"$binary":"3q2+7w==","$type":"00"}           | 3q2+7w==
          string        | {"$date":"2024-02-29T12:34:56.123Z"}          | 2024-02-29T12:34:56.123Z
          string        | {"$date":1709210096123}                       | 2024-02-29T12:34:56.123Z
          string        | {"$date":{"$numberLong":"-1"}}                | 1969-12-31T23:59:59.999Z
          string        | {"$timestamp":{"t":1709210096,"i":3}}         | {"$timestamp":{"t":1709210096,"i":3}}
          string        | {"$oid":"x","more":1}                         | {"$oid":"x","more":1}
          string        | {"city":"Bern"}                               | {"city":"Bern"}
          string        | "plain $oid"                                  | plain $oid
          string        | null                                          | null
          bigint        | {"$numberLong":"9007199254740993"}            | 9007199254740993
          bigint        | {"$numberInt":"-7"}                           | -7
          bigint        | 7                                             | 7
          bigint        | "8"                                           | 8
          bigint        | {"$date":1709210096123}                       | null
          bigint        | {"$oid":"65e1f0c2a1b2c3d4e5f60718"}           | null
          bigint        | {"$numberLong":"99999999999999999999"}        | null
          bigint        | true                                          | null
          int           | {"$numberInt":"2147483647"}                   | 2147483647
          int           | {"$numberLong":"2147483648"}                  | null
          double        | {"$numberDouble":"0.1"}                       | 0.1
          double        | {"$numberDouble":"-Infinity"}                 | -Infinity
          double        | {"$numberDouble":"NaN"}                       | NaN
          decimal(12,2) | {"$numberDecimal":"19.90"}                    | 19.90
          decimal(12,2) | {"$numberDecimal":"1E+3"}                     | 1000.00
          decimal(12,2) | {"$numberDecimal":"NaN"}                      | null
          boolean       | true                                          | true
          boolean       | {"$numberInt":"1"}                            | true
          timestamp     | {"$date":"2024-02-29T12:34:56.123Z"}          | 2024-02-29 12:34:56.123
          timestamp     | {"$date":"2024-02-29T14:34:56+02:00"}         | 2024-02-29 12:34:56
          timestamp     | {"$date":{"$numberLong":"-2208988800000"}}    | 1900-01-01 00:00:00
          timestamp     | {"$date":253402300799999}                     | 9999-12-31 23:59:59.999
          timestamp     | {"$date":{"$numberLong":"253402300800000"}}   | null
          timestamp     | {"$timestamp":{"t":1709210096,"i":3}}         | 2024-02-29 12:34:56
          timestamp     | "2024-02-29T12:34:56Z"                        | 2024-02-29 12:34:56
          timestamp     | {"$numberLong":"1709210096123"}               | null
          date          | {"$date":1709210096123}                       | 2024-02-29
          date          | "2024-02-29"                                  | 2024-02-29
          binary        | {"$binary":{"base64":"3q2+7w==","subType":"00"}} | DEADBEEF
          binary        | {"$binary":"3q2+7w==","$type":"00"}           | DEADBEEF
          binary        | {"$binary":"?","$type":"00"}                  | null
          binary        | {"$uuid":"6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab"} | 6F1A0B1E3A1C4E1B9A3A0123456789AB
          """)
  void valuesAreUnwrapped(String type, String json, String expected) {
    String document = "{\"other\": 1, \"a\": " + json + "}";
    assertThat(value(document, type)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"string", "bigint", "timestamp", "binary"})
  void whatIsMissingIsNull(String type) {
    assertThat(value("{\"other\": 1}", type)).isEqualTo("null");
  }

  private static String value(String document, String type) {
    ColumnType parsed = ColumnType.parse(type).orElseThrow();
    String sql = ExtendedJson.value("get_json_object(document, '$.a')", parsed);
    String text = parsed.kind() == ColumnType.Kind.BINARY ? "hex(v)" : "string(v)";
    return LAKE.lake()
        .spark()
        .sql(
            "select coalesce(%s, 'null') from (select %s as v from (select '%s' as document))"
                .formatted(text, sql, document.replace("\\", "\\\\").replace("'", "\\'")))
        .first()
        .getString(0);
  }
}
