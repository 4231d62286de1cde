package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestPostgres;
import io.veralake.lake.RunContext;
import io.veralake.spec.DumpMode;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is promised for all formats, where they differ: renamed columns, replay. */
final class FormatPromisesIT {
  private static final String ROW =
      "{\"type\":\"record\",\"name\":\"Value\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"%s\",\"type\":[\"null\",\"string\"]}]}";
  private static final String EVENT =
      """
      {"type":"record","name":"Envelope","fields":[{"name":"before","type":["null",%s]},{"name":"after","type":["null","Value"]},
      {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"ts_ms","type":"long"},{"name":"lsn","type":"long"}]}},
      {"name":"op","type":"string"}]}""";
  private static final Map<String, List<String>> RENAMED = Map.of("phone", List.of("tel"));

  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();

  private final Path input = TestLake.newFolder("renamed");

  @Test
  void rowsInAvro() throws IOException {
    this.renamed("avro_rows", LandTable.Format.AVRO);
  }

  @Test
  void changeEventsInAvro() throws IOException {
    this.renamed("avro_events", LandTable.Format.DEBEZIUM_AVRO);
  }

  private void renamed(String name, LandTable.Format format) throws IOException {
    LandTable before = Models.files(name, format, name, "shop");
    this.write(name, format, "tel", 1);
    this.land(before);
    LandTable after = before.with(RENAMED);
    this.write(name, format, "phone", 2);
    this.land(after);
    this.write(name, format, "tel", 3);
    this.land(after);

    assertThat(rows("SELECT after.* FROM raw." + name + " ORDER BY 1"))
        .containsExactly("[1,tel1]", "[2,phone2]", "[3,tel3]");
    assertThat(LAKE.lake().rows("raw." + name).select("after.*").columns())
        .containsExactly("id", "phone");
  }

  /** The rows are the same under both names: the full dump after it stores and deletes nothing. */
  @Test
  void rowsOfADatabase() throws SQLException {
    try (Shelf shelf = Shelf.of(POSTGRES, "people")) {
      shelf.insert(0, 20);
      LandTable before =
          Dumping.table("people", List.of("id"), Dumping.jdbc("people", new DumpMode.Full(50)));
      assertThat(this.land(before).appended()).isEqualTo(20);
      shelf.run("alter table people rename column note to phone");
      LandTable after = before.with(Map.of("phone", List.of("note")));

      Landed landed = this.land(after);
      assertThat(landed.appended()).isZero();
      assertThat(landed.absent()).isZero();
      shelf.run("update people set phone = 'new' where id = 3");
      assertThat(this.land(after).appended()).isOne();
      assertThat(LAKE.lake().rows("raw.people").select("after.*").columns())
          .containsExactly("id", "n", "phone");
      assertThat(DumpedRows.current(LAKE.lake(), "people")).hasSize(20).containsEntry(3L, "3|new");
    }
  }

  /** A row that didn't fit the declared type is kept, and lands from there once it fits. */
  @Test
  void replayOfARowOfADatabase() throws SQLException {
    try (Shelf shelf = Shelf.of(POSTGRES, "prices")) {
      shelf.run("alter table prices add price numeric");
      shelf.run("insert into prices values (1, 1, 'a', 1.5), (2, 2, 'b', 12345.5), (3, 3, 'c', 2)");
      LandSource source = Dumping.jdbc("prices", new DumpMode.Full(50));
      LandTable narrow = Dumping.table("prices", List.of("id"), source, "price decimal(3,1)");
      LandTable wide = Dumping.table("prices", List.of("id"), source, "price decimal(8,1)");
      Landed first = this.land(narrow);
      assertThat(first.appended()).isEqualTo(2);
      assertThat(first.quarantined()).isOne();

      Landed replayed = ReplayStep.run(this.context(), List.of(wide)).get(0);
      assertThat(replayed.appended()).isOne();
      assertThat(rows("SELECT after.id, after.price FROM raw.prices ORDER BY 1"))
          .containsExactly("[1,1.5]", "[2,12345.5]", "[3,2.0]");
      // As if it had landed with the others: one moment, nothing new with the next dump.
      assertThat(rows("SELECT count(DISTINCT _commit_time) FROM raw.prices"))
          .containsExactly("[1]");
      Landed next = this.land(wide);
      assertThat(next.appended()).isZero();
      assertThat(next.absent()).isZero();
    }
  }

  @Test
  void replayOfDocumentsInFiles() throws IOException {
    Path folder = Files.createDirectories(this.input.resolve("documents"));
    Files.writeString(
        folder.resolve("1.json"), "[{\"id\":1,\"t\":1772359200},\n {\"id\":2,\"t\":\"never\"}]");
    LandTable wrong = documents("documents", "$.t as timestamp");
    LandTable right = documents("documents", "$.t as epoch-seconds");
    assertThat(this.land(wrong)).isEqualTo(new Landed("documents", 1, 2, 0, 0, 2, 0));

    assertThat(ReplayStep.run(this.context(), List.of(right)))
        .containsExactly(new Landed("documents", 0, 2, 1, 0, 1, 0));
    LandTable direct = documents("direct", "$.t as epoch-seconds");
    assertThat(this.land(direct).appended()).isOne();
    String sql = "SELECT * EXCEPT (_batch) FROM raw.";
    assertThat(rows(sql + "documents")).hasSize(1).isEqualTo(rows(sql + "direct"));
    assertThat(
            rows("SELECT CAST(bytes AS string) FROM raw.quarantine WHERE source_table = 'direct'"))
        .containsExactly("[{\"id\":2,\"t\":\"never\"}]");
  }

  private static LandTable documents(String name, String time) {
    LandTable table = Models.files(name, LandTable.Format.JSON, "documents", "web");
    return new LandTable(
        table.name(),
        table.format(),
        table.source(),
        table.system(),
        table.recordSource(),
        table.key(),
        table.columns(),
        table.orderBy(),
        ValueOrigin.column(time),
        table.loadTime(),
        table.csv());
  }

  private void write(String name, LandTable.Format format, String column, long id)
      throws IOException {
    boolean event = format == LandTable.Format.DEBEZIUM_AVRO;
    String row = ROW.formatted(column);
    Schema schema = new Schema.Parser().parse(event ? EVENT.formatted(row) : row);
    Schema value = event ? schema.getField("after").schema().getTypes().get(1) : schema;
    GenericRecord after =
        new GenericRecordBuilder(value).set("id", id).set(column, column + id).build();
    Path file = Files.createDirectories(this.input.resolve(name)).resolve(id + ".avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))
            .create(schema, file.toFile())) {
      writer.append(event ? event(schema, after, id) : after);
    }
  }

  private static GenericRecord event(Schema schema, GenericRecord after, long id) {
    GenericRecord source =
        new GenericRecordBuilder(schema.getField("source").schema())
            .set("ts_ms", 1_772_323_200_000L)
            .set("lsn", id)
            .build();
    return new GenericRecordBuilder(schema)
        .set("before", null)
        .set("after", after)
        .set("source", source)
        .set("op", "c")
        .build();
  }

  private Landed land(LandTable table) {
    return LandStep.run(this.context(), table);
  }

  private RunContext context() {
    return Landing.context(LAKE.lake(), this.input, "r1", Dumping.postgres(POSTGRES));
  }

  private static List<String> rows(String sql) {
    String catalog = LAKE.lake().catalog();
    return LAKE.lake().spark().sql(sql.replace("raw.", catalog + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
