package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.land.decode.RecordEnd;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The records that begin in a split, as bytes, without the line ends ({@code \n} or {@code \r\n})
 * behind them.
 */
final class Lines implements Closeable {
  private static final int LONGEST = 1 << 30;

  private final Split split;
  private final InputStream in;
  private final RecordEnd recordEnd;
  private byte[] buffer = new byte[1 << 18];
  private int filled;
  private int from;
  private int to;
  private int next;
  private long base;
  private boolean ended;
  private @Nullable String broken;

  Lines(Split split, RecordEnd recordEnd, Configuration hadoop) throws IOException {
    this.split = split;
    this.recordEnd = recordEnd;
    Path path = new Path(split.file().url());
    FSDataInputStream raw = path.getFileSystem(hadoop).open(path);
    if (split.file().gzip()) {
      this.in = this.unzipped(raw);
    } else {
      this.in = raw;
      this.base = Math.max(0, split.start() - 1);
      raw.seek(this.base);
    }
    if (split.start() > 0) {
      this.next = this.endOf(0) + 1;
    } else {
      this.skipByteOrderMark();
    }
  }

  /** Goes to the next record; false if none begins in the split. */
  boolean next() throws IOException {
    boolean outside = !this.split.file().gzip() && this.base + this.next >= this.split.end();
    if (outside) {
      return false;
    }
    if (this.next >= this.filled && !this.fill()) {
      boolean told = this.broken == null || this.next > this.filled;
      this.from = this.to = this.filled;
      this.next = this.filled + 1;
      return !told;
    }
    int end = this.endOf(this.next);
    this.from = this.next;
    this.to = end > this.from && this.buffer[end - 1] == '\r' ? end - 1 : end;
    this.next = end + 1;
    return true;
  }

  /**
   * Why the file can't be decompressed further; what is there of the record is no record then. Null
   * as long as it can.
   */
  @Nullable String broken() {
    return this.broken;
  }

  byte[] buffer() {
    return this.buffer;
  }

  int from() {
    return this.from;
  }

  int to() {
    return this.to;
  }

  /** Where the record begins in its file, before compression. */
  long offset() {
    return this.base + this.from;
  }

  @Override
  public void close() throws IOException {
    this.in.close();
  }

  private InputStream unzipped(InputStream raw) throws IOException {
    try {
      return new GZIPInputStream(raw, 1 << 16);
    } catch (ZipException | EOFException e) {
      this.broken = String.valueOf(e.getMessage());
      return raw;
    }
  }

  private void skipByteOrderMark() throws IOException {
    boolean more = true;
    while (this.filled < 3 && more) {
      more = this.fill();
    }
    if (this.filled >= 3
        && this.buffer[0] == (byte) 0xEF
        && this.buffer[1] == (byte) 0xBB
        && this.buffer[2] == (byte) 0xBF) {
      this.next = 3;
    }
  }

  /**
   * Where the record that begins at {@code start} ends; moves it to the front if the buffer must be
   * filled, and {@code next} with it.
   */
  private int endOf(int start) throws IOException {
    this.next = start;
    while (true) {
      int end = this.recordEnd.find(this.buffer, this.next, this.filled);
      if (end >= 0) {
        return end;
      }
      if (!this.fill()) {
        return this.filled;
      }
    }
  }

  private boolean fill() throws IOException {
    if (this.ended) {
      return false;
    }
    int kept = Math.max(0, this.filled - this.next);
    if (this.next > 0) {
      System.arraycopy(this.buffer, Math.min(this.next, this.filled), this.buffer, 0, kept);
      this.base += Math.min(this.next, this.filled);
      this.next -= Math.min(this.next, this.filled);
      this.filled = kept;
    }
    if (this.filled == this.buffer.length) {
      if (this.filled >= LONGEST) {
        throw new DataException(
            "Cannot read "
                + this.split.file().url()
                + ": the record at byte "
                + this.base
                + " is longer than 1 GiB (end records with a line feed)");
      }
      this.buffer = Arrays.copyOf(this.buffer, Math.min(LONGEST, this.filled * 2));
    }
    int count = this.broken == null ? this.read() : -1;
    if (count < 0) {
      this.ended = true;
      return false;
    }
    this.filled += count;
    return true;
  }

  private int read() throws IOException {
    int room = this.buffer.length - this.filled;
    try {
      return this.in.read(this.buffer, this.filled, room);
    } catch (ZipException | EOFException e) {
      this.broken = String.valueOf(e.getMessage());
      return -1;
    }
  }
}
