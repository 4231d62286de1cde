package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.decode.EnvelopeDecoder;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LandStepTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private final Path input = TestLake.newFolder("input");

  @Test
  void missingFolderSaysWhatToDo() {
    assertThatThrownBy(() -> this.land("missing"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing folder of raw.missing: "
                + this.input
                + "/missing (create it, or correct path of the land model or veralake.input; an empty folder is fine)");
  }

  @Test
  void emptyFolderIsFine() throws IOException {
    Files.createDirectories(this.input.resolve("none"));
    assertThat(this.land("none")).isEqualTo(Landed.nothing("none"));
  }

  @Test
  void columnsAreAddedAndWidenedAndWhatDoesNotFitIsQuarantined() throws IOException {
    String first = Envelopes.schema("id int32", "f float", "n " + Envelopes.decimal(4, 2));
    String second =
        Envelopes.schema("id int64", "f double", "n " + Envelopes.decimal(12, 2), "more string");
    String third = Envelopes.schema("id string", "f double");
    this.offer(
        "wide",
        "1.json",
        Envelopes.line(first, "c", "null", "{\"id\":1,\"f\":0.5,\"n\":\"AQ==\"}", 1, 1));
    this.land("wide");
    this.offer(
        "wide",
        "2.json",
        Envelopes.line(third, "c", "null", "{\"id\":\"x\",\"f\":1}", 2, 1),
        Envelopes.line(third, "c", "null", "{\"id\":null,\"f\":1}", 3, 1),
        Envelopes.line(
            second,
            "c",
            "null",
            "{\"id\":5000000000,\"f\":1e300,\"n\":\"SZYC0g==\",\"more\":\"m\"}",
            4,
            1));

    Landed landed = this.land("wide");
    assertThat(texts("select after.* from raw.wide order by _position.major"))
        .containsExactly(
            "[1,0.5,0.01,null]", "[null,1.0,null,null]", "[5000000000,1.0E300,12345678.90,m]");
    assertThat(texts("select reason from raw.quarantine where source_table = 'wide'"))
        .containsExactly("[Cannot land column id: its type is STRING (the table holds BIGINT)]");
    assertThat(landed).isEqualTo(new Landed("wide", 1, 3, 2, 0, 1, 0));
  }

  @Test
  void onlyFilesAtTheBatchsPositionsAreSearchedForDuplicates() throws IOException {
    String schema = Envelopes.schema("id int32");
    for (int lsn = 1; lsn <= 3; lsn++) {
      this.offer("search", lsn + ".json", row(schema, lsn * 100L));
      this.land("search");
    }
    // Whoever looks into the second file of the table now fails.
    for (Row file : rows("select file_path from raw.search.files where record_count > 0")) {
      Path data = Path.of(file.getString(0).replace("file:", ""));
      if (this.holds(data, 200)) {
        Files.delete(data);
      }
    }
    this.offer("search", "4.json", row(schema, 100), row(schema, 300), row(schema, 400));

    assertThat(this.land("search")).isEqualTo(new Landed("search", 1, 3, 1, 2, 0, 0));
  }

  @Test
  void aFileIsReadAgainIfItsSizeOrTimeIsAnotherOne() throws IOException {
    String schema = Envelopes.schema("id int32");
    this.offer("anew", "1.json", row(schema, 1));
    this.land("anew");
    Path file = this.input.resolve("anew/1.json");
    FileTime time = Files.getLastModifiedTime(file);
    this.offer("anew", "1.json", row(schema, 1), row(schema, 2));
    Files.setLastModifiedTime(file, time);
    assertThat(this.land("anew")).isEqualTo(new Landed("anew", 1, 2, 1, 1, 0, 0));
    this.offer("anew", "1.json", row(schema, 3), row(schema, 2));
    Files.setLastModifiedTime(file, time);
    assertThat(this.land("anew")).isEqualTo(Landed.nothing("anew"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1000));
    assertThat(this.land("anew")).isEqualTo(new Landed("anew", 1, 2, 1, 1, 0, 0));
  }

  @Test
  void ofEqualRecordsThatOfTheFirstFileStays() throws IOException {
    String schema = Envelopes.schema("id int32");
    this.offer("first", "b.json", row(schema, 1), row(schema, 2));
    this.offer("first", "a.json", row(schema, 3), row(schema, 2), row(schema, 2), row(schema, 1));
    assertThat(this.land("first")).isEqualTo(new Landed("first", 2, 6, 3, 3, 0, 0));
    assertThat(
            texts("select after.id, right(_source_file, 6), _source_row from raw.first order by 1"))
        .containsExactly("[1,a.json,4]", "[2,a.json,2]", "[3,a.json,1]");
  }

  @Test
  void ofEqualRecordsThatOfTheFirstFileStaysInWhateverOrderTheyCome() throws Exception {
    Files.createDirectories(this.input.resolve("any"));
    RunContext context = Landing.context(LAKE.lake(), this.input, "r1");
    LandTable table = Landing.debezium("any", "any");
    LandStep step = new LandStep(context, table, move -> {});
    RowMaker maker = step.ready(List.of(new StructType().add("id", "int")));
    StructType rowType = maker.rowType();
    byte[] line = row(Envelopes.schema("id int32"), 1).getBytes(StandardCharsets.UTF_8);
    List<InternalRow> rows = new ArrayList<>();
    for (String place : List.of("b 1", "a 7", "a 5", "c 1")) {
      String url = place.substring(0, 1);
      rows.add(
          maker.row(
              new EnvelopeDecoder(rowType).decode(line, 0, line.length),
              new RowMaker.Place(
                  new SourceFile(url, url, 1, 1),
                  UTF8String.fromString(url),
                  0,
                  Long.parseLong(place.substring(2)),
                  0)));
    }
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(TestLake.session().sparkContext());
    try (Batch batch = Batch.of(TestLake.session(), rowType, spark.parallelize(rows, 2))) {
      step.land(batch, Feed.of(context, table));
    }
    assertThat(texts("select _source_file, _source_row from raw.any")).containsExactly("[a,5]");
  }

  @Test
  void lateRecordsDoNotPutTheTableBackInTime() throws IOException {
    String schema = Envelopes.schema("id int32");
    for (long lsn : List.of(500L, 7L)) {
      this.offer("late", lsn + ".json", row(schema, lsn));
      this.land("late");
    }
    assertThat(LAKE.lake().positions("raw.late").value(LandStep.HIGH_COMMIT_TIME))
        .hasValue(Long.toString((1_772_323_200_000L + 500) * 1000));
  }

  @Test
  void aSmallLandingTakesTwoSparkJobsAndOneMoreIfItHasBadRecords() throws Exception {
    String schema = Envelopes.schema("id int32");
    for (int i = 1; i <= 2; i++) {
      this.offer("jobs", i + ".json", row(schema, i));
      assertThat(this.jobs("jobs")).isEqualTo(2);
      this.offer("jobs", i + "b.json", row(schema, 10 + i), "{");
      assertThat(this.jobs("jobs")).isEqualTo(3);
    }
  }

  private int jobs(String table) throws TimeoutException {
    SparkContext spark = TestLake.session().sparkContext();
    String group = "count " + UUID.randomUUID();
    spark.setJobGroup(group, group, false);
    try {
      this.land(table);
    } finally {
      spark.clearJobGroup();
    }
    spark.listenerBus().waitUntilEmpty();
    return spark.statusTracker().getJobIdsForGroup(group).length;
  }

  @Test
  void samePlaceWithOtherContentIsKept() throws IOException {
    String schema = Envelopes.schema("id int32", "a string");
    this.offer(
        "other",
        "1.json",
        Envelopes.line(schema, "c", "null", "{\"id\":1,\"a\":null}", 1, 1),
        Envelopes.line(schema, "c", "null", "{\"id\":null,\"a\":\"1\"}", 1, 1),
        Envelopes.line(
            schema, "c", "null", "{\"id\":1,\"a\":\"__debezium_unavailable_value\"}", 1, 1),
        Envelopes.line(schema, "r", "null", "{\"id\":1,\"a\":null}", 1, 1));
    assertThat(this.land("other").appended()).isEqualTo(4);
  }

  @Test
  void brokenGzipKeepsWhatCouldBeReadAndSaysSo() throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (java.util.zip.GZIPOutputStream zip = new java.util.zip.GZIPOutputStream(bytes)) {
      java.util.Random random = new java.util.Random(1);
      for (int i = 0; i < 2000; i++) {
        zip.write(("{\"n\":" + random.nextLong() + "}\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    Path folder = Files.createDirectories(this.input.resolve("zip"));
    Files.write(folder.resolve("a.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    Files.write(folder.resolve("b.gz"), new byte[] {1, 2, 3});

    Landed landed =
        LandStep.run(
            Landing.context(LAKE.lake(), this.input, "r1"), Landing.documents("zip", "zip"));

    assertThat(landed.quarantined()).isEqualTo(2);
    assertThat(landed.appended()).isGreaterThan(800).isLessThan(1200);
    assertThat(texts("select reason from raw.quarantine where source_table = 'zip' order by file"))
        .containsExactly(
            "[Cannot decompress the file from here on: Unexpected end of ZLIB input stream (send it again, whole)]",
            "[Cannot decompress the file from here on: Not in GZIP format (send it again, whole)]");
  }

  @Test
  void quarantinedRecordsAreReplayedOnceTheyFit() throws IOException {
    String good = Envelopes.schema("id int32");
    String text = Envelopes.schema("id string");
    this.offer("again", "1.json", row(good, 1));
    this.land("again");
    this.offer(
        "again",
        "2.json",
        Envelopes.line(text, "c", "null", "{\"id\":\"x\"}", 2, 1),
        Envelopes.line(good, "q", "null", "{\"id\":7}", 3, 1));
    assertThat(this.land("again").quarantined()).isEqualTo(2);
    Lake lake = LAKE.lake();
    var context = Landing.context(lake, this.input, "r2");
    var tables = List.of(Landing.debezium("again", "again"));
    assertThat(ReplayStep.run(context, tables))
        .containsExactly(new Landed("again", 0, 2, 0, 0, 2, 0));
    // The operator makes room for texts.
    lake.spark().sql("DROP TABLE " + lake.sqlName("raw.again"));
    assertThat(ReplayStep.run(context, tables))
        .containsExactly(new Landed("again", 0, 2, 1, 0, 1, 0));
    assertThat(ReplayStep.run(context, tables))
        .containsExactly(new Landed("again", 0, 1, 0, 0, 1, 0));
    assertThat(texts("select after.id, _source_row, _batch from raw.again"))
        .containsExactly("[x,1,r2]");
    assertThat(texts("select count(*) from raw.quarantine where source_table = 'again'"))
        .containsExactly("[2]");
  }

  private boolean holds(Path data, long major) {
    return TestLake.session()
            .read()
            .parquet(data.toString())
            .where("_position.major = " + major)
            .count()
        > 0;
  }

  private static String row(String schema, long lsn) {
    return Envelopes.line(schema, "c", "null", "{\"id\":" + lsn + "}", lsn, 1);
  }

  private Landed land(String table) {
    return LandStep.run(
        Landing.context(LAKE.lake(), this.input, "r1"), Landing.debezium(table, table));
  }

  private void offer(String table, String name, String... lines) throws IOException {
    Path folder = Files.createDirectories(this.input.resolve(table));
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(Row::toString).toList();
  }

  private static List<Row> rows(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList();
  }
}
