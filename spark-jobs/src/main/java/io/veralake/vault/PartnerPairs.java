package io.veralake.vault;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;

import io.veralake.catalog.Positions;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.lake.lookup.KeyLookup;
import io.veralake.spec.Prejoin;
import io.veralake.spec.VaultSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What is known of a join's partner: of the values by which it is found those that rows take. A
 * partner's row says them as it is after its change; a delete doesn't take back what was said, and
 * a row of which the source kept a value back says nothing. Insert-only, as a hub is.
 */
final class PartnerPairs {
  /** More keys than this are joined rather than looked up. */
  static final long LOOKED_UP_AT_MOST = 5_000_000;

  private static final long BROADCAST_AT_MOST = 300_000;
  private static final String LEAST = "_least";
  private static final String GREATEST = "_greatest";
  private static final String HELD = "_held_";

  private final RunContext context;
  private final Lake lake;
  private final Prejoin prejoin;
  private final Prejoin.Partner partner;
  private final RawModels land;
  private final String name;

  PartnerPairs(RunContext context, Prejoin prejoin, Prejoin.Partner partner) {
    this.context = context;
    this.lake = context.lake();
    this.prejoin = prejoin;
    this.partner = partner;
    this.land = new RawModels(context.model().land());
    this.name = prejoin.table(partner);
  }

  /** The partner. */
  Prejoin.Partner partner() {
    return this.partner;
  }

  /** The table, with the namespace. */
  String name() {
    return this.name;
  }

  /** Names of the columns that rows take. */
  List<String> taken() {
    return this.partner.take().stream().map(Prejoin.Pair::column).toList();
  }

  /** Whether the partner's table was ever written. */
  boolean there() {
    return this.lake.snapshot(this.partner.from().table()).isPresent();
  }

  /** Whether the partner has said what this doesn't know. */
  boolean behind() {
    return this.increment().moved();
  }

  private Increment increment() {
    Positions known =
        this.lake.exists(this.name)
            ? this.lake.positions(this.name)
            : Positions.at(this.lake.table(this.partner.from().table()), null);
    return Increment.of(this.lake, List.of(this.partner.from()), known);
  }

  /** The partner's rows {@code stored}, after its stages. */
  private StagedSource staged(Dataset<Row> stored) {
    VaultSource from = this.partner.from();
    Dataset<Row> named = FlatRows.named(stored, this.land.renamed(from.from()));
    String of = "join %s of %s".formatted(this.partner.name(), this.prejoin.table());
    return new StagedSource(from, of, named, this.land.key(from.from()));
  }

  /** The form of the partner's rows. */
  StructType schema() {
    return this.staged(this.lake.rows(this.partner.from().table()).limit(0)).schema();
  }

  /** Types of the columns that rows take from a partner of the form {@code schema}. */
  StructType takenFrom(StructType schema) {
    StructType result = new StructType();
    for (Prejoin.Pair pair : this.partner.take()) {
      StructField field =
          PrejoinKeys.field(this.prejoin.table(), this.partner.from(), schema, pair.partner());
      if (field.dataType() instanceof StructType
          || field.dataType() instanceof ArrayType
          || field.dataType() instanceof MapType) {
        throw new DataException(
            "Cannot fill %s: join %s takes %s, which is %s (a column of a plain type)"
                .formatted(
                    this.prejoin.table(),
                    this.partner.name(),
                    pair.partner(),
                    field.dataType().catalogString()));
      }
      result = result.add(pair.column(), field.dataType());
    }
    return result;
  }

  /**
   * Adds what the partner has said since, in one commit that says so.
   *
   * @return how many were added
   * @throws DataException if it says different values of one partner
   */
  long load() {
    Increment increment = this.increment();
    if (!increment.moved()) {
      return 0;
    }
    if (increment.rows() == 0) {
      this.lake.advance(this.name, this.context.runId(), increment.positions());
      return 0;
    }
    Increment.Range range = increment.ranges().get(0);
    Dataset<Row> said = this.said(increment.fresh(range)).localCheckpoint();
    boolean few = increment.rows() <= LOOKED_UP_AT_MOST;
    Dataset<Row> held = this.held(said, few);
    Column known = col(HELD + PrejoinTables.KEY).isNotNull();
    Dataset<Row> compared =
        said.join(held, col(PrejoinTables.KEY).equalTo(col(HELD + PrejoinTables.KEY)), "left");
    Column asHeld = this.same(name -> col(LEAST).getField(name), name -> col(HELD + name));
    Column alone =
        this.same(name -> col(LEAST).getField(name), name -> col(GREATEST).getField(name));
    this.refuse(compared.filter(not(alone).or(known.and(not(asHeld)))));
    List<Column> columns = new ArrayList<>(List.of(col(PrejoinTables.KEY)));
    this.written().forEach(name -> columns.add(col(LEAST).getField(name).as(name)));
    Dataset<Row> fresh = compared.filter(not(known)).select(columns.toArray(Column[]::new));
    this.lake.append(fresh, this.name, this.context.runId(), increment.positions());
    Snapshot done = Objects.requireNonNull(this.lake.table(this.name).currentSnapshot());
    return Long.parseLong(done.summary().getOrDefault(SnapshotSummary.ADDED_RECORDS_PROP, "0"));
  }

  /** Of each key in {@code stored} the least and the greatest values that are said. */
  private Dataset<Row> said(Dataset<Row> stored) {
    StagedSource staged = this.staged(stored);
    StructType schema = staged.schema();
    List<StructField> on = this.fields(schema, this.partner.on());
    List<StructField> take = this.fields(schema, this.partner.take());
    List<String> used =
        Stream.concat(on.stream(), take.stream()).map(StructField::name).distinct().toList();
    Dataset<Row> rows = staged.rows(Set.copyOf(used));
    Column told =
        used.stream()
            .map(name -> not(PrejoinKeys.unknown(rows, name)))
            .reduce(col(RawColumns.AFTER).isNotNull(), Column::and);
    List<Column> columns = new ArrayList<>();
    columns.add(PrejoinKeys.after(rows, on).as(PrejoinTables.KEY));
    for (int i = 0; i < take.size(); i++) {
      columns.add(FlatRows.latestValue(take.get(i).name()).as(this.taken().get(i)));
    }
    columns.add(col(RawColumns.FILE));
    columns.add(col(RawColumns.ROW));
    Dataset<Row> flat =
        rows.filter(told)
            .select(columns.toArray(Column[]::new))
            .filter(col(PrejoinTables.KEY).isNotNull());
    Column said = struct(this.written().stream().map(functions::col).toArray(Column[]::new));
    return flat.groupBy(PrejoinTables.KEY).agg(min(said).as(LEAST), max(said).as(GREATEST));
  }

  private List<StructField> fields(StructType schema, List<Prejoin.Pair> pairs) {
    return pairs.stream()
        .map(
            pair ->
                PrejoinKeys.field(
                    this.prejoin.table(), this.partner.from(), schema, pair.partner()))
        .toList();
  }

  /** Columns of the table without the key. */
  private List<String> written() {
    List<String> result = new ArrayList<>(this.taken());
    result.addAll(List.of(RawColumns.FILE, RawColumns.ROW));
    return result;
  }

  private Dataset<Row> held(Dataset<Row> said, boolean few) {
    List<String> columns = new ArrayList<>(List.of(PrejoinTables.KEY));
    columns.addAll(this.written());
    Dataset<Row> held = this.rows(columns, said.select(PrejoinTables.KEY), few);
    Column[] renamed =
        columns.stream().map(name -> col(name).as(HELD + name)).toArray(Column[]::new);
    return held.select(renamed);
  }

  private Column same(Function<String, Column> one, Function<String, Column> other) {
    return this.taken().stream()
        .map(name -> one.apply(name).eqNullSafe(other.apply(name)))
        .reduce(lit(true), Column::and);
  }

  private Dataset<Row> rows(List<String> columns, Dataset<Row> keys, boolean few) {
    Optional<Dataset<Row>> found =
        few ? new KeyLookup(this.lake).rows(this.name, columns, keys) : Optional.empty();
    return found.orElseGet(
        () ->
            this.lake
                .rows(this.name)
                .select(columns.stream().map(functions::col).toArray(Column[]::new)));
  }

  /**
   * What is known of the partners {@code keys}, and of others perhaps if there are many: the key
   * and the columns that rows take.
   *
   * @param count how many keys there are at most
   */
  Dataset<Row> of(Dataset<Row> keys, long count) {
    List<String> columns = new ArrayList<>(List.of(PrejoinTables.KEY));
    columns.addAll(this.taken());
    boolean few = count <= LOOKED_UP_AT_MOST;
    Dataset<Row> found = this.rows(columns, keys, few);
    return count <= BROADCAST_AT_MOST ? broadcast(found) : found;
  }

  /** Keys that became known after a snapshot of this table. */
  Dataset<Row> keysAfter(OptionalLong snapshot) {
    long upTo = this.lake.snapshot(this.name).orElseThrow();
    return this.lake.appended(this.name, snapshot, upTo).select(PrejoinTables.KEY);
  }

  private void refuse(Dataset<Row> contradictions) {
    Column stored = col(HELD + PrejoinTables.KEY).isNotNull();
    List<Column> columns = new ArrayList<>(List.of(col(PrejoinTables.KEY), stored));
    List<Function<String, Column>> sayings =
        List.of(
            name -> col(LEAST).getField(name),
            name -> col(GREATEST).getField(name),
            name -> col(HELD + name));
    for (Function<String, Column> saying : sayings) {
      columns.add(this.shown(saying));
      columns.add(concat_ws(" row ", saying.apply(RawColumns.FILE), saying.apply(RawColumns.ROW)));
    }
    List<Row> found =
        contradictions
            .orderBy(PrejoinTables.KEY)
            .limit(1)
            .select(columns.toArray(Column[]::new))
            .collectAsList();
    if (found.isEmpty()) {
      return;
    }
    Row row = found.get(0);
    int one = row.getBoolean(1) ? 6 : 2;
    int other = row.getString(4).equals(row.getString(one)) ? 2 : 4;
    throw new DataException(
        "Cannot fill %s: %s says of %s = %s both %s (%s) and %s (%s) (join %s takes what never changes: say with its where which rows count, such as _op IN ('c', 'r'), or leave out the column that changes)"
            .formatted(
                this.prejoin.table(),
                this.partner.from().input(),
                this.partner.on().stream()
                    .map(Prejoin.Pair::partner)
                    .collect(Collectors.joining(", ")),
                row.getString(0),
                row.getString(one),
                row.getString(one + 1),
                row.getString(other),
                row.getString(other + 1),
                this.partner.name()));
  }

  private Column shown(Function<String, Column> value) {
    List<Column> parts = new ArrayList<>();
    for (String taken : this.taken()) {
      Column text = coalesce(value.apply(taken).cast("string"), lit("null"));
      parts.add(concat(lit(taken + " = "), text));
    }
    return concat_ws(", ", parts.toArray(Column[]::new));
  }
}
