package io.veralake.lake.lookup;

import io.veralake.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.CombinedScanTask;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Finds the rows of a table that have one of many keys, see {@link io.veralake.lake.lookup}. */
public final class KeyLookup {
  private final Lake lake;

  /** Over tables of {@code lake}. */
  public KeyLookup(Lake lake) {
    this.lake = lake;
  }

  /**
   * The table's current rows whose {@code columns.get(0)} is one of {@code keys}, in no order.
   * Empty if this can't be answered here: the key is neither {@code binary} nor {@code string}, a
   * column is nested, a file isn't Parquet, is encrypted, or has rows deleted beside it.
   *
   * @param table the table, with its namespace
   * @param columns what to read; the key first
   * @param keys one column of the key's type; is collected by the driver, so of some millions at
   *     most; nulls and repetitions count for nothing
   */
  public Optional<Dataset<Row>> rows(String table, List<String> columns, Dataset<Row> keys) {
    return this.rows(
        table,
        columns,
        () ->
            keys.select(keys.col(keys.columns()[0]).cast(DataTypes.BinaryType).as("key"))
                .filter("key IS NOT NULL")
                .as(Encoders.BINARY())
                .collectAsList());
  }

  /** The same for keys that are at hand: bytes, or texts as their bytes in UTF-8. */
  public Optional<Dataset<Row>> rows(String table, List<String> columns, List<byte[]> keys) {
    return this.rows(table, columns, () -> keys);
  }

  private Optional<Dataset<Row>> rows(
      String table, List<String> columns, Supplier<List<byte[]>> keys) {
    Dataset<Row> all =
        this.lake
            .rows(table)
            .select(
                columns.stream()
                    .map(org.apache.spark.sql.functions::col)
                    .toArray(org.apache.spark.sql.Column[]::new));
    StructType type = all.schema();
    boolean readable =
        (type.apply(0).dataType() instanceof BinaryType
                || type.apply(0).dataType() instanceof StringType)
            && List.of(type.fields()).stream().allMatch(f -> ColumnCursor.reads(f.dataType()));
    if (!readable) {
      return Optional.empty();
    }
    Table stored = this.lake.table(table);
    KeySet set = new KeySet(keys.get());
    return parts(stored, columns.get(0), set)
        .map(
            parts ->
                this.read(
                    SerializableTable.copyOf(stored), parts, set, wanted(stored, type), type));
  }

  private Dataset<Row> read(
      Table table,
      List<List<FilePart>> parts,
      KeySet set,
      List<PartReader.Wanted> wanted,
      StructType type) {
    SparkSession spark = (SparkSession) this.lake.spark();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<KeySet> keys = context.broadcast(set);
    Broadcast<Table> source = context.broadcast(table);
    JavaRDD<InternalRow> rows =
        context
            .parallelize(parts, Math.max(parts.size(), 1))
            .flatMap(part -> new Rows(part.iterator(), source, keys, wanted));
    return spark.internalCreateDataFrame(rows.rdd(), type, false);
  }

  private static List<PartReader.Wanted> wanted(Table table, StructType type) {
    List<PartReader.Wanted> result = new ArrayList<>();
    for (var field : type.fields()) {
      Types.NestedField found = table.schema().caseInsensitiveFindField(field.name());
      result.add(new PartReader.Wanted(found.fieldId(), field.dataType()));
    }
    return List.copyOf(result);
  }

  /** What has to be read, a list for each task; empty if some of it can't be. */
  private static Optional<List<List<FilePart>>> parts(Table table, String key, KeySet keys) {
    int id = table.schema().caseInsensitiveFindField(key).fieldId();
    List<List<FilePart>> result = new ArrayList<>();
    try (CloseableIterable<CombinedScanTask> tasks =
        table.newScan().includeColumnStats(List.of(key)).planTasks()) {
      for (CombinedScanTask task : tasks) {
        List<FilePart> parts = new ArrayList<>();
        for (FileScanTask range : task.files()) {
          if (!readable(range)) {
            return Optional.empty();
          }
          if (mayHold(range.file(), id, keys)) {
            parts.add(
                new FilePart(
                    range.file().location(),
                    range.file().fileSizeInBytes(),
                    range.start(),
                    range.start() + range.length()));
          }
        }
        if (!parts.isEmpty()) {
          result.add(List.copyOf(parts));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(result);
  }

  private static boolean readable(FileScanTask range) {
    return range.file().format() == FileFormat.PARQUET
        && range.file().keyMetadata() == null
        && range.deletes().isEmpty();
  }

  private static boolean mayHold(DataFile file, int id, KeySet keys) {
    if (keys.isEmpty()) {
      return false;
    }
    if (file.lowerBounds() == null || file.upperBounds() == null) {
      return true;
    }
    ByteBuffer lower = file.lowerBounds().get(id);
    ByteBuffer upper = file.upperBounds().get(id);
    return lower == null || upper == null || keys.mayHoldBetween(bytes(lower), bytes(upper));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] result = new byte[buffer.remaining()];
    buffer.duplicate().get(result);
    return result;
  }

  /** Rows of one part after the other; the open one is closed when the task ends. */
  private static final class Rows implements Iterator<InternalRow> {
    private final Iterator<FilePart> parts;
    private final Broadcast<Table> table;
    private final Broadcast<KeySet> keys;
    private final List<PartReader.Wanted> wanted;
    private @org.jspecify.annotations.Nullable PartReader open;

    Rows(
        Iterator<FilePart> parts,
        Broadcast<Table> table,
        Broadcast<KeySet> keys,
        List<PartReader.Wanted> wanted) {
      this.parts = parts;
      this.table = table;
      this.keys = keys;
      this.wanted = wanted;
      TaskContext.get()
          .addTaskCompletionListener(
              task -> {
                this.close();
              });
    }

    @Override
    public boolean hasNext() {
      while (this.open == null || !this.open.hasNext()) {
        this.close();
        if (!this.parts.hasNext()) {
          return false;
        }
        this.open =
            new PartReader(
                this.parts.next(), this.table.value().io(), this.keys.value(), this.wanted);
      }
      return true;
    }

    @Override
    public InternalRow next() {
      if (this.open == null) {
        throw new java.util.NoSuchElementException();
      }
      return this.open.next();
    }

    private void close() {
      if (this.open != null) {
        this.open.close();
        this.open = null;
      }
    }
  }
}
