package io.veralake.lake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.lpad;
import static org.apache.spark.sql.functions.md5;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sha1;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.unhex;

import io.veralake.spec.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The text that keys and payloads have when they are hashed, and the hash of it: an interface,
 * described byte for byte in {@code docs/hash-text.md}. All of it is Spark's own expressions. Texts
 * of timestamps and decimals need a session in UTC and in ANSI mode.
 */
public final class HashText {
  /** Version of the text, in the vault tables' property {@link #VERSION_PROPERTY}. */
  public static final String VERSION = "1";

  /** Table property: version of the hash text. */
  public static final String VERSION_PROPERTY = "veralake.hash-text";

  /** Table property: hash algorithm. */
  public static final String ALGORITHM_PROPERTY = "veralake.hash";

  /** Names of the algorithms, for messages. */
  public static final List<String> ALGORITHMS = List.of("MD5", "SHA-1", "SHA-256");

  private final String algorithm;
  private final UnaryOperator<Column> digest;

  /** Hashes with {@code algorithm}, one of {@link #ALGORITHMS}. */
  public HashText(String algorithm) {
    this.algorithm = algorithm;
    this.digest =
        switch (algorithm) {
          case "MD5" -> text -> unhex(md5(text));
          case "SHA-1" -> text -> unhex(sha1(text));
          case "SHA-256" -> text -> unhex(sha2(text, 256));
          default ->
              throw new IllegalArgumentException(
                  "Invalid hash: "
                      + algorithm
                      + " (allowed: "
                      + String.join(", ", ALGORITHMS)
                      + ")");
        };
  }

  /**
   * One value of a hash's text.
   *
   * @param name name of the column; part of the text of payloads only
   * @param type its declared type
   * @param value the value, of exactly that type
   */
  public record Part(String name, ColumnType type, Column value) {}

  /** Name of the algorithm. */
  public String algorithm() {
    return this.algorithm;
  }

  /** Hash key: of {@code parts} in the order given. */
  public Column key(List<Part> parts) {
    return this.digest.apply(keyText(parts).cast(DataTypes.BinaryType));
  }

  /**
   * Hashdiff of a version: of those {@code parts} that aren't null, in the order of their names.
   */
  public Column difference(List<Part> parts) {
    return this.digest.apply(differenceText(parts).cast(DataTypes.BinaryType));
  }

  /** Hashdiff of a row that says that its key is gone. */
  public Column deletion() {
    return this.digest.apply(lit("d").cast(DataTypes.BinaryType));
  }

  /** Text of a hash key. */
  static Column keyText(List<Part> parts) {
    return concatenated(parts.stream().map(part -> coalesce(prefixed(part), lit("n"))).toList());
  }

  /** Text of a hashdiff. */
  static Column differenceText(List<Part> parts) {
    List<Column> texts = new ArrayList<>();
    for (Part part : parts.stream().sorted(Comparator.comparing(Part::name)).toList()) {
      int length = part.name().getBytes(StandardCharsets.UTF_8).length;
      Column name = lit(length + ":" + part.name());
      texts.add(coalesce(concat(name, prefixed(part)), lit("")));
    }
    return concatenated(texts);
  }

  private static Column concatenated(List<Column> texts) {
    return texts.isEmpty() ? lit("") : concat(texts.toArray(Column[]::new));
  }

  /** Length and text of a value; null for null. */
  private static Column prefixed(Part part) {
    Column text = text(part.type(), part.value());
    return concat(octet_length(text).cast(DataTypes.StringType), lit(":"), text);
  }

  /** Text of a value; null for null. */
  static Column text(ColumnType type, Column value) {
    return switch (type.kind()) {
      case STRING -> value;
      case BOOLEAN, INT, BIGINT, DATE, DECIMAL -> value.cast(DataTypes.StringType);
      case TIMESTAMP -> date_format(value, "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
      case BINARY -> lower(hex(value));
      case FLOAT, DOUBLE -> lower(lpad(hex(bits(value)), 16, "0"));
    };
  }

  /** Bits of the double, with one zero and one NaN. */
  private static Column bits(Column value) {
    Column positiveZero = value.cast(DataTypes.DoubleType).plus(lit(0.0d));
    List<Expression> arguments = List.of(ExpressionUtils.expression(positiveZero));
    List<AbstractDataType> types = List.of(DataTypes.DoubleType);
    return ExpressionUtils.column(
        new StaticInvoke(
            Double.class,
            DataTypes.LongType,
            "doubleToLongBits",
            CollectionConverters.asScala(arguments).toSeq(),
            CollectionConverters.asScala(types).toSeq(),
            true,
            false,
            true,
            Option.empty()));
  }
}
