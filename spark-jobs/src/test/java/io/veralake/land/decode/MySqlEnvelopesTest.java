package io.veralake.land.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * Envelopes as Debezium's documentation says that its MySQL connector writes them: written by hand,
 * not recorded from a server.
 */
final class MySqlEnvelopesTest {
  private static final String FIELDS =
      """
      {"type":"int32","optional":false,"field":"id"},
      {"type":"bytes","optional":true,"name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"0"},"field":"big"},
      {"type":"int64","optional":true,"name":"io.debezium.time.MicroTimestamp","field":"at"},
      {"type":"string","optional":true,"name":"io.debezium.time.ZonedTimestamp","field":"instant"},
      {"type":"int64","optional":true,"name":"io.debezium.time.MicroTime","field":"time"},
      {"type":"int32","optional":true,"name":"io.debezium.time.Year","field":"year"},
      {"type":"string","optional":true,"name":"io.debezium.data.EnumSet","parameters":{"allowed":"a,b"},"field":"many"},
      {"type":"int16","optional":true,"field":"flag"},
      {"type":"string","optional":true,"name":"io.debezium.data.Json","field":"json"}""";
  private static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":[{\"type\":\"struct\",\"fields\":[%s],\"optional\":true,\"field\":\"after\"}]}"
          .formatted(FIELDS.replace("\n", ""));
  private static final String ROW =
      "{\"id\":1004,\"big\":\"AP//////////\",\"at\":1709210096123456,\"instant\":\"2024-02-29T12:34:56Z\",\"time\":%s,\"year\":2024,\"many\":\"a,b\",\"flag\":1,\"json\":\"{\\\"a\\\": 1.50}\"}";

  @Test
  void aRowLandsWithItsPlaceInTheBinlog() throws BadRecordException {
    Change change = decode(ROW.formatted("45296100000"), "mysql-bin.000003", 484, 1);

    assertThat(change.after())
        .extracting(String::valueOf)
        .containsExactly(
            "1004",
            "18446744073709551615",
            "1709210096123456",
            "1709210096000000",
            "12:34:56.100000",
            "2024",
            "a,b",
            "1",
            "{\"a\": 1.50}");
    assertThat(change.order()).containsExactly(3, 484, 1);
    assertThat(change.commitTime()).isEqualTo(1_465_581_029_100_000L);
  }

  @Test
  void filesAreOrderedByNumberNotByName() throws BadRecordException {
    assertThat(decode(ROW.formatted("0"), "binlog.999999", 4, 0).order()[0]).isEqualTo(999_999);
    assertThat(decode(ROW.formatted("0"), "binlog.1000000", 4, 0).order()[0]).isEqualTo(1_000_000);
    assertThatThrownBy(() -> decode(ROW.formatted("0"), "binlog", 4, 0))
        .hasMessage("Invalid file in the envelope's source: binlog (a name that ends in a number)");
    assertThatThrownBy(() -> decode(ROW.formatted("0"), "binlog.9999999999", 4, 0))
        .hasMessage(
            "Invalid file in the envelope's source: binlog.9999999999 (a name that ends in a number)");
  }

  /** MySQL's TIME is a length of time too, and lands as MySQL writes it. */
  @Test
  void aTimeThatIsNoTimeOfDayLandsAsItsText() throws BadRecordException {
    assertThat(time("3020399999999")).isEqualTo("838:59:59.999999");
    assertThat(time("-1")).isEqualTo("-00:00:00.000001");
    assertThat(time("-3020399999999")).isEqualTo("-838:59:59.999999");
    assertThatThrownBy(() -> time("3020400000000"))
        .hasMessage("Cannot land column time: 3020400000000 (a time of less than 839 hours)");
  }

  private static String time(String micros) throws BadRecordException {
    return String.valueOf(decode(ROW.formatted(micros), "binlog.000001", 4, 0).after()[4]);
  }

  private static Change decode(String row, String file, long pos, int number)
      throws BadRecordException {
    String source =
        """
        {"version":"3.6.1.Final","connector":"mysql","name":"shop","ts_ms":1465581029100,"ts_us":1465581029100000,\
        "ts_ns":1465581029100000000,"snapshot":"false","db":"inventory","sequence":null,"table":"customers",\
        "server_id":223344,"gtid":"24bc7850-2c16-11e6-a073-0242ac110002:23","file":"%s","pos":%d,"row":%d,"thread":7,\
        "query":null}"""
            .formatted(file, pos, number);
    byte[] line =
        "{\"schema\":%s,\"payload\":{\"before\":null,\"after\":%s,\"source\":%s,\"op\":\"c\",\"ts_ms\":1465581029523,\"transaction\":null}}"
            .formatted(SCHEMA, row, source)
            .getBytes(StandardCharsets.UTF_8);
    StructType rowType =
        EnvelopeSchema.rowType(SCHEMA.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    return new EnvelopeDecoder(rowType).decode(line, 0, line.length);
  }
}
