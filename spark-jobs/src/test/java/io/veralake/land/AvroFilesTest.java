package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows in Avro object container files. */
final class AvroFilesTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static final Schema NUMBERS =
      record("{'name':'n','type':'long'},{'name':'t','type':'string'}");

  @Test
  void eachLogicalTypeLandsExactly() throws IOException {
    Path input = TestLake.newFolder("input");
    String fields =
        """
        {'name':'b','type':'boolean'},{'name':'i','type':['null','int']},{'name':'l','type':['long','null']},
        {'name':'f','type':'float'},{'name':'d','type':'double'},{'name':'raw','type':'bytes'},
        {'name':'e','type':{'type':'enum','name':'E','symbols':['A','B']}},
        {'name':'day','type':{'type':'int','logicalType':'date'}},
        {'name':'t3','type':{'type':'int','logicalType':'time-millis'}},
        {'name':'t6','type':{'type':'long','logicalType':'time-micros'}},
        {'name':'ms','type':{'type':'long','logicalType':'timestamp-millis'}},
        {'name':'us','type':{'type':'long','logicalType':'timestamp-micros'}},
        {'name':'ns','type':{'type':'long','logicalType':'timestamp-nanos'}},
        {'name':'lms','type':{'type':'long','logicalType':'local-timestamp-millis'}},
        {'name':'dec','type':{'type':'bytes','logicalType':'decimal','precision':20,'scale':4}},
        {'name':'big','type':{'type':'bytes','logicalType':'decimal','precision':50,'scale':2}},
        {'name':'any','type':{'type':'bytes','logicalType':'big-decimal'}},
        {'name':'u','type':{'type':'string','logicalType':'uuid'}},
        {'name':'u16','type':{'type':'fixed','name':'U','size':16,'logicalType':'uuid'}},
        {'name':'dur','type':{'type':'fixed','name':'D','size':12,'logicalType':'duration'}},
        {'name':'list','type':{'type':'array','items':['null','int']}},
        {'name':'map','type':{'type':'map','values':'long'}},
        {'name':'sub','type':{'type':'record','name':'S','fields':[{'name':'x','type':['null','string']},{'name':'y','type':'int'}]}},
        {'name':'num','type':['null','int','long']},
        {'name':'nothing','type':'null'}
        """;
    Schema schema = record(fields);
    ByteBuffer duration = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    duration.putInt(1).putInt(-1).putInt(1500);
    GenericRecord row = new GenericData.Record(schema);
    row.put("b", true);
    row.put("l", Long.MIN_VALUE);
    row.put("f", 0.1f);
    row.put("d", Double.NEGATIVE_INFINITY);
    row.put("raw", ByteBuffer.wrap(new byte[] {0, -1}));
    row.put("e", new GenericData.EnumSymbol(schema.getField("e").schema(), "B"));
    row.put("day", -719162);
    row.put("t3", 86_399_999);
    row.put("t6", 1L);
    row.put("ms", -1L);
    row.put("us", 253402300799999999L);
    row.put("ns", 1_000L);
    row.put("lms", 0L);
    row.put("dec", ByteBuffer.wrap(new BigInteger("-12345678901234567890").toByteArray()));
    row.put("big", ByteBuffer.wrap(new BigInteger("9".repeat(50)).toByteArray()));
    row.put("any", bigDecimal(new BigDecimal("1.50")));
    row.put("u", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    row.put(
        "u16",
        fixed(schema, "u16", new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
    row.put("dur", fixed(schema, "dur", duration.array()));
    row.put("list", Arrays.asList(1, null, 3));
    row.put("map", Map.of("k", 7L));
    GenericRecord sub = new GenericData.Record(schema.getField("sub").schema());
    sub.put("y", 5);
    row.put("sub", sub);
    row.put("num", 12);
    write(input.resolve("all/a.avro"), schema, CodecFactory.nullCodec(), List.of(row));

    assertThat(land(input, "all", "r1")).isEqualTo(new Landed("all", 1, 1, 1, 0, 0, 0));

    assertThat(texts("select after.* from raw.all"))
        .containsExactly(
            "[true,null,-9223372036854775808,0.1,-Infinity,00ff,B,0001-01-01,23:59:59.999,00:00:00.000001,"
                + "1969-12-31 23:59:59.999,9999-12-31 23:59:59.999999,1970-01-01 00:00:00.000001,1970-01-01T00:00,"
                + "-1234567890123456.7890,"
                + "9".repeat(48)
                + ".99,1.50,f81d4fae-7dec-11d0-a765-00a0c91e6bf6,"
                + "00010203-0405-0607-0809-0a0b0c0d0e0f,P1M4294967295DT1.500S,[1, null, 3],[[k,7]],[null,5],12]");
  }

  @Test
  void whatCannotBeHeldIsKeptAsItsDatumAndReplayed() throws IOException {
    Path input = TestLake.newFolder("input");
    Schema schema =
        record(
            "{'name':'n','type':'long'},{'name':'at','type':{'type':'long','logicalType':'timestamp-nanos'}},"
                + "{'name':'u','type':['null','string','int']}");
    write(
        input.resolve("odd/a.avro"),
        schema,
        CodecFactory.deflateCodec(5),
        List.of(
            row(schema, 1L, 1L, null), row(schema, 2L, 1000L, 3), row(schema, 3L, 1000L, null)));

    assertThat(land(input, "odd", "r1")).isEqualTo(new Landed("odd", 1, 3, 1, 0, 2, 0));
    List<Row> kept =
        rows(
            "select reason, bytes, context, row from raw.quarantine where source_table = 'odd' order by row");
    assertThat(kept.get(0).getString(0))
        .isEqualTo("Cannot land column at: 1 nanoseconds (whole microseconds)");
    assertThat((byte[]) kept.get(0).get(1)).containsExactly(2, 2, 0);
    assertThat(kept.get(1).getString(0))
        .isEqualTo(
            "Cannot land column u: a union of null and string and int (one type beside null, or number types)");
    assertThat((byte[]) kept.get(1).get(1)).containsExactly(4, 0xD0, 0x0F, 4, 6);
    assertThat(
            new Schema.Parser()
                .parse(new String((byte[]) kept.get(1).get(2), StandardCharsets.UTF_8)))
        .isEqualTo(schema);

    List<Landed> replayed = ReplayStep.run(context(input, "r2"), List.of(table("odd")));
    assertThat(replayed).containsExactly(new Landed("odd", 0, 2, 0, 0, 2, 0));
  }

  @Test
  void columnsAreAddedAndWidened() throws IOException {
    Path input = TestLake.newFolder("input");
    Schema first =
        record(
            "{'name':'n','type':'int'},{'name':'s','type':{'type':'record','name':'S','fields':[{'name':'a','type':'int'}]}}");
    Schema next =
        record(
            "{'name':'s','type':{'type':'record','name':'S','fields':[{'name':'b','type':'string'},{'name':'a','type':'long'}]}},"
                + "{'name':'n','type':'long'},{'name':'new','type':'string'}");
    write(
        input.resolve("grow/a.avro"),
        first,
        CodecFactory.nullCodec(),
        List.of(row(first, 1, row(first.getField("s").schema(), 10))));
    assertThat(land(input, "grow", "r1").appended()).isEqualTo(1);
    write(
        input.resolve("grow/b.avro"),
        next,
        CodecFactory.nullCodec(),
        List.of(row(next, row(next.getField("s").schema(), "b", 20L), 1L << 40, "x")));
    assertThat(land(input, "grow", "r2").appended()).isEqualTo(1);

    assertThat(texts("select after.n, after.s.a, after.s.b, after.new from raw.grow order by 1"))
        .containsExactly("[1,10,null,null]", "[1099511627776,20,b,x]");
  }

  @Test
  void behindABrokenBlockTheNextOneIsRead() throws IOException {
    for (String codec : List.of("null", "deflate", "snappy", "zstandard", "bzip2")) {
      Path input = TestLake.newFolder("input");
      String table = "broken_" + codec;
      byte[] whole = blocks(CodecFactory.fromString(codec), 6, 100);
      byte[] marker = Arrays.copyOfRange(whole, whole.length - 16, whole.length);
      // A byte in the middle of the third block.
      int third = find(whole, marker, find(whole, marker, find(whole, marker, 0) + 16) + 16) + 16;
      byte[] bent = whole.clone();
      bent[third + 30] ^= 0x55;
      bent[third + 31] ^= 0x55;
      byte[] cut = Arrays.copyOf(whole, whole.length - 20);
      // Other times: equal rows at one place of two files of one time would be one row.
      put(input, table + "/bent.avro", bent, 1);
      put(input, table + "/cut.avro", cut, 2);
      put(input, table + "/none.avro", "no container".getBytes(StandardCharsets.UTF_8), 3);
      put(input, table + "/whole.avro", whole, 4);

      Landed landed = land(input, table, "r1");

      assertThat(landed.files()).isEqualTo(4);
      assertThat(landed.quarantined()).as(codec).isBetween(2L, 3L);
      assertThat(
              rows("select count(*) from raw." + table + " where _source_file like '%cut.avro'")
                  .get(0)
                  .getLong(0))
          .isEqualTo(500);
      assertThat(
              rows("select count(distinct after.n), count_if(after.n <> _source_row) from raw."
                      + table
                      + " where _source_file like '%bent.avro'")
                  .get(0)
                  .toString())
          .as(codec)
          .matches("\\[(5\\d\\d|600),[0-9]+\\]");
      assertThat(
              rows("select count(*), count_if(after.n <> _source_row) from raw."
                      + table
                      + " where _source_file like '%whole.avro'")
                  .get(0))
          .hasToString("[600,0]");
      byte[] none =
          rows("select bytes from raw.quarantine where file like '%none.avro' and source_table = '"
                  + table
                  + "'")
              .get(0)
              .getAs(0);
      assertThat(new String(none, StandardCharsets.UTF_8)).isEqualTo("no container");
    }
  }

  @Test
  void cutAnywhereEachRecordIsReadOnce() throws IOException {
    Path file = TestLake.newFolder("input").resolve("a.avro");
    Files.write(file, blocks(CodecFactory.deflateCodec(1), 4, 3));
    long size = Files.size(file);
    SourceFile source = new SourceFile("a", file.toUri().toString(), size, 0);
    Format format = new Format(table("cuts"));
    var hadoop = new org.apache.hadoop.conf.Configuration(false);
    var type =
        io.veralake.land.files.AvroRows.rowType(NUMBERS.toString().getBytes(StandardCharsets.UTF_8))
            .orElseThrow();
    for (long cut = 1; cut < size; cut++) {
      Split a = new Split(source, 0, cut, 0);
      Split b = new Split(source, cut, size, format.glance(a, hadoop).records());
      RowMaker maker =
          new RowMaker(
              table("cuts"),
              Protected.of(
                  table("cuts"),
                  context(file.getParent(), "r").engine().privacy(),
                  List.of(type),
                  type),
              new RenamedRows(table("cuts"), List.of(type), type),
              "b",
              0);
      StringBuilder found = new StringBuilder();
      new Records(List.of(a, b), format, maker, hadoop)
          .forEachRemaining(
              row ->
                  found
                      .append(row.getStruct(3, 2).getLong(0))
                      .append(row.getLong(10) == row.getStruct(3, 2).getLong(0) ? " " : "! "));
      assertThat(found.toString()).as("cut at %d", cut).isEqualTo("1 2 3 4 5 6 7 8 9 10 11 12 ");
    }
  }

  private static void put(Path input, String name, byte[] bytes, long modified) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }

  /** A file of some blocks of the numbers from 1. */
  private static byte[] blocks(CodecFactory codec, int blocks, int each) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(NUMBERS))
            .setCodec(codec)
            .create(NUMBERS, out)) {
      for (long n = 1; n <= (long) blocks * each; n++) {
        writer.append(row(NUMBERS, n, "text " + n * 7919));
        if (n % each == 0) {
          writer.sync();
        }
      }
    }
    return out.toByteArray();
  }

  private static int find(byte[] in, byte[] what, int from) {
    for (int i = from; ; i++) {
      if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
  }

  private static ByteBuffer bigDecimal(BigDecimal value) {
    byte[] unscaled = value.unscaledValue().toByteArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(unscaled.length << 1);
    out.writeBytes(unscaled);
    out.write(value.scale() << 1);
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static GenericData.Fixed fixed(Schema schema, String field, byte[] bytes) {
    return new GenericData.Fixed(schema.getField(field).schema(), bytes);
  }

  private static Schema record(String fields) {
    String text = "{'type':'record','name':'R','fields':[" + fields + "]}";
    return new Schema.Parser().parse(text.replace('\'', '"'));
  }

  private static GenericRecord row(Schema schema, Object... values) {
    GenericRecord row = new GenericData.Record(schema);
    for (int i = 0; i < values.length; i++) {
      row.put(i, values[i]);
    }
    return row;
  }

  private static void write(Path file, Schema schema, CodecFactory codec, List<GenericRecord> rows)
      throws IOException {
    Files.createDirectories(file.getParent());
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))
            .setCodec(codec)
            .create(schema, file.toFile())) {
      for (GenericRecord row : rows) {
        writer.append(row);
      }
    }
  }

  private static LandTable table(String name) {
    return Models.files(name, LandTable.Format.AVRO, name, "erp");
  }

  private static RunContext context(Path input, String run) {
    return Landing.context(LAKE.lake(), input, run);
  }

  private static Landed land(Path input, String name, String run) {
    return LandStep.run(context(input, run), table(name));
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(AvroFilesTest::text).toList();
  }

  private static String text(Row row) {
    return row.toString()
        .replaceAll("\\[B@\\w+", hex(row))
        .replaceAll("ArraySeq\\(([^)]*)\\)", "[$1]");
  }

  private static String hex(Row row) {
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i) instanceof byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
      }
    }
    return "";
  }

  private static List<Row> rows(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList();
  }
}
