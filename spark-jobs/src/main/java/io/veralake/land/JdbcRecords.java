package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.DumpHeader;
import io.veralake.land.decode.TextRowDecoder;
import io.veralake.land.jdbc.Range;
import io.veralake.land.jdbc.RangeRows;
import io.veralake.spec.LandTable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Rows ({@link BatchColumns}) of some ranges of a table. A row that can't be landed still says
 * which key it has, if that can be read.
 */
final class JdbcRecords implements Iterator<InternalRow> {
  private final Iterator<Range> ranges;
  private final Function<Range, RangeRows> open;
  private final Reader reader;
  private @Nullable RangeRows rows;
  private @Nullable InternalRow ready;

  JdbcRecords(Iterator<Range> ranges, Function<Range, RangeRows> open, Reader reader) {
    this.ranges = ranges;
    this.open = open;
    this.reader = reader;
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> this.close());
  }

  /** Makes rows of texts. */
  static final class Reader {
    private final TextRowDecoder decoder;
    private final RowMaker maker;
    private final LandTable table;
    private final String place;
    private final SourceFile file;
    private final byte[] context;
    private UTF8String url = UTF8String.EMPTY_UTF8;
    private long row;

    Reader(LandTable table, DumpHeader header, RowMaker maker, String place) {
      this.decoder = new TextRowDecoder(table, header, maker.rowType());
      this.maker = maker;
      this.table = table;
      this.place = place;
      this.file = new SourceFile(place, place, 0, header.commitTime() / 1000);
      this.context = header.bytes();
    }

    private void begin(Range range) {
      this.row = 0;
      this.url =
          UTF8String.fromString(
              range.number() == 0 ? this.place : this.place + "#" + range.number());
    }

    private InternalRow row(@Nullable String[] texts) {
      this.row++;
      RowMaker.Place at = new RowMaker.Place(this.file, this.url, 0, this.row, this.row);
      try {
        return this.maker.row(this.decoder.decode(texts), at);
      } catch (BadRecordException e) {
        return this.bad(texts, String.valueOf(e.getMessage()), at);
      }
    }

    private InternalRow bad(@Nullable String[] texts, String reason, RowMaker.Place at) {
      byte[] bytes = this.decoder.bytes(texts);
      try {
        @Nullable Object @Nullable [] key = this.decoder.only(this.table.key(), texts);
        return this.maker.bad(reason, bytes, this.context, at, key);
      } catch (BadRecordException e) {
        return this.maker.bad(reason, bytes, this.context, at);
      }
    }
  }

  @Override
  public boolean hasNext() {
    while (this.ready == null) {
      @Nullable String @Nullable [] texts = this.rows == null ? null : this.rows.next();
      if (texts != null) {
        this.ready = this.reader.row(texts);
        return true;
      }
      this.close();
      if (!this.ranges.hasNext()) {
        return false;
      }
      Range range = this.ranges.next();
      this.reader.begin(range);
      this.rows = this.open.apply(range);
    }
    return true;
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

  private void close() {
    if (this.rows != null) {
      this.rows.close();
      this.rows = null;
    }
  }
}
