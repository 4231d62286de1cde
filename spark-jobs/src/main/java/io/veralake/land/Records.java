package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.files.FileRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Rows ({@link BatchColumns}) of the records in some splits, one after the other. */
final class Records implements Iterator<InternalRow> {
  private final Iterator<Split> splits;
  private final Format format;
  private final RowMaker maker;
  private final Configuration hadoop;

  /** For all files: what it learned of one file's schemas holds for the next. */
  private final RecordDecoder decoder;

  private @Nullable Open open;
  private @Nullable InternalRow ready;

  /** A split that is being read. */
  private record Open(FileRecords records, Split split, UTF8String url, long part) {}

  Records(List<Split> splits, Format format, RowMaker maker, Configuration hadoop) {
    this.splits = splits.iterator();
    this.format = format;
    this.maker = maker;
    this.hadoop = hadoop;
    this.decoder = format.decoder(maker.rowType(), new byte[0]);
  }

  @Override
  public boolean hasNext() {
    try {
      while (this.ready == null) {
        if (this.open != null && this.open.records.next()) {
          this.ready = this.row(this.open);
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
      this.open.records.close();
      this.open = null;
    }
    if (!this.splits.hasNext()) {
      return false;
    }
    Split split = this.splits.next();
    FileRecords records =
        this.format.records(split, this.maker.rowType(), this.decoder, this.hadoop);
    UTF8String url = UTF8String.fromString(split.file().url());
    this.open = new Open(records, split, url, split.file().part());
    return true;
  }

  private InternalRow row(Open from) throws IOException {
    FileRecords record = from.records;
    Split split = from.split;
    RowMaker.Place place =
        new RowMaker.Place(
            split.file(), from.url, from.part, split.records() + record.row(), record.offset());
    try {
      return this.maker.row(record.read(), place);
    } catch (BadRecordException e) {
      return this.maker.bad(
          String.valueOf(e.getMessage()), record.bytes(), record.context(), place);
    }
  }
}
