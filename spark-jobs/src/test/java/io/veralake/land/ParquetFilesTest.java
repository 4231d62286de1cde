package io.veralake.land;

import static org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit.NANOS;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT96;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows in Parquet files. */
final class ParquetFilesTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void whatSparkWritesLandsAsSparkReadsIt() throws IOException {
    Path input = TestLake.newFolder("input");
    Dataset<Row> rows =
        LAKE.lake()
            .spark()
            .sql(
                """
                SELECT id, int(id) n, IF(id % 7 = 0, null, string(id)) t, float(id / 3) f, double(id / 7) d, id % 2 = 0 b,
                  decimal(id) / 8 dec, CAST(id * 12345678901 AS decimal(38,6)) wide, date_add(DATE'1500-01-01', int(id * 37)) day,
                  timestamp_micros(id * 987654321) at, CAST(timestamp_micros(id * 1001) AS timestamp_ntz) local,
                  CAST(string(id) AS binary) bytes, array(id, null, id + 1) list, array(struct(id AS x, string(id) AS y)) structs,
                  named_struct('a', id, 'b', array(named_struct('c', string(id)))) nested, IF(id % 3 = 0, null, array()) empty
                FROM range(20000)
                """);
    rows.coalesce(1)
        .write()
        .option("parquet.block.size", 200_000)
        .option("compression", "zstd")
        .parquet(input.resolve("spark").toString());

    assertThat(land(input, "spark", "r1")).isEqualTo(new Landed("spark", 1, 20000, 20000, 0, 0, 0));

    Dataset<Row> landed = LAKE.lake().rows("raw.spark").select("after.*");
    Dataset<Row> written = LAKE.lake().spark().read().parquet(input.resolve("spark").toString());
    assertThat(landed.columns()).isEqualTo(written.columns());
    assertThat(landed.exceptAll(written).count()).isZero();
    assertThat(LAKE.lake().rows("raw.spark").where("after.id + 1 <> _source_row").count()).isZero();
  }

  @Test
  void typesThatSparkDoesNotWriteLandExactlyOrAreRefused() throws IOException {
    Path input = TestLake.newFolder("input");
    MessageType schema =
        Types.buildMessage()
            .optional(INT32)
            .as(LogicalTypeAnnotation.intType(32, false))
            .named("u32")
            .optional(INT64)
            .as(LogicalTypeAnnotation.intType(64, false))
            .named("u64")
            .optional(INT64)
            .as(LogicalTypeAnnotation.timeType(true, NANOS))
            .named("clock")
            .optional(INT64)
            .as(LogicalTypeAnnotation.timestampType(true, NANOS))
            .named("ns")
            .optional(FIXED_LEN_BYTE_ARRAY)
            .length(16)
            .as(LogicalTypeAnnotation.uuidType())
            .named("u")
            .optional(FIXED_LEN_BYTE_ARRAY)
            .length(2)
            .as(LogicalTypeAnnotation.float16Type())
            .named("half")
            .optional(INT96)
            .named("old")
            .optional(INT96)
            .named("old_utc")
            .optional(BINARY)
            .named("Bare Text")
            .repeated(INT32)
            .named("many")
            .named("r");
    write(
        input.resolve("odd/a.parquet"),
        schema,
        row -> {
          row.add("u32", -1);
          row.add("u64", -1L);
          row.add("clock", 1L);
          row.add("ns", 1_000L);
          row.add("u", Binary.fromConstantByteArray(new byte[16]));
          row.add("half", Binary.fromConstantByteArray(new byte[] {0, (byte) 0xC1}));
          row.add("old_utc", new NanoTime(2_440_589, 1_000L));
          row.add("Bare Text", "ü");
          row.add("many", 1);
          row.add("many", 2);
        },
        row -> row.add("ns", 1L),
        row -> row.add("old", new NanoTime(2_440_589, 0L)));
    LandTable table =
        table("odd", new Column("old_utc", ColumnType.parse("timestamp").orElseThrow()));

    assertThat(LandStep.run(context(input, "r1"), table))
        .isEqualTo(new Landed("odd", 1, 3, 1, 0, 2, 0));

    assertThat(
            texts(
                "select after.old_utc, after.u32, after.u64, after.clock, after.ns, after.u, after.half, hex(after.`Bare Text`), after.many from raw.odd where after.u32 is not null"))
        .containsExactly(
            "[1970-01-02 00:00:00.000001,4294967295,18446744073709551615,00:00:00.000000001,1970-01-01 00:00:00.000001,"
                + "00000000-0000-0000-0000-000000000000,-2.5,C3BC,[1, 2]]");
    List<Row> kept =
        rows("select reason, bytes from raw.quarantine where source_table = 'odd' order by row");
    assertThat(kept.stream().map(row -> row.getString(0)))
        .containsExactly(
            "Cannot land column ns: 1 nanoseconds (whole microseconds)",
            "Cannot land column old: a time of 96 bits (declare the column as timestamp to take it as UTC)");
    // A Parquet file of its own, which any tool reads.
    Path one = input.resolve("one.parquet");
    Files.write(one, (byte[]) kept.get(1).getAs(1));
    assertThat(LAKE.lake().spark().read().schema("old timestamp").parquet(one.toString()).head())
        .hasToString("[1970-01-02 00:00:00.0]");

    LandTable corrected =
        table(
            "odd",
            new Column("old_utc", ColumnType.parse("timestamp").orElseThrow()),
            new Column("old", ColumnType.parse("timestamp").orElseThrow()));
    assertThat(ReplayStep.run(context(input, "r2"), List.of(corrected)))
        .containsExactly(new Landed("odd", 0, 2, 1, 0, 1, 0));
    assertThat(texts("select after.old, _source_row from raw.odd order by 2"))
        .containsExactly("[null,1]", "[1970-01-02 00:00:00.0,3]");
  }

  @Test
  void columnsAreAddedAndWidened() throws IOException {
    Path input = TestLake.newFolder("input");
    select("named_struct('a', 1) s, int(1) n", input.resolve("grow/1"));
    assertThat(land(input, "grow", "r1").appended()).isEqualTo(1);
    select(
        "1099511627776L n, named_struct('b', 'x', 'a', 2L) s, 'new' more", input.resolve("grow/2"));
    assertThat(land(input, "grow", "r2").appended()).isEqualTo(1);
    select("'no number' n", input.resolve("grow/3"));
    assertThat(land(input, "grow", "r3")).isEqualTo(new Landed("grow", 1, 1, 0, 0, 1, 0));

    assertThat(texts("select after.n, after.s.a, after.s.b, after.more from raw.grow order by 1"))
        .containsExactly("[1,1,null,null]", "[1099511627776,2,x,new]");
    assertThat(texts("select reason from raw.quarantine where source_table = 'grow'"))
        .containsExactly("[Cannot land column n: its type is STRING (the table holds BIGINT)]");
  }

  @Test
  void whatIsBrokenIsKeptAndTheOtherRowGroupsLand() throws IOException {
    Path input = TestLake.newFolder("input");
    LAKE.lake()
        .spark()
        .sql("select id, repeat(md5(string(id)), 20) t from range(6000)")
        .coalesce(1)
        .write()
        .option("parquet.block.size", 50_000)
        .option("parquet.page.size", 10_000)
        .option("compression", "gzip")
        .parquet(input.resolve("whole").toString());
    byte[] whole;
    try (Stream<Path> files = Files.list(input.resolve("whole"))) {
      whole =
          Files.readAllBytes(
              files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
    byte[] bent = whole.clone();
    for (int i = 0; i < 200; i++) {
      bent[whole.length / 2 + i] ^= 0x5A;
    }
    put(input, "broken/bent.parquet", bent, 1000);
    put(input, "broken/cut.parquet", java.util.Arrays.copyOf(whole, whole.length - 7), 2000);
    put(input, "broken/none.parquet", "none".getBytes(StandardCharsets.UTF_8), 3000);

    Landed landed = land(input, "broken", "r1");

    assertThat(landed.quarantined()).isEqualTo(3);
    assertThat(landed.appended()).isBetween(3000L, 5999L);
    assertThat(
            rows("select count_if(after.id + 1 <> _source_row), max(after.id) from raw.broken")
                .get(0))
        .hasToString("[0,5999]");
    List<Row> kept =
        rows(
            "select reason, bytes from raw.quarantine where source_table = 'broken' order by file");
    assertThat(kept.get(0).getString(0))
        .startsWith("Cannot decode rows ")
        .endsWith("(send the file again, whole)");
    assertThat(kept.get(1).getString(0)).startsWith("Invalid Parquet file: ");
    assertThat((byte[]) kept.get(1).getAs(1)).hasSize(whole.length - 7);
    assertThat((byte[]) kept.get(2).getAs(1)).isEqualTo("none".getBytes(StandardCharsets.UTF_8));
    assertThat(ReplayStep.run(context(input, "r2"), List.of(table("broken"))))
        .containsExactly(new Landed("broken", 0, 3, 0, 0, 3, 0));
  }

  private static void select(String columns, Path folder) {
    LAKE.lake().spark().sql("select " + columns).coalesce(1).write().parquet(folder.toString());
  }

  @SafeVarargs
  private static void write(Path file, MessageType schema, Consumer<Group>... rows)
      throws IOException {
    Files.createDirectories(file.getParent());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
      for (Consumer<Group> fill : rows) {
        Group row = new SimpleGroup(schema);
        fill.accept(row);
        writer.write(row);
      }
    }
  }

  private static void put(Path input, String name, byte[] bytes, long modified) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }

  private static LandTable table(String name, Column... columns) {
    LandTable table = Models.files(name, LandTable.Format.PARQUET, name, "erp");
    return Landing.columns(table, List.of(columns));
  }

  private static RunContext context(Path input, String run) {
    return Landing.context(LAKE.lake(), input, run);
  }

  private static Landed land(Path input, String name, String run) {
    return LandStep.run(context(input, run), table(name));
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream()
        .map(row -> row.toString().replaceAll("ArraySeq\\(([^)]*)\\)", "[$1]"))
        .toList();
  }

  private static List<Row> rows(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList();
  }
}
