package io.veralake.reconcile;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.spec.Engine;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads answers of ClickHouse in Spark's tasks, one query each. */
final class StreamReader {
  private static final StructType TYPE =
      new StructType()
          .add("texts", DataTypes.createArrayType(DataTypes.StringType, true), false)
          .add("numbers", DataTypes.createArrayType(DataTypes.LongType, false), false);

  private final SparkSession spark;
  private final Engine.ClickHouseServer server;

  StreamReader(SparkSession spark, Engine.ClickHouseServer server) {
    this.spark = spark;
    this.server = server;
  }

  /**
   * The rows that {@code queries} give together, as {@code texts} and {@code numbers}. Each query
   * is in format RowBinary and has {@code texts} columns of Nullable(String), then {@code numbers}
   * of Int64.
   */
  Dataset<Row> rows(List<String> queries, int texts, int numbers) {
    Engine.ClickHouseServer target = this.server;
    FlatMapFunction<String, Row> read = query -> new Answer(target, query, texts, numbers);
    JavaSparkContext tasks = JavaSparkContext.fromSparkContext(this.spark.sparkContext());
    return this.spark
        .createDataset(
            tasks.parallelize(queries, Math.max(1, queries.size())).rdd(), Encoders.STRING())
        .flatMap(read, Encoders.row(TYPE));
  }

  /** One query's rows, while they arrive. */
  private static final class Answer implements Iterator<Row> {
    private final ClickHouse clickHouse;
    private final DataInputStream body;
    private final int texts;
    private final int numbers;
    private @Nullable Row next;

    Answer(Engine.ClickHouseServer server, String query, int texts, int numbers) {
      this.clickHouse = ClickHouse.connect(server);
      InputStream stream = this.clickHouse.stream(query);
      this.body = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
      this.texts = texts;
      this.numbers = numbers;
      this.next = this.read();
    }

    @Override
    public boolean hasNext() {
      return this.next != null;
    }

    @Override
    public Row next() {
      Row row = this.next;
      if (row == null) {
        throw new NoSuchElementException();
      }
      this.next = this.read();
      return row;
    }

    private @Nullable Row read() {
      try {
        this.body.mark(1);
        if (this.body.read() < 0) {
          this.body.close();
          this.clickHouse.close();
          return null;
        }
        this.body.reset();
        @Nullable String[] row = new @Nullable String[this.texts];
        for (int i = 0; i < this.texts; i++) {
          row[i] = this.body.readByte() != 0 ? null : this.text();
        }
        Long[] counts = new Long[this.numbers];
        for (int i = 0; i < this.numbers; i++) {
          counts[i] = Long.reverseBytes(this.body.readLong());
        }
        return RowFactory.create(row, counts);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read what ClickHouse answers", e);
      }
    }

    private String text() throws IOException {
      byte[] bytes = new byte[this.length()];
      this.body.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private int length() throws IOException {
      int length = 0;
      for (int shift = 0; shift < 32; shift += 7) {
        int next = this.body.readByte();
        length |= (next & 0x7f) << shift;
        if (next >= 0) {
          return length;
        }
      }
      throw new EOFException("Invalid length");
    }
  }
}
