package io.veralake.land;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Connection;
import io.veralake.spec.DumpMode;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Documents of a MongoDB collection as extended JSON, through its Spark connector: all of them, or
 * those that a field says to be new. Each is as it was when it was read; none that was there all
 * the time is missed. The moment is taken before the first is read.
 */
final class MongoFeed implements Feed {
  private static final String MOMENT = "dump.moment";
  private static final String COLUMN = "dump.column";
  private static final String UNTIL = "dump.until";
  private static final String PARTITIONERS = "com.mongodb.spark.sql.connector.read.partitioner.";

  private final RunContext context;
  private final LandTable table;
  private final LandSource.Mongo source;
  private final MongoAddress address;
  private final long moment;
  private final @Nullable MongoWindow window;
  private final int partitions;

  private MongoFeed(
      RunContext context, LandTable table, LandSource.Mongo source, MongoAddress address) {
    this.context = context;
    this.table = table;
    this.source = source;
    this.address = address;
    try (MongoClient client = MongoClients.create(address.uri())) {
      Document here = client.getDatabase(source.database()).runCommand(new Document("isMaster", 1));
      long clock = here.getDate("localTime").getTime();
      this.moment =
          Math.max(clock, this.landed(MOMENT).map(Long::parseLong).orElse(Long.MIN_VALUE) + 1);
      MongoCollection<Document> collection =
          client.getDatabase(source.database()).getCollection(source.collection());
      this.partitions = source.partitions() > 1 && alike(collection) ? source.partitions() : 1;
      boolean known =
          source.mode() instanceof DumpMode.Incremental mode
              && this.landed(COLUMN).filter(mode.column()::equals).isPresent();
      OptionalLong seen =
          known
              ? this.landed(UNTIL).stream().mapToLong(Long::parseLong).findFirst()
              : OptionalLong.empty();
      this.window =
          source.mode() instanceof DumpMode.Incremental mode
              ? MongoWindow.of(collection, mode, seen, clock)
              : null;
    } catch (MongoException e) {
      throw address.failure("Cannot read " + this.name(), e);
    }
  }

  /** What {@code source} holds now. */
  static MongoFeed of(RunContext context, LandTable table, LandSource.Mongo source) {
    Connection server = context.engine().connections().get(source.connection());
    if (server == null) {
      throw new DataException(
          "Unknown connection of %s: %s (declare it under veralake.connections)"
              .formatted(table.name(), source.connection()));
    }
    return new MongoFeed(context, table, source, MongoAddress.of(server));
  }

  /**
   * Whether all ids are of one type. A range of ids holds those of its bounds' type alone: the
   * connector would pass over all others.
   */
  private static boolean alike(MongoCollection<Document> collection) {
    Document first = collection.find().projection(Projections.include("_id")).first();
    Object id = first == null ? null : first.get("_id");
    List<String> types =
        id instanceof ObjectId
            ? List.of("objectId")
            : id instanceof String
                ? List.of("string")
                : id instanceof Number ? List.of("int", "long", "double", "decimal") : List.of();
    return !types.isEmpty()
        && collection
                .find(
                    Filters.and(
                        types.stream()
                            .map(type -> Filters.not(Filters.type("_id", type)))
                            .toList()))
                .projection(Projections.include("_id"))
                .first()
            == null;
  }

  private Optional<String> landed(String property) {
    Lake lake = this.context.lake();
    String raw = "raw." + this.table.name();
    return lake.exists(raw) ? lake.positions(raw).value(property) : Optional.empty();
  }

  private String name() {
    return this.source.database() + "." + this.source.collection();
  }

  private String place() {
    return "mongodb:" + this.source.connection() + "/" + this.name();
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public List<String> places() {
    return List.of(this.place());
  }

  @Override
  public List<StructType> rowTypes() {
    return new Format(this.table).rowTypes(List.of());
  }

  @Override
  public Batch read(RowMaker maker) {
    boolean one = this.partitions < 2;
    DataFrameReader reader =
        this.context
            .lake()
            .spark()
            .read()
            .format("mongodb")
            .schema(new StructType().add("document", DataTypes.StringType))
            .option("connection.uri", this.address.uri())
            .option("database", this.source.database())
            .option("collection", this.source.collection())
            .option("outputExtendedJson", "true")
            .option("aggregation.allowDiskUse", "true")
            .option("aggregation.pipeline", this.pipeline())
            .option(
                "partitioner",
                PARTITIONERS
                    + (one ? "SinglePartitionPartitioner" : "PaginateIntoPartitionsPartitioner"))
            .option(
                "partitioner.options.max.number.of.partitions", Integer.toString(this.partitions));
    Dataset<Row> documents = reader.load();
    Format format = new Format(this.table);
    SourceFile file = new SourceFile(this.place(), this.place(), 0, this.moment);
    JavaRDD<InternalRow> rows =
        ((org.apache.spark.sql.classic.Dataset<Row>) documents)
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitionsWithIndex(
                (part, own) -> new MongoRecords(own, format, maker, file, part), true);
    return Batch.of(this.context.lake().spark(), maker.rawType(), rows);
  }

  /**
   * Each document as a value of another, which the connector turns into text; the latter has its id
   * too, by which the connector cuts the collection.
   */
  private String pipeline() {
    String own = this.source.pipeline().strip().replaceFirst("^\\[", "").replaceFirst("]$", "");
    String match = this.window == null ? "" : this.window.match();
    return "["
        + (match.isEmpty() ? "" : match + ", ")
        + (own.isBlank() ? "" : own + ", ")
        + "{\"$project\": {\"document\": \"$$ROOT\"}}]";
  }

  @Override
  public @Nullable DumpMoment moment() {
    int maxDeletes = this.source.mode() instanceof DumpMode.Full full ? full.maxDeletes() : -1;
    long micros = this.moment * 1000;
    return new DumpMoment(List.of(micros, 0L, 0L), micros, this.place(), maxDeletes, null);
  }

  @Override
  public Map<String, String> positions(Table raw) {
    Map<String, String> positions = new HashMap<>();
    positions.put("veralake." + MOMENT, Long.toString(this.moment));
    if (this.window != null) {
      positions.put("veralake." + COLUMN, this.window.column());
      this.window
          .until()
          .ifPresent(value -> positions.put("veralake." + UNTIL, Long.toString(value)));
    }
    return positions;
  }
}
