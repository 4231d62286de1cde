package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.EnvelopeDecoder;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** The records of a batch's files as a data set ({@link BatchColumns}), good and bad ones. */
final class Batch {
  private Batch() {}

  static Dataset<Row> read(
      SparkSession spark,
      LandTable table,
      List<List<Split>> tasks,
      StructType rowType,
      RowMaker maker,
      SerializableConfiguration hadoop) {
    JavaRDD<InternalRow> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(tasks, Math.max(1, tasks.size()))
            .mapPartitions(
                own -> {
                  RecordDecoder decoder = decoder(table, rowType);
                  return new Records(own, decoder, maker, hadoop.value());
                });
    // Internal rows go in as they are: through external ones each value would be converted twice.
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(
            rows.rdd(), BatchColumns.type(RawTable.type(rowType)), false);
  }

  private static RecordDecoder decoder(LandTable table, StructType rowType) {
    return new EnvelopeDecoder(rowType);
  }

  /** Records of some splits, one after the other. */
  private static final class Records implements Iterator<InternalRow> {
    private final Iterator<List<Split>> tasks;
    private final RecordDecoder decoder;
    private final RowMaker maker;
    private final Configuration hadoop;
    private Iterator<Split> splits = List.<Split>of().iterator();
    private @Nullable Lines lines;
    private @Nullable Split split;
    private UTF8String url = UTF8String.EMPTY_UTF8;
    private long row;
    private @Nullable InternalRow ready;

    Records(
        Iterator<List<Split>> tasks,
        RecordDecoder decoder,
        RowMaker maker,
        Configuration hadoop) {
      this.tasks = tasks;
      this.decoder = decoder;
      this.maker = maker;
      this.hadoop = hadoop;
    }

    @Override
    public boolean hasNext() {
      try {
        while (this.ready == null) {
          Lines open = this.lines;
          if (open != null && open.next()) {
            this.row++;
            if (open.from() < open.to()) {
              this.ready = this.record(open);
            }
          } else if (!this.open()) {
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

    private boolean open() throws IOException {
      if (this.lines != null) {
        this.lines.close();
        this.lines = null;
      }
      while (!this.splits.hasNext()) {
        if (!this.tasks.hasNext()) {
          return false;
        }
        this.splits = this.tasks.next().iterator();
      }
      Split next = this.splits.next();
      this.split = next;
      this.url = UTF8String.fromString(next.file().url());
      this.row = next.records();
      this.lines = new Lines(next, this.hadoop);
      return true;
    }

    private InternalRow record(Lines line) {
      SourceFile file = java.util.Objects.requireNonNull(this.split).file();
      RowMaker.Place place = new RowMaker.Place(file, this.url, this.row, line.offset());
      try {
        return this.maker.row(
            this.decoder.decode(line.buffer(), line.from(), line.to()), place);
      } catch (BadRecordException e) {
        byte[] bytes = Arrays.copyOfRange(line.buffer(), line.from(), line.to());
        return this.maker.bad(String.valueOf(e.getMessage()), bytes, null, place);
      }
    }
  }
}
