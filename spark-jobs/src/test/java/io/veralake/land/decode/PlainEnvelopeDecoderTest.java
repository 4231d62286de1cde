package io.veralake.land.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.spec.ChangeEvents;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.ConnectorModes;
import io.veralake.spec.ConnectorModes.Binaries;
import io.veralake.spec.ConnectorModes.Decimals;
import io.veralake.spec.ConnectorModes.Times;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.ValueOrigin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlainEnvelopeDecoderTest {
  private static final String ENVELOPE =
      "{\"before\":null,\"after\":%s,\"source\":{\"lsn\":7,\"ts_ms\":5},\"op\":\"c\",\"ts_ms\":6}";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "decimal(12,2); STRING; ISOSTRING; BYTES; \"19.9\"; 19.90",
        "decimal(12,2); PRECISE; ISOSTRING; BYTES; \"B88=\"; 19.99",
        "double; DOUBLE; ISOSTRING; BYTES; 0.1; 0.1",
        "double; DOUBLE; ISOSTRING; BYTES; \"NaN\"; NaN",
        "date; STRING; ISOSTRING; BYTES; \"2024-02-29Z\"; 19782",
        "date; STRING; MICROSECONDS; BYTES; 19782; 19782",
        "timestamp; STRING; CONNECT; BYTES; 1709210096123; 1709210096123000",
        "timestamp; STRING; MICROSECONDS; BYTES; 1709210096123456; 1709210096123456",
        "timestamp; STRING; NANOSECONDS; BYTES; 1709210096123456000; 1709210096123456",
        "timestamp; STRING; NANOSECONDS; BYTES; \"2024-02-29T12:34:56.123456Z\"; 1709210096123456",
        "bigint; STRING; ISOSTRING; BYTES; -9223372036854775808; -9223372036854775808",
        "string; STRING; ISOSTRING; BYTES; [1, null,{\"a\":1.50}]; [1,null,{\"a\":1.50}]",
        "boolean; STRING; ISOSTRING; BYTES; false; false",
      })
  void valuesAreReadByTheirDeclaredTypes(
      String type, Decimals decimals, Times times, Binaries binaries, String json, String value)
      throws BadRecordException {
    Change change =
        decode(
            type,
            new ConnectorModes(decimals, times, binaries),
            ENVELOPE.formatted("{\"v\":" + json + "}"));

    assertThat(String.valueOf(change.after()[0])).isEqualTo(value);
    assertThat(change.order()).containsExactly(7, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"BYTES, 3q2+7w==", "BASE64, 3q2+7w==", "BASE64_URL_SAFE, 3q2-7w==", "HEX, deadbeef"})
  void bytesAreReadInEachMode(Binaries binaries, String text) throws BadRecordException {
    ConnectorModes modes = new ConnectorModes(Decimals.STRING, Times.ISOSTRING, binaries);

    Change change = decode("binary", modes, ENVELOPE.formatted("{\"v\":\"" + text + "\"}"));

    assertThat((byte[]) change.after()[0])
        .containsExactly((byte) 0xde, (byte) 0xad, (byte) 0xbe, (byte) 0xef);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "decimal(12,2); STRING; ISOSTRING; {\"v\":19.99}; Cannot land column v: 19.99 (a text)",
        "decimal(12,2); STRING; ISOSTRING; {\"v\":\"0.001\"}; Cannot land column v: 0.001 (decimal(12,2), exactly)",
        "decimal(12,2); STRING; ISOSTRING; {\"v\":\"NAN\"}; Cannot land column v: NAN (decimal(12,2), exactly)",
        "decimal(12,2); DOUBLE; ISOSTRING; {\"v\":19.99}; Cannot land column v: 19.99 (exact digits: decimal.handling.mode=string or precise)",
        "decimal(4,2); PRECISE; ISOSTRING; {\"v\":\"AYag\"}; Cannot land column v: 1000.00 (at most 4 digits)",
        "int; STRING; ISOSTRING; {\"v\":2147483648}; Cannot land column v: 2147483648 (an integer of 32 bits)",
        "int; STRING; ISOSTRING; {\"v\":1.0}; Cannot land column v: 1.0 (an integer)",
        "string; STRING; ISOSTRING; {\"v\":1}; Cannot land column v: 1 (a text)",
        "timestamp; STRING; ISOSTRING; {\"v\":1709210096123}; Cannot land column v: 1709210096123 (a time as 2026-03-01T23:59:59.999999Z)",
        "int; STRING; ISOSTRING; {\"v\":1,\"w\":2}; Unknown column w (declare it in the land model)",
        "int; STRING; ISOSTRING; {}; Missing column v in the row (the model declares it)",
      })
  void whatDoesNotFitSaysSo(
      String type, Decimals decimals, Times times, String row, String reason) {
    ConnectorModes modes = new ConnectorModes(decimals, times, Binaries.BYTES);

    assertThatThrownBy(() -> decode(type, modes, ENVELOPE.formatted(row)))
        .isInstanceOf(BadRecordException.class)
        .hasMessage(reason);
  }

  @Test
  void linesMayHaveKeysAndBeNoChanges() throws BadRecordException {
    ConnectorModes modes = new ConnectorModes(Decimals.STRING, Times.ISOSTRING, Binaries.BYTES);
    String envelope = ENVELOPE.formatted("{\"v\":\"__debezium_unavailable_value\"}");

    assertThat(
            decode("string", modes, "{\"key\":{\"v\":1},\"value\":" + envelope + "}").unavailable())
        .containsExactly("v");
    assertThat(decode("string", modes, "{\"key\":{\"v\":1},\"value\":null}").kind())
        .isEqualTo(Change.Kind.REPEAT);
    assertThat(
            decode(
                    "string",
                    modes,
                    "{\"status\":\"END\",\"id\":\"1:2\",\"event_count\":3,\"ts_ms\":1}")
                .kind())
        .isEqualTo(Change.Kind.OTHER);
    assertThat(decode("string", modes, "{\"ts_ms\":1}").kind()).isEqualTo(Change.Kind.OTHER);
    assertThatThrownBy(() -> decode("string", modes, "{\"v\":1}"))
        .hasMessage("Invalid op: \"\" (one of c, u, d, r, t)");
    assertThatThrownBy(() -> decode("string", modes, "{\"schema\":{},\"payload\":{}}"))
        .hasMessage(
            "Unexpected schema in the envelope (remove connector from the land model: it describes envelopes without)");
  }

  private static Change decode(String type, ConnectorModes modes, String line)
      throws BadRecordException {
    LandTable table =
        new LandTable(
            "t",
            LandTable.Format.DEBEZIUM_JSON,
            new LandSource.Folder("t"),
            "shop",
            ValueOrigin.constant("shop"),
            List.of(),
            List.of(new Column("v", ColumnType.parse(type).orElseThrow())),
            List.of(),
            ValueOrigin.SOURCE,
            ValueOrigin.RUN,
            CsvDialect.DEFAULT,
            modes,
            LandTable.OnLoss.QUARANTINE,
            Map.of(),
            ChangeEvents.PLAIN);
    StructType rowType = new StructType().add("v", DataType.fromDDL(type));
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return new PlainEnvelopeDecoder(table, rowType).decode(bytes, 0, bytes.length);
  }
}
