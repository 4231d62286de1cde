package io.veralake.vault;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.FormColumns;
import io.veralake.lake.HashText;
import io.veralake.lake.RawColumns;
import io.veralake.spec.Hub;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Raw rows as observations of a vault table's keys: one for each raw row, and one more for the old
 * key where an update changed the key. Columns: the hash key (null where the row names none), the
 * table's key columns, its payload, {@code hashdiff} and {@code deleted} for a satellite, {@code
 * applied_time}, the position, {@code load_time}, {@code record_source}, and the working columns
 * below.
 */
final class Staging {
  /** Working column: the raw row's operation; {@link #MOVED} for the old key of an update. */
  static final String OP = "_op";

  /** Working column: whether the row names a key. */
  static final String KEYED = "_keyed";

  /** Working column: whether a null in the row's key leads to a ghost record. */
  static final String GHOSTED = "_ghosted";

  /** Working column: how many values of the row don't fit their type. */
  static final String UNREADABLE = "_unreadable";

  /** Operation of the observation that an update took its key away. */
  static final String MOVED = "moved";

  /** Operation of a raw row that says that the source table was emptied. */
  static final String TRUNCATE = "t";

  /** Operation of a row of which a condition left nothing. */
  static final String FILTERED = "filtered";

  /** Operation of a raw row that says that its key is gone. */
  static final String DELETE = "d";

  /** Metadata columns that together name one raw row of a table. */
  static final List<String> RECORD = List.of(RawColumns.BATCH, RawColumns.FILE, RawColumns.ROW);

  private static final String UPDATE = "u";
  private static final String OLD_ROW = "_old_row";
  private static final String NEW_KEY = "_new";

  private final VaultTable table;
  private final KeyParts key;
  private final HashText hash;
  private final Instant asOf;
  private final RawModels land;
  private final List<String> places;

  /**
   * Observations for {@code table}; rows that don't say when they were learned get {@code asOf}.
   *
   * @param land what the model says of raw tables
   */
  Staging(VaultTable table, HashText hash, Instant asOf, RawModels land) {
    this(table, hash, asOf, land, List.of());
  }

  private Staging(
      VaultTable table, HashText hash, Instant asOf, RawModels land, List<String> places) {
    this.table = table;
    this.land = land;
    this.places = places;
    this.key = new KeyParts(table);
    this.hash = hash;
    this.asOf = asOf;
  }

  /** The same with {@link #RECORD}, the columns that tell raw rows of one table apart. */
  Staging withRecords() {
    return new Staging(this.table, this.hash, this.asOf, this.land, RECORD);
  }

  /** How the table's columns are called. */
  VaultNames names() {
    return this.table.names();
  }

  /** How hashes are made. */
  HashText hash() {
    return this.hash;
  }

  /** Columns by which stored rows are found. */
  List<String> found() {
    return this.table instanceof Satellite satellite
        ? satellite.found()
        : List.of(this.table.hashKey());
  }

  /** The observations in {@code stored}, raw rows of {@code source}. */
  Dataset<Row> observations(VaultSource source, Dataset<Row> stored) {
    Dataset<Row> named = FlatRows.named(stored, this.land.renamed(source.from()));
    String of = "vault.%s over %s".formatted(this.table.name(), source.input());
    StagedSource staged = new StagedSource(source, of, named, this.land.key(source.from()));
    List<RowValues.Value> keys = this.key.values(source);
    Dataset<Row> none =
        named.sparkSession().createDataFrame(List.of(), FlatRows.columns(staged.schema()));
    RowValues values = RowValues.of(this.table, source, none, keys, this.payload(source));
    Dataset<Row> raw = staged.rows(values.used());
    Dataset<Row> all = this.latest(source, values, raw);
    return this.eventsOnly() ? all : all.unionByName(this.moved(source, values, raw));
  }

  private boolean eventsOnly() {
    return VaultTables.events(this.table);
  }

  /** {@code flat} with what the source says of its rows' bookkeeping. */
  private static Dataset<Row> withOrigins(Dataset<Row> flat, VaultSource source, RowValues values) {
    if (source.origins().equals(RowOrigins.RAW)) {
      return flat;
    }
    List<Column> columns = new ArrayList<>(List.of(col("*")));
    columns.addAll(values.origins().columns());
    return flat.select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> latest(VaultSource source, RowValues values, Dataset<Row> raw) {
    Set<String> needed = new TreeSet<>(values.needed());
    Set<String> described = new TreeSet<>();
    values.described().values().forEach(this.carries() ? described::addAll : needed::addAll);
    Dataset<Row> flat = FlatRows.latest(raw, needed, described);
    if (this.eventsOnly()) {
      flat = flat.filter(not(col(RawColumns.OP).isin(TRUNCATE, DELETE)));
    }
    List<Column> columns = new ArrayList<>(values.key().columns());
    columns.addAll(this.carries() ? carried(values) : values.payload().columns());
    columns.add(col(RawColumns.OP).as(OP));
    columns.add(col(FlatRows.UNSENT));
    Column unreadable =
        values
            .key()
            .unreadable()
            .plus(values.payload().unreadable())
            .plus(values.origins().unreadable());
    if (Arrays.asList(flat.columns()).contains(StageColumns.MISFIT)) {
      unreadable = unreadable.plus(misfits(values));
    }
    columns.add(when(col(RawColumns.OP).equalTo(FILTERED), 0).otherwise(unreadable).as(UNREADABLE));
    Dataset<Row> origins = withOrigins(flat, source, values);
    columns.addAll(this.metadata(source.origins()));
    this.places.forEach(name -> columns.add(col(name)));
    return this.finished(origins.select(columns.toArray(Column[]::new)));
  }

  private boolean carries() {
    return this.table instanceof Satellite satellite && satellite.carries();
  }

  /** The payload, null where it isn't known, and the names of such columns, null if all are. */
  private static List<Column> carried(RowValues values) {
    List<Column> columns = new ArrayList<>();
    List<Column> names = new ArrayList<>();
    int place = 0;
    for (Map.Entry<String, Set<String>> made : values.described().entrySet()) {
      Column[] from = made.getValue().stream().map(functions::lit).toArray(Column[]::new);
      Column unknown =
          from.length == 0
              ? lit(false)
              : coalesce(arrays_overlap(col(FlatRows.UNKNOWN), array(from)), lit(false));
      Column value = values.payload().columns().get(place++);
      columns.add(when(not(unknown), value).as(made.getKey()));
      names.add(when(unknown, lit(made.getKey())));
    }
    Column unsent = array_compact(array(names.toArray(Column[]::new)));
    columns.add(when(size(unsent).gt(0), unsent).as(FormColumns.UNSENT));
    return columns;
  }

  /** How many of the values are made from what didn't fit in a stage. */
  private static Column misfits(RowValues values) {
    Column used =
        array(values.used().stream().map(functions::lit).toArray(Column[]::new))
            .cast("array<string>");
    return coalesce(size(array_intersect(col(StageColumns.MISFIT), used)), lit(0));
  }

  /** The old keys of updates that changed the key. */
  private Dataset<Row> moved(VaultSource source, RowValues values, Dataset<Row> raw) {
    Dataset<Row> updates =
        raw.filter(
                col(RawColumns.OP)
                    .equalTo(UPDATE)
                    .and(col(RawColumns.BEFORE).isNotNull())
                    .and(col(RawColumns.AFTER).isNotNull()))
            .withColumn(OLD_ROW, col(RawColumns.BEFORE));
    Dataset<Row> withNew = this.withNewKey(values, updates);
    List<String> kept = new ArrayList<>(this.key.names().stream().map(n -> NEW_KEY + n).toList());
    Dataset<Row> old = FlatRows.before(withNew, kept);
    List<Column> columns = new ArrayList<>();
    kept.forEach(name -> columns.add(col(name)));
    columns.addAll(values.key().columns());
    for (RowValues.Value value : this.payload(source)) {
      columns.add(lit(null).cast(value.type()).as(value.name()));
    }
    if (this.carries()) {
      columns.add(lit(null).cast("array<string>").as(FormColumns.UNSENT));
    }
    columns.add(lit(MOVED).as(OP));
    columns.add(lit(false).as(FlatRows.UNSENT));
    columns.add(lit(0).as(UNREADABLE));
    columns.addAll(this.metadata(new RowOrigins("", "", source.origins().recordSource())));
    this.places.forEach(name -> columns.add(col(name)));
    Column same = lit(true);
    for (String name : this.key.names()) {
      same = same.and(col(NEW_KEY + name).eqNullSafe(col(name)));
    }
    Dataset<Row> moved =
        withOrigins(old, source, values).select(columns.toArray(Column[]::new)).filter(not(same));
    return this.finished(moved.filter(this.key.known(this.hash)).drop(kept.toArray(String[]::new)));
  }

  private Dataset<Row> withNewKey(RowValues values, Dataset<Row> updates) {
    Dataset<Row> flat = FlatRows.after(updates, List.of(OLD_ROW));
    List<Column> columns = new ArrayList<>();
    FlatRows.METADATA.forEach(name -> columns.add(col(name)));
    columns.add(col(OLD_ROW).as(RawColumns.BEFORE));
    columns.add(col(OLD_ROW).as(RawColumns.AFTER));
    List<String> names = this.key.names();
    List<Column> keys = values.key().columns();
    for (int i = 0; i < names.size(); i++) {
      columns.add(keys.get(i).as(NEW_KEY + names.get(i)));
    }
    return flat.select(columns.toArray(Column[]::new));
  }

  private List<RowValues.Value> payload(VaultSource source) {
    if (this.table instanceof Satellite satellite) {
      return new Observed(satellite, this.hash).values(source);
    }
    return VaultTables.payload(this.table).stream()
        .map(
            column ->
                RowValues.Value.of(
                    column.name(), column.name(), column.type(), source.expression(column.name())))
        .toList();
  }

  /** A row that is gone has no times of its own: they are the raw row's. */
  private List<Column> metadata(RowOrigins origins) {
    Column asOf = lit(this.asOf);
    Column loaded = coalesce(col(RawColumns.LOAD_TIME), asOf);
    Column applied = col(RawColumns.COMMIT_TIME);
    Column recordSource = col(RawColumns.RECORD_SOURCE);
    Column there = not(col(OP).isin(DELETE, TRUNCATE, MOVED));
    Column position = col(RawColumns.POSITION);
    String[] fields = RawColumns.POSITION_TYPE.fieldNames();
    return List.of(
        (origins.appliedTime().isEmpty()
                ? applied
                : coalesce(when(there, col(RowValues.APPLIED_TIME)), applied))
            .as(this.names().appliedTime()),
        position.getField(fields[0]).as(this.names().position().get(0)),
        position.getField(fields[1]).as(this.names().position().get(1)),
        position.getField(fields[2]).as(this.names().position().get(2)),
        (origins.loadTime().isEmpty()
                ? loaded
                : coalesce(when(there, col(RowValues.LOAD_TIME)), loaded))
            .as(this.names().loadTime()),
        (origins.recordSource().isEmpty()
                ? recordSource
                : coalesce(col(RowValues.RECORD_SOURCE), recordSource))
            .as(this.names().recordSource()));
  }

  /** What a satellite's hashdiff is made from. */
  private List<HashText.Part> compared(Satellite satellite) {
    Map<String, HashText.Part> payload = new LinkedHashMap<>();
    for (io.veralake.spec.Column column : satellite.payload()) {
      payload.put(
          column.name(), new HashText.Part(column.name(), column.type(), col(column.name())));
    }
    return satellite.hashdiff().stream()
        .map(
            name ->
                Optional.ofNullable(payload.get(name)).or(() -> this.key.part(name)).orElseThrow())
        .toList();
  }

  /** Puts hashes in the place of key parts. */
  private Dataset<Row> finished(Dataset<Row> values) {
    List<Column> keys = new ArrayList<>(List.of(this.key.hashKey(this.hash)));
    keys.addAll(this.key.tableColumns(this.hash));
    Column known = this.key.known(this.hash).and(not(col(OP).equalTo(FILTERED)));
    keys.add(known.as(KEYED));
    Column led = this.key.ghosted().and(not(col(OP).isin(FILTERED, TRUNCATE)));
    keys.add((this.table instanceof Hub ? not(known).and(led) : known.and(led)).as(GHOSTED));
    int width = keys.size();
    keys.add(col("*"));
    Dataset<Row> keyed = values.select(keys.toArray(Column[]::new));
    List<Column> columns = new ArrayList<>();
    Arrays.stream(keyed.columns()).limit(width).forEach(name -> columns.add(col(name)));
    if (this.table instanceof Satellite satellite) {
      Column gone = col(OP).isin(DELETE, MOVED, TRUNCATE);
      Observed observed = new Observed(satellite, this.hash);
      columns.addAll(observed.columns(gone, this.compared(satellite)));
    } else {
      VaultTables.payload(this.table).forEach(column -> columns.add(col(column.name())));
    }
    Stream.of(
            Stream.of(this.names().appliedTime()),
            this.names().position().stream(),
            Stream.of(
                this.names().loadTime(),
                this.names().recordSource(),
                OP,
                UNREADABLE,
                FlatRows.UNSENT),
            this.places.stream())
        .flatMap(names -> names)
        .forEach(name -> columns.add(col(name)));
    return keyed.select(columns.toArray(Column[]::new));
  }

  /** The whole sets that {@code observations} bring member by member. */
  Dataset<Row> sets(Dataset<Row> observations) {
    return new Observed((Satellite) this.table, this.hash).sets(observations);
  }
}
