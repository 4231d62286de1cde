package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Envelopes recorded from a PostgreSQL 15 through Debezium 3.6; what the database held is known
 * from the SQL that made them.
 */
final class RecordedEnvelopesTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void everyTypeLandsExactly() throws IOException {
    Landed landed = land("orders", "shop.orders");

    assertThat(landed).isEqualTo(new Landed("orders", 1, 5, 2, 1, 2, 0));
    List<Row> rows = rows("select * from raw.orders order by _position.major");
    Map<String, Object> first = values(rows.get(0).getAs("after"));
    Map<String, Object> expected = firstOrder();
    assertThat(first.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((column, value) -> assertThat(first.get(column)).as(column).isEqualTo(value));
    assertThat(rows.get(0).<Row>getAs("before")).isNull();
    assertThat(rows.get(0).<String>getAs("_op")).isEqualTo("r");
    assertThat(rows.get(0).<Row>getAs("_position").toString()).isEqualTo("[23393536,0,0]");
    assertThat(rows.get(0).<Timestamp>getAs("_commit_time"))
        .isEqualTo(instant("2026-11-21T02:22:54.140995Z"));
    assertThat(rows.get(0).<String>getAs("_record_source")).isEqualTo("shop");

    assertThat(rows.get(1).<String>getAs("_op")).isEqualTo("u");
    assertThat(values(rows.get(1).getAs("before"))).usingRecursiveComparison().isEqualTo(first);
    expected.put("price", new BigDecimal("20.99"));
    expected.put("st", "shipped");
    expected.put("jb", "{\"b\": [1, 2.50, null], \"c\": 3}");
    expected.put("tstz", instant("2024-03-02T01:02:03.000001Z"));
    Map<String, Object> second = values(rows.get(1).getAs("after"));
    expected.forEach((column, value) -> assertThat(second.get(column)).as(column).isEqualTo(value));
    assertThat(rows.get(1).<Row>getAs("_position").toString()).isEqualTo("[23394008,1,0]");
  }

  @Test
  void infinityIsQuarantinedWithItsColumn() throws IOException {
    land("infinite", "shop.orders");

    assertThat(
            texts(
                "select row, reason from raw.quarantine where source_table = 'infinite' order by row"))
        .containsExactly(
            "[2,Cannot land column d: -2147472692 (days from 0001-01-01 to 9999-12-31; infinity can't be held)]",
            "[4,Cannot land column d: -2147472692 (days from 0001-01-01 to 9999-12-31; infinity can't be held)]");
  }

  @Test
  void keyChangesTruncatesTombstonesAndNewColumnsLand() throws IOException {
    Landed landed = land("dflt", "shop.dflt");

    assertThat(landed).isEqualTo(new Landed("dflt", 1, 11, 9, 2, 0, 0));
    assertThat(
            texts(
                """
                select _op, before.id, after.id, after.v, left(after.big, 3), after.n, after.extra, _unavailable,
                _position.minor from raw.dflt order by _position.major, _position.minor"""))
        .containsExactly(
            "[r,null,1,a,zzz,1.10,null,null,0]",
            "[c,null,2,b,sma,-5.00,null,null,2]",
            "[u,null,1,a2,null,1.10,null,ArraySeq(big),1]",
            "[d,2,null,null,null,null,null,null,1]",
            "[c,null,100,b,sma,-5.00,null,null,2]",
            "[d,100,null,null,null,null,null,null,1]",
            "[c,null,3,c,null,null,2026-11-21 02:22:56.125522,null,1]",
            "[t,null,null,null,null,null,null,null,1]",
            "[c,null,999,END,null,null,2024-01-01 00:00:00.0,null,1]");
    assertThat(texts("select length(after.big) from raw.dflt where _op = 'r'"))
        .containsExactly("[2100]");
  }

  @Test
  void transactionMarkersAndMessagesAreSkippedAndCounted() throws IOException {
    assertThat(land("transactions", "transaction"))
        .isEqualTo(new Landed("transactions", 1, 0, 0, 0, 0, 20));
    assertThat(land("messages", "message")).isEqualTo(new Landed("messages", 1, 0, 0, 0, 0, 1));
  }

  private static Map<String, Object> firstOrder() {
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("id", 1L);
    order.put("cust", 10);
    order.put("price", new BigDecimal("19.99"));
    order.put("rate", "3.14159265358979323846");
    order.put("big", new BigDecimal("12345678901234567890.1234567890"));
    order.put("qty", 2);
    order.put("weight", 1.5);
    order.put("f4", 2.5f);
    order.put("flag", true);
    order.put("name", "snap");
    order.put("code", "A1");
    order.put("ch", "ab ");
    order.put("d", Date.valueOf("2024-02-29"));
    order.put("t", "12:34:56.123456");
    order.put("ttz", "10:34:56.5Z");
    order.put("ts", LocalDateTime.parse("2024-02-29T12:34:56.123456"));
    order.put("ts3", LocalDateTime.parse("2024-02-29T12:34:56.123"));
    order.put("tstz", instant("2024-02-29T12:34:56.123456Z"));
    order.put("iv", 37_091_106_000_000L);
    order.put("j", "{\"a\": 1}");
    order.put("jb", "{\"b\": [1, 2.50, null]}");
    order.put("tags", Arrays.asList("x", null, "y z"));
    order.put("nums", List.of(1, 2));
    order.put("uid", "6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab");
    order.put("st", "new");
    order.put("raw", new byte[] {(byte) 0xde, (byte) 0xad, (byte) 0xbe, (byte) 0xef});
    order.put("ip", "10.0.0.1");
    order.put("m", new BigDecimal("12.34"));
    order.put("x", "<a/>");
    order.put("bits", new byte[] {(byte) 0b10101010});
    order.put("r", "[1,5)");
    order.put("toasted", "q".repeat(20));
    return order;
  }

  private static Map<String, Object> values(Row row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String column : row.schema().fieldNames()) {
      Object value = row.getAs(column);
      values.put(
          column,
          value instanceof scala.collection.Seq<?> items
              ? new ArrayList<>(CollectionConverters.asJava(items))
              : value);
    }
    return values;
  }

  private static Timestamp instant(String text) {
    return Timestamp.from(Instant.parse(text));
  }

  private static Landed land(String table, String sample) throws IOException {
    Path input = TestLake.newFolder("input");
    Path target = Files.createDirectories(input.resolve(table)).resolve(sample + ".json");
    try (InputStream bytes =
        RecordedEnvelopesTest.class.getResourceAsStream("/debezium/" + sample + ".json")) {
      Files.copy(Objects.requireNonNull(bytes), target);
    }
    return LandStep.run(Landing.context(LAKE.lake(), input, "r1"), Landing.debezium(table, table));
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(Row::toString).toList();
  }

  private static List<Row> rows(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList();
  }
}
