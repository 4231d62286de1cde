package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestKafka;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestRegistry;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.land.decode.CarefulDecoder;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Avro with all that goes wrong: records, schemas, the registry. */
final class AvroTopicIT {
  private static final String TEXT =
      """
      {"type":"record","name":"Envelope","namespace":"%s","fields":[
      {"name":"before","type":["null",{"type":"record","name":"Value","fields":[{"name":"id","type":"long"},{"name":"a","type":["null","string"],"default":null}]}],"default":null},
      {"name":"after","type":["null","Value"],"default":null},
      {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"ts_ms","type":"long"},{"name":"lsn","type":["null","long"],"default":null}]}},
      {"name":"op","type":"string"}]}""";

  @RegisterExtension static final TestKafka KAFKA = new TestKafka();
  @RegisterExtension static final TestRegistry REGISTRY = new TestRegistry();
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void badRecordsAreQuarantinedAndReplayedOnceTheirSchemaIsKnown() throws IOException {
    Schema schema = schema("bad");
    int known = REGISTRY.register(schema.toString());
    int other = REGISTRY.register("{\"type\":\"record\",\"name\":\"Key\",\"fields\":[]}");
    byte[] good = record(known, event(schema, 1, "x"));
    byte[] unknown = record(7777, event(schema, 2, "y"));
    byte[] noise = "{\"op\":\"c\"}".getBytes(StandardCharsets.UTF_8);
    KAFKA.create("bad", 1, Map.of());
    KAFKA.send(
        "bad",
        0,
        Arrays.asList(
            good,
            unknown,
            Arrays.copyOf(good, good.length - 3),
            Arrays.copyOf(good, good.length + 1),
            record(other, event(schema, 3, "z")),
            noise,
            new byte[0],
            null));

    assertThat(land("bad", context())).isEqualTo(new Landed("bad", 0, 8, 1, 1, 6, 0));
    assertThat(reasons("bad"))
        .containsExactly(
            "Unknown schema 7777 (one that the registry registry has)",
            "Invalid Avro at byte " + (good.length - 3) + ": the record ends too early",
            "Invalid Avro at byte "
                + good.length
                + ": more after the envelope (one a record, of the schema it names)",
            "Missing before, after and op in the payload (a whole Debezium envelope: no unwrapping transformation at the connector)",
            "Missing schema of the record: it doesn't begin with a zero and a number of 4 bytes (an Avro converter with a registry writes them)",
            "Missing schema of the record: it doesn't begin with a zero and a number of 4 bytes (an Avro converter with a registry writes them)");

    Path schemas = Files.createDirectories(LAKE.folder().resolve("schemas"));
    for (int id : List.of(known, 7777)) {
      Files.writeString(schemas.resolve(id + ".avsc"), schema.toString());
    }
    LandTable corrected =
        model("bad").with(new ChangeEvents(new ChangeEvents.Registry("", "schemas", 4), false, ""));
    Landed replayed = ReplayStep.run(context(), List.of(corrected)).get(0);
    assertThat(replayed.appended()).isOne();
    assertThat(replayed.quarantined()).isEqualTo(5);
    assertThat(rows("select after.id, after.a from raw.bad order by 1"))
        .containsExactly("[1,x]", "[2,y]");
  }

  /** Wrong numbers of schemas, wrong lengths, cut records, noise, between good ones. */
  @Test
  void brokenRecordsOfAllKindsAddUp() throws IOException {
    long seed = Seed.of(29);
    Random random = new Random(seed);
    Mutants mutants = new Mutants(random);
    Schema schema = schema("fuzz");
    int known = REGISTRY.register(schema.toString());
    int other = REGISTRY.register("{\"type\":\"array\",\"items\":\"long\"}");
    List<byte[]> sent = new ArrayList<>();
    Map<Long, String> good = new TreeMap<>();
    for (int i = 0; i < 15_000; i++) {
      byte[] record = record(known, event(schema, i, "v" + i));
      if (random.nextInt(10) == 0) {
        good.put((long) i, "v" + i);
        sent.add(record);
      } else {
        sent.add(broken(random, mutants, record, other));
      }
    }
    KAFKA.create("fuzz", 1, Map.of());
    KAFKA.send("fuzz", 0, sent);

    Landed landed = land("fuzz", context());
    assertThat(landed.read() + landed.skipped()).as("seed %d", seed).isEqualTo(sent.size());
    assertThat(landed.appended() + landed.duplicate() + landed.quarantined())
        .as("seed %d", seed)
        .isEqualTo(landed.read());
    assertThat(landed.quarantined()).as("seed %d", seed).isGreaterThan(sent.size() / 2);
    Map<Long, String> there = new TreeMap<>();
    for (Row row : LAKE.lake().rows("raw.fuzz").select("_source_row", "after.a").collectAsList()) {
      if (good.containsKey(row.getLong(0))) {
        there.put(row.getLong(0), row.getString(1));
      }
    }
    assertThat(there).as("seed %d", seed).isEqualTo(good);
    for (Row kept :
        LAKE.lake()
            .rows("raw.quarantine")
            .where("source_table = 'fuzz'")
            .select("row", "bytes", "reason")
            .collectAsList()) {
      assertThat(kept.<byte[]>getAs(1))
          .as("seed %d, offset %d", seed, kept.getLong(0))
          .isEqualTo(sent.get((int) kept.getLong(0)));
      assertThat(kept.getString(2))
          .as("seed %d, offset %d", seed, kept.getLong(0))
          .isNotBlank()
          .doesNotStartWith(CarefulDecoder.REASON);
    }
    assertThat(land("fuzz", context())).isEqualTo(Landed.nothing("fuzz"));
  }

  private static byte[] broken(Random random, Mutants mutants, byte[] record, int other) {
    byte[] broken = record.clone();
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(record, random.nextInt(record.length));
      case 1 -> ByteBuffer.wrap(broken).putInt(1, other).array();
      case 2 -> ByteBuffer.wrap(broken).putInt(1, 5000 + random.nextInt(100)).array();
      case 3 -> {
        // Most bytes in front are lengths and branches.
        broken[5 + random.nextInt(6)] ^= (byte) (1 + random.nextInt(255));
        yield broken;
      }
      case 4 -> {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, broken, 5, Math.min(noise.length, broken.length - 5));
        yield broken;
      }
      case 5 -> Arrays.copyOf(record, record.length + 1 + random.nextInt(20));
      default -> mutants.of(record);
    };
  }

  @Test
  void aRegistryThatFailsCostsNothing() throws IOException {
    Schema schema = schema("down");
    byte[] good = record(REGISTRY.register(schema.toString()), event(schema, 1, "x"));
    KAFKA.create("down", 1, Map.of());
    KAFKA.send("down", 0, List.of(good));

    REGISTRY.fail(4);
    assertThatThrownBy(() -> land("down", context()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot ask the schema registry for the schemas of raw.down: it answers with status 503 (check that it is up, and url, user and password of veralake.connections.registry)");
    assertThat(LAKE.lake().exists("raw.down")).isFalse();

    RunContext nobody =
        Landing.context(LAKE.lake(), LAKE.folder(), "r1", KAFKA.servers(), "http://127.0.0.1:1");
    assertThatThrownBy(() -> land("down", nobody))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot ask the schema registry for the schemas of raw.down: ");

    REGISTRY.fail(2);
    assertThat(land("down", context())).isEqualTo(new Landed("down", 0, 1, 1, 0, 0, 0));
  }

  @Test
  void containersLandAsTopicsDo() throws IOException {
    Schema schema = schema("files");
    Path folder = Files.createDirectories(LAKE.folder().resolve("containers"));
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))
            .setCodec(CodecFactory.deflateCodec(6))
            .create(schema, folder.resolve("a.avro").toFile())) {
      for (int i = 0; i < 1000; i++) {
        GenericRecord event = event(schema, i, "v" + i);
        if (i == 500) {
          event.put("op", "x");
        }
        writer.append(event);
      }
    }
    LandTable table =
        Models.files("containers", LandTable.Format.DEBEZIUM_AVRO, "containers", "shop");

    assertThat(LandStep.run(context(), table))
        .isEqualTo(new Landed("containers", 1, 1000, 999, 0, 1, 0));
    assertThat(
            rows(
                "select count(*), sum(after.id), count_if(after.a = 'v' || after.id), count_if(_position.major = after.id) from raw.containers"))
        .containsExactly("[999,499000,999,999]");
    assertThat(reasons("containers")).containsExactly("Invalid op: \"x\" (one of c, u, d, r, t)");
  }

  private static Schema schema(String name) {
    return new Schema.Parser().parse(TEXT.formatted(name));
  }

  private static GenericRecord event(Schema schema, long id, String a) {
    Schema row = schema.getField("after").schema().getTypes().get(1);
    GenericRecord source = new GenericData.Record(schema.getField("source").schema());
    source.put("ts_ms", 1_772_323_200_000L + id);
    source.put("lsn", id);
    return new GenericRecordBuilder(schema)
        .set("after", new GenericRecordBuilder(row).set("id", id).set("a", a).build())
        .set("source", source)
        .set("op", "c")
        .build();
  }

  private static byte[] record(int id, GenericRecord event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static LandTable model(String name) {
    LandSource.Topics topics = new LandSource.Topics(List.of(name), LandSource.OnGap.STOP);
    return Landing.registered(
        Landing.topics(name, LandTable.Format.DEBEZIUM_AVRO, topics, LandTable.OnLoss.QUARANTINE),
        4);
  }

  private static Landed land(String name, RunContext context) {
    return LandStep.run(context, model(name));
  }

  private static RunContext context() {
    return Landing.context(LAKE.lake(), LAKE.folder(), "r1", KAFKA.servers(), REGISTRY.url());
  }

  private static List<String> reasons(String table) {
    String sql = "select reason from raw.quarantine where source_table = '%s' order by row";
    return rows(sql.formatted(table)).stream().map(r -> r.substring(1, r.length() - 1)).toList();
  }

  private static List<String> rows(String sql) {
    String catalog = LAKE.lake().catalog();
    return LAKE.lake().spark().sql(sql.replace("raw.", catalog + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
