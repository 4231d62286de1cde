package io.veralake.lake.lookup;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.iceberg.io.FileIO;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** The rows of one {@link FilePart} that have one of the keys, row group by row group. */
final class PartReader implements Iterator<InternalRow>, AutoCloseable {
  /**
   * A column to be read.
   *
   * @param id its id in Iceberg's schema
   * @param type its type in Spark
   */
  record Wanted(int id, DataType type) implements Serializable {}

  private final ParquetFileReader file;
  private final KeySet keys;
  private final List<Wanted> wanted;
  private final @Nullable ColumnDescriptor key;
  private int group;
  private Iterator<InternalRow> rows = List.<InternalRow>of().iterator();

  /** Of each of {@code wanted} a column; the first is the key. */
  PartReader(FilePart part, FileIO io, KeySet keys, List<Wanted> wanted) {
    this.keys = keys;
    this.wanted = wanted;
    try {
      this.file =
          ParquetFileReader.open(
              new StoredInput(io.newInputFile(part.location(), part.size()), part.size()),
              ParquetReadOptions.builder().withRange(part.from(), part.to()).build());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + part.location(), e);
    }
    this.key = this.column(wanted.get(0).id());
  }

  @Override
  public boolean hasNext() {
    while (!this.rows.hasNext() && this.group < this.file.getRowGroups().size()) {
      try {
        this.rows = this.found(this.group).iterator();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + this.file.getFile(), e);
      }
      this.group++;
    }
    return this.rows.hasNext();
  }

  @Override
  public InternalRow next() {
    if (!this.hasNext()) {
      throw new NoSuchElementException();
    }
    return this.rows.next();
  }

  @Override
  public void close() {
    try {
      this.file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<InternalRow> found(int number) throws IOException {
    ColumnDescriptor keyed = this.key;
    if (keyed == null) {
      // The file is older than the key column: all its keys are null.
      return List.of();
    }
    int[] found;
    try (PageReadStore pages = this.pages(number, List.of(keyed))) {
      found = FoundRows.of(this.keys, this.chunk(pages, number, keyed));
    }
    if (found.length == 0) {
      return List.of();
    }
    List<InternalRow> result = new ArrayList<>(found.length);
    List<@Nullable ColumnDescriptor> columns = new ArrayList<>();
    this.wanted.forEach(column -> columns.add(this.column(column.id())));
    try (PageReadStore pages = this.pages(number, columns)) {
      List<@Nullable ColumnCursor> cursors = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        ColumnDescriptor column = columns.get(i);
        cursors.add(
            column == null
                ? null
                : new ColumnCursor(
                    column, this.wanted.get(i).type(), this.chunk(pages, number, column)));
      }
      for (int row : found) {
        @Nullable Object[] values = new Object[cursors.size()];
        for (int i = 0; i < values.length; i++) {
          ColumnCursor cursor = cursors.get(i);
          values[i] = cursor == null ? null : cursor.at(row);
        }
        if (this.holds(values[0])) {
          result.add(new GenericInternalRow(values));
        }
      }
    }
    return result;
  }

  private boolean holds(@Nullable Object key) {
    return key instanceof byte[] bytes && this.keys.holds(bytes)
        || key instanceof UTF8String text && this.keys.holds(text.getBytes());
  }

  private PageReadStore pages(int number, List<@Nullable ColumnDescriptor> columns)
      throws IOException {
    MessageType all = this.file.getFileMetaData().getSchema();
    List<Type> fields = new ArrayList<>();
    for (ColumnDescriptor column : columns) {
      if (column != null) {
        fields.add(all.getType(column.getPath()[0]));
      }
    }
    this.file.setRequestedSchema(new MessageType(all.getName(), fields));
    return this.file.readRowGroup(number);
  }

  private ColumnPages chunk(PageReadStore pages, int number, ColumnDescriptor column) {
    return new ColumnPages(
        column,
        pages.getPageReader(column),
        column.getMaxDefinitionLevel() > 0 && this.nulls(number, column));
  }

  /** Whether the column may be null in the row group. */
  private boolean nulls(int number, ColumnDescriptor column) {
    BlockMetaData group = this.file.getRowGroups().get(number);
    ColumnPath path = ColumnPath.get(column.getPath());
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (chunk.getPath().equals(path)) {
        Statistics<?> statistics = chunk.getStatistics();
        return statistics == null || !statistics.isNumNullsSet() || statistics.getNumNulls() > 0;
      }
    }
    return true;
  }

  /** The column with Iceberg's {@code id}; null if the file is older than it. */
  private @Nullable ColumnDescriptor column(int id) {
    MessageType all = this.file.getFileMetaData().getSchema();
    for (Type field : all.getFields()) {
      if (field.isPrimitive() && field.getId() != null && field.getId().intValue() == id) {
        return all.getColumnDescription(new String[] {field.getName()});
      }
    }
    return null;
  }
}
