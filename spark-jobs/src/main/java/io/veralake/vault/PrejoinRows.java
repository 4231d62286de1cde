package io.veralake.vault;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.spec.Prejoin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of a join and what is known of their partners, put together. The columns are those of the
 * join's table.
 */
final class PrejoinRows {
  /** Working column: whether the row has waited. */
  private static final String WAITED = "_waited";

  private static final String FOUND = "_found";

  private final Lake lake;
  private final Prejoin prejoin;
  private final List<PartnerPairs> partners;
  private final StructType stored;

  /** For the table of {@code prejoin}, which is there. */
  PrejoinRows(Lake lake, Prejoin prejoin, List<PartnerPairs> partners) {
    this.lake = lake;
    this.prejoin = prejoin;
    this.partners = partners;
    this.stored = lake.rows(prejoin.table()).schema();
  }

  /**
   * Rows of the source, in the form of the table, with the values by which they find their
   * partners.
   *
   * @param key the source's, if it is declared
   */
  Dataset<Row> fresh(StagedSource staged, Set<String> key) {
    StructType image = (StructType) staged.schema().apply(RawColumns.AFTER).dataType();
    Dataset<Row> rows =
        staged
            .rows(Set.of(image.fieldNames()))
            .filter(not(col(RawColumns.OP).equalTo(Staging.FILTERED)));
    List<Column> columns = new ArrayList<>();
    FlatRows.METADATA.forEach(name -> columns.add(col(name)));
    columns.add(this.image(RawColumns.BEFORE, image).as(RawColumns.BEFORE));
    columns.add(this.image(RawColumns.AFTER, image).as(RawColumns.AFTER));
    List<Column> unsent = new ArrayList<>();
    for (PartnerPairs pairs : this.partners) {
      List<StructField> on =
          pairs.partner().on().stream()
              .map(
                  pair ->
                      PrejoinKeys.field(
                          this.prejoin.table(),
                          this.prejoin.from(),
                          staged.schema(),
                          pair.column()))
              .toList();
      columns.add(PrejoinKeys.after(rows, on).as(PrejoinTables.afterKey(pairs.partner())));
      columns.add(PrejoinKeys.before(rows, on, key).as(PrejoinTables.beforeKey(pairs.partner())));
      for (String taken : pairs.taken()) {
        unsent.add(
            when(
                any(on, name -> PrejoinKeys.unknown(rows, name))
                    .and(col(RawColumns.AFTER).isNotNull()),
                lit(taken)));
        unsent.add(
            when(
                any(on, PrejoinKeys::unknownBefore).and(col(RawColumns.BEFORE).isNotNull()),
                lit("before." + taken)));
      }
    }
    Column listed = col(RawColumns.UNAVAILABLE);
    Column more = array_compact(array(unsent.toArray(Column[]::new)).cast("array<string>"));
    columns.add(when(listed.isNotNull(), concat(listed, more)).as(RawColumns.UNAVAILABLE));
    columns.add(lit(false).as(WAITED));
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column any(
      List<StructField> columns, java.util.function.Function<String, Column> is) {
    return columns.stream().map(field -> is.apply(field.name())).reduce(lit(false), Column::or);
  }

  /** The columns of an image as the table has them. */
  private Column image(String name, StructType given) {
    List<String> names = Arrays.asList(given.fieldNames());
    List<Column> fields = new ArrayList<>();
    for (StructField field : this.fields()) {
      Column value = names.contains(field.name()) ? col(name).getField(field.name()) : lit(null);
      fields.add(value.cast(field.dataType()).as(field.name()));
    }
    return when(col(name).isNotNull(), struct(fields.toArray(Column[]::new)));
  }

  private StructField[] fields() {
    return ((StructType) this.stored.apply(RawColumns.AFTER).dataType()).fields();
  }

  /** Rows that wait, for a partner that became known after {@code positions} among others. */
  Dataset<Row> waited(Positions positions) {
    Dataset<Row> rows = this.waiting();
    Column hit = lit(false);
    for (PartnerPairs pairs : this.partners) {
      Dataset<Row> keys = pairs.keysAfter(positions.lastRead(pairs.name()));
      for (String key :
          List.of(
              PrejoinTables.afterKey(pairs.partner()), PrejoinTables.beforeKey(pairs.partner()))) {
        Column found = col(FOUND + key);
        rows =
            rows.join(
                keys.select(col(PrejoinTables.KEY).as(FOUND + key)),
                col(key).equalTo(found),
                "left");
        hit = hit.or(found.isNotNull());
      }
    }
    return rows.filter(hit).select(this.working());
  }

  /** All rows that wait. */
  Dataset<Row> waiting() {
    return this.lake
        .rows(this.prejoin.table())
        .filter(col(RawColumns.WAITING).equalTo(true))
        .withColumn(WAITED, lit(true));
  }

  private Column[] working() {
    return Stream.concat(
            Arrays.stream(this.stored.fieldNames())
                .filter(name -> !name.equals(RawColumns.WAITING)),
            Stream.of(WAITED))
        .map(functions::col)
        .toArray(Column[]::new);
  }

  /**
   * {@code rows} as they are to be stored: with what they take, if all of their partners are known;
   * otherwise waiting, unless they wait already.
   *
   * @param count how many there are at most
   */
  Dataset<Row> met(Dataset<Row> rows, long count) {
    return this.known(rows, count)
        .filter(not(col(WAITED).and(col(RawColumns.WAITING))))
        .select(this.columns());
  }

  /** Those of {@code rows}, which wait, that have to wait on. */
  Dataset<Row> waitingOn(Dataset<Row> rows, long count) {
    return this.known(rows.select(this.working()), count)
        .filter(col(RawColumns.WAITING))
        .select(this.columns());
  }

  private Column[] columns() {
    return Arrays.stream(this.stored.fieldNames()).map(functions::col).toArray(Column[]::new);
  }

  /** {@code rows} with what they take, and whether they wait. */
  private Dataset<Row> known(Dataset<Row> rows, long count) {
    Dataset<Row> result = rows;
    Column waits = lit(false);
    Map<String, String> after = new HashMap<>();
    Map<String, String> before = new HashMap<>();
    for (PartnerPairs pairs : this.partners) {
      String afterKey = PrejoinTables.afterKey(pairs.partner());
      String beforeKey = PrejoinTables.beforeKey(pairs.partner());
      Dataset<Row> keys =
          rows.select(explode(array(col(afterKey), col(beforeKey))).as(PrejoinTables.KEY));
      Dataset<Row> found = pairs.of(keys, 2 * count);
      for (String key : List.of(afterKey, beforeKey)) {
        String prefix = FOUND + key + "_";
        Dataset<Row> renamed = found;
        for (String name : found.columns()) {
          renamed = renamed.withColumnRenamed(name, prefix + name);
        }
        Column partner = col(prefix + PrejoinTables.KEY);
        result = result.join(renamed, col(key).equalTo(partner), "left");
        waits = waits.or(col(key).isNotNull().and(partner.isNull()));
        for (String taken : pairs.taken()) {
          (key.equals(afterKey) ? after : before).put(taken, prefix + taken);
        }
      }
    }
    List<Column> columns = new ArrayList<>();
    for (String name : this.stored.fieldNames()) {
      columns.add(
          switch (name) {
            case RawColumns.AFTER -> this.with(name, after).as(name);
            case RawColumns.BEFORE -> this.with(name, before).as(name);
            default -> name.equals(RawColumns.WAITING) ? col(name) : this.untilMet(name).as(name);
          });
    }
    columns.add(col(WAITED));
    return result
        .withColumn(RawColumns.WAITING, coalesce(waits, lit(true)))
        .select(columns.toArray(Column[]::new));
  }

  /** A row that met its partners isn't looked for any more. */
  private Column untilMet(String name) {
    boolean key =
        this.partners.stream()
            .map(PartnerPairs::partner)
            .anyMatch(
                partner ->
                    name.equals(PrejoinTables.afterKey(partner))
                        || name.equals(PrejoinTables.beforeKey(partner)));
    return key ? when(col(RawColumns.WAITING), col(name)) : col(name);
  }

  /** An image with the columns {@code taken}, each from another, unless the row waits. */
  private Column with(String image, Map<String, String> taken) {
    List<Column> fields = new ArrayList<>();
    for (StructField field : this.fields()) {
      String from = taken.get(field.name());
      Column value =
          from == null
              ? col(image).getField(field.name())
              : when(not(col(RawColumns.WAITING)), col(from)).cast(field.dataType());
      fields.add(value.as(field.name()));
    }
    return when(col(image).isNotNull(), struct(fields.toArray(Column[]::new)));
  }
}
