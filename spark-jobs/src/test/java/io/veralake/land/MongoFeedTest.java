package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.spec.DumpMode;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Documents of a server that speaks MongoDB's protocol, in process. */
final class MongoFeedTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static MongoServer server;
  private static MongoClient client;

  @BeforeAll
  static void start() {
    server = new MongoServer(new MemoryBackend());
    server.bind();
    client = MongoClients.create(server.getConnectionString());
  }

  @AfterAll
  static void stop() {
    client.close();
    server.shutdownNow();
  }

  @Test
  void fullDumpsStoreWhatChangedAndDeleteWhatIsGone() {
    MongoCollection<Document> goods = client.getDatabase("shop").getCollection("goods");
    ObjectId id = new ObjectId("65f1c0ffee65f1c0ffee65f1");
    goods.insertOne(
        new Document("_id", id)
            .append("price", Decimal128.parse("12.30"))
            .append("n", 1L)
            .append("i", 7)
            .append("at", Date.from(Instant.parse("2026-03-01T10:00:00.123Z")))
            .append("raw", new Binary(new byte[] {0, 1}))
            .append("tags", List.of("a", Map.of("b", 1.5))));
    // Ids of two types: ranges of one would miss the other.
    goods.insertMany(IntStream.range(0, 50).mapToObj(i -> new Document("_id", i)).toList());

    assertThat(land("goods", 1, new DumpMode.Full(50))).isEqualTo(landed("goods", 51, 51, 0, 0));
    String json =
        LAKE.lake()
            .rows("raw.goods")
            .where("after.document like '%oid%'")
            .select("after.document")
            .first()
            .getString(0);
    // Every type can be told from the text: it is read back as what it was.
    assertThat(Document.parse(json)).isEqualTo(goods.find(Filters.eq("_id", id)).first());

    goods.deleteOne(Filters.eq("_id", 4));
    goods.updateOne(Filters.eq("_id", 5), Updates.set("n", 2));
    assertThat(land("goods", 3, new DumpMode.Full(50))).isEqualTo(landed("goods", 50, 1, 49, 1));
    assertThat(land("goods", 1, new DumpMode.Full(50))).isEqualTo(landed("goods", 50, 0, 50, 0));
  }

  @Test
  void aFieldTellsWhatIsNew() {
    MongoCollection<Document> events = client.getDatabase("shop").getCollection("events");
    Instant noon = Instant.parse("2026-03-01T12:00:00Z");
    DumpMode mode = new DumpMode.Incremental("at", Duration.ofMinutes(10), -1);
    for (int i = 0; i < 40; i++) {
      events.insertOne(new Document("_id", i).append("at", Date.from(noon.plusSeconds(i * 60L))));
    }
    assertThat(land("events", 3, mode).appended()).isEqualTo(40);
    assertThat(LAKE.lake().rows("raw.events").select("_position.minor").distinct().count())
        .isEqualTo(3);
    // Ended late, and without a date.
    events.insertOne(new Document("_id", 100).append("at", Date.from(noon.plusSeconds(35 * 60L))));
    events.insertOne(new Document("_id", 101));
    Landed next = land("events", 1, mode);
    assertThat(next).isEqualTo(landed("events", 13, 2, 11, 0));
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    LandSource.Mongo source =
        new LandSource.Mongo("db", "shop", "goods", "", 1, new DumpMode.Full(50));
    assertThatThrownBy(
            () ->
                LandStep.run(
                    Landing.context(
                        LAKE.lake(),
                        LAKE.folder(),
                        "r1",
                        Dumping.connection(
                            "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300",
                            "reader",
                            "hunter2")),
                    table("nowhere", source)))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read shop.goods of connection db (mongodb://127.0.0.1:1/): Timed out")
        .hasMessageNotContaining("hunter2");
  }

  private static Landed land(String table, int partitions, DumpMode mode) {
    return LandStep.run(
        Landing.context(
            LAKE.lake(),
            LAKE.folder(),
            "r1",
            Dumping.connection(server.getConnectionString(), "", "")),
        table(table, new LandSource.Mongo("db", "shop", table, "", partitions, mode)));
  }

  private static LandTable table(String name, LandSource.Mongo source) {
    return Dumping.table(name, LandTable.Format.JSON_LINES, List.of("$._id"), source);
  }

  private static Landed landed(String table, long read, long appended, long same, long absent) {
    return new Landed(table, 0, read, appended, same, 0, 0, absent, List.of());
  }
}
