package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestKafka;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestRegistry;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.ChangeEvents.Unnamed;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events of several tables in one topic, or folder, in Avro. */
final class SharedAvroIT {
  private static final long SEED = Seed.of(23);
  private static final String SCHEMA =
      """
      {"type":"record","name":"Envelope","namespace":"%s","fields":[
      {"name":"before","type":["null",{"type":"record","name":"Value","fields":[{"name":"id","type":"long"},{"name":"%s","type":["null","string"]}]}]},
      {"name":"after","type":["null","Value"]},
      {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"ts_ms","type":"long"},{"name":"db","type":"string"},
      {"name":"schema","type":["null","string"]},{"name":"table","type":["null","string"]},{"name":"lsn","type":["null","long"]}]}},
      {"name":"op","type":"string"}]}""";

  @RegisterExtension static final TestKafka KAFKA = new TestKafka();
  @RegisterExtension static final TestRegistry REGISTRY = new TestRegistry();
  @RegisterExtension static final TestLake LAKE = new TestLake();

  /** Tables {@code a} and {@code c} are of one schema, as a router of parted tables makes it. */
  private static final Map<String, Schema> SCHEMAS =
      Map.of("a", schema("text"), "b", schema("other"), "c", schema("text"), "d", schema("last"));

  private final Random random = new Random(SEED);
  private final Map<String, TreeSet<Long>> sent = new TreeMap<>();
  private final Map<String, Integer> bad = new TreeMap<>();
  private int nobodys;

  @Test
  void eachTableHasItsEventsOfATopic() throws IOException {
    KAFKA.create("shared", 2, Map.of());
    List<byte[]> log = new ArrayList<>();
    for (long lsn = 1; lsn <= 400; lsn++) {
      String table = List.of("a", "b", "c", "d").get(this.random.nextInt(4));
      GenericRecord event = event(table, lsn);
      switch (this.random.nextInt(8)) {
        case 0 -> log.add(null);
        case 1 -> {
          // Cut before its source.
          byte[] record = record(event);
          log.add(Arrays.copyOf(record, 6));
          this.nobodys++;
        }
        case 2 -> {
          event.put("op", "x");
          log.add(record(event));
          this.bad.merge(table, 1, Integer::sum);
        }
        case 3 -> {
          ByteBuffer unknown = ByteBuffer.wrap(record(event)).putInt(1, 9999);
          log.add(unknown.array());
          this.nobodys++;
        }
        default -> {
          log.add(record(event));
          this.sent.computeIfAbsent(table, t -> new TreeSet<>()).add(lsn);
        }
      }
    }
    KAFKA.send("shared", 0, log.subList(0, 200));
    KAFKA.send("shared", 1, log.subList(200, 400));

    for (String table : List.of("a", "b", "c")) {
      LandSource topic = new LandSource.Topics(List.of("shared"), LandSource.OnGap.STOP);
      Landed landed = LandStep.run(context(), table("topic_" + table, table, topic, true));
      this.check("topic_" + table, table, landed);
      assertThat(landed.read() + landed.skipped()).as("seed %d", SEED).isEqualTo(400);
    }
  }

  @Test
  void eachTableHasItsEventsOfAFolder() throws IOException {
    Path folder = Files.createDirectories(LAKE.folder().resolve("shared"));
    for (String tables : List.of("ac", "b", "d", "c")) {
      Schema schema = SCHEMAS.get(tables.substring(0, 1));
      try (DataFileWriter<GenericRecord> writer =
          new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))
              .create(schema, folder.resolve(tables + ".avro").toFile())) {
        for (int i = 0; i < 100; i++) {
          String table = String.valueOf(tables.charAt(this.random.nextInt(tables.length())));
          long lsn = 1000 * tables.charAt(0) + i;
          GenericRecord event = event(table, lsn);
          if (this.random.nextInt(5) == 0) {
            event.put("op", "x");
            this.bad.merge(table, 1, Integer::sum);
          } else {
            this.sent.computeIfAbsent(table, t -> new TreeSet<>()).add(lsn);
          }
          writer.append(event);
        }
      }
    }
    for (String table : List.of("a", "b", "c")) {
      LandSource source = new LandSource.Folder("shared");
      LandTable model = table("folder_" + table, table, source, false);
      this.check("folder_" + table, table, LandStep.run(context(), model));
      Landed replayed = ReplayStep.run(context(), List.of(model)).get(0);
      assertThat(replayed.quarantined()).isEqualTo(this.bad.get(table).longValue());
      assertThat(columns("folder_" + table)).hasSize(2);
    }
  }

  private void check(String raw, String table, Landed landed) {
    boolean keeps = table.equals("b");
    assertThat(landed.appended()).as("seed %d", SEED).isEqualTo(this.sent.get(table).size());
    assertThat(landed.quarantined())
        .as("seed %d", SEED)
        .isEqualTo(this.bad.getOrDefault(table, 0) + (keeps ? this.nobodys : 0));
    Lake lake = LAKE.lake();
    String column = table.equals("b") ? "other" : "text";
    assertThat(columns(raw)).containsExactly("id", column);
    assertThat(
            lake
                .rows("raw." + raw)
                .select("_position.major", "after.id", "after." + column)
                .collectAsList()
                .stream()
                .map(Object::toString))
        .as("seed %d", SEED)
        .containsExactlyInAnyOrderElementsOf(
            this.sent.get(table).stream()
                .map(lsn -> "[%d,%d,%s]".formatted(lsn, lsn, table + lsn))
                .toList());
  }

  private static List<String> columns(String raw) {
    return List.of(LAKE.lake().rows("raw." + raw).select("after.*").columns());
  }

  private static LandTable table(String raw, String table, LandSource source, boolean numbered) {
    Unnamed unnamed = table.equals("b") ? Unnamed.KEEP : Unnamed.SKIP;
    ChangeEvents.Registry registry = numbered ? new ChangeEvents.Registry("registry", "", 4) : null;
    return Models.source(raw, LandTable.Format.DEBEZIUM_AVRO, source, "shop")
        .with(new ChangeEvents(registry, false, "public." + table, unnamed));
  }

  private static Schema schema(String column) {
    return new Schema.Parser().parse(SCHEMA.formatted("shop." + column, column));
  }

  private static GenericRecord event(String table, long lsn) {
    Schema schema = SCHEMAS.get(table);
    Schema row = schema.getField("after").schema().getTypes().get(1);
    GenericRecord after =
        new GenericRecordBuilder(row)
            .set("id", lsn)
            .set(row.getFields().get(1).name(), table + lsn)
            .build();
    GenericRecord source =
        new GenericRecordBuilder(schema.getField("source").schema())
            .set("ts_ms", 1_772_323_200_000L + lsn)
            .set("db", "shop")
            .set("schema", "public")
            .set("table", table)
            .set("lsn", lsn)
            .build();
    return new GenericRecordBuilder(schema)
        .set("before", null)
        .set("after", after)
        .set("source", source)
        .set("op", "c")
        .build();
  }

  private static byte[] record(GenericRecord event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    int id = REGISTRY.register(event.getSchema().toString());
    out.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(event.getSchema()).write(event, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static RunContext context() {
    return Landing.context(LAKE.lake(), LAKE.folder(), "r1", KAFKA.servers(), REGISTRY.url());
  }
}
