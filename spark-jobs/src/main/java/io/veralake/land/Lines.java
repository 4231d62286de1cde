package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.land.decode.RecordEnd;
import io.veralake.land.files.Compression;
import io.veralake.land.files.Encoding;
import io.veralake.land.files.Texts;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
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
  private final RecordEnd recordEnd;
  private final Encoding encoding;
  private final int unit;
  private InputStream in;
  private Compression compression;
  private byte[] buffer = new byte[1 << 18];
  private int filled;
  private int from;
  private int to;
  private int next;
  private long base;
  private boolean ended;
  private @Nullable String broken;
  private int refused;

  /** Those of a text in UTF-8. */
  Lines(Split split, RecordEnd recordEnd, Configuration hadoop) throws IOException {
    this(split, recordEnd, Encoding.UTF_8, hadoop);
  }

  Lines(Split split, RecordEnd recordEnd, Encoding encoding, Configuration hadoop)
      throws IOException {
    this.split = split;
    this.recordEnd = recordEnd;
    this.encoding = encoding;
    this.unit = encoding.unit();
    this.compression = split.compression();
    Path path = new Path(split.file().url());
    FSDataInputStream raw = path.getFileSystem(hadoop).open(path);
    this.in = raw;
    if (this.compression != Compression.NONE) {
      this.decompress(raw);
    } else {
      this.base = Math.max(0, split.start() - 1);
      raw.seek(this.base);
    }
    if (split.start() > 0) {
      this.next = this.endOf(0) + 1;
    } else {
      this.begin();
    }
  }

  /** Goes to the next record; false if none begins in the split. */
  boolean next() throws IOException {
    boolean cut = this.compression == Compression.NONE;
    if (cut && this.base + this.next >= this.split.end() && this.broken == null) {
      return false;
    }
    if (this.next >= this.filled && !this.fill()) {
      boolean told = this.broken == null || this.next > this.filled;
      this.from = this.to = this.filled;
      if (this.refused > 0) {
        this.from = 0;
        this.to = this.refused;
        this.base = 0;
      }
      this.next = this.filled + 1;
      return !told;
    }
    int end = this.endOf(this.next);
    this.from = this.next;
    this.to = end - this.returns(end);
    this.next = end + this.unit;
    return true;
  }

  /** How many bytes before {@code end} are a carriage return. */
  private int returns(int end) {
    if (this.unit == 1) {
      return end > this.from && this.buffer[end - 1] == '\r' ? 1 : 0;
    }
    boolean found = end - 2 >= this.from && this.encoding.unitAt(this.buffer, end - 2) == '\r';
    return found ? 2 : 0;
  }

  /** How the file is compressed, by its beginning if its name says nothing. */
  Compression compression() {
    return this.compression;
  }

  /**
   * Why the file can't be read further; what is there of the record is no record then. Null as long
   * as it can.
   */
  @Nullable String broken() {
    return this.broken;
  }

  byte[] buffer() {
    return this.buffer;
  }

  /** The encoding's unit at {@code place} of the buffer. */
  int unit(int place) {
    return place + this.unit > this.filled ? -1 : this.encoding.unitAt(this.buffer, place);
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

  private void decompress(InputStream raw) {
    try {
      this.in = this.compression.text(raw);
    } catch (IOException e) {
      this.broken = Texts.broken(String.valueOf(e.getMessage()));
    }
  }

  /** Looks at the file's first bytes: is it compressed, has it a byte order mark? */
  private void begin() throws IOException {
    boolean more = this.fillTo(Compression.HEAD);
    if (this.compression == Compression.NONE) {
      this.compression = Compression.of(this.buffer, this.filled);
      if (this.compression != Compression.NONE) {
        byte[] head = Arrays.copyOf(this.buffer, this.filled);
        this.filled = 0;
        this.ended = false;
        this.decompress(
            more
                ? new SequenceInputStream(new ByteArrayInputStream(head), this.in)
                : new ByteArrayInputStream(head));
        this.fillTo(Compression.HEAD);
      }
    }
    this.next = this.encoding.mark(this.buffer, this.filled);
    if (this.next < 0) {
      this.broken = this.encoding.refusal(this.buffer);
      this.refused = this.filled;
      this.next = this.filled;
    }
  }

  private boolean fillTo(int least) throws IOException {
    boolean more = true;
    while (this.filled < least && more) {
      more = this.fill();
    }
    return more;
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
    } catch (IOException e) {
      if (this.compression == Compression.NONE) {
        throw e;
      }
      // Of the decompression: a failure of the store is unchecked here.
      this.broken = Texts.broken(String.valueOf(e.getMessage()));
      return -1;
    }
  }
}
