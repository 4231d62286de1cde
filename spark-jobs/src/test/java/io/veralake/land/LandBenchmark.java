package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;

import com.sun.management.OperatingSystemMXBean;
import io.veralake.fixture.HeapWatch;
import io.veralake.fixture.Lakes;
import io.veralake.fixture.Models;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandTable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Prints how fast a folder of envelopes lands, and how fast the usual Spark program puts the same
 * files into a table: {@code LandBenchmark <input> <folder> [times [folder of Avro containers]]}.
 * Not a test: times depend on the machine.
 *
 * <p>The usual program: {@code read.text}, {@code from_json} with a schema that is given, {@code
 * dropDuplicates} on the source position, {@code append}. It decodes neither decimals nor times,
 * keeps no bad records, and asks neither which files nor which records are in the table already.
 */
final class LandBenchmark {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final int SAMPLE = 50_000;

  /** About as many rows as are packed together, and counted together. */
  private static final int BLOCK = 1_000;

  private LandBenchmark() {}

  /** What a way took. */
  private record Took(double seconds, double cpu) {
    static Took by(Runnable work) {
      long began = System.nanoTime();
      long cpuBegan = SYSTEM.getProcessCpuTime();
      work.run();
      return new Took(
          (System.nanoTime() - began) / 1e9, (SYSTEM.getProcessCpuTime() - cpuBegan) / 1e9);
    }

    String print(String who, long records) {
      return String.format(
          Locale.ROOT,
          "land  %-9s %,11d envelopes %7.1f s %,9.0f /s %7.1f CPU s %,9.0f /CPU s",
          who,
          records,
          this.seconds,
          records / this.seconds,
          this.cpu,
          records / this.cpu);
    }
  }

  public static void main(String[] arguments) {
    Path input = Path.of(arguments[0]).toAbsolutePath();
    int times = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    SparkSession spark = Lakes.sessionAsInstalled();
    for (int i = 0; i < times; i++) {
      Lake lake = Lakes.fresh(spark);
      LandTable json = Landing.debezium("t", arguments[1]);
      double audit = audit(lake, input, json);
      Took ours = land(lake, input, json, audit, "veralake");
      StructType row = (StructType) lake.rows("raw.t").schema().apply("after").dataType();
      if (arguments.length > 3) {
        LandTable avro = Models.files("avro", LandTable.Format.DEBEZIUM_AVRO, arguments[3], "shop");
        land(lake, input, avro, audit, "avro");
        System.out.println("land  rows      of Avro and JSON equal: " + alike(lake));
      }
      long records = lake.rows("raw.t").count();
      Took peer = Took.by(() -> peer(lake, input.resolve(arguments[1]).toString(), row));
      System.out.println(peer.print("from_json", records));
      System.out.printf(
          Locale.ROOT,
          "land  ratio     %.1f times as fast, %.1f times by CPU; rows equal: %s%n",
          peer.seconds / ours.seconds,
          peer.cpu / ours.cpu,
          equal(lake, row));
    }
    spark.stop();
  }

  private static Took land(Lake lake, Path input, LandTable table, double audit, String who) {
    HeapWatch heap = HeapWatch.begun();
    Landed[] landed = new Landed[1];
    Took took =
        Took.by(() -> landed[0] = LandStep.run(Landing.context(lake, input, "bench"), table));
    System.out.println(took.print(who, landed[0].read()));
    System.out.printf(
        Locale.ROOT,
        "land  kept      %,d rows, %,d duplicates, %,d quarantined; largest heap %,d MiB; audit %.1f %% of the CPU seconds%n",
        landed[0].appended(),
        landed[0].duplicate(),
        landed[0].quarantined(),
        heap.most(),
        100 * audit * landed[0].read() / took.cpu);
    return took;
  }

  /**
   * CPU seconds that the audit costs for a record: what is counted of each while it is packed. What
   * it does for each batch is a look at numbers. Found by counting rows of the batch once more.
   */
  private static double audit(Lake lake, Path input, LandTable table) {
    RunContext context = Landing.context(lake, input, "bench");
    Feed feed = Feed.of(context, table);
    RowMaker maker = new LandStep(context, table, move -> {}).ready(feed.rowTypes());
    List<UnsafeRow> rows = new ArrayList<>();
    try (Batch batch = feed.read(maker)) {
      ((org.apache.spark.sql.classic.Dataset<Row>) batch.rows(BatchColumns.Fate.ROW))
          .queryExecution()
          .toRdd()
          .toJavaRDD()
          .map(found -> ((UnsafeRow) found).copy())
          .take(SAMPLE)
          .forEach(rows::add);
    }
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      BatchReport all = new BatchReport();
      long began = System.nanoTime();
      for (int from = 0; from < rows.size(); from += BLOCK) {
        BatchReport report = new BatchReport();
        rows.subList(from, Math.min(rows.size(), from + BLOCK)).forEach(report::add);
        all.add(report.compact());
      }
      best = Math.min(best, (System.nanoTime() - began) / 1e9 / rows.size());
    }
    return best;
  }

  /** Whether both formats gave the same rows. */
  private static boolean alike(Lake lake) {
    String[] columns = {"_op", "before", "after", "_position", "_commit_time"};
    Column hash =
        org.apache.spark.sql.functions.xxhash64(
            Arrays.stream(columns).map(org.apache.spark.sql.functions::col).toArray(Column[]::new));
    return sum(lake.rows("raw.t"), hash).equals(sum(lake.rows("raw.avro"), hash));
  }

  private static void peer(Lake lake, String folder, StructType row) {
    StructType sent = new StructType();
    for (var field : row.fields()) {
      sent = sent.add(field.name(), sent(field.dataType()));
    }
    StructType source =
        new StructType().add("lsn", DataTypes.LongType).add("ts_ms", DataTypes.LongType);
    StructType payload =
        new StructType()
            .add("before", sent)
            .add("after", sent)
            .add("source", source)
            .add("transaction", new StructType().add("total_order", DataTypes.LongType))
            .add("op", DataTypes.StringType);
    StructType line = new StructType().add("value", new StructType().add("payload", payload));
    Dataset<Row> rows =
        lake.spark()
            .read()
            .text(folder)
            .select(from_json(col("value"), line).as("line"))
            .select("line.value.payload.*")
            .where("op is not null")
            .selectExpr("op", "before", "after", "source.*", "transaction.total_order")
            .dropDuplicates("lsn", "total_order", "op");
    try {
      rows.writeTo(lake.sqlName("raw.peer")).using("iceberg").create();
    } catch (org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How a column of {@code type} stands in the JSON, as far as the two ways can be compared. */
  private static DataType sent(DataType type) {
    boolean same =
        type.equals(DataTypes.IntegerType)
            || type.equals(DataTypes.LongType)
            || type.equals(DataTypes.BooleanType);
    return same ? type : DataTypes.StringType;
  }

  private static boolean equal(Lake lake, StructType row) {
    String[] same =
        Arrays.stream(row.fields())
            .filter(field -> sent(field.dataType()).equals(field.dataType()))
            .filter(field -> !field.dataType().equals(DataTypes.StringType))
            .flatMap(
                field ->
                    Arrays.stream(new String[] {"before.", "after."})
                        .map(side -> side + field.name()))
            .toArray(String[]::new);
    return sum(lake.rows("raw.t"), "_op", "_position.major", same)
        .equals(sum(lake.rows("raw.peer"), "op", "lsn", same));
  }

  private static Row sum(Dataset<Row> rows, String op, String position, String... columns) {
    Column[] all = new Column[columns.length + 2];
    all[0] = col(op);
    all[1] = col(position);
    for (int i = 0; i < columns.length; i++) {
      all[i + 2] = col(columns[i]);
    }
    return sum(rows, org.apache.spark.sql.functions.xxhash64(all));
  }

  private static Row sum(Dataset<Row> rows, Column hash) {
    return rows.select(hash.cast("decimal(38,0)").as("h")).selectExpr("count(*)", "sum(h)").head();
  }
}
