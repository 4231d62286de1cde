package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.LandTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files without envelopes: documents and CSV. */
final class FilesTest {
  private static final String LOG =
      "{\"log_id\":7890,\"log_level\":\"ERROR\",\"message\":\"Failed to load product details\",\"timestamp\":\"2024-09-18T12:45:00Z\",\"product_id\":987,\"error_code\":\"500\",}";

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void documentsStayAsTheyAreAndBrokenOnesAreKeptByteForByte() throws IOException {
    Path input = TestLake.newFolder("input");
    byte[] broken = {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, (byte) 0x28, '"', '}'};
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write("{ \"a\" : 1.50,\t\"b\":\"ü\" }\r\n".getBytes(StandardCharsets.UTF_8));
    file.write((LOG + "\n\n").getBytes(StandardCharsets.UTF_8));
    file.write(broken);
    file.write("\n{\"last\":true}".getBytes(StandardCharsets.UTF_8));
    write(input.resolve("docs/a.jsonl"), file.toByteArray());

    Landed landed = land(input, Landing.documents("docs", "docs"));

    assertThat(landed).isEqualTo(new Landed("docs", 1, 4, 2, 0, 2, 0));
    assertThat(texts("select after.document, _source_row from raw.docs order by 2"))
        .containsExactly("[{ \"a\" : 1.50,\t\"b\":\"ü\" },1]", "[{\"last\":true},5]");
    List<Row> kept =
        rows(
            "select bytes, reason, row, `offset` from raw.quarantine where source_table = 'docs' order by row");
    assertThat((byte[]) kept.get(0).get(0)).isEqualTo(LOG.getBytes(StandardCharsets.UTF_8));
    assertThat(kept.get(0).getString(1))
        .isEqualTo(
            "Invalid JSON at byte 149: Unexpected character ('}' (code 125)): was expecting double-quote to start field name");
    assertThat((byte[]) kept.get(1).get(0)).isEqualTo(broken);
    assertThat(kept.get(1).getString(1)).isEqualTo("Invalid UTF-8 at byte 6");
    assertThat(kept.get(1).getLong(2)).isEqualTo(4);
    assertThat(kept.get(1).getLong(3)).isEqualTo(28 + LOG.length());
  }

  /** The byte that no text in UTF-8 holds is data like any other where records are cut. */
  @Test
  void theByteThatIsMinusOneEndsNoField() throws IOException {
    Path input = TestLake.newFolder("input");
    byte[] file = "id,note\n1,a?\n2,b\n3,?\n".getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < file.length; i++) {
      file[i] = file[i] == '?' ? (byte) 0xFF : file[i];
    }
    write(input.resolve("ff/a.csv"), file);
    List<Column> columns = List.of(column("id", "int"), column("note", "string"));

    Landed landed = land(input, Landing.csv("ff", "ff", columns, ""));

    assertThat(landed).isEqualTo(new Landed("ff", 1, 3, 1, 0, 2, 0));
    assertThat(texts("select after.id, _source_row from raw.ff")).containsExactly("[2,2]");
  }

  /** Stores know times by the second, and events without a number may be alike. */
  @Test
  void equalRecordsOfFilesOfOneTimeAreAllLanded() throws IOException {
    Path input = TestLake.newFolder("input");
    Path folder = Files.createDirectories(input.resolve("alike"));
    for (String name : List.of("a.json", "b.json")) {
      Files.writeString(folder.resolve(name), "{\"event\":\"click\"}\n");
      Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(1_772_323_200_000L));
    }
    LandTable table = Landing.documents("alike", "alike");

    assertThat(land(input, table).appended()).isEqualTo(2);
    assertThat(land(input, table)).isEqualTo(Landed.nothing("alike"));
    assertThat(texts("select count(distinct _position) from raw.alike")).containsExactly("[2]");
  }

  @Test
  void csvIsTypedStrictlyAndBadCellsAreNamed() throws IOException {
    Path input = TestLake.newFolder("input");
    List<Column> columns =
        List.of(
            column("id", "bigint"),
            column("price", "decimal(6,2)"),
            column("note", "string"),
            column("updated_at", "timestamp"));
    String text =
        """
        note,id,updated_at,price,extra
        "two
        lines, ""quoted""\",1,2026-03-01 10:00:00.5,1.5,x
        a "stray" quote,2,2026-03-01T10:00:01Z,-12.340,
        "",3,2026-03-01T12:00:00+02:00,,y
        bad price,4,2026-03-01 10:00:00,1.005,y
        short,5,2026-03-01 10:00:00
        no time,6,,1,y
        "open,7,2026-03-01 10:00:00,1,y
        """;
    write(input.resolve("csv/a.csv"), text.getBytes(StandardCharsets.UTF_8));
    write(input.resolve("csv/b.csv.gz"), gzip("id,price\n1,2\n"));
    write(
        input.resolve("csv/c.csv.gz"),
        gzip("ID,Price,updated_at,note\n8,2,2026-03-01 10:00:00,n\n"));

    Landed landed = land(input, Landing.csv("csv", "csv", columns, "updated_at"));

    assertThat(landed).isEqualTo(new Landed("csv", 3, 9, 4, 0, 5, 0));
    assertThat(
            texts(
                "select after.id, after.price, after.note, after.extra, _commit_time, _position.major from raw.csv order by 1"))
        .containsExactly(
            "[1,1.50,two\nlines, \"quoted\",x,2026-03-01 10:00:00.5,1772359200500000]",
            "[2,-12.34,a \"stray\" quote,null,2026-03-01 10:00:01.0,1772359201000000]",
            "[3,null,,y,2026-03-01 10:00:00.0,1772359200000000]",
            "[8,2.00,n,null,2026-03-01 10:00:00.0,1772359200000000]");
    assertThat(
            texts(
                "select reason from raw.quarantine where source_table = 'csv' order by file, row"))
        .containsExactly(
            "[Cannot land column price: 1.005 (decimal(6,2), exactly)]",
            "[Invalid number of fields: 3 (the header has 5)]",
            "[Missing value of column updated_at (the model needs it)]",
            "[Missing quote at the end of field 1]",
            "[Missing column note in the header: id, price]");
  }

  private static Landed land(Path input, LandTable table) {
    return LandStep.run(Landing.context(LAKE.lake(), input, "r1"), table);
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(Row::toString).toList();
  }

  private static List<Row> rows(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList();
  }

  private static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type).orElseThrow());
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
