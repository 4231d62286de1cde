package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.files.FileRecords;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Records that end with a line. Empty lines and comments are none, but have numbers. */
final class LineRecords implements FileRecords {
  private static final RecordDecoder NOBODY =
      (buffer, from, to) -> {
        throw new BadRecordException("not asked for");
      };

  private final Lines lines;
  private final RecordDecoder decoder;
  private final int comment;
  private final byte @Nullable [] header;
  private boolean told = true;
  private long row;

  /** Those of {@code split}; {@code decoder} reads them unless the file has a header. */
  LineRecords(
      Split split, Format format, StructType rowType, RecordDecoder decoder, Configuration hadoop)
      throws IOException {
    this.lines = format.lines(split, hadoop);
    this.comment = format.comment();
    byte[] found = format.headers() ? this.headerLine() : null;
    this.header = found;
    this.decoder = found == null || rowType.isEmpty() ? decoder : format.decoder(rowType, found);
  }

  /** The header of the file that begins with {@code split}; null if it has none. */
  static byte @Nullable [] header(Split split, Format format, Configuration hadoop)
      throws IOException {
    try (LineRecords records = new LineRecords(split, format, new StructType(), NOBODY, hadoop)) {
      return records.header;
    }
  }

  @Override
  public boolean next() throws IOException {
    while (!this.told || this.lines.next()) {
      this.told = true;
      this.row++;
      if (this.lines.broken() != null || !this.nothing()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long row() {
    return this.row;
  }

  @Override
  public long offset() {
    return this.lines.offset();
  }

  @Override
  public Change read() throws BadRecordException {
    String broken = this.lines.broken();
    if (broken != null) {
      throw new BadRecordException(broken);
    }
    return this.decoder.decode(this.lines.buffer(), this.lines.from(), this.lines.to());
  }

  @Override
  public byte[] bytes() {
    return Arrays.copyOfRange(this.lines.buffer(), this.lines.from(), this.lines.to());
  }

  @Override
  public byte @Nullable [] context() {
    return this.header;
  }

  @Override
  public void close() throws IOException {
    this.lines.close();
  }

  /** The first line that is one; null if there is none. Such files aren't cut. */
  private byte @Nullable [] headerLine() throws IOException {
    while (this.lines.next()) {
      if (this.lines.broken() != null) {
        this.told = false;
        return null;
      }
      if (this.comment < 0 || !this.nothing()) {
        return this.bytes();
      }
    }
    return null;
  }

  private boolean nothing() {
    int from = this.lines.from();
    return from == this.lines.to() || (this.comment >= 0 && this.lines.unit(from) == this.comment);
  }
}
