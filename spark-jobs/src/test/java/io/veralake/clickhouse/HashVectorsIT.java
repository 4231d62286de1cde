package io.veralake.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestClickHouse;
import io.veralake.lake.HashVectors;
import io.veralake.spec.ColumnType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** ClickHouse's SQL gives the documented hashes. */
final class HashVectorsIT {
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

  @Test
  void clickHouseComputesThem() throws IOException {
    List<HashVectors.Vector> vectors =
        HashVectors.read().stream().filter(HashVectorsIT::fits).toList();
    assertThat(vectors).hasSizeGreaterThan(230);
    List<String> found = new ArrayList<>();
    for (List<HashVectors.Vector> some : parts(vectors)) {
      String rows =
          some.stream().map(HashVectorsIT::text).collect(Collectors.joining(",\n", "[", "]"));
      found.addAll(
          clickHouse
              .rows(
                  "SELECT lower(hex(MD5(t))) || ' ' || lower(hex(SHA1(t))) || ' ' || lower(hex(SHA256(t))) FROM (SELECT arrayJoin("
                      + rows
                      + ") AS t)")
              .stream()
              .map(row -> row.get(0))
              .toList());
    }
    List<String> shown = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      String line = vectors.get(i).rules() + " " + vectors.get(i).values() + " ";
      shown.add(line + found.get(i));
      expected.add(line + String.join(" ", vectors.get(i).hashes()));
    }
    assertThat(shown).isEqualTo(expected);
  }

  /**
   * ClickHouse has no text of a number as Java writes it and no dates before 1900, and folds one
   * letter to one. What has no text at all is no matter of SQL.
   */
  private static boolean fits(HashVectors.Vector vector) {
    boolean own = vector.rules().equals("veralake");
    boolean nothing = vector.hashes().get(0).matches("null|0+");
    return !nothing
        && vector.values().stream()
            .noneMatch(
                value ->
                    "straße".equals(value.text())
                        || String.valueOf(value.text()).startsWith("0001")
                        || !own
                            && List.of(ColumnType.Kind.FLOAT, ColumnType.Kind.DOUBLE)
                                .contains(value.type().kind()));
  }

  private static List<List<HashVectors.Vector>> parts(List<HashVectors.Vector> all) {
    List<List<HashVectors.Vector>> result = new ArrayList<>();
    for (int i = 0; i < all.size(); i += 50) {
      result.add(all.subList(i, Math.min(i + 50, all.size())));
    }
    return result;
  }

  private static String text(HashVectors.Vector vector) {
    List<HashVectors.Value> values = new ArrayList<>(vector.values());
    boolean key = vector.hash().equals("key");
    if (vector.hash().equals("deletion")) {
      return "'d'";
    }
    if (vector.rules().equals("veralake")) {
      values.sort(key ? (a, b) -> 0 : Comparator.comparing(HashVectors.Value::name));
      return "concat('', '', "
          + values.stream().map(value -> own(key, value)).collect(Collectors.joining(", "))
          + ")";
    }
    if (vector.rules().startsWith("automate-dv")) {
      values.sort(
          key ? (a, b) -> 0 : Comparator.comparing(value -> value.name().toLowerCase(Locale.ROOT)));
      boolean upper = vector.rules().equals("automate-dv");
      return values.stream()
          .map(value -> "ifNull(nullIf(" + trimmed(value, upper) + ", ''), '^^')")
          .collect(Collectors.joining(" || '||' || "));
    }
    String text =
        values.stream().map(HashVectorsIT::quoted).collect(Collectors.joining(" || '||' || "));
    boolean upper =
        key ? !vector.rules().contains("as-is") : vector.rules().contains("hashdiff-casing=upper");
    String visible =
        "replaceRegexpAll("
            + (upper ? "upperUTF8(" + text + ")" : text)
            + ", '[\\t\\n\\v\\f\\r]|\\xC2\\x85|\\xE2\\x80\\xA8|\\xE2\\x80\\xA9', '')";
    return vector.rules().contains("rtrim") && !key
        ? "replaceRegexpOne(" + visible + ", '[\\\\^|]+$', '')"
        : visible;
  }

  private static String own(boolean key, HashVectors.Value value) {
    if (value.text() == null) {
      return key ? "'n'" : "''";
    }
    String text = ownText(value.type(), sql(value.text()));
    String part = "toString(length(" + text + ")) || ':' || " + text;
    String name = value.name();
    return key ? part : "toString(length(%1$s)) || ':' || %1$s || ".formatted(sql(name)) + part;
  }

  private static String ownText(ColumnType type, String literal) {
    return switch (type.kind()) {
      case STRING, BOOLEAN, DATE -> literal;
      case INT, BIGINT -> "toString(toInt64(" + literal + "))";
      case DECIMAL ->
          "toDecimalString(toDecimal256(%s, %d), %d)"
              .formatted(literal, type.scale(), type.scale());
      case TIMESTAMP ->
          "formatDateTime(parseDateTime64BestEffort("
              + literal
              + ", 6, 'UTC'), '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC')";
      case BINARY -> "lower(hex(unhex(" + literal + ")))";
      case FLOAT -> bits("toFloat64(toFloat32(" + literal + "))");
      case DOUBLE -> bits("toFloat64(" + literal + ")");
    };
  }

  private static String bits(String number) {
    return "if(isNaN(%1$s), '7ff8000000000000', lower(leftPad(hex(reinterpretAsUInt64(%1$s + 0.0)), 16, '0')))"
        .formatted(number);
  }

  private static String trimmed(HashVectors.Value value, boolean upper) {
    String text = value.text() == null ? "''" : "trimBoth(" + castText(value) + ")";
    return upper ? "upperUTF8(" + text + ")" : text;
  }

  private static String quoted(HashVectors.Value value) {
    if (value.text() == null) {
      return "'^^'";
    }
    String text = "trimBoth(" + castText(value) + ")";
    text = "replaceAll(" + text + ", '\\\\', '\\\\\\\\')";
    text = "replaceAll(" + text + ", '\"', 'dv4dbt-quote-replacement')";
    text = "replaceAll(" + text + ", '^^', 'dv4dbt-null-replacement')";
    text = "replaceAll(" + text + ", '||', 'dv4dbt-concat-replacement')";
    return "'\"' || " + text + " || '\"'";
  }

  private static String castText(HashVectors.Value value) {
    String literal = sql(String.valueOf(value.text()));
    return switch (value.type().kind()) {
      case BINARY -> "unhex(" + literal + ")";
      case TIMESTAMP ->
          "replaceRegexpOne(formatDateTime(parseDateTime64BestEffort("
              + literal
              + ", 6, 'UTC'), '%Y-%m-%d %H:%i:%S.%f', 'UTC'), '\\\\.?0+$', '')";
      case STRING, BOOLEAN, INT, BIGINT, DECIMAL, DATE, FLOAT, DOUBLE ->
          ownText(value.type(), literal);
    };
  }

  private static String sql(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
