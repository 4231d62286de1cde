package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.decode.DumpHeader;
import io.veralake.land.jdbc.Database;
import io.veralake.land.jdbc.Dialect;
import io.veralake.land.jdbc.Moment;
import io.veralake.land.jdbc.Range;
import io.veralake.land.jdbc.RangeBounds;
import io.veralake.land.jdbc.RangeRows;
import io.veralake.land.jdbc.Snapshot;
import io.veralake.land.jdbc.SourceColumn;
import io.veralake.land.jdbc.SourceRows;
import io.veralake.spec.DumpMode;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Rows of a database as of one moment, all of them or those that a column says to be new. */
final class JdbcFeed implements Feed {
  /** Summary property, below {@code veralake.}: what the positions of dumps are. */
  private static final String KIND = "dump.kind";

  private final RunContext context;
  private final LandTable table;
  private final LandSource.Jdbc source;
  private final SourceRows rows;
  private final Snapshot snapshot;
  private final List<SourceColumn> columns;
  private final DumpHeader header;
  private final @Nullable JdbcWindow window;

  private JdbcFeed(
      RunContext context,
      LandTable table,
      LandSource.Jdbc source,
      SourceRows rows,
      Snapshot snapshot) {
    this.context = context;
    this.table = table;
    this.source = source;
    this.rows = rows;
    this.snapshot = snapshot;
    this.columns = rows.columns(snapshot.session());
    this.header =
        new DumpHeader(
            this.columns.stream()
                .map(column -> new DumpHeader.Column(column.name(), column.type()))
                .toList(),
            snapshot.moment().position(),
            snapshot.moment().time());
    this.check();
    this.window =
        source.mode() instanceof DumpMode.Incremental mode
            ? JdbcWindow.of(
                rows,
                snapshot.session(),
                snapshot.moment(),
                this.column("jdbc.column", mode.column()),
                mode,
                this::landed)
            : null;
  }

  /** What {@code source} holds now. */
  static JdbcFeed of(RunContext context, LandTable table, LandSource.Jdbc source) {
    io.veralake.spec.Connection server = context.engine().connections().get(source.connection());
    if (server == null) {
      throw new DataException(
          "Unknown connection of %s: %s (declare it under veralake.connections)"
              .formatted(table.name(), source.connection()));
    }
    SourceRows rows = SourceRows.of(Database.of(server), source);
    Snapshot snapshot = Snapshot.of(rows.database());
    try {
      return new JdbcFeed(context, table, source, rows, snapshot);
    } catch (RuntimeException e) {
      snapshot.close();
      throw e;
    }
  }

  /** Checks what can be checked before a row is read. */
  private void check() {
    this.table.key().forEach(name -> this.column("key", name));
    this.table.columns().forEach(column -> this.column("columns", column.name()));
    String kind = this.snapshot.moment().kind();
    Optional<String> before = this.landed(KIND);
    if (before.isPresent() && !before.get().equals(kind)) {
      throw new DataException(
          "Cannot land raw.%s: positions in it are of kind %s, and %s gives %s (let it give what it gave before, or land into a new table)"
              .formatted(this.table.name(), before.get(), this.rows.what(), kind));
    }
  }

  private Optional<String> landed(String property) {
    Lake lake = this.context.lake();
    String raw = "raw." + this.table.name();
    return lake.exists(raw) ? lake.positions(raw).value(property) : Optional.empty();
  }

  private SourceColumn column(String key, String name) {
    return this.columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "Missing column in %s: %s, from %s of the land model %s (there are %s)"
                        .formatted(
                            this.rows.what(),
                            name,
                            key,
                            this.table.name(),
                            String.join(
                                ", ", this.columns.stream().map(SourceColumn::name).toList()))));
  }

  /** The rows, cut so that several tasks read them, where they may. */
  private List<Range> ranges() {
    LandSource.KeyRanges cut = this.source.ranges();
    Dialect dialect = this.rows.database().dialect();
    Range all =
        this.window == null
            ? Range.ALL
            : this.window.range(
                dialect.quoted(this.window.column().name()), dialect != Dialect.MARIADB);
    boolean alone = dialect != Dialect.POSTGRESQL && cut.snapshot() == LandSource.SnapshotOf.DUMP;
    if (cut.column().isEmpty() || alone) {
      return List.of(all);
    }
    int cores = this.context.lake().spark().sparkContext().defaultParallelism();
    return RangeBounds.of(
        this.snapshot.session(),
        this.rows,
        this.column("jdbc.partition-by", cut.column()),
        cut.count() == 0 ? cores : cut.count(),
        all);
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public List<String> places() {
    // Those of ranges have a number behind the sign.
    return List.of(this.place(), this.place() + "#~");
  }

  @Override
  public List<StructType> rowTypes() {
    return List.of(this.header.rowType(this.table));
  }

  @Override
  public Batch read(RowMaker maker) {
    LandTable of = this.table;
    LandSource.Jdbc from = this.source;
    SourceRows what = this.rows;
    List<SourceColumn> as = this.columns;
    DumpHeader common = this.header;
    Moment moment = this.snapshot.moment();
    String place = this.place();
    List<Range> ranges = this.ranges();
    JavaRDD<InternalRow> decoded =
        JavaSparkContext.fromSparkContext(this.context.lake().spark().sparkContext())
            .parallelize(ranges, ranges.size())
            .mapPartitions(
                own ->
                    new JdbcRecords(
                        own,
                        range ->
                            new RangeRows(what, as, range, moment.snapshot(), from.fetchSize()),
                        new JdbcRecords.Reader(of, common, maker, place)));
    return Batch.of(this.context.lake().spark(), maker.rawType(), decoded);
  }

  @Override
  public @Nullable DumpMoment moment() {
    Moment moment = this.snapshot.moment();
    int maxDeletes = this.source.mode() instanceof DumpMode.Full full ? full.maxDeletes() : -1;
    return new DumpMoment(
        moment.position(),
        moment.time(),
        this.place(),
        maxDeletes,
        this.window == null ? null : this.window.again());
  }

  @Override
  public Map<String, String> positions(Table raw) {
    Map<String, String> positions = new HashMap<>();
    positions.put("veralake." + KIND, this.snapshot.moment().kind());
    if (this.window != null) {
      positions.putAll(this.window.positions());
    }
    return positions;
  }

  @Override
  public void close() {
    this.snapshot.close();
  }

  private String place() {
    return "jdbc:" + this.source.connection() + "/" + this.rows.name();
  }
}
