package io.veralake.lake;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.lpad;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.unhex;
import static org.apache.spark.sql.functions.upper;
import static org.apache.spark.sql.functions.when;

import io.veralake.spec.ColumnType;
import io.veralake.spec.HashRules;
import io.veralake.spec.VaultRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
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
  /** Table property: which text, and which version of it. */
  public static final String VERSION_PROPERTY = "veralake.hash-text";

  /** Table property: hash algorithm. */
  public static final String ALGORITHM_PROPERTY = "veralake.hash";

  /** Table property: form of the stored hashes, where that isn't binary. */
  public static final String FORM_PROPERTY = "veralake.hash-form";

  /** Hashed for a row that says that its key is gone, by Veralake's own text. */
  private static final String DELETION = "d";

  /** The same in texts with delimiters, in which a value may be any word. */
  private static final String DELIMITED_DELETION = "\u0000d";

  /** Names of the algorithms, for messages. */
  public static final List<String> ALGORITHMS = List.of("MD5", "SHA-1", "SHA-256");

  /** The first byte of MD5, which no configuration can declare: for tests of equal hashes. */
  public static final String ONE_BYTE = "MD5-8";

  private final HashRules rules;
  private final DelimitedText delimited;
  private final UnaryOperator<Column> digest;

  /** Hashes Veralake's own text with {@code algorithm}, one of {@link #ALGORITHMS}. */
  public HashText(String algorithm) {
    this(new HashRules(algorithm));
  }

  /** Hashes as {@code rules} say. */
  public HashText(HashRules rules) {
    this.rules = rules;
    this.delimited = new DelimitedText(rules);
    String algorithm = rules.algorithm();
    this.digest =
        switch (algorithm) {
          case "MD5" -> functions::md5;
          case "SHA-1" -> functions::sha1;
          case "SHA-256" -> text -> sha2(text, 256);
          case ONE_BYTE -> text -> functions.md5(text).substr(1, 2);
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

  /**
   * Stops readers of a vault of which {@code table}, whose properties are {@code found}, has hashes
   * of another text: keys of its tables don't meet.
   */
  public static void stopUnlessMade(String table, Map<String, String> found, HashRules rules) {
    boolean same =
        rules.version().equals(found.getOrDefault(VERSION_PROPERTY, rules.version()))
            && rules.algorithm().equals(found.getOrDefault(ALGORITHM_PROPERTY, rules.algorithm()));
    if (!same) {
      throw new DataException(
          "Cannot read %s: its hashes are %s of text %s, the configuration says %s of text %s (let veralake rehash come to its end, or put the configuration back)"
              .formatted(
                  table,
                  found.get(ALGORITHM_PROPERTY),
                  found.get(VERSION_PROPERTY),
                  rules.algorithm(),
                  rules.version()));
    }
  }

  /** The rules. */
  public HashRules rules() {
    return this.rules;
  }

  /** Whether keys with different texts are different keys, so that one hash for both is wrong. */
  public boolean tellsKeysApart() {
    return this.own();
  }

  /** Type of a column that holds hashes, in SQL. */
  public String sqlType() {
    return this.rules.form() == HashRules.Form.BINARY ? "binary" : "string";
  }

  /** The hash key of a ghost record, as SQL: all bytes zero, or all bits one. */
  public String ghostKey(VaultRules.Ghost ghost) {
    String digits = (ghost == VaultRules.Ghost.UNKNOWN ? "0" : "f").repeat(this.digits());
    return switch (this.rules.form()) {
      case BINARY -> "X'" + digits + "'";
      case UPPER_HEX -> "'" + digits.toUpperCase(Locale.ROOT) + "'";
      case LOWER_HEX -> "'" + digits + "'";
    };
  }

  /** Whether {@code key} is a ghost record's: all zeros or all ones, of any algorithm. */
  public Column isGhost(Column key) {
    return this.digits(key).rlike("^(0+|[fF]+)$");
  }

  /** A ghost record's {@code key}, of any algorithm, in the length that keys have. */
  public Column ghostKey(Column key) {
    return when(this.digits(key).startsWith("0"), expr(this.ghostKey(VaultRules.Ghost.UNKNOWN)))
        .otherwise(expr(this.ghostKey(VaultRules.Ghost.ERROR)));
  }

  private Column digits(Column key) {
    return this.rules.form() == HashRules.Form.BINARY ? hex(key) : key;
  }

  /** Hash key: of {@code parts} in the order given. */
  public Column key(List<Part> parts) {
    return this.own()
        ? this.hash(keyText(parts))
        : this.orNothing(this.hash(this.delimited.key(parts)));
  }

  /**
   * Whether {@code parts} name a key: all of them if the text is Veralake's own, any in the texts
   * of other tools, which put a placeholder for the others.
   */
  public Column names(List<Part> parts) {
    return this.own()
        ? parts.stream().map(part -> part.value().isNotNull()).reduce(Column::and).orElseThrow()
        : parts.stream().map(this.delimited::present).reduce(Column::or).orElseThrow();
  }

  /**
   * Hashdiff of a version: of those {@code parts} that aren't null, in the order of their names; by
   * another tool's text of all of them.
   */
  public Column difference(List<Part> parts) {
    return this.own()
        ? this.hash(differenceText(parts))
        : this.orNothing(this.hash(this.delimited.difference(parts)));
  }

  /**
   * Hashdiff of a version some of whose values weren't sent: of {@code parts}, in which these are
   * null, and of their names.
   *
   * @param unsent names of such columns, an array of strings; null if there are none, which gives
   *     {@link #difference(List)}
   */
  public Column difference(List<Part> parts, Column unsent) {
    Column names = concat_ws(",", array_sort(unsent));
    List<Part> marked = new ArrayList<>(parts);
    marked.add(new Part(FormColumns.UNSENT, new ColumnType(ColumnType.Kind.STRING, 0, 0), names));
    return when(unsent.isNull(), this.difference(parts)).otherwise(this.difference(marked));
  }

  /**
   * Hashdiff of a set: of its members' texts, each as in {@link #difference}, equal ones once, in
   * the order of their bytes.
   *
   * @param members array of the members
   * @param parts a member's values
   */
  public Column set(Column members, Function<Column, List<Part>> parts) {
    Column texts = transform(members, member -> this.text(parts.apply(member)));
    Column sorted = array_sort(array_distinct(texts));
    Column prefixed =
        transform(
            sorted, text -> concat(octet_length(text).cast(DataTypes.StringType), lit(":"), text));
    Column text = concat(lit("s"), concat_ws("", prefixed));
    return this.hash(text);
  }

  private Column text(List<Part> parts) {
    return this.own() ? differenceText(parts) : this.delimited.difference(parts);
  }

  /** Hashdiff of a row that says that its key is gone. */
  public Column deletion() {
    return this.hash(lit(this.own() ? DELETION : DELIMITED_DELETION));
  }

  private boolean own() {
    return this.rules.text() == HashRules.Text.VERALAKE;
  }

  private Column hash(Column text) {
    Column digits = this.digest.apply(text.cast(DataTypes.BinaryType));
    return switch (this.rules.form()) {
      case BINARY -> unhex(digits);
      case UPPER_HEX -> upper(digits);
      case LOWER_HEX -> digits;
    };
  }

  /** datavault4dbt gives what has no text at all the key of zeros. */
  private Column orNothing(Column hash) {
    if (this.rules.text() != HashRules.Text.DATAVAULT4DBT) {
      return hash;
    }
    Column zeros = lit("0".repeat(this.digits()));
    return coalesce(hash, this.rules.form() == HashRules.Form.BINARY ? unhex(zeros) : zeros);
  }

  private int digits() {
    return switch (this.rules.algorithm()) {
      case "MD5" -> 32;
      case "SHA-1" -> 40;
      case ONE_BYTE -> 2;
      default -> 64;
    };
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
