package io.veralake.land;

import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.decode.SchemaFinder;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Records of Kafka topics from the offsets that the raw table was landed up to, up to the ends that
 * the topics had when the feed was made. Where they begin and end is written in the commit that
 * holds their rows.
 */
final class TopicFeed implements Feed {
  private final RunContext context;
  private final TopicOffsets landed;
  private final TopicOffsets from;
  private final TopicOffsets until;
  private final List<String> gaps;
  private final List<String> gone;
  private Format format;

  private TopicFeed(
      RunContext context,
      LandTable table,
      TopicOffsets landed,
      TopicOffsets from,
      TopicOffsets until,
      List<String> gaps,
      List<String> gone) {
    this.context = context;
    this.landed = landed;
    this.from = from;
    this.until = until;
    this.gaps = gaps;
    this.gone = gone;
    this.format = new Format(table);
  }

  /** What {@code topics} hold that {@code table} doesn't. */
  static TopicFeed of(RunContext context, LandTable table, LandSource.Topics topics) {
    String raw = "raw." + table.name();
    Lake lake = context.lake();
    TopicOffsets landed =
        lake.exists(raw)
            ? lake.positions(raw)
                .value(TopicOffsets.PROPERTY)
                .map(TopicOffsets::parse)
                .orElse(TopicOffsets.NONE)
            : TopicOffsets.NONE;
    TopicBounds bounds = TopicBounds.of(context.engine().kafka(), table.name(), topics);
    List<String> gaps = new ArrayList<>();
    TopicOffsets from = start(landed, bounds, gaps);
    if (!gaps.isEmpty() && topics.onGap() == LandSource.OnGap.STOP) {
      throw new GateException(
          "Cannot land %s: %s (fetch them from elsewhere, or let the source send its tables anew; then set on-gap = report to go on behind the gap)"
              .formatted(raw, String.join("; ", gaps)));
    }
    List<String> gone =
        topics.pattern().isEmpty()
            ? List.of()
            : landed.topics().keySet().stream()
                .filter(name -> !from.topics().containsKey(name))
                .toList();
    return new TopicFeed(context, table, landed, from, bounds.end(), gaps, gone);
  }

  /** Where to begin in each partition; what isn't there any more goes into {@code gaps}. */
  private static TopicOffsets start(TopicOffsets landed, TopicBounds bounds, List<String> gaps) {
    SortedMap<String, TopicOffsets.Topic> start = new TreeMap<>();
    bounds
        .begin()
        .topics()
        .forEach(
            (name, topic) -> {
              TopicOffsets.Topic before = landed.topics().get(name);
              SortedMap<Integer, Long> next = new TreeMap<>(topic.next());
              if (before != null && before.id().equals(topic.id())) {
                // A partition that was added since was never landed at all.
                topic.next().keySet().stream()
                    .filter(p -> !before.next().containsKey(p))
                    .forEach(p -> resume(name, p, 0, next, gaps));
                before.next().forEach((p, o) -> resume(name, p, o, next, gaps));
              } else if (before != null) {
                gaps.add(
                    "topic %s was deleted and made anew, whatever it held after the offsets %s was never landed"
                        .formatted(name, before.next()));
              }
              start.put(name, new TopicOffsets.Topic(topic.id(), next));
            });
    return new TopicOffsets(start);
  }

  /** Sets where to go on in a partition that was landed up to {@code landed}. */
  private static void resume(
      String topic, int partition, long landed, SortedMap<Integer, Long> next, List<String> gaps) {
    long first = next.getOrDefault(partition, landed);
    if (landed < first) {
      gaps.add(
          "the offsets %d to %d of partition %d of topic %s are gone, and were never landed"
              .formatted(landed, first - 1, partition, topic));
    }
    next.put(partition, Math.max(landed, first));
  }

  @Override
  public boolean isEmpty() {
    return this.gaps.isEmpty() && this.gone.isEmpty() && this.from.equals(this.until);
  }

  @Override
  public List<String> places() {
    List<String> places = new ArrayList<>();
    this.from
        .topics()
        .forEach(
            (name, topic) ->
                topic.next().keySet().forEach(p -> places.add(TopicRecords.url(name, p))));
    return places;
  }

  @Override
  public List<String> gaps() {
    return this.gaps;
  }

  @Override
  public boolean inOrder() {
    // A table's changes lie in the partitions of their keys.
    return this.until.topics().size() == 1
        && this.until.topics().values().iterator().next().next().size() == 1;
  }

  /** An offset without a record may be a loss, and may be none. */
  @Override
  public Continuity continuity(BatchReport report) {
    long offsets = this.until.after(this.from);
    long empty = offsets - report.records();
    List<String> doubts = new ArrayList<>();
    this.gone.forEach(
        name ->
            doubts.add(
                "topic %s is gone; whatever it held after the offsets %s was never landed"
                    .formatted(
                        name, Objects.requireNonNull(this.landed.topics().get(name)).next())));
    if (empty > 0) {
      doubts.add(
          "%d of %d offsets hold no record (transactions' markers, aborted transactions, compaction and removal by the broker take offsets and leave none: a topic doesn't say which)"
              .formatted(empty, offsets));
    }
    if (report.missing() > 0) {
      doubts.add(
          "%d changes are missing between others of their transactions, which the connector numbers (something took them out before the topic, compaction, or they are lost)"
              .formatted(report.missing()));
    }
    return new Continuity(this.gaps, doubts, List.of(), 0);
  }

  @Override
  public List<StructType> rowTypes() {
    Format blind = this.format;
    if (!blind.finds()) {
      return blind.rowTypes(List.of());
    }
    List<byte[]> found = this.found(blind);
    this.format = blind.knowing(this.context, found);
    return this.format.rowTypes(this.format.looksAgain() ? this.found(this.format) : found);
  }

  /** What tells of the schemas of the records. */
  private List<byte[]> found(Format blind) {
    // Bounded: the different schemas of one table.
    return this.records(blind.keys() ? new String[] {"value", "key"} : new String[] {"value"})
        .mapPartitions(
            records -> {
              SchemaFinder finder = blind.finder();
              while (records.hasNext()) {
                InternalRow record = records.next();
                for (int i = 0; i < record.numFields(); i++) {
                  if (!record.isNullAt(i)) {
                    byte[] bytes = record.getBinary(i);
                    finder.add(bytes, 0, bytes.length);
                  }
                }
              }
              return finder.found().iterator();
            })
        .collect();
  }

  @Override
  public Batch read(RowMaker maker) {
    Format known = this.format;
    boolean inOrder = this.inOrder();
    JavaRDD<InternalRow> rows =
        this.records(known.keys() ? TopicRecords.KEYED : TopicRecords.COLUMNS)
            .mapPartitions(records -> new TopicRecords(records, known, maker, inOrder));
    return Batch.of(this.context.lake().spark(), maker.rawType(), rows);
  }

  @Override
  public Map<String, String> positions(Table raw) {
    return Map.of(
        "veralake." + TopicOffsets.PROPERTY,
        this.landed.without(this.gone).with(this.until).json(),
        "veralake.land.offsets-from",
        this.from.json(),
        "veralake.land.gaps",
        String.join("; ", this.gaps));
  }

  private JavaRDD<InternalRow> records(String... columns) {
    DataFrameReader reader =
        this.context
            .lake()
            .spark()
            .read()
            .format("kafka")
            .option("assign", this.from.assignment())
            .option("startingOffsets", this.from.forSpark())
            .option("endingOffsets", this.until.forSpark())
            .option("failOnDataLoss", "true")
            .option(
                "kafkaConsumer.pollTimeoutMs", TopicBounds.patience(this.context.engine().kafka()));
    for (Map.Entry<String, Object> setting :
        TopicBounds.client(this.context.engine().kafka()).entrySet()) {
      reader = reader.option("kafka." + setting.getKey(), setting.getValue().toString());
    }
    Dataset<Row> records =
        reader.load().select(Arrays.stream(columns).map(functions::col).toArray(Column[]::new));
    return ((org.apache.spark.sql.classic.Dataset<Row>) records)
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }
}
