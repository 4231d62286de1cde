package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the row groups that begin in a part of a Parquet file; holds one row group at a time.
 * A row that can't be landed is kept as a Parquet file of that row; what is left of a row group
 * that can't be decoded, as one piece that counts as one record, while the next one's rows keep
 * their numbers.
 */
public final class ParquetRecords implements FileRecords {
  private final String url;
  private final Configuration hadoop;
  private final @Nullable ParquetFileReader file;
  private final ParquetSchema schema;
  private final @Nullable ParquetRows reader;
  private final List<Integer> groups = new ArrayList<>();
  private int group = -1;
  private long before;
  private long of;
  private long done;
  private @Nullable ParquetGroups rows;
  private @Nullable Group row;
  private @Nullable String reason;
  private boolean told;

  /** Those from {@code start} to before {@code end} of a file of {@code size} bytes. */
  public ParquetRecords(
      String url,
      long size,
      long start,
      long end,
      StructType declared,
      StructType rowType,
      Configuration hadoop) {
    this.url = url;
    this.hadoop = hadoop;
    ParquetFileReader found = null;
    ParquetSchema type = new ParquetSchema(new MessageType("none"), Map.of());
    try {
      found = open(url, size, hadoop);
      type = ParquetSchema.of(found.getFileMetaData());
      List<BlockMetaData> all = found.getRowGroups();
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).getStartingPos() >= start && all.get(i).getStartingPos() < end) {
          this.groups.add(i);
        }
      }
    } catch (BadRecordException e) {
      // The whole file is one piece, told by whoever reads its beginning.
      this.reason = e.getMessage();
      this.told = start > 0;
    }
    this.file = found;
    this.schema = type;
    this.reader = found == null ? null : new ParquetRows(type, declared, rowType);
  }

  /** What there is in a part of a file. */
  public static Glance glance(String url, long size, long start, long end, Configuration hadoop)
      throws IOException {
    try (ParquetFileReader file = open(url, size, hadoop)) {
      long records =
          file.getRowGroups().stream()
              .filter(group -> group.getStartingPos() >= start && group.getStartingPos() < end)
              .mapToLong(BlockMetaData::getRowCount)
              .sum();
      ParquetSchema schema = ParquetSchema.of(file.getFileMetaData());
      return new Glance(records, List.of(ParquetBytes.file(schema, List.of())));
    } catch (BadRecordException e) {
      return new Glance(start == 0 ? 1 : 0, List.of());
    }
  }

  @Override
  public boolean next() {
    this.row = null;
    if (this.file == null) {
      boolean first = !this.told;
      this.told = true;
      return first;
    }
    while (this.done >= this.of) {
      if (this.group + 1 >= this.groups.size()) {
        return false;
      }
      this.openNext(this.file);
    }
    this.reason = null;
    this.done++;
    return true;
  }

  @Override
  public long row() {
    return this.before + Math.max(1, this.done);
  }

  @Override
  public long offset() {
    return this.file == null || this.group < 0 ? 0 : this.block().getStartingPos();
  }

  @Override
  public Change read() throws BadRecordException {
    if (this.reason != null) {
      throw new BadRecordException(this.reason);
    }
    Group read;
    try {
      if (this.rows == null) {
        this.rows =
            new ParquetGroups(
                this.schema.type(),
                Objects.requireNonNull(this.file).readRowGroup(this.groups.get(this.group)));
      }
      read = this.rows.next();
    } catch (IOException | RuntimeException e) {
      throw this.rest(e);
    }
    this.row = read;
    return Objects.requireNonNull(this.reader).change(read);
  }

  @Override
  public byte[] bytes() throws IOException {
    if (this.row != null) {
      return ParquetBytes.file(this.schema, List.of(this.row));
    }
    if (this.file == null) {
      return WholeFiles.beginning(this.url, this.hadoop);
    }
    Path path = new Path(this.url);
    try (FSDataInputStream in = path.getFileSystem(this.hadoop).open(path)) {
      in.seek(this.block().getStartingPos());
      return in.readNBytes((int) Math.min(KEPT, this.block().getCompressedSize()));
    }
  }

  @Override
  public byte @Nullable [] context() {
    try {
      return this.row == null ? null : ParquetBytes.file(this.schema, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (this.file != null) {
      this.file.close();
    }
  }

  private BlockMetaData block() {
    return Objects.requireNonNull(this.file).getRowGroups().get(this.groups.get(this.group));
  }

  /** The row group's pages are read with its first row. */
  private void openNext(ParquetFileReader from) {
    this.before += this.of;
    this.group++;
    this.of = from.getRowGroups().get(this.groups.get(this.group)).getRowCount();
    this.done = 0;
    this.rows = null;
  }

  private BadRecordException rest(Exception e) {
    throwIfOfTheStore(e);
    long first = this.row();
    this.done = this.of;
    String which =
        first == this.before + this.of ? "row " + first : "rows " + first + " to " + this.row();
    return new BadRecordException(
        "Cannot decode " + which + ": " + told(e) + " (send the file again, whole)");
  }

  private static ParquetFileReader open(String url, long size, Configuration hadoop)
      throws BadRecordException {
    try {
      return ParquetFileReader.open(
          ParquetBytes.of(url, size, hadoop),
          HadoopReadOptions.builder(hadoop).usePageChecksumVerification().build());
    } catch (IOException | RuntimeException e) {
      throwIfOfTheStore(e);
      throw new BadRecordException(
          "Invalid Parquet file: " + told(e) + " (send the file again, whole)");
    }
  }

  private static String told(Exception e) {
    String message = String.valueOf(e.getMessage());
    return message.length() > 500 ? message.substring(0, 500) + "…" : message;
  }

  private static void throwIfOfTheStore(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UncheckedIOException failure) {
        throw failure;
      }
    }
  }
}
