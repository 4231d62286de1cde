package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.files.AvroCursor.BrokenException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The records of a part of an Avro object container file. A record that can't be landed is kept as
 * its datum, with the schema; what is left of a block that can't be decoded, as one piece that
 * counts as one record, while the next block's records keep their numbers.
 */
public final class AvroRecords implements FileRecords {
  private final @Nullable AvroBlocks blocks;
  private final @Nullable DatumDecoder decoder;
  private final AvroCursor cursor = new AvroCursor();
  private byte[] records = new byte[0];
  private long before;
  private long of;
  private long done;
  private int begin;
  private @Nullable String reason;
  private byte[] piece = new byte[0];
  private boolean ended;
  private boolean datum;

  /** Those from {@code start} to before {@code end} of a file of {@code size} bytes. */
  public AvroRecords(
      String url,
      long size,
      long start,
      long end,
      StructType rowType,
      DatumDecoder.Factory decoders,
      Configuration hadoop)
      throws IOException {
    AvroBlocks found = null;
    DatumDecoder made = null;
    try {
      found = new AvroBlocks(url, size, start, end, hadoop);
      Schema schema = AvroRows.schema(found.schema());
      made = decoders.of(schema, rowType);
    } catch (BadRecordException e) {
      // The whole file is one piece, told by whoever reads its beginning.
      this.reason = e.getMessage();
      this.ended = start > 0;
      this.piece = WholeFiles.beginning(url, hadoop);
    }
    this.blocks = found;
    this.decoder = made;
  }

  /** What there is in a part of a file. */
  public static Glance glance(String url, long size, long start, long end, Configuration hadoop)
      throws IOException {
    long records = 0;
    try (AvroBlocks blocks = new AvroBlocks(url, size, start, end, hadoop)) {
      while (blocks.next()) {
        records += blocks.count();
      }
      return new Glance(records, List.of(blocks.schema()));
    } catch (BadRecordException e) {
      return new Glance(start == 0 ? 1 : 0, List.of());
    }
  }

  @Override
  public boolean next() throws IOException {
    if (this.decoder == null) {
      boolean first = !this.ended;
      this.ended = true;
      this.done = 1;
      return first;
    }
    AvroBlocks from = Objects.requireNonNull(this.blocks);
    while (this.done >= this.of && this.cursor.ended()) {
      if (!from.next()) {
        return false;
      }
      this.open(from);
      if (this.reason != null) {
        this.done = this.of;
        return true;
      }
    }
    this.reason = null;
    this.done++;
    return true;
  }

  @Override
  public long row() {
    return this.before + Math.max(1, Math.min(this.done, this.of));
  }

  @Override
  public long offset() {
    return this.blocks == null ? 0 : this.blocks.offset();
  }

  @Override
  public Change read() throws BadRecordException {
    this.datum = false;
    if (this.reason != null) {
      throw new BadRecordException(this.reason);
    }
    this.begin = this.cursor.at();
    if (this.done > this.of) {
      throw this.rest("Unknown bytes behind the last record of the block");
    }
    try {
      this.datum = true;
      return Objects.requireNonNull(this.decoder).decode(this.cursor);
    } catch (BrokenException e) {
      this.datum = false;
      String records = this.done == this.of ? "record " : "records " + (this.row()) + " to ";
      throw this.rest("Cannot decode " + records + (this.before + this.of) + ": " + e.getMessage());
    }
  }

  @Override
  public byte[] bytes() {
    return this.datum ? Arrays.copyOfRange(this.records, this.begin, this.cursor.at()) : this.piece;
  }

  @Override
  public byte @Nullable [] context() {
    return this.datum && this.blocks != null ? this.blocks.schema() : null;
  }

  @Override
  public void close() throws IOException {
    if (this.blocks != null) {
      this.blocks.close();
    }
  }

  /** The rest of the block is lost: nothing says where the next record begins. */
  private BadRecordException rest(String why) {
    int length = Math.min(KEPT, this.records.length - this.begin);
    this.piece = Arrays.copyOfRange(this.records, this.begin, this.begin + length);
    this.done = this.of;
    this.cursor.over(this.records, 0, 0);
    return new BadRecordException(why + " (send the file again, whole)");
  }

  private void open(AvroBlocks from) {
    this.before += this.of;
    this.of = from.count();
    this.done = 0;
    this.reason = from.broken();
    this.cursor.over(this.records, 0, 0);
    try {
      if (this.reason == null) {
        this.records = from.records();
        this.cursor.over(this.records, 0, this.records.length);
        return;
      }
    } catch (BadRecordException e) {
      this.reason = e.getMessage();
    }
    this.reason = this.reason + " (send the file again, whole)";
    this.piece = Arrays.copyOf(from.stored(), Math.min(KEPT, from.stored().length));
  }
}
