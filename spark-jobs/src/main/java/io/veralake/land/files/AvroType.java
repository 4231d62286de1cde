package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.files.AvroCursor.BrokenException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The type that an Avro schema lands as, and how its values are read.
 *
 * <p>Decimals of more than 38 digits and {@code big-decimal} are exact text; instants are
 * timestamps, local ones {@code timestamp_ntz}; times of day, durations, UUIDs and enums are text;
 * a record is a struct, an array an array, a map an array of its entries.
 */
final class AvroType {
  /** Reads a value; null is null. */
  @FunctionalInterface
  interface Reading {
    @Nullable Object read(AvroCursor in) throws BrokenException;
  }

  /** Makes the value that is landed of the one that is written. */
  @FunctionalInterface
  private interface Exactly<T> {
    Object value(T written) throws BadRecordException;
  }

  /** Gets the value that is written. */
  @FunctionalInterface
  private interface Written<T> {
    T read(AvroCursor in) throws BrokenException;
  }

  private final @Nullable DataType type;
  private final Reading reading;

  AvroType(@Nullable DataType type, Reading reading) {
    this.type = type;
    this.reading = reading;
  }

  /** What {@code schema} lands as. */
  static AvroType of(Schema schema) {
    return of(schema, new HashSet<>());
  }

  /** The same, below {@code records}, which it mustn't hold again. */
  static AvroType of(Schema schema, Set<String> records) {
    return switch (schema.getType()) {
      case NULL -> new AvroType(null, in -> null);
      case BOOLEAN -> new AvroType(DataTypes.BooleanType, AvroCursor::bool);
      case INT -> int32(schema.getLogicalType());
      case LONG -> int64(schema.getLogicalType());
      case FLOAT -> new AvroType(DataTypes.FloatType, AvroCursor::float32);
      case DOUBLE -> new AvroType(DataTypes.DoubleType, AvroCursor::float64);
      case STRING -> exactly(DataTypes.StringType, AvroCursor::bytes, ExactValues::text);
      case BYTES -> bytes(schema.getLogicalType(), AvroCursor::bytes, -1);
      case FIXED -> {
        int size = schema.getFixedSize();
        yield bytes(schema.getLogicalType(), in -> in.fixed(size), size);
      }
      case ENUM ->
          new AvroType(
              DataTypes.StringType, in -> UTF8String.fromString(AvroSkip.symbol(schema, in)));
      case ARRAY, MAP, RECORD, UNION -> AvroNested.of(schema, records);
    };
  }

  /** For values that can't be landed, because of {@code reason}; null can. */
  static AvroType refused(Schema schema, String reason) {
    return new AvroType(
        null,
        in -> {
          Schema found = schema;
          while (found.getType() == Schema.Type.UNION) {
            found = AvroSkip.branch(found, in);
          }
          AvroSkip.datum(found, in);
          if (found.getType() != Schema.Type.NULL) {
            in.problem(reason);
          }
          return null;
        });
  }

  /** The type that it lands as; null if only null can be landed. */
  @Nullable DataType type() {
    return this.type;
  }

  /** Reads a value; null is null, or a problem that the cursor notes. */
  @Nullable Object read(AvroCursor in) throws BrokenException {
    return this.reading.read(in);
  }

  private static AvroType int32(@Nullable LogicalType logical) {
    if (logical instanceof LogicalTypes.Date) {
      return exactly(DataTypes.DateType, AvroCursor::int32, days -> ExactValues.day(days));
    }
    if (logical instanceof LogicalTypes.TimeMillis) {
      return exactly(
          DataTypes.StringType, AvroCursor::int32, value -> ExactValues.timeOfDay(value, 3));
    }
    return new AvroType(DataTypes.IntegerType, AvroCursor::int32);
  }

  private static AvroType int64(@Nullable LogicalType logical) {
    String name = logical == null ? "" : logical.getName();
    DataType local = DataTypes.TimestampNTZType;
    DataType instant = DataTypes.TimestampType;
    return switch (name) {
      case "timestamp-millis" -> exactly(instant, AvroCursor::int64, ExactValues::millis);
      case "timestamp-micros" -> exactly(instant, AvroCursor::int64, ExactValues::micros);
      case "timestamp-nanos" -> exactly(instant, AvroCursor::int64, ExactValues::nanos);
      case "local-timestamp-millis" -> exactly(local, AvroCursor::int64, ExactValues::millis);
      case "local-timestamp-micros" -> exactly(local, AvroCursor::int64, ExactValues::micros);
      case "local-timestamp-nanos" -> exactly(local, AvroCursor::int64, ExactValues::nanos);
      case "time-micros" ->
          exactly(
              DataTypes.StringType, AvroCursor::int64, value -> ExactValues.timeOfDay(value, 6));
      default -> new AvroType(DataTypes.LongType, AvroCursor::int64);
    };
  }

  private static AvroType bytes(@Nullable LogicalType logical, Written<byte[]> written, int size) {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      int precision = decimal.getPrecision();
      int scale = decimal.getScale();
      return precision > DecimalType.MAX_PRECISION()
          ? exactly(
              DataTypes.StringType, written, value -> plain(ExactValues.unscaled(value, scale)))
          : exactly(
              DataTypes.createDecimalType(precision, scale),
              written,
              value -> ExactValues.decimal(ExactValues.unscaled(value, scale), precision, scale));
    }
    String name = logical == null ? "" : logical.getName();
    if (name.equals("big-decimal")) {
      return exactly(DataTypes.StringType, written, AvroType::bigDecimal);
    }
    if (name.equals("uuid") && size == 16) {
      return exactly(DataTypes.StringType, written, ExactValues::uuid);
    }
    if (name.equals("duration") && size == 12) {
      return exactly(DataTypes.StringType, written, ExactValues::duration);
    }
    return new AvroType(DataTypes.BinaryType, written::read);
  }

  private static Object bigDecimal(byte[] value) throws BadRecordException {
    AvroCursor parts = new AvroCursor().over(value, 0, value.length);
    try {
      return plain(ExactValues.unscaled(parts.bytes(), parts.int32()));
    } catch (BrokenException e) {
      throw new BadRecordException(e.getMessage() + " (a big-decimal)");
    }
  }

  private static UTF8String plain(BigDecimal value) throws BadRecordException {
    if (Math.abs((long) value.scale()) > 10_000) {
      throw new BadRecordException(value + " (at most 10000 decimals)");
    }
    return UTF8String.fromString(value.toPlainString());
  }

  private static <T> AvroType exactly(DataType type, Written<T> written, Exactly<T> exactly) {
    return new AvroType(
        type,
        in -> {
          T value = written.read(in);
          try {
            return exactly.value(value);
          } catch (BadRecordException e) {
            in.problem(String.valueOf(e.getMessage()));
            return null;
          }
        });
  }
}
