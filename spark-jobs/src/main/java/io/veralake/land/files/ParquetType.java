package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The type that a Parquet field lands as, and how its values are read. Unsigned integers get the
 * next wider type; small ones int. A time in 12 bytes and a text that isn't said to be one need a
 * declaration, because writers disagree about what they are.
 */
final class ParquetType {
  /** Reads the value at {@code index} of {@code field} in a group. */
  @FunctionalInterface
  interface Reading {
    @Nullable Object read(Group group, int field, int index) throws BadRecordException;
  }

  private static final long JULIAN_EPOCH = 2_440_588;

  private final @Nullable DataType type;
  private final Reading reading;

  ParquetType(@Nullable DataType type, Reading reading) {
    this.type = type;
    this.reading = reading;
  }

  /**
   * What {@code field} lands as, one value of it.
   *
   * @param declared the type that is known beside the file's; null if none is
   */
  static ParquetType of(Type field, @Nullable DataType declared) {
    return field.isPrimitive()
        ? primitive(field.asPrimitiveType(), declared)
        : ParquetNested.of(field.asGroupType());
  }

  /** For values that can't be landed, because of {@code reason}. */
  static ParquetType refused(String reason) {
    return new ParquetType(
        null,
        (group, field, index) -> {
          throw new BadRecordException(reason);
        });
  }

  /** The type that it lands as; null if only null can be landed. */
  @Nullable DataType type() {
    return this.type;
  }

  /** The value at {@code index} of {@code field}, which is there. */
  @Nullable Object read(Group group, int field, int index) throws BadRecordException {
    return this.reading.read(group, field, index);
  }

  private static ParquetType primitive(PrimitiveType field, @Nullable DataType declared) {
    LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(field, decimal.getPrecision(), decimal.getScale());
    }
    if (logical instanceof TimestampLogicalTypeAnnotation time) {
      return timestamp(time);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return time(field, time.getUnit());
    }
    return switch (field.getPrimitiveTypeName()) {
      case BOOLEAN -> new ParquetType(DataTypes.BooleanType, Group::getBoolean);
      case FLOAT -> new ParquetType(DataTypes.FloatType, Group::getFloat);
      case DOUBLE -> new ParquetType(DataTypes.DoubleType, Group::getDouble);
      case INT32 -> int32(logical);
      case INT64 -> int64(logical);
      case INT96 ->
          DataTypes.TimestampType.equals(declared)
              ? new ParquetType(DataTypes.TimestampType, ParquetType::int96)
              : refused("a time of 96 bits (declare the column as timestamp to take it as UTC)");
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          bytes(logical == null ? "" : logical.toString(), DataTypes.StringType.equals(declared));
    };
  }

  private static ParquetType int32(@Nullable LogicalTypeAnnotation logical) {
    if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return new ParquetType(
          DataTypes.DateType, (group, field, i) -> ExactValues.day(group.getInteger(field, i)));
    }
    boolean wide =
        logical instanceof IntLogicalTypeAnnotation kind
            && !kind.isSigned()
            && kind.getBitWidth() == 32;
    return wide
        ? new ParquetType(
            DataTypes.LongType,
            (group, field, i) -> Integer.toUnsignedLong(group.getInteger(field, i)))
        : new ParquetType(DataTypes.IntegerType, Group::getInteger);
  }

  private static ParquetType int64(@Nullable LogicalTypeAnnotation logical) {
    boolean wide = logical instanceof IntLogicalTypeAnnotation kind && !kind.isSigned();
    return wide
        ? new ParquetType(
            DataTypes.createDecimalType(20, 0),
            (group, field, i) -> unsigned(group.getLong(field, i)))
        : new ParquetType(DataTypes.LongType, Group::getLong);
  }

  private static Decimal unsigned(long value) {
    return Decimal.apply(new BigDecimal(Long.toUnsignedString(value)), 20, 0);
  }

  private static ParquetType bytes(String logical, boolean text) {
    return switch (logical) {
      case "STRING", "ENUM", "JSON" -> text();
      case "UUID" ->
          new ParquetType(
              DataTypes.StringType,
              (group, field, i) -> ExactValues.uuid(group.getBinary(field, i).getBytes()));
      case "INTERVAL" ->
          new ParquetType(
              DataTypes.StringType,
              (group, field, i) -> ExactValues.duration(group.getBinary(field, i).getBytes()));
      case "FLOAT16" ->
          new ParquetType(
              DataTypes.FloatType,
              (group, field, i) -> float16(group.getBinary(field, i).toByteBuffer()));
      case "UNKNOWN" -> new ParquetType(null, (group, field, i) -> null);
      case "", "BSON" ->
          text
              ? text()
              : new ParquetType(
                  DataTypes.BinaryType, (group, field, i) -> group.getBinary(field, i).getBytes());
      default -> refused("a " + logical.toLowerCase(Locale.ROOT) + " (it can't be landed)");
    };
  }

  private static ParquetType text() {
    return new ParquetType(
        DataTypes.StringType,
        (group, field, i) -> ExactValues.text(group.getBinary(field, i).getBytes()));
  }

  private static ParquetType decimal(PrimitiveType written, int precision, int scale) {
    boolean held = precision <= DecimalType.MAX_PRECISION();
    return new ParquetType(
        held ? DataTypes.createDecimalType(precision, scale) : DataTypes.StringType,
        (group, field, i) -> {
          BigDecimal value =
              switch (written.getPrimitiveTypeName()) {
                case INT32 -> BigDecimal.valueOf(group.getInteger(field, i), scale);
                case INT64 -> BigDecimal.valueOf(group.getLong(field, i), scale);
                default -> ExactValues.unscaled(group.getBinary(field, i).getBytes(), scale);
              };
          return held
              ? ExactValues.decimal(value, precision, scale)
              : UTF8String.fromString(value.toPlainString());
        });
  }

  private static ParquetType timestamp(TimestampLogicalTypeAnnotation time) {
    DataType type = time.isAdjustedToUTC() ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
    return switch (time.getUnit()) {
      case MILLIS ->
          new ParquetType(type, (group, field, i) -> ExactValues.millis(group.getLong(field, i)));
      case MICROS ->
          new ParquetType(type, (group, field, i) -> ExactValues.micros(group.getLong(field, i)));
      case NANOS ->
          new ParquetType(type, (group, field, i) -> ExactValues.nanos(group.getLong(field, i)));
    };
  }

  private static ParquetType time(PrimitiveType written, TimeUnit unit) {
    boolean narrow = written.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32;
    int digits = unit == TimeUnit.MILLIS ? 3 : unit == TimeUnit.MICROS ? 6 : 9;
    return new ParquetType(
        DataTypes.StringType,
        (group, field, i) ->
            ExactValues.timeOfDay(
                narrow ? group.getInteger(field, i) : group.getLong(field, i), digits));
  }

  /** Nanoseconds of the day, then the Julian day. */
  private static Object int96(Group group, int field, int i) throws BadRecordException {
    ByteBuffer bytes = group.getInt96(field, i).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = Integer.toUnsignedLong(bytes.getInt()) - JULIAN_EPOCH;
    BigInteger micros =
        BigInteger.valueOf(day)
            .multiply(BigInteger.valueOf(86_400_000_000L))
            .add(BigInteger.valueOf(ExactValues.nanos(nanos)));
    return ExactValues.micros(micros.bitLength() > 63 ? Long.MAX_VALUE : micros.longValue());
  }

  private static float float16(ByteBuffer bytes) {
    int bits = bytes.order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF;
    int sign = bits >>> 15;
    int exponent = bits >>> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    float value =
        exponent == 0x1F
            ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
            : exponent == 0
                ? Math.scalb((float) fraction, -24)
                : Math.scalb((float) (fraction | 0x400), exponent - 25);
    return sign == 0 ? value : -value;
  }
}
