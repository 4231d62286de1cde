package io.veralake.clickhouse;

import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The canonical text of rows of some types, written into one buffer. Called by Spark's generated
 * code: hence public.
 */
public final class CanonicalRow {
  private static final ThreadLocal<CanonicalRow> BUFFERS =
      ThreadLocal.withInitial(CanonicalRow::new);

  /** More than any text of a number, a date or a time takes with its length. */
  private static final int MOST_OF_SHORT = 48;

  private byte[] buffer = new byte[512];
  private int size;

  private CanonicalRow() {}

  /** The columns' types; Spark hands it to the functions. */
  public static final class Types implements Serializable {
    private static final long serialVersionUID = 1;

    private final ColumnType[] types;

    Types(List<Column> columns) {
      this.types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Types that && Arrays.equals(this.types, that.types);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(this.types);
    }

    @Override
    public String toString() {
      return Arrays.toString(this.types);
    }
  }

  /** xxHash64 of the row's text. */
  public static long checksum(InternalRow row, Types types) {
    CanonicalRow text = write(row, types);
    return XXH64.hashUnsafeBytes(text.buffer, Platform.BYTE_ARRAY_OFFSET, text.size, 0);
  }

  /** The row's text. */
  public static UTF8String text(InternalRow row, Types types) {
    CanonicalRow text = write(row, types);
    return UTF8String.fromBytes(Arrays.copyOf(text.buffer, text.size));
  }

  private static CanonicalRow write(InternalRow row, Types types) {
    CanonicalRow text = BUFFERS.get();
    text.size = 0;
    for (int i = 0; i < types.types.length; i++) {
      text.append(row, i, types.types[i]);
    }
    return text;
  }

  private void append(InternalRow row, int i, ColumnType type) {
    this.reserve(MOST_OF_SHORT);
    if (row.isNullAt(i)) {
      this.buffer[this.size++] = 'n';
      return;
    }
    // Room for the length of a short text and its colon.
    int at = this.size + 3;
    switch (type.kind()) {
      case BOOLEAN -> this.text(UTF8String.fromString(Boolean.toString(row.getBoolean(i))));
      case INT -> this.close(CanonicalValue.writeNumber(row.getInt(i), 0, this.buffer, at));
      case BIGINT -> this.close(CanonicalValue.writeNumber(row.getLong(i), 0, this.buffer, at));
      case FLOAT, DOUBLE -> this.close(CanonicalValue.writeReal(row.getDouble(i), this.buffer, at));
      case DATE -> this.close(CanonicalValue.writeDate(row.getInt(i), this.buffer, at));
      case TIMESTAMP -> this.close(CanonicalValue.writeTime(row.getLong(i), this.buffer, at));
      case DECIMAL -> this.decimal(row.getDecimal(i, type.precision(), type.scale()), type);
      case STRING -> this.text(row.getUTF8String(i));
      case BINARY -> this.hexadecimal(row.getBinary(i));
    }
  }

  private void decimal(Decimal value, ColumnType type) {
    if (value.precision() > Decimal.MAX_LONG_DIGITS() || value.scale() != type.scale()) {
      this.text(CanonicalValue.decimal(value, type.scale()));
    } else {
      long unscaled = value.toUnscaledLong();
      this.close(CanonicalValue.writeNumber(unscaled, type.scale(), this.buffer, this.size + 3));
    }
  }

  private void text(UTF8String text) {
    int length = text.numBytes();
    this.begin(length);
    text.writeToMemory(this.buffer, Platform.BYTE_ARRAY_OFFSET + this.size);
    this.size += length;
  }

  private void hexadecimal(byte[] bytes) {
    this.begin(2 * bytes.length);
    for (byte value : bytes) {
      this.buffer[this.size++] = CanonicalValue.digit(value >> 4);
      this.buffer[this.size++] = CanonicalValue.digit(value);
    }
  }

  /** Writes the length of a text that is to follow, and makes room for it. */
  private void begin(int length) {
    this.reserve(length + 12);
    int end = CanonicalValue.writeNumber(length, 0, this.buffer, this.size);
    this.buffer[end] = ':';
    this.size = end + 1;
  }

  /**
   * Writes the length before a text of less than a hundred bytes that was written three further.
   */
  private void close(int end) {
    int start = this.size + 3;
    int length = end - start;
    if (length < 10) {
      System.arraycopy(this.buffer, start, this.buffer, start - 1, length);
      this.size = end - 1;
    } else {
      this.size = end;
    }
    int head = CanonicalValue.writeNumber(length, 0, this.buffer, start - 3);
    this.buffer[head] = ':';
  }

  private void reserve(int bytes) {
    if (this.buffer.length - this.size < bytes) {
      this.buffer = Arrays.copyOf(this.buffer, Math.max(2 * this.buffer.length, this.size + bytes));
    }
  }
}
