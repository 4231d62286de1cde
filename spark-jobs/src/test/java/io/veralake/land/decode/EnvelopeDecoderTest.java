package io.veralake.land.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.spec.LandTable.OnLoss;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One value through its type, in all the modes that Debezium has. */
final class EnvelopeDecoderTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "int8 || 7 | INT 7",
        "int16 || -3 | INT -3",
        "int64 || 9223372036854775807 | BIGINT 9223372036854775807",
        "float || 0.1 | FLOAT 0.1",
        "double || \"NaN\" | DOUBLE NaN",
        "double || \"-Infinity\" | DOUBLE -Infinity",
        "string | io.debezium.data.Enum | \"new\" | STRING new",
        "string | io.debezium.data.Uuid | \"6f1a\" | STRING 6f1a",
        "int32 | io.debezium.time.Date | 19782 | DATE 19782",
        "int32 | org.apache.kafka.connect.data.Date | -719162 | DATE -719162",
        "string | io.debezium.time.IsoDate | \"2024-02-29Z\" | DATE 19782",
        "int64 | io.debezium.time.Timestamp | 1709210096123 | TIMESTAMP_NTZ 1709210096123000",
        "int64 | org.apache.kafka.connect.data.Timestamp | -1 | TIMESTAMP_NTZ -1000",
        "int64 | io.debezium.time.MicroTimestamp | 1709210096123456 | TIMESTAMP_NTZ 1709210096123456",
        "int64 | io.debezium.time.NanoTimestamp | 1709210096123456000 | TIMESTAMP_NTZ 1709210096123456",
        "string | io.debezium.time.IsoTimestamp | \"2024-02-29T12:34:56.123456Z\" | TIMESTAMP_NTZ 1709210096123456",
        "string | io.debezium.time.ZonedTimestamp | \"2024-02-29T14:34:56.123456+02:00\" | TIMESTAMP 1709210096123456",
        "string | io.debezium.time.ZonedTimestamp | \"2024-12-31T23:59:59Z\" | TIMESTAMP 1735689599000000",
        "string | io.debezium.time.ZonedTimestamp | \"1969-12-31T23:59:59.5Z\" | TIMESTAMP -500000",
        "int32 | io.debezium.time.Time | 45296123 | STRING 12:34:56.123",
        "int64 | io.debezium.time.MicroTime | 86400000000 | STRING 24:00:00.000000",
        "int64 | io.debezium.time.NanoTime | 1 | STRING 00:00:00.000000001",
        "string | io.debezium.time.ZonedTime | \"10:34:56.5Z\" | STRING 10:34:56.5Z",
        "int64 | io.debezium.time.MicroDuration | 37091106000000 | BIGINT 37091106000000",
        "string | io.debezium.time.Interval | \"P1Y2M3DT4H5M6S\" | STRING P1Y2M3DT4H5M6S",
        "int32 | io.debezium.time.Year | 2024 | INT 2024",
        "struct | io.debezium.data.geometry.Point | {\"x\": 1.50, \"srid\": null} | STRING {\"x\":1.50,\"srid\":null}",
        "map || {\"a\": \"b\"} | STRING {\"a\":\"b\"}",
      })
  void valuesAreHeldExactly(String type, String name, String json, String expected)
      throws BadRecordException {
    String named = name == null ? "" : "\"name\":\"" + name + "\",";
    byte[] line =
        line("{\"type\":\"" + type + "\"," + named + "\"optional\":true,\"field\":\"v\"}", json);
    StructType rowType = rowType(line);
    Object[] after =
        Objects.requireNonNull(
            new EnvelopeDecoder(rowType, OnLoss.ACCEPT).decode(line, 0, line.length).after());
    assertThat(rowType.apply("v").dataType().sql() + " " + after[0]).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "int32 || 2147483648 | 2147483648 (an integer of 32 bits)",
        "int64 || 9223372036854775808 | 9223372036854775808 (an integer of 64 bits)",
        "int64 || 1.5 | 1.5 (an integer)",
        "boolean || 1 | 1 (true or false)",
        "string || 1 | 1 (a text)",
        "bytes || \"*\" | * (bytes in Base64)",
        "int64 | io.debezium.time.MicroTimestamp | 9223372036825200000 | 9223372036825200000 (whole microseconds from 0001-01-01 to 9999-12-31; infinity can't be held)",
        "int64 | io.debezium.time.Timestamp | 9223372036825200 | 9223372036825200 (whole microseconds from 0001-01-01 to 9999-12-31; infinity can't be held)",
        "int64 | io.debezium.time.NanoTimestamp | 1 | 1 (whole microseconds from 0001-01-01 to 9999-12-31; infinity can't be held)",
        "string | io.debezium.time.ZonedTimestamp | \"+294247-01-10T04:00:25.200Z\" | +294247-01-10T04:00:25.200Z (whole microseconds from 0001-01-01 to 9999-12-31; infinity can't be held)",
        "string | io.debezium.time.ZonedTimestamp | \"2024-02-30T00:00:00Z\" | 2024-02-30T00:00:00Z (a time as 2026-03-01T23:59:59.999999Z)",
        "string | io.debezium.time.IsoDate | \"-5877611-06-21Z\" | -5877611-06-21 (a date from 0001-01-01 to 9999-12-31; infinity can't be held)",
        "int64 | io.debezium.time.MicroTime | 3020400000000 | 3020400000000 (a time of less than 839 hours)",
      })
  void valuesThatCannotBeHeldAreRefused(String type, String name, String json, String reason)
      throws BadRecordException {
    String named = name == null ? "" : "\"name\":\"" + name + "\",";
    byte[] line =
        line("{\"type\":\"" + type + "\"," + named + "\"optional\":true,\"field\":\"v\"}", json);
    EnvelopeDecoder decoder = new EnvelopeDecoder(rowType(line));
    assertThatThrownBy(() -> decoder.decode(line, 0, line.length))
        .isInstanceOf(BadRecordException.class)
        .hasMessage("Cannot land column v: " + reason);
  }

  @ParameterizedTest(name = "{0} digits")
  @CsvSource({
    "5,2,AQ==,0.01",
    "18,0,f/////////8=,refused",
    "18,3,DeC2s6dj//8=,999999999999999.999",
    "19,0,f/////////8=,9223372036854775807",
    "38,10,AY7pD/bDc+DuTj8K0g==,12345678901234567890.1234567890",
    "2,0,ZA==,refused",
    "40,1,AQ==,0.1"
  })
  void decimalsKeepTheirDigits(int precision, int scale, String base64, String expected)
      throws BadRecordException {
    byte[] line =
        line(
            """
            {"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","optional":true,"field":"v",\
            "parameters":{"scale":"%d","connect.decimal.precision":"%d"}}"""
                .formatted(scale, precision),
            "\"" + base64 + "\"");
    EnvelopeDecoder decoder = new EnvelopeDecoder(rowType(line));
    if (expected.equals("refused")) {
      assertThatThrownBy(() -> decoder.decode(line, 0, line.length))
          .hasMessageStartingWith("Cannot land column v: ");
    } else {
      assertThat(Objects.requireNonNull(decoder.decode(line, 0, line.length).after())[0])
          .hasToString(expected);
    }
  }

  @Test
  void valueMayStandAloneAndMembersInAnyOrder() throws BadRecordException {
    String whole =
        new String(line("{\"type\":\"int32\",\"field\":\"v\"}", "5"), StandardCharsets.UTF_8);
    String schema = whole.substring(whole.indexOf("{\"type\""), whole.indexOf(",\"payload\""));
    String payload = whole.substring(whole.indexOf("{\"before\""), whole.length() - 2);
    byte[] line =
        (" {\"payload\" : " + payload + ", \"schema\":" + schema + " } ")
            .getBytes(StandardCharsets.UTF_8);
    EnvelopeDecoder decoder = new EnvelopeDecoder(rowType(line));
    assertThat(decoder.decode(line, 0, line.length).after()).containsExactly(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"payload\":{}} | Missing schema or payload in the envelope (set value.converter.schemas.enable=true at the connector)",
        "{\"schema\":null,\"payload\":{\"op\":\"c\"}} | Missing schema or payload in the envelope (set value.converter.schemas.enable=true at the connector)",
        "{\"schema\":{\"type\":\"struct\",\"fields\":[]},\"payload\":{\"id\":1}} | Missing before, after and op in the payload (a whole Debezium envelope: no unwrapping transformation at the connector)",
        "{\"schema\":{ | Invalid JSON at byte 11: the line ends too early",
        "nonsense | Invalid JSON at byte 0: 'n' (expected '{')",
      })
  void whatIsNoEnvelopeSaysSo(String line, String reason) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> new EnvelopeDecoder(new StructType()).decode(bytes, 0, bytes.length))
        .hasMessage(reason);
  }

  private static StructType rowType(byte[] line) throws BadRecordException {
    EnvelopeSchemas schemas = new EnvelopeSchemas("");
    schemas.add(line, 0, line.length);
    if (schemas.found().isEmpty()) {
      JsonSpans spans = new JsonSpans();
      spans.scan(line, 0, line.length);
      return EnvelopeSchema.rowType(spans.schema()).orElseThrow();
    }
    return EnvelopeSchema.rowType(schemas.found().get(0)).orElseThrow();
  }

  private static byte[] line(String field, String json) {
    String row =
        "{\"type\":\"struct\",\"fields\":[" + field + "],\"optional\":true,\"field\":\"%s\"}";
    return """
        {"value":{"schema":{"type":"struct","fields":[%s,%s]},"payload":{"before":null,"after":{"v":%s},"source":{"lsn":1,"ts_ms":1},"op":"c"}}}"""
        .formatted(row.formatted("before"), row.formatted("after"), json)
        .getBytes(StandardCharsets.UTF_8);
  }
}
