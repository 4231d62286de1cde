package io.veralake.publish;

import static org.apache.spark.sql.functions.col;

import io.veralake.catalog.Positions;
import io.veralake.clickhouse.CanonicalText.Sums;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.Ledger.Generation;
import io.veralake.publish.Ledger.Pointer;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Publication;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code ops.publications}: what each generation was made from and what it held, a row a
 * table. It outlives the generation itself, which ClickHouse forgets after some more.
 */
final class PublicationLog {
  /** Its name. */
  static final String TABLE = "ops.publications";

  private static final String DEFINITION = "definition";
  private static final StructType TYPE =
      StructType.fromDDL(
          "run_id string, as_of timestamp, star string, generation bigint, parent bigint,"
              + " publication string, mart string, mart_snapshot bigint, inputs map<string,bigint>,"
              + " definition string, watermark timestamp, columns array<string>, partitions bigint,"
              + " rows bigint, low_sum bigint, high_sum bigint");

  private final RunContext context;
  private final String star;

  PublicationLog(RunContext context, String star) {
    this.context = context;
    this.star = star;
  }

  /**
   * A table of a generation.
   *
   * @param publication its public name
   * @param mart the mart
   * @param snapshot the mart's snapshot
   * @param inputs snapshots of what the mart was made from, by {@code namespace.table}
   * @param definition fingerprint of the mart's declaration; empty if it isn't known
   * @param columns the columns, in order
   * @param sums of all rows that were published
   */
  record Recorded(
      String publication,
      String mart,
      long snapshot,
      Map<String, Long> inputs,
      String definition,
      List<Column> columns,
      Sums sums) {}

  /** Notes the generation that is about to be shown, in the place of one of that number. */
  void write(Generation generation, List<StagedTable> tables, List<Publication> publications) {
    Lake lake = this.context.lake();
    if (!lake.exists(TABLE)) {
      lake.spark().sql("CREATE NAMESPACE IF NOT EXISTS " + lake.sqlName("ops"));
      lake.spark()
          .sql(
              "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg PARTITIONED BY (star, generation) TBLPROPERTIES ('write.distribution-mode' = 'none')"
                  .formatted(lake.sqlName(TABLE), TYPE.toDDL()));
    }
    List<Row> rows = new ArrayList<>();
    for (Publication publication : publications) {
      List<Pointer> pointers =
          tables.stream()
              .filter(table -> table.name().equals(publication.name()))
              .findFirst()
              .orElseThrow()
              .pointers();
      rows.add(this.row(generation, publication, pointers));
    }
    try {
      lake.carrying(
              lake.spark().createDataFrame(rows, TYPE).coalesce(1).writeTo(lake.sqlName(TABLE)),
              TABLE,
              this.context.runId(),
              Map.of())
          .overwrite(
              col("star").equalTo(this.star).and(col("generation").equalTo(generation.number())));
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + TABLE, e);
    }
  }

  private Row row(Generation generation, Publication publication, List<Pointer> pointers) {
    Entry entry = Objects.requireNonNull(generation.entries().get(publication.name()));
    Table mart = this.context.lake().table("mart." + publication.mart().name());
    Positions positions = Positions.at(mart, mart.snapshot(entry.snapshot()));
    Map<String, Long> inputs = new TreeMap<>();
    positions
        .properties()
        .forEach(
            (name, value) -> {
              if (name.startsWith(Positions.READ)) {
                inputs.put(name.substring(Positions.READ.length()), Long.valueOf(value));
              }
            });
    Sums sums = total(pointers.stream().map(Pointer::sums).toList());
    return RowFactory.create(
        this.context.runId(),
        Timestamp.from(this.context.asOf()),
        this.star,
        generation.number(),
        generation.parent(),
        publication.name(),
        publication.mart().name(),
        entry.snapshot(),
        scala.jdk.javaapi.CollectionConverters.asScala(inputs),
        positions.value(DEFINITION).orElse(""),
        watermark(entry.watermark()),
        publication.mart().columns().stream()
            .map(column -> column.name() + " " + column.type())
            .toArray(String[]::new),
        (long) pointers.size(),
        sums.count(),
        sums.low(),
        sums.high());
  }

  private static @Nullable Timestamp watermark(@Nullable Long micros) {
    return micros == null ? null : Timestamp.from(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  /** Sums of several sets of rows together; they may wrap around, on each side alike. */
  static Sums total(List<Sums> parts) {
    long count = 0;
    long low = 0;
    long high = 0;
    for (Sums part : parts) {
      count += part.count();
      low += part.low();
      high += part.high();
    }
    return new Sums(count, low, high);
  }

  /** The tables of generation {@code number}, by name. */
  List<Recorded> of(long number) {
    Lake lake = this.context.lake();
    if (!lake.exists(TABLE)) {
      throw new DataException(
          "Missing generation " + number + " of star " + this.star + ": none was recorded yet");
    }
    // a row a table of a star
    List<Row> rows =
        lake.rows(TABLE)
            .where(col("star").equalTo(this.star).and(col("generation").equalTo(number)))
            .orderBy("publication")
            .collectAsList();
    if (rows.isEmpty()) {
      throw new DataException(
          "Missing generation "
              + number
              + " of star "
              + this.star
              + " (recorded are "
              + this.known()
              + ", see ops.publications)");
    }
    return rows.stream().map(PublicationLog::recorded).toList();
  }

  private String known() {
    Row range =
        this.context
            .lake()
            .rows(TABLE)
            .where(col("star").equalTo(this.star))
            .selectExpr("min(generation)", "max(generation)")
            .head();
    return range.isNullAt(0) ? "none" : range.getLong(0) + " to " + range.getLong(1);
  }

  private static Recorded recorded(Row row) {
    Map<String, Long> inputs = new TreeMap<>();
    row.<String, Long>getJavaMap(row.fieldIndex("inputs")).forEach(inputs::put);
    List<Column> columns = new ArrayList<>();
    for (String column : row.<String>getList(row.fieldIndex("columns"))) {
      int blank = column.indexOf(' ');
      columns.add(
          new Column(
              column.substring(0, blank),
              ColumnType.parse(column.substring(blank + 1)).orElseThrow()));
    }
    return new Recorded(
        row.getAs("publication"),
        row.getAs("mart"),
        row.getAs("mart_snapshot"),
        inputs,
        row.getAs("definition"),
        columns,
        new Sums(row.getAs("rows"), row.getAs("low_sum"), row.getAs("high_sum")));
  }
}
