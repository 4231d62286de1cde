package io.veralake.clickhouse;

import io.veralake.lake.DataException;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A growing buffer of rows in ClickHouse's format RowBinary, filled from Spark's internal rows.
 * Columns have the types of {@link ClickHouseType}. Not thread-safe.
 */
public final class RowBinary {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FIRST_SIZE = 1 << 16;
  private static final int INT_DIGITS = 9;
  private static final int LONG_DIGITS = 18;
  private static final int INT128_BYTES = 16;

  private final Column[] columns;
  private final boolean[] nullable;
  private byte[] bytes = new byte[FIRST_SIZE];
  private int size;
  private int rows;

  /**
   * For rows with {@code columns} in this order, of which those in {@code notNull} have a type that
   * is not nullable.
   */
  public RowBinary(List<Column> columns, List<String> notNull) {
    this.columns = columns.toArray(Column[]::new);
    this.nullable = new boolean[this.columns.length];
    for (int i = 0; i < this.columns.length; i++) {
      this.nullable[i] = !notNull.contains(this.columns[i].name());
    }
  }

  /** Number of bytes in the buffer. */
  public int size() {
    return this.size;
  }

  /** Number of rows in the buffer. */
  public int rows() {
    return this.rows;
  }

  /** Empties the buffer. */
  public void clear() {
    this.size = 0;
    this.rows = 0;
  }

  /** The buffer's content; valid until the next change. */
  public InputStream content() {
    return new ByteArrayInputStream(this.bytes, 0, this.size);
  }

  /** Writes the buffer's content. */
  public void writeTo(OutputStream out) throws java.io.IOException {
    out.write(this.bytes, 0, this.size);
  }

  /** Adds a row, whose first columns are the ones of this buffer. */
  public void add(InternalRow row) {
    for (int i = 0; i < this.columns.length; i++) {
      if (row.isNullAt(i)) {
        this.addNull(i);
      } else {
        if (this.nullable[i]) {
          this.put((byte) 0);
        }
        this.addValue(row, i, this.columns[i].type());
      }
    }
    this.rows++;
  }

  private void addNull(int i) {
    if (!this.nullable[i]) {
      throw new DataException(
          "Invalid null in column "
              + this.columns[i].name()
              + " (its ClickHouse type is not nullable: keep nulls out of grain, order-by and"
              + " partition columns, or declare a Nullable type for the others)");
    }
    this.put((byte) 1);
  }

  private void addValue(InternalRow row, int i, ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN -> this.put((byte) (row.getBoolean(i) ? 1 : 0));
      case INT, DATE -> this.putInt(row.getInt(i));
      case BIGINT, TIMESTAMP -> this.putLong(row.getLong(i));
      case FLOAT -> this.putInt(Float.floatToRawIntBits(row.getFloat(i)));
      case DOUBLE -> this.putLong(Double.doubleToRawLongBits(row.getDouble(i)));
      case DECIMAL -> this.putDecimal(row.getDecimal(i, type.precision(), type.scale()), type);
      case STRING -> this.putString(row.getUTF8String(i));
      case BINARY -> this.putBytes(row.getBinary(i));
    }
  }

  private void putDecimal(Decimal value, ColumnType type) {
    if (type.precision() <= INT_DIGITS) {
      this.putInt((int) value.toUnscaledLong());
    } else if (type.precision() <= LONG_DIGITS) {
      this.putLong(value.toUnscaledLong());
    } else {
      BigInteger unscaled = value.toJavaBigDecimal().setScale(type.scale()).unscaledValue();
      byte[] big = unscaled.toByteArray();
      this.room(INT128_BYTES);
      byte sign = (byte) (unscaled.signum() < 0 ? -1 : 0);
      for (int k = 0; k < INT128_BYTES; k++) {
        this.bytes[this.size++] = k < big.length ? big[big.length - 1 - k] : sign;
      }
    }
  }

  private void putString(UTF8String value) {
    int length = value.numBytes();
    this.putLength(length);
    this.room(length);
    value.writeToMemory(this.bytes, Platform.BYTE_ARRAY_OFFSET + this.size);
    this.size += length;
  }

  private void putBytes(byte[] value) {
    this.putLength(value.length);
    this.room(value.length);
    System.arraycopy(value, 0, this.bytes, this.size, value.length);
    this.size += value.length;
  }

  private void putLength(int length) {
    int rest = length;
    while (rest >= 0x80) {
      this.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    this.put((byte) rest);
  }

  private void put(byte value) {
    this.room(1);
    this.bytes[this.size++] = value;
  }

  private void putInt(int value) {
    this.room(Integer.BYTES);
    INTS.set(this.bytes, this.size, value);
    this.size += Integer.BYTES;
  }

  private void putLong(long value) {
    this.room(Long.BYTES);
    LONGS.set(this.bytes, this.size, value);
    this.size += Long.BYTES;
  }

  private void room(int more) {
    if (this.bytes.length - this.size < more) {
      this.bytes = Arrays.copyOf(this.bytes, Math.max(this.size + more, this.bytes.length * 2));
    }
  }
}
