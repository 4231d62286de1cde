package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestKafka;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.GateException;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandSource.OnGap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics that are found by a pattern, some of them later than others. */
final class TopicPatternIT {
  private static final long SEED = Seed.of(30);
  private static final String SCHEMA = Envelopes.schema("id int32", "a string");

  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestKafka KAFKA = new TestKafka();

  @Test
  void topicsAndPartitionsThatAreFoundLaterLandFromTheirBeginning() {
    Random random = new Random(SEED);
    Map<String, Integer> topics = new TreeMap<>();
    TreeSet<String> sent = new TreeSet<>();
    int id = 0;
    for (int round = 0; round < 5; round++) {
      String made = (round == 2 ? "other." : "shop.part_") + round;
      topics.put(made, 1 + random.nextInt(2));
      KAFKA.create(made, topics.get(made), Map.of());
      String grown = List.copyOf(topics.keySet()).get(random.nextInt(topics.size()));
      KAFKA.grow(grown, topics.merge(grown, 1, Integer::sum));
      int before = sent.size();
      for (Map.Entry<String, Integer> topic : topics.entrySet()) {
        for (int partition = 0; partition < topic.getValue(); partition++) {
          int count = random.nextInt(4);
          KAFKA.send(topic.getKey(), partition, envelopes(id, count));
          for (int i = 0; i < count; i++, id++) {
            if (topic.getKey().startsWith("shop")) {
              sent.add("[kafka://%s/%d,%d]".formatted(topic.getKey(), partition, id));
            }
          }
        }
      }
      LandAudit audit = land("parts", "shop[.]part_\\d+", OnGap.STOP);
      assertThat(audit.landed().appended()).as("seed %d", SEED).isEqualTo(sent.size() - before);
      assertThat(audit.landed().gaps()).isEmpty();
    }
    assertThat(
            LAKE
                .lake()
                .rows("raw.parts")
                .select("_source_file", "after.id")
                .collectAsList()
                .stream()
                .map(Object::toString))
        .as("seed %d", SEED)
        .containsExactlyInAnyOrderElementsOf(sent);
    assertThat(land("parts", "shop[.]part_\\d+", OnGap.STOP).landed())
        .isEqualTo(Landed.nothing("parts"));
  }

  @Test
  void aTopicThatIsGoneIsToldOnce() {
    KAFKA.create("gone.a", 1, Map.of());
    KAFKA.create("gone.b", 1, Map.of());
    KAFKA.send("gone.a", 0, envelopes(1, 2));
    land("gone", "gone[.].", OnGap.STOP);
    KAFKA.delete("gone.a");

    LandAudit audit = land("gone", "gone[.].", OnGap.STOP);
    assertThat(audit.doubts())
        .containsExactly(
            "topic gone.a is gone; whatever it held after the offsets {0=2} was never landed");
    assertThat(land("gone", "gone[.].", OnGap.STOP).doubts()).isEmpty();

    KAFKA.create("gone.a", 1, Map.of());
    KAFKA.send("gone.a", 0, envelopes(3, 1));
    assertThat(land("gone", "gone[.].", OnGap.STOP).landed().appended()).isOne();
  }

  @Test
  void whatANewPartitionLostIsAGap() {
    KAFKA.create("lossy.a", 1, Map.of());
    KAFKA.send("lossy.a", 0, envelopes(1, 1));
    land("lossy", "lossy[.].", OnGap.STOP);
    KAFKA.grow("lossy.a", 2);
    KAFKA.send("lossy.a", 1, envelopes(2, 3));
    KAFKA.forget("lossy.a", 1, 2);

    assertThatThrownBy(() -> land("lossy", "lossy[.].", OnGap.STOP))
        .isInstanceOf(GateException.class)
        .hasMessageContaining(
            "the offsets 0 to 1 of partition 1 of topic lossy.a are gone, and were never landed");
    assertThat(land("lossy", "lossy[.].", OnGap.REPORT).landed().appended()).isOne();
  }

  @Test
  void aPatternThatMatchesNothingIsRefused() {
    assertThatThrownBy(() -> land("nothing", "shpo[.].*", OnGap.STOP))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing topics of raw.nothing at %s: none matches shpo[.].* (create one, or correct topics-matching of the land model; an empty topic is fine)"
                .formatted(KAFKA.servers()));
  }

  private static List<byte[]> envelopes(int from, int count) {
    List<byte[]> envelopes = new ArrayList<>();
    for (int id = from; id < from + count; id++) {
      String row = "{\"id\":%d,\"a\":\"x\"}".formatted(id);
      String line = Envelopes.line(SCHEMA, "c", "null", row, 1000 + id, 1);
      String value = line.substring(line.indexOf("\"value\":") + 8, line.length() - 1);
      envelopes.add(value.getBytes(StandardCharsets.UTF_8));
    }
    return envelopes;
  }

  private static LandAudit land(String table, String pattern, OnGap onGap) {
    RunContext context = Landing.context(LAKE.lake(), LAKE.folder(), "r1", KAFKA.servers());
    return LandStep.audited(
        context, Landing.topics(table, new LandSource.Topics(List.of(), pattern, onGap)));
  }
}
