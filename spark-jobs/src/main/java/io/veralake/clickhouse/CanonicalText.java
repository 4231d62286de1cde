package io.veralake.clickhouse;

import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The one text of a row that Spark and ClickHouse both compute, and its checksum. A row's text is
 * the concatenation of its parts, one for each column in order: {@code n} for null, else {@code
 * <length in bytes>:<text>}. The text of a value, by type: a string as it is; an integer in
 * decimal; {@code true} or {@code false}; a decimal with exactly its declared scale; {@code
 * yyyy-MM-dd}; {@code yyyy-MM-ddTHH:mm:ss.ffffffZ}; bytes in lower-case hexadecimal; a float or
 * double as the 16 hexadecimal digits of the IEEE double, with 0.0 for -0.0 and one NaN. A row's
 * checksum is xxHash64 (seed 0) of its text; a set of rows has {@link Sums}.
 */
public final class CanonicalText {
  private static final String NAN = "7ff8000000000000";
  private static final String ZERO = "0000000000000000";

  private CanonicalText() {}

  /**
   * The checksum of a set of rows, the order of which doesn't matter.
   *
   * @param count number of rows
   * @param low sum of the lower 32 bits of the rows' checksums
   * @param high sum of the upper 32 bits of the rows' checksums
   */
  public record Sums(long count, long low, long high) {
    /** Of no rows. */
    public static final Sums NONE = new Sums(0, 0, 0);
  }

  /** ClickHouse expression: checksum (UInt64) of a row with {@code columns}. */
  public static String clickHouseChecksum(List<Column> columns) {
    return "xxHash64(" + clickHouse(columns) + ")";
  }

  /** ClickHouse expression: text of a row with {@code columns}. */
  public static String clickHouse(List<Column> columns) {
    return columns.stream()
        .map(column -> clickHousePart(Sql.identifier(column.name()), column.type()))
        .collect(Collectors.joining(", ", "concat('', ", ")"));
  }

  /**
   * ClickHouse expressions, comma separated: the three numbers of {@link Sums} over rows whose
   * checksum is {@code checksum}.
   */
  public static String clickHouseSums(String checksum) {
    return "count(), sum(bitAnd("
        + checksum
        + ", 4294967295)), sum(bitShiftRight("
        + checksum
        + ", 32))";
  }

  /** ClickHouse expression: the part of one value given by the expression {@code value}. */
  public static String clickHousePart(String value, ColumnType type) {
    String text = clickHouseText(value, type);
    return "ifNull(concat(toString(length(" + text + ")), ':', " + text + "), 'n')";
  }

  /**
   * ClickHouse expression: the text alone of one value given by the expression {@code value}; null
   * for null.
   */
  public static String clickHouseText(String value, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "toString(toBool(" + value + "))";
      case INT, BIGINT, STRING -> "toString(" + value + ")";
      case DATE -> "toString(toDate32(" + value + "))";
      case FLOAT, DOUBLE -> clickHouseDouble("toFloat64(" + value + ")");
      case DECIMAL -> "toDecimalString(" + value + ", " + type.scale() + ")";
      case BINARY -> "lower(hex(" + value + "))";
      case TIMESTAMP ->
          "concat(replaceOne(toString(toDateTime64(" + value + ", 6, 'UTC')), ' ', 'T'), 'Z')";
    };
  }

  private static String clickHouseDouble(String value) {
    return "multiIf(isNaN("
        + value
        + "), '"
        + NAN
        + "', "
        + value
        + " = 0, '"
        + ZERO
        + "', leftPad(lower(hex(reinterpretAsUInt64("
        + value
        + "))), 16, '0'))";
  }

  /** Spark: checksum (bigint, the same 64 bits as in ClickHouse) of a row with {@code columns}. */
  public static org.apache.spark.sql.Column sparkChecksum(List<Column> columns) {
    return row("checksum", DataTypes.LongType, columns);
  }

  /** Spark: text of a row with {@code columns}. */
  public static org.apache.spark.sql.Column spark(List<Column> columns) {
    return row("text", DataTypes.StringType, columns);
  }

  /** A method of {@link CanonicalRow}: one call a row, whatever the number of columns. */
  private static org.apache.spark.sql.Column row(
      String method, DataType result, List<Column> columns) {
    org.apache.spark.sql.Column[] values =
        columns.stream()
            .map(column -> functions.col("`" + column.name() + "`").cast(carried(column.type())))
            .toArray(org.apache.spark.sql.Column[]::new);
    Expression types =
        new Literal(new CanonicalRow.Types(columns), new ObjectType(CanonicalRow.Types.class));
    return invoke(
        CanonicalRow.class,
        method,
        result,
        List.of(ExpressionUtils.expression(functions.struct(values)), types));
  }

  private static String carried(ColumnType type) {
    return type.kind() == ColumnType.Kind.FLOAT ? "double" : type.sql();
  }

  /**
   * Spark: the three numbers of {@link Sums}, named {@code count}, {@code low}, {@code high}, over
   * rows whose checksum is {@code checksum}.
   */
  public static List<org.apache.spark.sql.Column> sparkSums(org.apache.spark.sql.Column checksum) {
    return List.of(
        functions.count(functions.lit(1)).as("count"),
        functions
            .coalesce(
                functions.sum(checksum.bitwiseAND(functions.lit(0xFFFFFFFFL))), functions.lit(0L))
            .as("low"),
        functions
            .coalesce(functions.sum(functions.shiftrightunsigned(checksum, 32)), functions.lit(0L))
            .as("high"));
  }

  /** Spark: the text alone of one value; null for null. */
  public static org.apache.spark.sql.Column sparkText(
      org.apache.spark.sql.Column value, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, INT, BIGINT, STRING -> value.cast(DataTypes.StringType);
      case DATE -> invoke("date", List.of(value.cast(DataTypes.DateType)));
      case TIMESTAMP -> invoke("timestamp", List.of(value.cast(DataTypes.TimestampType)));
      case FLOAT, DOUBLE -> invoke("real", List.of(value.cast(DataTypes.DoubleType)));
      case DECIMAL ->
          invoke("decimal", List.of(value.cast(type.sql()), functions.lit(type.scale())));
      case BINARY -> functions.lower(functions.hex(value));
    };
  }

  /** A method of {@link CanonicalValue} on every row; null for null. */
  private static org.apache.spark.sql.Column invoke(
      String method, List<org.apache.spark.sql.Column> arguments) {
    return invoke(
        CanonicalValue.class,
        method,
        DataTypes.StringType,
        arguments.stream().map(ExpressionUtils::expression).toList());
  }

  private static org.apache.spark.sql.Column invoke(
      Class<?> owner, String method, DataType result, List<Expression> arguments) {
    return ExpressionUtils.column(
        new StaticInvoke(
            owner,
            result,
            method,
            CollectionConverters.asScala(arguments).toSeq(),
            CollectionConverters.asScala(List.<AbstractDataType>of()).toSeq(),
            true,
            false,
            true,
            Option.empty()));
  }
}
