package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.land.decode.RecordEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files that several tasks read. */
final class LinesTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void cutAtAnyByteEachRecordBelongsToOneSplit() throws IOException {
    String text = "one\n\ntwo and\r\nthree\nfour";
    Path file = TestLake.newFolder("input").resolve("a");
    Files.writeString(file, text);
    SourceFile source = new SourceFile("a", file.toUri().toString(), text.length(), 0);
    for (int cut = 1; cut < text.length(); cut++) {
      List<String> found = new ArrayList<>(records(new Split(source, 0, cut, 0)));
      found.addAll(records(new Split(source, cut, text.length(), 0)));
      assertThat(found)
          .as("cut at byte %d", cut)
          .containsExactly("0 one", "4 ", "5 two and", "14 three", "20 four");
    }
  }

  @Test
  void recordsOfACutFileKeepTheirNumbers() throws IOException {
    Path folder = Files.createDirectories(TestLake.newFolder("input").resolve("cut"));
    int lines = 9000;
    String fill = "x".repeat(1000);
    for (String name : List.of("a", "b")) {
      StringBuilder text = new StringBuilder();
      for (int i = 1; i <= lines; i++) {
        text.append("{\"n\":").append(i).append(",\"fill\":\"").append(fill).append("\"}\n");
      }
      Files.writeString(folder.resolve(name), text);
    }

    Landed landed =
        LandStep.run(
            Landing.context(LAKE.lake(), folder.getParent(), "r1"),
            Landing.documents("cut", "cut"));

    assertThat(landed).isEqualTo(new Landed("cut", 2, 2 * lines, 2 * lines, 0, 0, 0));
    Row sums =
        LAKE.lake()
            .rows("raw.cut")
            .selectExpr(
                "count(distinct _source_file, _source_row)",
                "count_if(get_json_object(after.document, '$.n') <> _source_row)")
            .head();
    assertThat(sums).hasToString("[" + 2 * lines + ",0]");
  }

  private static List<String> records(Split split) throws IOException {
    List<String> found = new ArrayList<>();
    try (Lines lines = new Lines(split, RecordEnd.LINE_FEED, new Configuration(false))) {
      while (lines.next()) {
        int length = lines.to() - lines.from();
        found.add(
            lines.offset()
                + " "
                + new String(lines.buffer(), lines.from(), length, StandardCharsets.UTF_8));
      }
    }
    return found;
  }
}
