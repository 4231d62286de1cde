package io.veralake.demo.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Envelopes look like those that Debezium wrote for a real PostgreSQL ({@code recorded.json}). */
final class EnvelopeTextTest {
  private static final Object[] BEFORE = {4711L, 1, 987L, 7L, 2, 59_90L, 0L};
  private static final Object[] AFTER = {4711L, 1, 987L, 7L, 3, 59_90L, -1L};
  private static final ChangeEvent.Place PLACE =
      new ChangeEvent.Place(24_000_208, 956, 24_000_000, 2, 1, 1_772_356_650_700_001L, "false");

  @Test
  void insertHasTheRecordedShape() throws IOException {
    assertSameShape(recorded(0), lines(event('c', null, AFTER)).get(0));
  }

  @Test
  void updateHasTheRecordedShape() throws IOException {
    assertSameShape(recorded(1), lines(event('u', BEFORE, AFTER)).get(0));
  }

  @Test
  void deleteAndItsTombstoneHaveTheRecordedShape() throws IOException {
    List<Object> lines = lines(event('d', BEFORE, null));
    assertThat(lines).hasSize(2);
    assertSameShape(recorded(2), lines.get(0));
    assertThat(Json.at(lines.get(1), "value")).isNull();
    assertThat(Json.at(recorded(3), "value")).isNull();
    assertThat(Json.at(lines.get(1), "key")).isEqualTo(Json.at(lines.get(0), "key"));
  }

  @Test
  void snapshotHasTheRecordedShape() throws IOException {
    var place =
        new ChangeEvent.Place(24_000_000, 955, 24_000_000, 0, 0, 1_772_319_600_000_000L, "first");
    var event = new ChangeEvent(SourceTable.ORDER_ITEMS, 'r', null, AFTER, 7, place, false);
    Object line = lines(event).get(0);
    assertSameShape(recorded(4), line);
    assertThat(Json.at(line, "value", "payload", "source", "sequence"))
        .isEqualTo("[null,\"24000000\"]");
    assertThat(Json.at(recorded(4), "value", "payload", "source", "sequence"))
        .asString()
        .startsWith("[null,");
  }

  @Test
  void valuesAreThoseOfTheRow() {
    Object payload = Json.at(lines(event('u', BEFORE, AFTER)).get(0), "value", "payload");
    assertThat(Json.at(payload, "before", "quantity")).isEqualTo(BigDecimal.valueOf(2));
    assertThat(Json.at(payload, "after", "quantity")).isEqualTo(BigDecimal.valueOf(3));
    assertThat(Json.at(payload, "after", "discount")).isEqualTo("/w==");
    assertThat(Json.at(payload, "source", "lsn")).isEqualTo(BigDecimal.valueOf(24_000_208));
    assertThat(Json.at(payload, "source", "ts_us"))
        .isEqualTo(BigDecimal.valueOf(1_772_356_650_700_001L));
    assertThat(Json.at(payload, "source", "sequence")).isEqualTo("[\"24000000\",\"24000208\"]");
    assertThat(Json.at(payload, "transaction", "id")).isEqualTo("956:24000000");
  }

  @Test
  void timestampsHaveSixDigitsAndTextIsEscaped() {
    Object[] user = {
      1L, "a\"b\\c\n@x", "Chloé O'Neil", null, "north", "gold", 1_709_210_096_000_000L, null
    };
    var event = new ChangeEvent(SourceTable.USERS, 'c', null, user, 8, PLACE, false);
    Object after = Json.at(lines(event).get(0), "value", "payload", "after");
    assertThat(Json.at(after, "created_at")).isEqualTo("2024-02-29T12:34:56.000000Z");
    assertThat(Json.at(after, "email")).isEqualTo("a\"b\\c\n@x");
    assertThat(Json.at(after, "full_name")).isEqualTo("Chloé O'Neil");
    assertThat(Json.at(after, "phone")).isNull();
  }

  @Test
  void decimalsAreTheShortestTwosComplement() {
    var random = new SplittableRandom(Long.getLong("veralake.seed", 42L));
    for (int i = 0; i < 2000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      String text = new ByteText().decimal(value).toString().replace("\"", "");
      assertThat(Base64.getDecoder().decode(text))
          .as("%s", value)
          .isEqualTo(BigInteger.valueOf(value).toByteArray());
    }
  }

  private static ChangeEvent event(char op, Object[] before, Object[] after) {
    return new ChangeEvent(SourceTable.ORDER_ITEMS, op, before, after, 7, PLACE, false);
  }

  /**
   * The same names in the same order everywhere but in rows, and the same schema but for the rows'.
   */
  private static void assertSameShape(Object recorded, Object written) {
    assertThat(Json.at(written, "value", "payload").toString())
        .as("keys in order")
        .matches(
            "(?s)\\{before=.*, after=.*, source=.*, transaction=.*, op=.*, ts_ms=.*, ts_us=.*, ts_ns=.*}");
    for (String part : List.of("source", "transaction", "op", "ts_ms", "ts_us", "ts_ns")) {
      assertThat(Json.shape(Json.at(written, "value", "payload", part)))
          .isEqualTo(Json.shape(Json.at(recorded, "value", "payload", part)));
    }
    for (String row : List.of("before", "after")) {
      assertThat(Json.at(written, "value", "payload", row) == null)
          .isEqualTo(Json.at(recorded, "value", "payload", row) == null);
      int index = row.equals("before") ? 0 : 1;
      assertThat(Json.at(written, "value", "schema", "fields", index, "field")).isEqualTo(row);
      assertThat(Json.at(written, "value", "schema", "fields", index, "optional")).isEqualTo(true);
      assertThat(Json.at(written, "value", "schema", "fields", index, "name"))
          .isEqualTo("shopdb.shop.order_items.Value");
    }
    for (int field = 2; field < 8; field++) {
      assertThat(Json.at(written, "value", "schema", "fields", field))
          .isEqualTo(Json.at(recorded, "value", "schema", "fields", field));
    }
    assertThat(Json.at(written, "value", "schema", "version"))
        .isEqualTo(Json.at(recorded, "value", "schema", "version"));
    assertThat(Json.at(written, "key", "schema", "name")).isEqualTo("shopdb.shop.order_items.Key");
    assertThat(Json.shape(Json.at(written, "key", "schema", "fields", 0)))
        .isEqualTo(Json.shape(Json.at(recorded, "key", "schema", "fields", 0)));
    Object price = Json.at(written, "value", "schema", "fields", 1, "fields", 5);
    assertThat(price.toString())
        .isEqualTo(
            "{type=bytes, optional=false, name=org.apache.kafka.connect.data.Decimal, version=1,"
                + " parameters={scale=2, connect.decimal.precision=12}, field=unit_price}");
  }

  private static List<Object> lines(ChangeEvent event) {
    var out = new ByteText();
    new EnvelopeText(event.table(), event.width()).line(event, out);
    List<Object> lines = new ArrayList<>();
    out.toString().lines().forEach(line -> lines.add(Json.read(line)));
    return lines;
  }

  private static Object recorded(int line) throws IOException {
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(EnvelopeTextTest.class.getResourceAsStream("recorded.json")),
                StandardCharsets.UTF_8))) {
      return Json.read(in.lines().skip(line).findFirst().orElseThrow());
    }
  }
}
