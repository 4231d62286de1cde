package io.veralake.vault;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.FormColumns;
import io.veralake.lake.HashText;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** What an observation of a satellite's key says, beside which key it is of. */
final class Observed {
  /** What a status satellite's hashdiff is made from. */
  static final io.veralake.spec.Column STATUS =
      new io.veralake.spec.Column(FormColumns.STATUS, ColumnType.parse("string").orElseThrow());

  private static final String UPDATE = "u";

  private final Satellite satellite;
  private final HashText hash;

  Observed(Satellite satellite, HashText hash) {
    this.satellite = satellite;
    this.hash = hash;
  }

  /** Values that are taken from the rows of {@code source}. */
  List<RowValues.Value> values(VaultSource source) {
    if (!this.exploded()) {
      return this.satellite.payload().stream()
          .map(
              column ->
                  RowValues.Value.of(
                      column.name(),
                      column.name(),
                      column.type(),
                      source.expression(column.name())))
          .toList();
    }
    List<String> casts = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    for (io.veralake.spec.Column column : this.satellite.payload()) {
      String value = "(" + source.expression(column.name()) + ")";
      String cast = "try_cast(%s AS %s)".formatted(value, column.type().sql());
      casts.add("'%s', %s".formatted(column.name(), cast));
      misfits.add("if(%s IS NOT NULL AND %s IS NULL, 1, 0)".formatted(value, cast));
    }
    String items = "transform(%s, (item, item_number) -> %%s)".formatted(source.explode());
    String unreadable = items.formatted(String.join(" + ", misfits));
    return List.of(
        new RowValues.Value(
            FormColumns.MEMBERS,
            "explode and columns",
            VaultTables.membersType(this.satellite),
            items.formatted("named_struct(" + String.join(", ", casts) + ")"),
            "coalesce(aggregate(%s, 0, (s, n) -> s + n), 0)".formatted(unreadable)));
  }

  /**
   * The columns, over a row that has {@link #values}.
   *
   * @param gone whether the key isn't there any more
   * @param compared what versions of a payload differ by
   */
  List<Column> columns(Column gone, List<HashText.Part> compared) {
    SatelliteForm form = this.satellite.form();
    List<Column> columns = new ArrayList<>();
    if (form instanceof SatelliteForm.Sightings) {
      return columns;
    }
    if (form instanceof SatelliteForm.Once) {
      this.payload().forEach(name -> columns.add(col(name)));
      return columns;
    }
    if (form instanceof SatelliteForm.Effectivity) {
      // A driving key whose row names no other end points nowhere.
      columns.add(
          gone.or(col(this.satellite.hashKey()).isNull()).as(this.satellite.names().deleted()));
      return columns;
    }
    if (form instanceof SatelliteForm.Sets) {
      columns.addAll(this.set(this.exploded() ? col(FormColumns.MEMBERS) : this.member(), gone));
    } else if (form instanceof SatelliteForm.Status) {
      columns.addAll(this.status(gone));
    } else {
      for (String name : this.payload()) {
        columns.add(when(gone, lit(null)).otherwise(col(name)).as(name));
      }
      if (this.satellite.carries()) {
        Column unsent = when(not(gone), col(FormColumns.UNSENT));
        columns.add(unsent.as(FormColumns.UNSENT));
        columns.add(this.hashdiff(gone, this.hash.difference(compared, unsent)));
      } else {
        columns.add(this.hashdiff(gone, this.hash.difference(compared)));
      }
    }
    columns.add(gone.as(this.satellite.names().deleted()));
    return columns;
  }

  /**
   * Observations of whole sets from {@code rows}, which brings their members one by one: the rows
   * of one key with one applied time and record source are a set. It is gone if all of them say so.
   */
  Dataset<Row> sets(Dataset<Row> rows) {
    List<String> same =
        List.of(
            this.satellite.hashKey(),
            this.satellite.names().appliedTime(),
            this.satellite.names().recordSource());
    List<Column> rest = new ArrayList<>();
    this.satellite.names().position().forEach(name -> rest.add(max(col(name)).as(name)));
    rest.add(min(col(this.satellite.names().loadTime())).as(this.satellite.names().loadTime()));
    rest.add(min(col(this.satellite.names().deleted())).as(this.satellite.names().deleted()));
    Dataset<Row> sets =
        rows.groupBy(same.stream().map(functions::col).toArray(Column[]::new))
            .agg(
                flatten(collect_list(col(FormColumns.MEMBERS))).as(FormColumns.MEMBERS),
                rest.toArray(Column[]::new));
    List<Column> columns =
        new ArrayList<>(this.set(col(FormColumns.MEMBERS), col(this.satellite.names().deleted())));
    Stream.of(
            same.stream(),
            this.satellite.names().position().stream(),
            Stream.of(this.satellite.names().loadTime(), this.satellite.names().deleted()))
        .flatMap(names -> names)
        .forEach(name -> columns.add(col(name)));
    return sets.select(columns.toArray(Column[]::new));
  }

  private boolean exploded() {
    return this.satellite.form() instanceof SatelliteForm.Sets sets && sets.exploded();
  }

  private List<Column> set(Column written, Column gone) {
    Column all = coalesce(written, array().cast(VaultTables.membersType(this.satellite)));
    Column sorted = array_sort(functions.array_distinct(filter(all, Column::isNotNull)));
    Column members = when(gone, lit(null)).otherwise(sorted);
    Column differing =
        this.hash.set(
            sorted,
            member ->
                this.satellite.payload().stream()
                    .map(column -> part(column, member.getField(column.name())))
                    .toList());
    return List.of(
        members.cast(VaultTables.membersType(this.satellite)).as(FormColumns.MEMBERS),
        when(gone, lit(0)).otherwise(size(sorted)).as(FormColumns.MEMBER_COUNT),
        this.hashdiff(gone, differing));
  }

  /** The set of one member that a row brings by itself. */
  private Column member() {
    return array(
        struct(
            this.satellite.payload().stream()
                .map(column -> col(column.name()))
                .toArray(Column[]::new)));
  }

  private List<Column> status(Column gone) {
    Column status =
        when(gone, lit("deleted"))
            .when(col(Staging.OP).equalTo(UPDATE), lit("updated"))
            .otherwise(lit("created"));
    return List.of(
        status.as(FormColumns.STATUS),
        this.hashdiff(gone, this.hash.difference(List.of(part(STATUS, status)))));
  }

  private Column hashdiff(Column gone, Column there) {
    return when(gone, this.hash.deletion()).otherwise(there).as(this.satellite.names().hashdiff());
  }

  private List<String> payload() {
    return this.satellite.payload().stream().map(io.veralake.spec.Column::name).toList();
  }

  private static HashText.Part part(io.veralake.spec.Column column, Column value) {
    return new HashText.Part(column.name(), column.type(), value);
  }
}
