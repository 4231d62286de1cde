package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Documents that say themselves when they were changed. */
final class DocumentOrderTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void placeAndTimesComeFromTheDocumentsAndRepeatsAreDropped() throws IOException {
    Path input = TestLake.newFolder("input");
    Path folder = Files.createDirectories(input.resolve("docs"));
    LandTable table =
        new LandTable(
            "docs",
            LandTable.Format.JSON_LINES,
            new LandSource.Folder("docs"),
            "documents",
            ValueOrigin.constant("documents"),
            List.of("$.id"),
            List.of(),
            List.of("$.at as epoch-millis", "$.v as bigint"),
            ValueOrigin.column("$.at as epoch-millis"),
            ValueOrigin.column("$.day as date"),
            CsvDialect.DEFAULT);
    Files.writeString(
        folder.resolve("1.json"),
        """
        {"id":1,"at":1000,"v":2,"day":"1970-01-02"}
        {"id":2,"v":2,"day":"1970-01-02"}
        """);
    assertThat(LandStep.run(Landing.context(LAKE.lake(), input, "r1"), table))
        .isEqualTo(new Landed("docs", 1, 2, 1, 0, 1, 0));
    Files.writeString(
        folder.resolve("2.json"),
        """
        {"id":1,"at":1000,"v":2,"day":"1970-01-02"}
        {"id":1,"at":500,"v":7,"day":"1970-01-03"}
        """);
    assertThat(LandStep.run(Landing.context(LAKE.lake(), input, "r2"), table))
        .isEqualTo(new Landed("docs", 1, 2, 1, 1, 0, 0));

    assertThat(
            texts(
                "select _position, _commit_time, _load_time from raw.docs order by _position.major"))
        .containsExactly(
            "[[500000,7,0],1970-01-01 00:00:00.5,1970-01-03 00:00:00.0]",
            "[[1000000,2,0],1970-01-01 00:00:01.0,1970-01-02 00:00:00.0]");
    assertThat(texts("select reason from raw.quarantine"))
        .containsExactly("[Invalid value at $.at: missing (the model needs it)]");
  }

  private static List<String> texts(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
