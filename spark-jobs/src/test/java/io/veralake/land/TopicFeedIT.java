package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestKafka;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandSource.OnGap;
import io.veralake.spec.LandTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Landing from a real broker, by offsets. */
final class TopicFeedIT {
  private static final long SEED = Seed.of(20260302);
  private static final String SCHEMA = Envelopes.schema("id int32", "a string");

  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestKafka KAFKA = new TestKafka();

  @Test
  void randomLogsInAnyNumberOfBatchesKilledAnywhereLandEachRowOnce() {
    Random random = new Random(SEED);
    List<byte[]> files = Envelopes.files(random, 6, 400);
    LandOracle oracle = new LandOracle(files);
    KAFKA.create("log", 3, Map.of());
    long appended = 0;
    for (int i = 0; i < files.size(); i++) {
      KAFKA.send("log", i % 3, values(files.get(i)));
      LandStep.Move killed = LandStep.Move.values()[random.nextInt(3)];
      if (i % 2 == 1) {
        assertThatThrownBy(() -> land("log", OnGap.STOP, "log", killer(killed)))
            .hasMessage("killed");
        appended += land("log", OnGap.STOP, "log", move -> {}).appended();
      }
    }

    assertThat(land("log", OnGap.STOP, "log", move -> {})).isEqualTo(Landed.nothing("log"));
    List<String> rows = LandOracle.landed(LAKE.lake(), "raw.log");
    assertThat(rows).as("seed %d", SEED).hasSize(oracle.rows.size());
    assertThat(new TreeSet<>(rows)).as("seed %d", SEED).isEqualTo(oracle.rows);
    assertThat(texts("select 1 from raw.quarantine where source_table = 'log'"))
        .as("seed %d", SEED)
        .hasSize(oracle.bad.size());
    assertThat(appended).isLessThanOrEqualTo(oracle.rows.size());
  }

  @Test
  void theCommitSaysWhereTheBatchBeginsAndEnds() {
    KAFKA.create("pinned", 2, Map.of());
    KAFKA.send("pinned", 0, envelopes(1, 3));
    land("pinned", OnGap.STOP, "pinned", move -> {});
    KAFKA.send("pinned", 1, envelopes(4, 2));
    Landed second = land("pinned", OnGap.STOP, "pinned", move -> {});

    assertThat(second.read()).isEqualTo(2);
    Map<String, String> summary = LAKE.lake().table("raw.pinned").currentSnapshot().summary();
    assertThat(TopicOffsets.parse(summary.get("veralake.land.offsets-from")).forSpark())
        .isEqualTo("{\"pinned\":{\"0\":3,\"1\":0}}");
    assertThat(TopicOffsets.parse(summary.get("veralake.offsets")).forSpark())
        .isEqualTo("{\"pinned\":{\"0\":3,\"1\":2}}");
    assertThat(texts("select concat(_source_file, ' ', _source_row) from raw.pinned"))
        .contains("[kafka://pinned/0 0]", "[kafka://pinned/1 1]");
  }

  @Test
  void recordsThatRetentionTookAreAGapWithItsBounds() {
    KAFKA.create("short", 1, Map.of());
    KAFKA.send("short", 0, envelopes(1, 3));
    land("short", OnGap.STOP, "short", move -> {});
    KAFKA.send("short", 0, envelopes(4, 5));
    KAFKA.forget("short", 0, 6);

    assertThatThrownBy(() -> land("short", OnGap.STOP, "short", move -> {}))
        .isInstanceOf(GateException.class)
        .hasMessage(
            "Cannot land raw.short: the offsets 3 to 5 of partition 0 of topic short are gone, and were never landed (fetch them from elsewhere, or let the source send its tables anew; then set on-gap = report to go on behind the gap)");
    Landed reported = land("short", OnGap.REPORT, "short", move -> {});

    assertThat(reported.gaps())
        .containsExactly(
            "the offsets 3 to 5 of partition 0 of topic short are gone, and were never landed");
    assertThat(reported.appended()).isEqualTo(2);
    assertThat(land("short", OnGap.STOP, "short", move -> {})).isEqualTo(Landed.nothing("short"));
  }

  @Test
  void aTopicMadeAnewIsReadFromItsBeginningAndTold() {
    KAFKA.create("anew", 1, Map.of());
    KAFKA.send("anew", 0, envelopes(1, 3));
    land("anew", OnGap.STOP, "anew", move -> {});
    KAFKA.delete("anew");
    KAFKA.create("anew", 1, Map.of());
    KAFKA.send("anew", 0, envelopes(2, 4));

    assertThatThrownBy(() -> land("anew", OnGap.STOP, "anew", move -> {}))
        .isInstanceOf(GateException.class)
        .hasMessageContaining("topic anew was deleted and made anew");
    Landed reported = land("anew", OnGap.REPORT, "anew", move -> {});

    assertThat(reported.read()).isEqualTo(4);
    assertThat(reported.appended()).isEqualTo(2);
    assertThat(reported.duplicate()).isEqualTo(2);
  }

  @Test
  void abortedTransactionsAndTheirMarkersAreNoRecords() {
    KAFKA.create("tx", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer = KAFKA.producer(Map.of("transactional.id", "t"))) {
      producer.initTransactions();
      producer.beginTransaction();
      envelopes(1, 2).forEach(v -> producer.send(new ProducerRecord<>("tx", v)));
      producer.commitTransaction();
      producer.beginTransaction();
      envelopes(50, 3).forEach(v -> producer.send(new ProducerRecord<>("tx", v)));
      producer.abortTransaction();
      producer.beginTransaction();
      envelopes(3, 1).forEach(v -> producer.send(new ProducerRecord<>("tx", v)));
      producer.commitTransaction();
      producer.beginTransaction();
      envelopes(70, 1).forEach(v -> producer.send(new ProducerRecord<>("tx", v)));
      producer.flush();

      Landed landed = land("tx", OnGap.STOP, "tx", move -> {});

      assertThat(landed.read()).isEqualTo(3);
      producer.commitTransaction();
      assertThat(land("tx", OnGap.STOP, "tx", move -> {}).appended()).isEqualTo(1);
    }
    assertThat(texts("select after.id from raw.tx order by 1"))
        .containsExactly("[1]", "[2]", "[3]", "[70]");
  }

  @Test
  void severalTopicsFeedOneTableAndATombstoneRepeats() {
    KAFKA.create("a", 1, Map.of());
    KAFKA.create("b", 1, Map.of("cleanup.policy", "compact"));
    KAFKA.send("a", 0, envelopes(1, 2));
    List<byte[]> withTombstone = new ArrayList<>(envelopes(10, 1));
    withTombstone.add(null);
    KAFKA.send("b", 0, withTombstone);

    Landed landed = land("both", OnGap.STOP, List.of("a", "b"), move -> {});

    assertThat(landed.read()).isEqualTo(4);
    assertThat(landed.appended()).isEqualTo(3);
    assertThat(landed.duplicate()).isEqualTo(1);
  }

  /** In batches, of which the first has nothing of two of the tables. */
  @Test
  void severalTablesInOneTopicLandTheirOwnEvents() {
    SharedLog log = new SharedLog(new Random(SEED), 400, true);
    LandSource source = new LandSource.Topics(List.of("shared"), OnGap.STOP);
    KAFKA.create("shared", 2, Map.of());
    Map<String, Landed> landed = new TreeMap<>();
    int sent = 0;
    for (int until : new int[] {1, 150, log.values.size()}) {
      List<byte[]> values = new ArrayList<>();
      for (String value : log.values.subList(sent, until)) {
        values.add(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
      }
      KAFKA.send("shared", until % 2, values);
      sent = until;
      for (String table : List.of("a", "b", "c")) {
        Landed part = Shared.land(context(LAKE.lake()), "shared", table, source, true);
        landed.merge(table, part, Landed::plus);
      }
    }

    Shared.check(LAKE.lake(), "shared", log, landed, "seed " + SEED + " ");
  }

  @Test
  void aMissingTopicOrBrokerIsSaid() {
    assertThatThrownBy(() -> land("none", OnGap.STOP, "none", move -> {}))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing topic of raw.none at %s: one of [none] (create it, or correct topics of the land model; an empty topic is fine)"
                .formatted(KAFKA.servers()));
    assertThat(LAKE.lake().exists("raw.none")).isFalse();
  }

  /** The broker goes away at each move of a landing, between the look at the topic and the end. */
  @Test
  void aBrokerThatStopsInTheMiddleLeavesNothingHalfDone() {
    KAFKA.create("cut", 2, Map.of());
    KAFKA.send("cut", 0, envelopes(1, 500));
    land("cut", OnGap.STOP, "cut", move -> {});
    KAFKA.send("cut", 1, envelopes(501, 500));
    long snapshot = LAKE.lake().snapshot("raw.cut").orElseThrow();

    assertThatThrownBy(() -> land("cut", OnGap.STOP, "cut", stopper()))
        .rootCause()
        .satisfies(
            cause ->
                assertThat(cause.getClass().getName())
                    .matches(".*(TimeoutException|DisconnectException|ConnectException)"));
    assertThat(LAKE.lake().snapshot("raw.cut")).hasValue(snapshot);
    assertThatThrownBy(() -> land("cut", OnGap.STOP, "cut", move -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot reach Kafka at " + KAFKA.servers() + " for raw.cut: ");

    KAFKA.start();
    assertThat(land("cut", OnGap.STOP, "cut", move -> {}).appended()).isEqualTo(500);
    assertThat(texts("select count(distinct after.id) from raw.cut")).containsExactly("[1000]");
  }

  /** Numbers of a table's changes in its transactions; 0: a record that can't be read. */
  @Test
  void changesThatAreMissingInATransactionAreADoubt() {
    String missing =
        " changes are missing between others of their transactions, which the connector numbers (something took them out before the topic, compaction, or they are lost)";
    // Begins anywhere; a repeated end; then 2 of the fifth and 1 of the sixth are missing.
    assertThat(chained("chain", 1, "4/2 4/3 5/1 4/3 5/1 5/3 6/2 7/1"))
        .containsExactly("2" + missing);
    assertThat(chained("whole", 1, "4/1 4/2 5/1 5/2")).isEmpty();
    assertThat(chained("broken", 1, "4/1 0/0 4/3 5/1")).isEmpty();
    assertThat(chained("spread", 2, "4/1 4/3 5/2")).isEmpty();
  }

  private static List<String> chained(String topic, int partitions, String numbers) {
    List<byte[]> values = new ArrayList<>();
    for (String number : numbers.split(" ")) {
      int transaction = Integer.parseInt(number.split("/")[0]);
      int order = Integer.parseInt(number.split("/")[1]);
      String row = "{\"id\":%d,\"a\":\"x\"}".formatted(transaction * 10 + order);
      String line = Envelopes.line(SCHEMA, "c", "null", row, 100 * transaction + order, order);
      String value =
          line.substring(line.indexOf("\"value\":") + 8, line.length() - 1)
              .replace("\"id\":\"1:1\"", "\"id\":\"%d:%d\"".formatted(transaction, order + 900))
              .replace("\"data_collection_order\":1", "\"data_collection_order\":" + order);
      values.add((order == 0 ? value.substring(9) : value).getBytes(StandardCharsets.UTF_8));
    }
    KAFKA.create(topic, partitions, Map.of());
    KAFKA.send(topic, 0, values);
    RunContext context = Landing.context(LAKE.lake(), LAKE.folder(), "r1", KAFKA.servers());
    LandSource.Topics source = new LandSource.Topics(List.of(topic), OnGap.STOP);
    return LandStep.audited(context, Landing.topics(topic, source)).doubts();
  }

  private static Consumer<LandStep.Move> stopper() {
    return move -> {
      if (move == LandStep.Move.TABLE_READY) {
        KAFKA.stop();
      }
    };
  }

  private static Landed land(
      String table, OnGap onGap, String topic, Consumer<LandStep.Move> hook) {
    return land(table, onGap, List.of(topic), hook);
  }

  private static Landed land(
      String table, OnGap onGap, List<String> topics, Consumer<LandStep.Move> hook) {
    LandTable spec = Landing.topics(table, new LandSource.Topics(topics, onGap));
    return new LandStep(context(LAKE.lake()), spec, hook).run();
  }

  private static RunContext context(Lake lake) {
    return Landing.context(lake, LAKE.folder(), "r1", KAFKA.servers());
  }

  private static Consumer<LandStep.Move> killer(LandStep.Move killed) {
    return move -> {
      if (move == killed) {
        throw new IllegalStateException("killed");
      }
    };
  }

  private static List<byte[]> envelopes(int first, int count) {
    List<byte[]> values = new ArrayList<>();
    for (int id = first; id < first + count; id++) {
      values.addAll(
          values(
              Envelopes.line(SCHEMA, "c", "null", "{\"id\":%d,\"a\":\"x\"}".formatted(id), id, 0)
                  .getBytes(StandardCharsets.UTF_8)));
    }
    return values;
  }

  /** The values of the lines of {@code file}, as a converter would have sent them. */
  private static List<byte[]> values(byte[] file) {
    List<byte[]> values = new ArrayList<>();
    for (String line : new String(file, StandardCharsets.UTF_8).split("\n")) {
      String key = line.startsWith("{\"key\":") && line.endsWith("}") ? "\"value\":" : null;
      if (key == null) {
        if (!line.isEmpty()) {
          values.add(line.getBytes(StandardCharsets.UTF_8));
        }
        continue;
      }
      String value = line.substring(line.indexOf(key) + key.length(), line.length() - 1);
      values.add(value.equals("null") ? null : value.getBytes(StandardCharsets.UTF_8));
    }
    return values;
  }

  private static List<String> texts(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
