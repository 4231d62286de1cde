package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.RecordDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Rows ({@link BatchColumns}) of the records in some splits, one after the other. Empty lines are
 * no records.
 */
final class Records implements Iterator<InternalRow> {
  private final Iterator<Split> splits;
  private final Format format;
  private final StructType rowType;
  private final RowMaker maker;
  private final Configuration hadoop;
  private RecordDecoder decoder;
  private byte @Nullable [] header;
  private @Nullable Open open;
  private @Nullable InternalRow ready;

  /** A split that is being read. */
  private record Open(Lines lines, SourceFile file, UTF8String url) {}

  private long row;

  Records(List<Split> splits, Format format, RowMaker maker, Configuration hadoop) {
    this.splits = splits.iterator();
    this.format = format;
    this.rowType = maker.rowType();
    this.maker = maker;
    this.hadoop = hadoop;
    this.decoder = format.decoder(this.rowType, new byte[0]);
  }

  @Override
  public boolean hasNext() {
    try {
      while (this.ready == null) {
        if (this.open != null && this.open.lines.next()) {
          this.row++;
          this.ready = this.record(this.open);
        } else if (!this.openNext()) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InternalRow next() {
    if (!this.hasNext() || this.ready == null) {
      throw new NoSuchElementException();
    }
    InternalRow row = this.ready;
    this.ready = null;
    return row;
  }

  private boolean openNext() throws IOException {
    if (this.open != null) {
      this.open.lines.close();
      this.open = null;
    }
    if (!this.splits.hasNext()) {
      return false;
    }
    Split split = this.splits.next();
    Lines lines = new Lines(split, this.format.recordEnd(), this.hadoop);
    this.row = split.records();
    if (this.format.headers() && lines.next() && lines.broken() == null) {
      this.header = Arrays.copyOfRange(lines.buffer(), lines.from(), lines.to());
      this.decoder = this.format.decoder(this.rowType, this.header);
    }
    this.open = new Open(lines, split.file(), UTF8String.fromString(split.file().url()));
    return true;
  }

  private @Nullable InternalRow record(Open from) {
    Lines line = from.lines;
    RowMaker.Place place = new RowMaker.Place(from.file, from.url, 0, this.row, line.offset());
    try {
      if (line.broken() != null) {
        throw new BadRecordException(
            "Cannot decompress the file from here on: "
                + line.broken()
                + " (send it again, whole)");
      }
      if (line.from() == line.to()) {
        return null;
      }
      return this.maker.row(this.decoder.decode(line.buffer(), line.from(), line.to()), place);
    } catch (BadRecordException e) {
      byte[] bytes = Arrays.copyOfRange(line.buffer(), line.from(), line.to());
      return this.maker.bad(String.valueOf(e.getMessage()), bytes, this.header, place);
    }
  }
}
