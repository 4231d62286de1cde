package io.veralake.land;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.DataException;
import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.land.BatchColumns.Fate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * What a dump says that its raw table doesn't: rows that are new, rows that aren't as they were
 * last seen, and, if it is whole, deletes of those that it doesn't have.
 */
final class DumpChanges implements AutoCloseable {
  private static final String KIND = "_kind";
  private static final String WAS = "_was";
  private static final String NOW = "_now";
  private static final String TIMES = "_times";
  private static final String UNREAD = "_unread";
  private static final String DELETE = "d";

  private final Dataset<Row> rows;
  private final StructType type;
  private final Map<String, Long> counts = new TreeMap<>();

  private DumpChanges(Dataset<Row> rows, StructType type) {
    this.type = type;
    this.rows = rows.persist(StorageLevel.MEMORY_AND_DISK());
    // Bounded: one row a kind.
    this.rows
        .groupBy(KIND)
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> this.counts.put(row.getString(0), row.getLong(1)));
  }

  /**
   * Compares {@code batch} with {@code table}.
   *
   * @param deletes whether what isn't in the batch was deleted
   */
  static DumpChanges of(
      Lake lake, String table, DumpKey key, Batch batch, DumpMoment moment, boolean deletes) {
    Dataset<Row> read = batch.rows(Fate.ROW);
    StructType type = RawTable.type((StructType) read.schema().apply(RawColumns.AFTER).dataType());
    Dataset<Row> held = held(lake, table, moment);
    DataType was = held.schema().apply(WAS).dataType();
    Dataset<Row> all =
        rows(held, key, RawColumns.AFTER, col(WAS), lit(null).cast(type), 0, 0)
            .unionAll(
                rows(
                    read,
                    key,
                    RawColumns.AFTER,
                    lit(null).cast(was),
                    struct(columns(Stream.of(type.fieldNames()))),
                    1,
                    0))
            .unionAll(
                rows(
                    batch.rows(Fate.BAD).where(col(RawColumns.AFTER).isNotNull()),
                    key,
                    RawColumns.AFTER,
                    lit(null).cast(was),
                    lit(null).cast(type),
                    0,
                    1));
    Column[] keys = columns(names(key).stream());
    Dataset<Row> byKey =
        all.groupBy(keys)
            .agg(
                max_by(col(WAS), col(WAS).getField(RawColumns.POSITION)).as(WAS),
                first(col(NOW), true).as(NOW),
                sum(TIMES).as(TIMES),
                max(UNREAD).as(UNREAD));
    return new DumpChanges(
        byKey
            .withColumn(KIND, kind(deletes))
            .where(col(KIND).isNotNull())
            .select(change(type, moment)),
        type);
  }

  /** Versions that the table holds, as far as they can equal rows of the batch. */
  private static Dataset<Row> held(Lake lake, String table, DumpMoment moment) {
    Dataset<Row> raw = lake.rows(table);
    if (moment.again() != null) {
      // Rows that may be the same, and all that were landed after the first of them.
      Row first =
          raw.where(moment.again()).agg(min(col(RawColumns.POSITION).getField("major"))).first();
      raw =
          first.isNullAt(0)
              ? raw.limit(0)
              : raw.where(col(RawColumns.POSITION).getField("major").geq(first.getLong(0)));
    }
    Column row = coalesce(col(RawColumns.AFTER), col(RawColumns.BEFORE));
    return raw.select(
        row.as(RawColumns.AFTER),
        struct(
                col(RawColumns.POSITION),
                col(RawColumns.OP),
                row.as(RawColumns.AFTER),
                col(RawColumns.RECORD_SOURCE))
            .as(WAS));
  }

  private static Dataset<Row> rows(
      Dataset<Row> rows, DumpKey key, String keyed, Column was, Column now, int times, int unread) {
    List<Column> columns = new ArrayList<>();
    List<Column> parts = key.columns(keyed);
    for (int i = 0; i < parts.size(); i++) {
      columns.add(parts.get(i).as(names(key).get(i)));
    }
    columns.add(was.as(WAS));
    columns.add(now.as(NOW));
    columns.add(lit(times).as(TIMES));
    columns.add(lit(unread).as(UNREAD));
    return rows.select(columns.toArray(Column[]::new));
  }

  /** What became of a key; null: nothing. */
  private static Column kind(boolean deletes) {
    Column there = col(NOW).isNotNull();
    Column alive = col(WAS).isNotNull().and(not(col(WAS).getField(RawColumns.OP).equalTo(DELETE)));
    Column same =
        col(WAS).getField(RawColumns.AFTER).eqNullSafe(col(NOW).getField(RawColumns.AFTER));
    Column absent = not(there).and(alive).and(col(UNREAD).equalTo(0)).and(lit(deletes));
    return when(col(TIMES).gt(1), "twice")
        .when(there.and(not(alive)), "new")
        .when(there.and(not(same)), "changed")
        .when(absent, "absent");
  }

  private static Column[] change(StructType type, DumpMoment moment) {
    Column absent = col(KIND).equalTo("absent");
    Column position =
        struct(
            lit(moment.position().get(0)).as("major"),
            lit(moment.position().get(1)).as("minor"),
            lit(moment.position().get(2)).as("row"));
    Map<String, Column> delete =
        Map.of(
            RawColumns.OP, lit(DELETE),
            RawColumns.BEFORE, col(WAS).getField(RawColumns.AFTER),
            RawColumns.POSITION, position,
            RawColumns.COMMIT_TIME, timestamp_micros(lit(moment.commitTime())),
            RawColumns.RECORD_SOURCE, col(WAS).getField(RawColumns.RECORD_SOURCE),
            RawColumns.FILE, lit(moment.place()),
            RawColumns.ROW, lit(0L));
    List<Column> columns = new ArrayList<>();
    columns.add(col(KIND));
    for (String name : type.fieldNames()) {
      Column gone = delete.getOrDefault(name, lit(null)).cast(type.apply(name).dataType());
      columns.add(when(absent, gone).otherwise(col(NOW).getField(name)).as(name));
    }
    return columns.toArray(Column[]::new);
  }

  private static List<String> names(DumpKey key) {
    return java.util.stream.IntStream.range(0, key.parts().size())
        .mapToObj(i -> "_key" + i)
        .toList();
  }

  /**
   * Passes if the dump has each key once, and isn't without more of what was there than it may be.
   *
   * @param read how many rows it has
   */
  void check(String table, DumpKey key, DumpMoment moment, long read) {
    if (this.of("twice") > 0) {
      throw new DataException(
          "Invalid dump of %s: %d keys more than once in %s (key = [%s] must tell all rows apart)"
              .formatted(table, this.of("twice"), moment.place(), String.join(", ", key.parts())));
    }
    long absent = this.of("absent");
    long held = read - this.of("new") + absent;
    if (moment.whole() && absent * 100 > held * moment.maxDeletes()) {
      throw new GateException(
          "Cannot land %s: %d of %d rows aren't in %s, over max-deletes = %d %% (is the dump whole? if so, raise max-deletes for one run)"
              .formatted(table, absent, held, moment.place(), moment.maxDeletes()));
    }
  }

  /** Rows of the dump that are new or not as they were. */
  long changed() {
    return this.of("new") + this.of("changed");
  }

  /** Deletes. */
  long absent() {
    return this.of("absent");
  }

  /** All of them, as rows of the raw table. */
  Dataset<Row> rows(String runId, int partitions) {
    Column[] columns =
        Arrays.stream(this.type.fieldNames())
            .map(name -> name.equals(RawColumns.BATCH) ? lit(runId).as(name) : col(name))
            .toArray(Column[]::new);
    return this.rows.select(columns).coalesce(partitions);
  }

  private long of(String kind) {
    return this.counts.getOrDefault(kind, 0L);
  }

  private static Column[] columns(Stream<String> names) {
    return names.map(functions::col).toArray(Column[]::new);
  }

  @Override
  public void close() {
    this.rows.unpersist();
  }
}
