package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.FileRules;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Delimited text as other systems write it. */
final class CsvDialectsTest {
  private static final char NONE = CsvDialect.NONE;

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void anyTableInAnyDialectAndEncodingLandsAsItWasWritten() throws IOException {
    long seed = Seed.of(24);
    Random random = new Random(seed);
    Path input = TestLake.newFolder("input");
    for (int round = 0; round < 6; round++) {
      String encoding =
          List.of("UTF-8", "UTF-16LE", "UTF-16BE", "ISO-8859-15", "windows-1252")
              .get(random.nextInt(5));
      CsvDialect dialect =
          new CsvDialect(
              ",;\t|".charAt(random.nextInt(4)),
              "\"'".charAt(random.nextInt(2)),
              random.nextBoolean() ? '\\' : NONE,
              random.nextBoolean() ? '#' : NONE,
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextBoolean() ? "" : "\\N",
              random.nextBoolean() ? Map.of("a", "The \u00e4 column", "b", "B") : Map.of(),
              '.',
              NONE,
              "",
              "");
      List<List<String>> rows = new ArrayList<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        rows.add(List.of(field(random), field(random), field(random)));
      }
      String name = "t" + round;
      byte[] mark =
          random.nextBoolean() ? "\uFEFF".getBytes(Charset.forName(encoding)) : new byte[0];
      String text = written(rows, dialect, random);
      byte[] body = text.getBytes(Charset.forName(encoding));
      byte[] file = new byte[(encoding.startsWith("UTF") ? mark.length : 0) + body.length];
      System.arraycopy(mark, 0, file, 0, file.length - body.length);
      System.arraycopy(body, 0, file, file.length - body.length, body.length);
      write(input.resolve(name + "/f.csv"), file);

      Landed landed =
          land(
              input,
              table(name, encoding, dialect, TestModel.columns("a string", "b string", "c string")),
              "r1");

      String where =
          "seed " + seed + " round " + round + " " + encoding + " " + dialect + "\n" + text;
      assertThat(landed.quarantined()).as(where).isZero();
      List<List<String>> found = new ArrayList<>();
      for (Row row :
          rows("select after.a, after.b, after.c from raw." + name + " order by _source_row")) {
        found.add(List.of(told(row.getString(0)), told(row.getString(1)), told(row.getString(2))));
      }
      assertThat(found).as(where).isEqualTo(rows);
    }
  }

  @Test
  void numbersAndDatesOfAPlaceAreReadAsDeclared() throws IOException {
    Path input = TestLake.newFolder("input");
    CsvDialect dialect =
        new CsvDialect(
            ';',
            '"',
            NONE,
            NONE,
            true,
            false,
            "",
            Map.of("net", "Betrag (netto)"),
            ',',
            '.',
            "dd.MM.yyyy",
            "dd.MM.yyyy HH:mm");
    String text =
        "Betrag (netto);n;day;at\r\n"
            + "1.234.567,80;1.000;29.02.2024;01.03.2026 23:59\r\n"
            + "-0,5;12;01.01.0001;31.12.2026 00:00\r\n"
            + "1.5;1;01.01.2026;01.01.2026 00:00\r\n"
            + "1,5;1;29.02.2023;01.01.2026 00:00\r\n"
            + "1,5;1;2026-01-01;01.01.2026 00:00\r\n"
            + "1,5;1\r\n";
    write(input.resolve("german/a.csv"), text.getBytes(StandardCharsets.ISO_8859_1));
    List<Column> columns =
        TestModel.columns("net decimal(12,2)", "n int", "day date", "at timestamp");

    assertThat(land(input, table("german", "ISO-8859-1", dialect, columns), "r1"))
        .isEqualTo(new Landed("german", 1, 6, 2, 0, 4, 0));

    assertThat(texts("select after.* from raw.german order by _source_row"))
        .containsExactly(
            "[1234567.80,1000,2024-02-29,2026-03-01 23:59:00.0]",
            "[-0.50,12,0001-01-01,2026-12-31 00:00:00.0]");
    assertThat(
            texts("select reason from raw.quarantine where source_table = 'german' order by row"))
        .containsExactly(
            "[Cannot land column net: 1.5 (a number with , before its decimals)]",
            "[Cannot land column day: 29.02.2023 (a date as dd.MM.yyyy)]",
            "[Cannot land column day: 2026-01-01 (a date as dd.MM.yyyy)]",
            "[Invalid number of fields: 2 (the header has 4)]");
  }

  @Test
  void bytesThatAreNotInTheEncodingAreKeptAndReplayedByTheRightOne() throws IOException {
    Path input = TestLake.newFolder("input");
    byte[] text = "gr\u00f6\u00dfe\n\u20ac 5\nok\n".getBytes(Charset.forName("ISO-8859-15"));
    write(input.resolve("codes/a.csv"), text);
    List<Column> columns = TestModel.columns("a string");
    CsvDialect dialect =
        new CsvDialect(',', '"', NONE, NONE, false, false, "", Map.of(), '.', NONE, "", "");

    assertThat(land(input, table("codes", "UTF-8", dialect, columns), "r1"))
        .isEqualTo(new Landed("codes", 1, 3, 1, 0, 2, 0));
    assertThat(
            texts(
                "select reason, row, `offset` from raw.quarantine where source_table = 'codes' order by row"))
        .containsExactly("[Invalid UTF-8 at byte 2,1,0]", "[Invalid UTF-8 at byte 0,2,6]");

    LandTable right = table("codes", "ISO-8859-15", dialect, columns);
    assertThat(ReplayStep.run(Landing.context(LAKE.lake(), input, "r2"), List.of(right)))
        .containsExactly(new Landed("codes", 0, 2, 2, 0, 0, 0));
    assertThat(texts("select after.a from raw.codes order by _source_row"))
        .containsExactly("[gr\u00f6\u00dfe]", "[\u20ac 5]", "[ok]");
  }

  @Test
  void aByteOrderMarkOfAnotherEncodingIsRefused() throws IOException {
    Path input = TestLake.newFolder("input");
    write(input.resolve("marked/a.csv"), "\uFEFFa\n1\n".getBytes(StandardCharsets.UTF_16LE));

    LandTable table = table("marked", "UTF-8", CsvDialect.DEFAULT, TestModel.columns("a string"));
    assertThat(land(input, table, "r1")).isEqualTo(new Landed("marked", 1, 1, 0, 0, 1, 0));

    Row kept =
        rows("select reason, bytes from raw.quarantine where source_table = 'marked'").get(0);
    assertThat(kept.getString(0))
        .isEqualTo(
            "Invalid encoding of the file: its byte order mark says UTF-16LE (the model says UTF-8)");
    assertThat((byte[]) kept.getAs(1))
        .isEqualTo("\uFEFFa\n1\n".getBytes(StandardCharsets.UTF_16LE));
  }

  private static String field(Random random) {
    int length = random.nextInt(6);
    if (length == 5) {
      return told(null);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          List.of(
                  "a", "\u00e4", ",", ";", "\t", "|", "\"", "'", "\\", "#", "\n", "\r\n", " ",
                  "\\N")
              .get(random.nextInt(14)));
    }
    return text.toString();
  }

  private static String told(String value) {
    return value == null ? "<null>" : value;
  }

  /** A slow, obvious writer of the dialect. */
  private static String written(List<List<String>> rows, CsvDialect dialect, Random random) {
    StringBuilder out = new StringBuilder();
    if (dialect.header()) {
      List<String> names = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        names.add(quoted(dialect.headers().getOrDefault(name, name), dialect));
      }
      line(out, names, dialect);
    }
    for (List<String> row : rows) {
      if (dialect.comment() != NONE && random.nextInt(4) == 0) {
        out.append(dialect.comment()).append(" a \"comment' \\\n");
      }
      if (random.nextInt(5) == 0) {
        out.append("\r\n");
      }
      List<String> fields = new ArrayList<>();
      for (String field : row) {
        fields.add(field.equals("<null>") ? dialect.nullText() : quoted(field, dialect));
      }
      line(out, fields, dialect);
    }
    return out.toString();
  }

  private static void line(StringBuilder out, List<String> fields, CsvDialect dialect) {
    String delimiter = String.valueOf(dialect.delimiter());
    out.append(String.join(delimiter, fields)).append(dialect.trailingDelimiter() ? delimiter : "");
    out.append("\r\n");
  }

  private static String quoted(String field, CsvDialect dialect) {
    String quote = String.valueOf(dialect.quote());
    String inside =
        dialect.escape() == NONE
            ? field.replace(quote, quote + quote)
            : field.replace("\\", "\\\\").replace(quote, "\\" + quote);
    return quote + inside + quote;
  }

  private static LandTable table(
      String name, String encoding, CsvDialect dialect, List<Column> columns) {
    return new LandTable(
        name,
        LandTable.Format.CSV,
        new LandSource.Folder(name, FileRules.DEFAULT, encoding),
        "erp",
        ValueOrigin.constant("erp"),
        List.of(),
        columns,
        List.of(),
        ValueOrigin.SOURCE,
        ValueOrigin.RUN,
        dialect);
  }

  private static Landed land(Path input, LandTable table, String run) {
    return LandStep.run(Landing.context(LAKE.lake(), input, run), table);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(Row::toString).toList();
  }

  private static List<Row> rows(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList();
  }
}
