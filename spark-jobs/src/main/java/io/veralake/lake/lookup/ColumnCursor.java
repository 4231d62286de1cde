package io.veralake.lake.lookup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * One column of a row group, read at ascending rows; values in between are passed over. Values are
 * as Spark holds them in an {@link org.apache.spark.sql.catalyst.InternalRow}; a file that was
 * written before the column was widened gives the wider type.
 */
final class ColumnCursor {
  /** Turns the next value of a page into Spark's. */
  private interface Reading {
    Object read(ValuesReader values);
  }

  private final ColumnPages pages;
  private final Reading reading;
  private ColumnPages.@Nullable Page page;
  private @Nullable ValuesReader values;
  private int next;
  private int end;

  ColumnCursor(ColumnDescriptor column, DataType type, ColumnPages pages) {
    this.pages = pages;
    this.reading = reading(column.getPrimitiveType().getPrimitiveTypeName(), type);
  }

  /** Whether values of {@code type} can be read at all. */
  static boolean reads(DataType type) {
    return type instanceof BinaryType
        || type instanceof StringType
        || type instanceof LongType
        || type instanceof IntegerType
        || type instanceof BooleanType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType
        || type instanceof DateType
        || type instanceof DoubleType
        || type instanceof FloatType
        || type instanceof DecimalType;
  }

  /** The value at {@code row}, which lies after that of the call before; null for null. */
  @Nullable Object at(int row) {
    try {
      while (row >= this.end) {
        this.turn();
      }
      int defined = this.defined(row - this.next);
      ValuesReader reader = Objects.requireNonNull(this.values);
      if (defined > 0) {
        reader.skip(defined);
      }
      this.next = row + 1;
      return this.defined(1) == 1 ? this.reading.read(reader) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void turn() {
    ColumnPages.Page turned = Objects.requireNonNull(this.pages.next());
    this.page = turned;
    this.values = this.pages.values(turned);
    this.next = this.end;
    this.end += turned.rows();
  }

  /** How many of the page's next {@code rows} have a value; passes over their levels. */
  private int defined(int rows) throws IOException {
    var levels = Objects.requireNonNull(this.page).defined();
    if (levels == null) {
      return rows;
    }
    int count = 0;
    for (int i = 0; i < rows; i++) {
      count += levels.readInt();
    }
    return count;
  }

  private static Reading reading(PrimitiveTypeName stored, DataType type) {
    if (type instanceof DecimalType decimal) {
      return values ->
          switch (stored) {
            case INT32 -> Decimal.apply(values.readInteger(), decimal.precision(), decimal.scale());
            case INT64 -> Decimal.apply(values.readLong(), decimal.precision(), decimal.scale());
            default ->
                Decimal.apply(
                    new BigDecimal(new BigInteger(values.readBytes().getBytes()), decimal.scale()),
                    decimal.precision(),
                    decimal.scale());
          };
    }
    if (type instanceof StringType) {
      return values -> UTF8String.fromBytes(values.readBytes().getBytes());
    }
    if (type instanceof DoubleType) {
      boolean narrow = stored == PrimitiveTypeName.FLOAT;
      return values -> narrow ? (double) values.readFloat() : values.readDouble();
    }
    return switch (stored) {
      case INT64 -> ValuesReader::readLong;
      case INT32 ->
          type instanceof LongType
              ? values -> (long) values.readInteger()
              : ValuesReader::readInteger;
      case BOOLEAN -> ValuesReader::readBoolean;
      case FLOAT -> ValuesReader::readFloat;
      default -> values -> values.readBytes().getBytes();
    };
  }
}
