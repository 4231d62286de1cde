package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Drops rows that were landed before. Two rows are the same if place in the source's order,
 * operation, record source, and all values before and after are equal; the same place with other
 * values is another row, so that the order in which files arrive doesn't decide which one is kept.
 */
final class Duplicates {
  private static final String MAJOR = RawColumns.POSITION + ".major";
  private static final String HASH = "_hash";
  private static final List<String> PLACE = List.of("_p1", "_p2", "_p3", HASH);
  private static final List<String> CONTENT =
      List.of(
          RawColumns.OP,
          RawColumns.RECORD_SOURCE,
          RawColumns.BEFORE,
          RawColumns.AFTER,
          RawColumns.UNAVAILABLE);

  /**
   * What is learned of rows while they are written.
   *
   * @param twice rows that the batch itself repeats
   * @param tied changes whose place in the source's order is that of another one
   */
  record Noted(Dropped twice, Dropped tied) implements Serializable {
    /** Of nothing yet. */
    static Noted of(Lake lake) {
      Noted noted = new Noted(new Dropped(), new Dropped());
      lake.spark().sparkContext().register(noted.twice);
      lake.spark().sparkContext().register(noted.tied);
      return noted;
    }
  }

  private Duplicates() {}

  /**
   * {@code rows}, which are at {@code positions}, without those that {@code table} has, once each,
   * sorted by position into {@code partitions}. {@code noted} gets the number of those that were
   * dropped because the batch itself repeats them.
   */
  static Dataset<Row> drop(
      Lake lake,
      String table,
      Dataset<Row> rows,
      PositionRanges positions,
      int partitions,
      Noted noted) {
    Dataset<Row> fresh = keyed(rows);
    if (touched(lake, table, positions)) {
      Dataset<Row> known = keyed(lake.rows(table).where(positions.condition(MAJOR)));
      fresh = fresh.as("l").join(known.as("r"), same(), "left_anti");
    }
    return once(lake, fresh, partitions, noted);
  }

  /** Whether any of the table's files holds rows at these positions, by the files' statistics. */
  private static boolean touched(Lake lake, String table, PositionRanges positions) {
    Expression filter = Expressions.alwaysFalse();
    for (long[] range : positions.ranges()) {
      filter =
          Expressions.or(
              filter,
              Expressions.and(
                  Expressions.greaterThanOrEqual(MAJOR, range[0]),
                  Expressions.lessThanOrEqual(MAJOR, range[1])));
    }
    return touched(lake, table, filter);
  }

  /** Whether any of the table's files may hold rows that {@code filter} is true for. */
  static boolean touched(Lake lake, String table, Expression filter) {
    try (CloseableIterable<FileScanTask> files =
        lake.table(table).newScan().filter(filter).planFiles()) {
      return files.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Column same() {
    Column same = col("l." + HASH).equalTo(col("r." + HASH));
    for (String place : PLACE.subList(0, 3)) {
      same = same.and(col("l." + place).equalTo(col("r." + place)));
    }
    for (String column : CONTENT) {
      same = same.and(col("l." + column).eqNullSafe(col("r." + column)));
    }
    return same;
  }

  /** Equal rows lie side by side when sorted; the first of them in the order of files stays. */
  private static Dataset<Row> once(Lake lake, Dataset<Row> rows, int partitions, Noted noted) {
    Column[] place = columns(PLACE.stream());
    Column[] order =
        columns(Stream.concat(PLACE.stream(), Stream.of(RawColumns.FILE, RawColumns.ROW)));
    Dataset<Row> sorted =
        (partitions == 1 ? rows.coalesce(1) : rows.repartitionByRange(partitions, place))
            .sortWithinPartitions(order);
    StructType type = sorted.schema();
    int[] places = PLACE.stream().mapToInt(type::fieldIndex).toArray();
    int[] content = CONTENT.stream().mapToInt(type::fieldIndex).toArray();
    JavaRDD<InternalRow> distinct =
        ((org.apache.spark.sql.classic.Dataset<Row>) sorted)
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(
                own ->
                    new DistinctRows(
                        own,
                        type,
                        places,
                        content,
                        (repeats, ties) -> {
                          noted.twice().note(TaskContext.getPartitionId(), repeats);
                          noted.tied().note(TaskContext.getPartitionId(), ties);
                        }));
    return Batch.frame(lake.spark(), distinct, type);
  }

  private static Dataset<Row> keyed(Dataset<Row> rows) {
    return rows.withColumn("_p1", col(MAJOR))
        .withColumn("_p2", col(RawColumns.POSITION + ".minor"))
        .withColumn("_p3", col(RawColumns.POSITION + ".row"))
        .withColumn(
            HASH, xxhash64(col(RawColumns.OP), col(RawColumns.BEFORE), col(RawColumns.AFTER)));
  }

  private static Column[] columns(Stream<String> names) {
    return names.map(name -> col(name)).toArray(Column[]::new);
  }
}
