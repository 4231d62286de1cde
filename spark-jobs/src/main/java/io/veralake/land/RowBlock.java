package io.veralake.land;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;

/**
 * Some rows of {@link BatchColumns}, one behind the other in one array: a cache that held each row
 * as an object would spend its time on estimating their sizes and on garbage collection.
 */
final class RowBlock implements Serializable {
  private static final long serialVersionUID = 1;

  /** Below half of the regions of G1, which keeps larger objects apart. */
  private static final int FULL = 480 << 10;

  /** Before each row its length; eight bytes, so that rows stay aligned. */
  private static final int HEADER = 8;

  private final int columns;
  private final byte[] bytes;
  private final BatchReport report;

  private RowBlock(int columns, byte[] bytes, BatchReport report) {
    this.columns = columns;
    this.bytes = bytes;
    this.report = report;
  }

  /** Packs {@code rows} of {@code type}. */
  static Iterator<RowBlock> pack(Iterator<InternalRow> rows, StructType type) {
    UnsafeProjection compact = UnsafeProjection.create(type);
    return new Iterator<>() {
      private byte[] buffer = new byte[FULL];

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public RowBlock next() {
        if (!rows.hasNext()) {
          throw new NoSuchElementException();
        }
        BatchReport report = new BatchReport();
        int end = 0;
        while (end < FULL && rows.hasNext()) {
          UnsafeRow row = compact.apply(rows.next());
          report.add(row);
          int length = row.getSizeInBytes();
          int next = Math.addExact(end, HEADER + length);
          if (next > this.buffer.length) {
            this.buffer = Arrays.copyOf(this.buffer, next);
          }
          Platform.putInt(this.buffer, Platform.BYTE_ARRAY_OFFSET + end, length);
          row.writeToMemory(this.buffer, Platform.BYTE_ARRAY_OFFSET + end + HEADER);
          end = next;
        }
        return new RowBlock(type.size(), Arrays.copyOf(this.buffer, end), report.compact());
      }
    };
  }

  /** What the block holds. */
  BatchReport report() {
    return this.report;
  }

  /** The rows of one fate; each is valid until the next one is asked for. */
  Iterator<InternalRow> rows(BatchColumns.Fate fate) {
    UnsafeRow row = new UnsafeRow(this.columns);
    return new Iterator<>() {
      private long left = RowBlock.this.report.count(fate);
      private int at;

      @Override
      public boolean hasNext() {
        return this.left > 0;
      }

      @Override
      public InternalRow next() {
        if (this.left == 0) {
          throw new NoSuchElementException();
        }
        do {
          long place = Platform.BYTE_ARRAY_OFFSET + this.at;
          int length = Platform.getInt(RowBlock.this.bytes, place);
          row.pointTo(RowBlock.this.bytes, place + HEADER, length);
          this.at += HEADER + length;
        } while (row.getInt(0) != fate.code());
        this.left--;
        return row;
      }
    };
  }
}
