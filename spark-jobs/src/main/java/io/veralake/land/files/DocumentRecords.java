package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.RecordDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a JSON text: one after the other, or the items of arrays, on as many lines as
 * they like. Finds where each ends by its brackets, so that a broken one is kept and the next ones
 * are read; holds one document at a time.
 */
public final class DocumentRecords implements FileRecords {
  private static final int LONGEST = 128 << 20;

  /** What may come next. */
  private enum State {
    /** A document or an array. */
    OUTSIDE,
    /** An array's first item, or its end. */
    FIRST,
    /** An item. */
    ITEM,
    /** A comma, or the array's end. */
    BEHIND_ITEM
  }

  private final InputStream in;
  private final RecordDecoder decoder;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private int filled;
  private long base;
  private long row;
  private boolean ended;
  private State state = State.OUTSIDE;
  private @Nullable String broken;
  private @Nullable String reason;

  /** Those of {@code in}, each read by {@code decoder}. */
  public DocumentRecords(InputStream in, RecordDecoder decoder) {
    this.in = in;
    this.decoder = decoder;
  }

  /** Those of a file, which may be compressed though its name doesn't say so. */
  public static DocumentRecords of(
      Path path, Compression named, RecordDecoder decoder, Configuration hadoop)
      throws IOException {
    InputStream stored = path.getFileSystem(hadoop).open(path);
    byte[] head = stored.readNBytes(Compression.HEAD);
    Compression compression = named == Compression.NONE ? Compression.of(head, head.length) : named;
    try {
      InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), stored);
      return new DocumentRecords(compression.text(whole), decoder);
    } catch (IOException e) {
      stored.close();
      DocumentRecords nothing = new DocumentRecords(InputStream.nullInputStream(), decoder);
      nothing.broken = String.valueOf(e.getMessage());
      return nothing;
    }
  }

  @Override
  public boolean next() throws IOException {
    this.reason = null;
    while (true) {
      this.from = this.to;
      if (!this.more()) {
        return this.last();
      }
      byte c = this.buffer[this.to];
      if (blank(c) || this.mark(c)) {
        this.to++;
      } else if (c == '[' && this.state == State.OUTSIDE) {
        this.state = State.FIRST;
        this.to++;
      } else if (c == ',' && this.state == State.BEHIND_ITEM) {
        this.state = State.ITEM;
        this.to++;
      } else if (c == ']' && (this.state == State.FIRST || this.state == State.BEHIND_ITEM)) {
        this.state = State.OUTSIDE;
        this.to++;
      } else {
        this.value(c);
        this.row++;
        return true;
      }
    }
  }

  @Override
  public long row() {
    return this.row;
  }

  @Override
  public long offset() {
    return this.base + this.from;
  }

  @Override
  public Change read() throws BadRecordException {
    if (this.reason != null) {
      throw new BadRecordException(this.reason);
    }
    return this.decoder.decode(this.buffer, this.from, this.to);
  }

  @Override
  public byte[] bytes() {
    return Arrays.copyOfRange(this.buffer, this.from, Math.min(this.to, this.from + KEPT));
  }

  @Override
  public byte @Nullable [] context() {
    return null;
  }

  @Override
  public void close() throws IOException {
    this.in.close();
  }

  /** A text that ends too early says so once, if no document was cut by its end. */
  private boolean last() {
    String why =
        this.broken != null
            ? Texts.broken(this.broken)
            : this.state == State.OUTSIDE
                ? null
                : "Missing end of the array: the file ends too early (send it again, whole)";
    if (why == null) {
      return false;
    }
    this.reason = why;
    this.broken = null;
    this.state = State.OUTSIDE;
    this.row++;
    return true;
  }

  /** Goes behind the value that begins with {@code c}, or behind what stands in its place. */
  private void value(byte c) throws IOException {
    if (c == ',' || c == ']' || c == '}') {
      if (c == ']') {
        this.state = State.OUTSIDE;
      }
      this.to++;
      this.reason = "Invalid JSON: " + (char) c + " in place of a document";
      return;
    }
    this.state = this.state == State.OUTSIDE ? State.OUTSIDE : State.BEHIND_ITEM;
    boolean whole = c == '{' || c == '[' ? this.brackets() : this.scalar(c);
    if (!whole && this.broken != null) {
      this.reason = Texts.broken(this.broken);
      this.broken = null;
      this.state = State.OUTSIDE;
    }
  }

  /** Goes behind the bracket that closes the one here; false if the text ends before. */
  private boolean brackets() throws IOException {
    int depth = 0;
    boolean quoted = false;
    boolean escaped = false;
    while (this.more()) {
      byte c = this.buffer[this.to++];
      if (quoted) {
        quoted = escaped || c != '"';
        escaped = !escaped && c == '\\';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return true;
      }
    }
    return false;
  }

  private boolean scalar(byte first) throws IOException {
    this.to++;
    boolean escaped = false;
    while (this.more()) {
      byte c = this.buffer[this.to];
      if (first == '"') {
        this.to++;
        if (!escaped && c == '"') {
          return true;
        }
        escaped = !escaped && c == '\\';
      } else if (blank(c) || c == ',' || c == ']' || c == '{' || c == '[') {
        return true;
      } else {
        this.to++;
      }
    }
    return false;
  }

  private static boolean blank(byte c) {
    // 0x1E begins a document in JSON text sequences.
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x1E;
  }

  /** Whether {@code c} belongs to the byte order mark at the file's beginning. */
  private boolean mark(byte c) {
    return this.row == 0
        && this.state == State.OUTSIDE
        && this.base + this.to < 3
        && (c == (byte) 0xEF || c == (byte) 0xBB || c == (byte) 0xBF);
  }

  /** Whether there is a byte at {@code to}. */
  private boolean more() throws IOException {
    if (this.to < this.filled) {
      return true;
    }
    if (this.ended || this.broken != null) {
      return false;
    }
    if (this.from > 0) {
      System.arraycopy(this.buffer, this.from, this.buffer, 0, this.filled - this.from);
      this.base += this.from;
      this.to -= this.from;
      this.filled -= this.from;
      this.from = 0;
    }
    if (this.filled == this.buffer.length) {
      if (this.filled >= LONGEST) {
        this.ended = true;
        this.state = State.OUTSIDE;
        this.reason =
            "Cannot find the end of the document within 128 MiB; the file isn't read further";
        return false;
      }
      this.buffer = Arrays.copyOf(this.buffer, Math.min(LONGEST, this.filled * 2));
    }
    try {
      int count = this.in.read(this.buffer, this.filled, this.buffer.length - this.filled);
      this.ended = count < 0;
      this.filled += Math.max(0, count);
    } catch (IOException e) {
      // Failures of the store are unchecked.
      this.broken = String.valueOf(e.getMessage());
    }
    return this.to < this.filled;
  }
}
