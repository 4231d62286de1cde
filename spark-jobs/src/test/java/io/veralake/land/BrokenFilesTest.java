package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.land.decode.CarefulDecoder;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Container files broken anywhere between good ones: what can be read lands, the rest is told and
 * kept, everything adds up and the night goes on.
 */
final class BrokenFilesTest {
  private static final long SEED = Seed.of(28);
  private static final int FILES = Integer.getInteger("veralake.fuzz.files", 200);
  private static final int RECORDS = 40;
  private static final Schema ROW =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Row","fields":[{"name":"id","type":"long"},{"name":"a","type":["null","string"]},
              {"name":"n","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}},{"name":"list","type":{"type":"array","items":"int"}}]}""");
  private static final Schema EVENT =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Envelope","fields":[{"name":"before","type":["null",{"type":"record","name":"Value","fields":
              [{"name":"id","type":"long"},{"name":"a","type":["null","string"]}]}]},{"name":"after","type":["null","Value"]},
              {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"ts_ms","type":"long"},{"name":"lsn","type":"long"}]}},
              {"name":"op","type":"string"}]}""");

  private static final MessageType COLUMNS =
      MessageTypeParser.parseMessageType(
          "message row { required int64 id; optional binary a (STRING); }");

  @RegisterExtension static final TestLake LAKE = new TestLake();

  private final Random random = new Random(SEED);
  private final Path input = TestLake.newFolder("broken");

  @Test
  void avro() throws IOException {
    this.lands("avro_rows", LandTable.Format.AVRO, "after.id");
  }

  @Test
  void changeEventsInAvro() throws IOException {
    this.lands("avro_events", LandTable.Format.DEBEZIUM_AVRO, "after.id");
  }

  @Test
  void parquet() throws IOException {
    this.lands("parquet_rows", LandTable.Format.PARQUET, "after.id");
  }

  private void lands(String name, LandTable.Format format, String id) throws IOException {
    Path folder = Files.createDirectories(this.input.resolve(name));
    Set<Long> good = new HashSet<>();
    for (int file = 0; file < FILES; file++) {
      byte[] bytes = this.file(format, file);
      boolean whole = file % 10 == 0;
      if (whole) {
        for (int i = 0; i < RECORDS; i++) {
          good.add((long) file * RECORDS + i);
        }
      }
      Files.write(folder.resolve(file + ".bin"), whole ? bytes : this.broken(bytes));
    }
    LandTable table = Models.files(name, format, name, "erp");
    Landed landed = LandStep.run(Landing.context(LAKE.lake(), this.input, "r1"), table);

    assertThat(landed.files()).isEqualTo(FILES);
    assertThat(landed.appended() + landed.duplicate() + landed.quarantined())
        .as("seed %d", SEED)
        .isEqualTo(landed.read());
    assertThat(landed.quarantined()).as("seed %d", SEED).isGreaterThan(FILES / 4);
    List<Row> rows =
        LAKE.lake()
            .rows("raw." + name)
            .selectExpr(id, "_source_file", "_source_row", "after.a")
            .collectAsList();
    assertThat(rows).hasSize((int) landed.appended());
    Set<Long> there = new HashSet<>();
    for (Row row : rows) {
      String file = row.getString(1).replaceAll(".*/|\\.bin", "");
      boolean whole = Integer.parseInt(file) % 10 == 0;
      if (whole) {
        assertThat(row.getLong(0))
            .as("seed %d", SEED)
            .isEqualTo(Integer.parseInt(file) * (long) RECORDS + row.getLong(2) - 1);
        assertThat(row.getString(3)).as("seed %d", SEED).isEqualTo("a" + row.getLong(0));
        assertThat(there.add(row.getLong(0))).as("seed %d", SEED).isTrue();
      }
    }
    assertThat(there).as("seed %d", SEED).isEqualTo(good);
    for (Row kept :
        LAKE.lake()
            .rows("raw.quarantine")
            .where("source_table = '" + name + "'")
            .select("reason", "file")
            .collectAsList()) {
      assertThat(kept.getString(0))
          .as("seed %d, %s", SEED, kept.getString(1))
          .isNotBlank()
          .doesNotStartWith(CarefulDecoder.REASON);
      assertThat(kept.getString(1)).as("seed %d", SEED).doesNotEndWith("0.bin");
    }
    assertThat(LandStep.run(Landing.context(LAKE.lake(), this.input, "r2"), table))
        .isEqualTo(Landed.nothing(name));
  }

  private byte[] file(LandTable.Format format, int file) throws IOException {
    Path written = this.input.resolve("written");
    long first = (long) file * RECORDS;
    if (format == LandTable.Format.PARQUET) {
      return parquet(written, first);
    }
    Schema schema = format == LandTable.Format.AVRO ? ROW : EVENT;
    CodecFactory codec = file % 2 == 0 ? CodecFactory.nullCodec() : CodecFactory.deflateCodec(6);
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))
            .setCodec(codec)
            .setSyncInterval(200)
            .create(schema, written.toFile())) {
      for (long id = first; id < first + RECORDS; id++) {
        writer.append(schema == ROW ? row(id) : event(id));
      }
    }
    return Files.readAllBytes(written);
  }

  private static byte[] parquet(Path written, long first) throws IOException {
    Files.deleteIfExists(written);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(written)).withType(COLUMNS).build()) {
      for (long id = first; id < first + RECORDS; id++) {
        Group row = new SimpleGroup(COLUMNS);
        row.add("id", id);
        row.add("a", "a" + id);
        writer.write(row);
      }
    }
    return Files.readAllBytes(written);
  }

  private static GenericRecord row(long id) {
    return new GenericRecordBuilder(ROW)
        .set("id", id)
        .set("a", "a" + id)
        .set("n", ByteBuffer.wrap(new byte[] {1, 2}))
        .set("list", List.of(1, 2, 3))
        .build();
  }

  private static GenericRecord event(long id) {
    Schema value = EVENT.getField("after").schema().getTypes().get(1);
    return new GenericRecordBuilder(EVENT)
        .set("before", null)
        .set("after", new GenericRecordBuilder(value).set("id", id).set("a", "a" + id).build())
        .set(
            "source",
            new GenericRecordBuilder(EVENT.getField("source").schema())
                .set("ts_ms", 1_772_323_200_000L)
                .set("lsn", id)
                .build())
        .set("op", "c")
        .build();
  }

  private byte[] broken(byte[] bytes) {
    int at = this.random.nextInt(bytes.length);
    return switch (this.random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> Arrays.copyOfRange(bytes, at, bytes.length);
      case 2 -> this.noise(this.random.nextInt(2000));
      case 3 -> this.overwritten(bytes, at, 1 + this.random.nextInt(8));
      case 4 -> this.overwritten(bytes, at, 1);
      default -> joined(bytes, this.noise(1 + this.random.nextInt(50)), at);
    };
  }

  private byte[] overwritten(byte[] bytes, int at, int count) {
    byte[] broken = bytes.clone();
    for (int i = at; i < Math.min(at + count, broken.length); i++) {
      broken[i] ^= (byte) (1 + this.random.nextInt(255));
    }
    return broken;
  }

  private static byte[] joined(byte[] bytes, byte[] noise, int at) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + noise.length);
    System.arraycopy(noise, 0, joined, at, noise.length);
    System.arraycopy(bytes, at, joined, at + noise.length, bytes.length - at);
    return joined;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    this.random.nextBytes(noise);
    return noise;
  }
}
