package io.veralake.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

final class ShownRowTest {
  private static Row row(String ddl, Object... values) {
    return new GenericRowWithSchema(values, StructType.fromDDL(ddl));
  }

  @Test
  void valuesAreTextsForPeople() {
    Row row =
        row(
            "k binary, at timestamp, amount decimal(12,2), part struct<a int, b string>, list array<int>, gone string",
            new byte[] {0x0f, (byte) 0xa0},
            Instant.parse("2026-03-01T10:15:30.5Z"),
            new BigDecimal("1200.50"),
            new GenericRowWithSchema(new Object[] {1, "x"}, StructType.fromDDL("a int, b string")),
            scala.jdk.javaapi.CollectionConverters.asScala(java.util.Arrays.asList(1, null))
                .toSeq(),
            null);
    assertThat(ShownRow.of(row, any -> false))
        .containsEntry("k", "0fa0")
        .containsEntry("at", "2026-03-01T10:15:30.500Z")
        .containsEntry("amount", "1200.50")
        .containsEntry("part", "{a=1, b=x}")
        .containsEntry("list", "[1, null]")
        .containsEntry("gone", null);
  }

  @Test
  void aLineStaysALineAndALongTextIsCut() {
    Row row = row("t string", "a\nb\r" + "c".repeat(1000));
    assertThat(ShownRow.of(row, any -> false).get("t"))
        .startsWith("a\\nb\\rccc")
        .hasSize(161)
        .endsWith("…");
  }

  @Test
  void whatIsPersonalIsHiddenAtAnyDepth() {
    String text =
        "{\"id\":1,\"email\":\"ada@example.org\",\"price\":200.00,\"of\":[{\"email\":\"bob@example.org\"}]}";
    Row row = row("email string, said string, none string", "eve@example.org", text, null);
    assertThat(ShownRow.of(row, Set.of("email")::contains))
        .containsEntry("email", "(personal)")
        .containsEntry(
            "said",
            "{\"id\":1,\"email\":\"(personal)\",\"price\":200.00,\"of\":[{\"email\":\"(personal)\"}]}")
        .containsEntry("none", null);
  }

  @Test
  void whatOnlyLooksLikeJsonIsAText() {
    Row row = row("said string", "{not json");
    assertThat(ShownRow.of(row, any -> false)).containsEntry("said", "{not json");
  }
}
