package io.veralake.lake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unhex;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.spec.ColumnType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Spark and an independent program compute the documented hashes. */
final class HashVectorsTest {
  @Test
  void sparkComputesThem() throws IOException {
    List<HashVectors.Vector> vectors = HashVectors.read();
    assertThat(vectors).hasSizeGreaterThan(300);
    for (String algorithm : HashVectors.ALGORITHMS) {
      List<Column> found = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (HashVectors.Vector vector : vectors) {
        HashText hash = new HashText(vector.rules(algorithm));
        List<HashText.Part> parts = vector.values().stream().map(HashVectorsTest::part).toList();
        Column computed =
            switch (vector.hash()) {
              case "key" -> hash.key(parts);
              case "difference" -> hash.difference(parts);
              default -> hash.deletion();
            };
        found.add(coalesce(computed, lit("null")));
        String hex = vector.hashes().get(HashVectors.ALGORITHMS.indexOf(algorithm));
        expected.add(vector.rules() + " " + vector.values() + " " + hex);
      }
      Row row = TestLake.session().range(1).select(found.toArray(Column[]::new)).first();
      assertThat(
              IntStream.range(0, row.size())
                  .mapToObj(
                      i ->
                          vectors.get(i).rules() + " " + vectors.get(i).values() + " " + row.get(i))
                  .toList())
          .as(algorithm)
          .isEqualTo(expected);
    }
  }

  @Test
  void pythonComputesThem() throws Exception {
    Process python =
        new ProcessBuilder("python3", "../docs/hash-text.py", HashVectors.FILE.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(python.waitFor()).as(printed).isZero();
    assertThat(printed).isEqualTo(Files.readString(HashVectors.FILE));
  }

  private static HashText.Part part(HashVectors.Value value) {
    Column literal = lit(value.text());
    Column typed =
        value.type().kind() == ColumnType.Kind.BINARY && value.text() != null
            ? unhex(literal)
            : literal.cast(value.type().sql());
    return new HashText.Part(value.name(), value.type(), typed);
  }
}
