package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.DocumentDecoder;
import io.veralake.land.files.DocumentRecords;
import io.veralake.spec.LandTable;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files of whole documents. */
final class JsonDocumentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void documentsAreFoundHoweverTheyAreLaidOut() throws IOException {
    long seed = Seed.of(25);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<String> expected = new ArrayList<>();
      StringBuilder text = new StringBuilder(random.nextInt(5) == 0 ? "\uFEFF" : "");
      for (int part = random.nextInt(4); part >= 0; part--) {
        boolean array = random.nextBoolean();
        text.append(blank(random)).append(array ? "[" : "");
        int documents = random.nextInt(4);
        for (int i = 0; i < documents; i++) {
          ObjectNode document = object(random, 3);
          String written =
              random.nextBoolean()
                  ? document.toString()
                  : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
          expected.add(written);
          text.append(blank(random)).append(written).append(blank(random));
          text.append(array && i < documents - 1 ? "," : "");
        }
        text.append(array ? "]" : "").append(blank(random));
      }
      assertThat(read(text.toString(), random))
          .as("seed %d round %d", seed, round)
          .isEqualTo(expected);
    }
  }

  @Test
  void whatIsNoDocumentIsKeptAndTheNextOneIsRead() throws IOException {
    String text =
        "[{\"a\":1,},{\"b\":2}, 3,\n{\"c\":\"x\ny\"},, [1,{}] {\"d\":[{}]}, ] {\"e\":5} \"t] \" {\"f\":\"\\\"}\"} [ {\"g\":1}";
    assertThat(read(text, new Random(1)))
        .containsExactly(
            "{\"a\":1,} Invalid JSON at byte 7: Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
            "{\"b\":2}",
            "3 Invalid document (a JSON object)",
            "{\"c\":\"x\ny\"} Invalid JSON at byte 7: Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value",
            ", Invalid JSON: , in place of a document",
            "[1,{}] Invalid document (a JSON object)",
            "{\"d\":[{}]}",
            "] Invalid JSON: ] in place of a document",
            "{\"e\":5}",
            "\"t] \" Invalid document (a JSON object)",
            "{\"f\":\"\\\"}\"}",
            "{\"g\":1}",
            " Missing end of the array: the file ends too early (send it again, whole)");
  }

  @Test
  void filesOfMongoexportLandUnchanged() throws IOException {
    Path input = TestLake.newFolder("input");
    String one =
        "{\"_id\":{\"$oid\":\"5f1b0e3c9d1e8a0001c0ffee\"},\"n\":{\"$numberLong\":\"9007199254740993\"},\"at\":{\"$date\":\"2024-09-18T14:15:00.123Z\"},\"p\":{\"$numberDecimal\":\"1.10\"}}";
    String two = "{\"_id\":{\"$oid\":\"5f1b0e3c9d1e8a0001c0ffef\"},\"t\":\"ü\"}";
    put(
        input,
        "array/export.json",
        ("[" + one + ",\n" + two + "]\n").getBytes(StandardCharsets.UTF_8));
    put(input, "lines/export.json", (one + "\n" + two + "\n").getBytes(StandardCharsets.UTF_8));
    put(
        input,
        "packed/export",
        Zstd.compress(("[" + one + ",\n" + two + "]\n").getBytes(StandardCharsets.UTF_8)));

    for (String table : List.of("array", "packed")) {
      assertThat(land(input, table, LandTable.Format.JSON))
          .isEqualTo(new Landed(table, 1, 2, 2, 0, 0, 0));
    }
    assertThat(land(input, "lines", LandTable.Format.JSON_LINES))
        .isEqualTo(new Landed("lines", 1, 2, 2, 0, 0, 0));

    for (String table : List.of("array", "lines", "packed")) {
      assertThat(texts("select after.document from raw." + table + " order by _source_row"))
          .containsExactly("[" + one + "]", "[" + two + "]");
    }
  }

  @Test
  void aFileThatEndsTooEarlySaysSo() throws IOException {
    Path input = TestLake.newFolder("input");
    put(input, "early/a.json", "[{\"a\":1},\n".getBytes(StandardCharsets.UTF_8));
    put(input, "early/b.json", "[{\"b\":1},\n{\"b\":".getBytes(StandardCharsets.UTF_8));

    assertThat(land(input, "early", LandTable.Format.JSON))
        .isEqualTo(new Landed("early", 2, 5, 2, 0, 3, 0));

    assertThat(
            texts(
                "select reason from raw.quarantine where source_table = 'early' order by file, row"))
        .containsExactly(
            "[Missing end of the array: the file ends too early (send it again, whole)]",
            "[Invalid JSON at byte 5: Unexpected end-of-input within/between Object entries]",
            "[Missing end of the array: the file ends too early (send it again, whole)]");
  }

  /** The documents, or what is there in place of one with the reason. */
  private static List<String> read(String text, Random random) throws IOException {
    List<String> found = new ArrayList<>();
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    // In pieces of any length, as a store sends them.
    InputStream pieces =
        new FilterInputStream(in) {
          @Override
          public int read(byte[] into, int from, int room) throws IOException {
            return super.read(into, from, Math.min(room, 1 + random.nextInt(20)));
          }
        };
    try (DocumentRecords records = new DocumentRecords(pieces, new DocumentDecoder())) {
      while (records.next()) {
        try {
          Object document = records.read().after()[0];
          found.add(String.valueOf(document));
        } catch (BadRecordException e) {
          found.add(new String(records.bytes(), StandardCharsets.UTF_8) + " " + e.getMessage());
        }
      }
    }
    return found;
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = "k" + i + (random.nextBoolean() ? "\"\\{" : "");
      switch (random.nextInt(depth > 0 ? 5 : 3)) {
        case 0 -> object.put(name, random.nextInt());
        case 1 -> object.put(name, "[]{}\\\",\n\u00fc" + random.nextInt(9));
        case 2 -> object.putNull(name);
        case 3 -> object.set(name, object(random, depth - 1));
        default -> {
          ArrayNode array = object.putArray(name);
          array.add(object(random, depth - 1)).add("]").add(1);
        }
      }
    }
    return object;
  }

  private static String blank(Random random) {
    return List.of("", " ", "\n", "\r\n\t", "\n\n").get(random.nextInt(5));
  }

  private static void put(Path input, String name, byte[] bytes) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static Landed land(Path input, String name, LandTable.Format format) {
    return LandStep.run(
        Landing.context(LAKE.lake(), input, "r1"), Models.files(name, format, name, "documents"));
  }

  private static List<String> texts(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
