package io.veralake.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lower;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.PlainHashText.Value;
import io.veralake.spec.ColumnType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HashTextTest {
  private static final List<String> TYPES =
      List.of(
          "boolean",
          "int",
          "bigint",
          "float",
          "double",
          "decimal(12,2)",
          "decimal(38,20)",
          "string",
          "binary",
          "date",
          "timestamp");
  private static final Pattern VECTOR =
      Pattern.compile(
          "\\| (key|difference|deletion) \\|(.*?)\\|( `.*?`)? \\| `([0-9a-f]{32})` \\|");
  private static final Pattern VALUE = Pattern.compile("`(\\S+) (\\S+) = (.*?)`");

  @Test
  void documentedVectorsHold() throws IOException {
    HashText hash = new HashText("MD5");
    List<Column> found = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "hash-text.md"))) {
      Matcher vector = VECTOR.matcher(line);
      if (vector.matches()) {
        List<HashText.Part> parts = parts(vector.group(2));
        Column computed =
            switch (vector.group(1)) {
              case "key" -> hash.key(parts);
              case "difference" -> hash.difference(parts);
              default -> hash.deletion();
            };
        found.add(lower(hex(computed)));
        expected.add(vector.group(4));
      }
    }
    assertThat(expected).hasSizeGreaterThan(45);
    Row row = TestLake.session().range(1).select(found.toArray(Column[]::new)).first();
    assertThat(IntStream.range(0, row.size()).mapToObj(row::getString).toList())
        .isEqualTo(expected);
  }

  private static List<HashText.Part> parts(String cell) {
    List<HashText.Part> parts = new ArrayList<>();
    Matcher value = VALUE.matcher(cell);
    while (value.find()) {
      ColumnType type = ColumnType.parse(value.group(2)).orElseThrow();
      parts.add(new HashText.Part(value.group(1), type, expr(value.group(3)).cast(type.sql())));
    }
    return parts;
  }

  @Test
  void expressionsEqualThePlainTextOnRandomValues() {
    long seed = Seed.of(11L);
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      List<Value> values = TYPES.stream().map(type -> value(type, random)).toList();
      rows.add(RowFactory.create(values.stream().map(Value::value).toArray()));
      Map<String, Value> named = new LinkedHashMap<>();
      for (int c = 0; c < values.size(); c++) {
        named.put("c" + c, values.get(c));
      }
      expected.add(
          PlainHashText.key("SHA-256", values)
              + " "
              + PlainHashText.difference("SHA-1", named)
              + " "
              + PlainHashText.key("MD5", values.subList(0, 3)));
    }
    List<HashText.Part> parts = new ArrayList<>();
    StructType schema = new StructType();
    for (int c = 0; c < TYPES.size(); c++) {
      ColumnType type = ColumnType.parse(TYPES.get(c)).orElseThrow();
      schema = schema.add("c" + c, DataType.fromDDL(type.sql()));
      parts.add(new HashText.Part("c" + c, type, col("c" + c)));
    }
    Column found =
        concat_ws(
            " ",
            lower(hex(new HashText("SHA-256").key(parts))),
            lower(hex(new HashText("SHA-1").difference(parts))),
            lower(hex(new HashText("MD5").key(parts.subList(0, 3)))));
    SparkSession spark = TestLake.session();
    Dataset<Row> hashed = spark.createDataFrame(rows, schema).coalesce(1).select(found);
    assertThat(hashed.collectAsList().stream().map(row -> row.getString(0)).toList())
        .as("seed " + seed)
        .isEqualTo(expected);
  }

  @Test
  void unknownAlgorithmIsRefused() {
    assertThatThrownBy(() -> new HashText("CRC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid hash: CRC (allowed: MD5, SHA-1, SHA-256)");
  }

  private static Value value(String typeName, Random random) {
    ColumnType type = ColumnType.parse(typeName).orElseThrow();
    return new Value(type, random.nextInt(6) == 0 ? null : random(type, random));
  }

  private static @Nullable Object random(ColumnType type, Random random) {
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt();
      case BIGINT -> random.nextLong();
      case FLOAT ->
          oneOf(random, 0f, -0f, Float.NaN, 1e-40f, Float.intBitsToFloat(random.nextInt()));
      case DOUBLE ->
          oneOf(random, 0d, -0d, Double.NaN, 5e-324, Double.longBitsToDouble(random.nextLong()));
      case DECIMAL ->
          new BigDecimal(new BigInteger(random.nextInt(type.precision() * 3), random), type.scale())
              .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1));
      case STRING -> oneOf(random, "", "n", "1:a", "é", "e\u0301", "😀", "A\u0000B", " ");
      case BINARY -> HexFormat.of().parseHex(oneOf(random, "", "00", "ff80"));
      case DATE -> LocalDate.ofEpochDay(random.nextInt(9_000_000) - 700_000);
      case TIMESTAMP -> {
        long second = random.nextLong(-62_135_596_800L, 300_000_000_000L);
        yield Instant.ofEpochSecond(second, random.nextInt(1_000_000) * 1_000L);
      }
    };
  }

  @SafeVarargs
  private static <T> T oneOf(Random random, T... values) {
    return Arrays.asList(values).get(random.nextInt(values.length));
  }
}
