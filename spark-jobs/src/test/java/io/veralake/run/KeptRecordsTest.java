package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.LandStep;
import io.veralake.land.ReplayStep;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.spark.Spark3Util;
import org.junit.jupiter.api.Test;

final class KeptRecordsTest {
  private static final LandTable WRONG = Models.csv("stock", "stock", "id int", "level int");
  private static final LandTable RIGHT = Models.csv("stock", "stock", "id int", "level bigint");

  private final Lake lake = TestLake.fresh();
  private final Path input = TestLake.newFolder("input");

  @Test
  void theListShowsWhatWaitsSinceWhenAndNotWhatWasReplayed() throws IOException {
    // Of each night one record that the model can't hold, and one that nothing can.
    for (int night = 1; night <= 3; night++) {
      this.offer(night);
      LandStep.run(this.run(night), WRONG);
    }
    assertThat(this.list())
        .hasSize(3)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("         3  2026-03-01T00:00:00Z 2026-03-03T00:00:00Z ")
                    .contains(" stock ")
                    .contains("Invalid number of fields"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("         3  2026-03-01T00:00:00Z 2026-03-03T00:00:00Z ")
                    .contains(" stock ")
                    .contains("Cannot land column level")
                    .endsWith("; tell erp-team"));

    assertThat(ReplayStep.run(this.run(4), List.of(RIGHT)).get(0).appended()).isEqualTo(3);

    assertThat(this.list())
        .hasSize(2)
        .element(1)
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("         3  2026-03-01T00:00:00Z 2026-03-03T00:00:00Z ")
                    .contains("Invalid number of fields"));
    assertThat(this.kept().list(Set.of("other"))).containsExactly("Nothing is quarantined");
  }

  private List<String> list() {
    return this.kept().list(Set.of("stock"));
  }

  private KeptRecords kept() {
    return new KeptRecords(
        Spark3Util.loadIcebergCatalog(this.lake.spark(), this.lake.catalog()),
        Map.of("stock", "erp-team"));
  }

  private RunContext run(int night) {
    return Models.context(
        this.lake,
        this.input,
        "r" + night,
        Instant.parse("2026-03-0" + night + "T00:00:00Z"),
        Models.EMPTY);
  }

  private void offer(int night) throws IOException {
    Path file = Files.createDirectories(this.input.resolve("stock")).resolve(night + ".csv");
    Files.writeString(
        file,
        "id,level\n%d,1\n%d,%d\nx,y,z\n".formatted(night, night + 10, 5_000_000_000L + night));
    Files.setLastModifiedTime(file, FileTime.from(Models.asOf()));
  }
}
