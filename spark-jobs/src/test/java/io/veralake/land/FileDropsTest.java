package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.LandTable;
import io.veralake.spec.ModelReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The folders that NiFi, Talend and Fivetran fill, by the models of {@code examples/drops}. */
final class FileDropsTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "drops").toAbsolutePath();
  private static final String UUID = "0f7f7f0a-3a0e-4c0e-9b61-7a4f8a3c9d";

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void whatTheyDropIsLandedOnce() throws IOException {
    Path input = TestLake.newFolder("input");
    copy(EXAMPLE.resolve("data"), input);
    nifi(input.resolve("nifi").resolve(UUID + "01"), 1, 2);
    nifi(input.resolve("nifi").resolve("." + UUID + "02"), 3);
    fivetran(
        input,
        1,
        "(1, 'Ada', false, timestamp'2026-03-01 10:00:00'), (2, 'Bob', false, timestamp'2026-03-01 10:00:00')");
    aDayAgo(input);
    Map<String, LandTable> tables = new TreeMap<>();
    ModelReader.read(EXAMPLE.resolve("conf"), "local", Map.of())
        .model()
        .land()
        .forEach(table -> tables.put(table.name(), table));

    assertThat(tables.values().stream().map(table -> land(input, table, "r1")))
        .containsExactly(
            new Landed("fivetran_contacts", 1, 2, 2, 0, 0, 0),
            new Landed("nifi_documents", 1, 2, 2, 0, 0, 0),
            new Landed("nifi_events", 1, 2, 2, 0, 0, 0),
            new Landed("talend_orders", 1, 3, 3, 0, 0, 0));

    // NiFi renames its second file. Fivetran rewrites Ada's row, which didn't change, beside a new
    // one.
    Files.move(
        input.resolve("nifi").resolve("." + UUID + "02"),
        input.resolve("nifi").resolve(UUID + "02"));
    fivetran(
        input,
        2,
        "(1, 'Ada', false, timestamp'2026-03-01 10:00:00'), (2, 'Bob', true, timestamp'2026-03-02 10:00:00')");
    aDayAgo(input);
    assertThat(tables.values().stream().map(table -> land(input, table, "r2")))
        .containsExactly(
            new Landed("fivetran_contacts", 1, 2, 1, 1, 0, 0),
            Landed.nothing("nifi_documents"),
            new Landed("nifi_events", 1, 1, 1, 0, 0, 0),
            Landed.nothing("talend_orders"));

    assertThat(texts("select after.* from raw.talend_orders order by 1"))
        .containsExactly(
            "[1,Fran\u00e7ois \u20ac,12.50,2024-02-29]",
            "[2,Zo\u00eb,1000.00,2026-03-01]",
            "[3,\"quote\",7.10,2026-12-31]");
    assertThat(texts("select after.document from raw.nifi_documents order by _source_row"))
        .containsExactly("[{\"event\":\"view\",\"id\":1}]", "[{\"event\":\"cart\",\n  \"id\":2}]");
    assertThat(texts("select after.id, after.at from raw.nifi_events order by 1"))
        .containsExactly(
            "[1,1970-01-01 00:00:01.0]", "[2,1970-01-01 00:00:02.0]", "[3,1970-01-01 00:00:03.0]");
    assertThat(
            texts(
                "select after.id, after.name, after._fivetran_deleted from raw.fivetran_contacts order by after.id, _position.major"))
        .containsExactly("[1,Ada,false]", "[2,Bob,false]", "[2,Bob,true]");
  }

  private static void nifi(Path file, long... ids) throws IOException {
    Schema schema =
        SchemaBuilder.record("nifiRecord")
            .namespace("org.apache.nifi")
            .fields()
            .optionalLong("id")
            .name("at")
            .type(
                org.apache.avro.LogicalTypes.timestampMillis()
                    .addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .endRecord();
    Files.createDirectories(file.getParent());
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))
            .create(schema, file.toFile())) {
      for (long id : ids) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("id", id);
        row.put("at", id * 1000);
        writer.append(row);
      }
    }
  }

  private static void fivetran(Path input, int number, String rows) throws IOException {
    Path written = TestLake.newFolder("written").resolve("p");
    LAKE.lake()
        .spark()
        .sql(
            "select bigint(id) id, name, _fivetran_deleted, _fivetran_synced from values "
                + rows
                + " t(id, name, _fivetran_deleted, _fivetran_synced)")
        .coalesce(1)
        .write()
        .parquet(written.toString());
    Path folder = Files.createDirectories(input.resolve("fivetran/crm/contact/data"));
    try (Stream<Path> files = Files.list(written)) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.copy(file, folder.resolve("part-" + number + ".parquet"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  /** Gives the files one time, so that none of them looks as if it had changed. */
  private static void aDayAgo(Path input) throws IOException {
    FileTime time = FileTime.from(Models.asOf().minus(Duration.ofDays(1)));
    try (Stream<Path> files = Files.walk(input)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  private static Landed land(Path input, LandTable table, String run) {
    return LandStep.run(Landing.context(LAKE.lake(), input, run), table);
  }

  private static List<String> texts(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
