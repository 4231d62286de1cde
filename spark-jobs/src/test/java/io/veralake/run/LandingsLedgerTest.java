package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.LandAudit;
import io.veralake.land.LandStep;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

final class LandingsLedgerTest {
  /** As the first version made it. */
  private static final String OLD =
      """
      CREATE TABLE %s (
        run_id string NOT NULL, as_of timestamp NOT NULL, table string NOT NULL, files bigint NOT NULL,
        read bigint NOT NULL, appended bigint NOT NULL, duplicate bigint NOT NULL, quarantined bigint NOT NULL)
      USING iceberg""";

  private final Lake lake = TestLake.fresh();
  private final Path input = TestLake.newFolder("input");

  @Test
  void aLedgerOfAnEarlierVersionGetsTheColumnsOfTheAudit() throws IOException {
    String table = this.lake.sqlName(LandingsLedger.TABLE);
    this.lake.spark().sql(OLD.formatted(table));
    this.lake
        .spark()
        .sql(
            "INSERT INTO %s VALUES ('r0', timestamp'2026-03-01', 'docs', 1, 2, 2, 0, 0)"
                .formatted(table));
    assertThat(this.history())
        .containsExactly(
            "",
            "Last landings:",
            "  docs                               as of 2026-03-01: 2 read, 2 new");

    this.offer("1.json", "{\"a\":1}\n{\"a\":1}\n{\"a\":2}\n");
    LandingsLedger.write(this.run("r1"), List.of(this.land("r1")), Models.asOf());
    this.offer("2.json", "{\"a\":3}\nnone\n");
    LandingsLedger.write(this.run("r2"), List.of(this.land("r2")), Models.asOf().plusSeconds(9));

    assertThat(
            this.lake
                .spark()
                .sql(
                    "SELECT run_id, read, appended, quarantined, landed_before, lag_seconds, first_position.row, last_position.row, size(gaps) FROM %s ORDER BY 1"
                        .formatted(table))
                .collectAsList()
                .stream()
                .map(Row::toString))
        .containsExactly(
            "[r0,2,2,0,null,null,null,null,null]",
            "[r1,3,3,0,0,3600,1,3,0]",
            "[r2,2,1,1,0,3600,1,1,0]");
    assertThat(this.history()).hasSize(3).startsWith("", "Last landings:");
    assertThat(this.history().get(2))
        .matches(
            "  docs {31}as of 2026-03-02: 2 read, 1 new, 1 quarantined, lag 1:00:00, up to 1772406000000000/\\d+/1");
  }

  @Test
  void duplicatesAreToldByKind() throws IOException {
    this.offer("1.csv", "id,at\n1,2026-03-01\n2,2026-03-01\n2,2026-03-01\n");
    LandAudit first = this.landCsv("r1");
    this.offer("2.csv", "id,at\n1,2026-03-01\n3,2026-03-01\n3,2026-03-01\n3,2026-03-01\n");
    LandAudit second = this.landCsv("r2");

    assertThat(List.of(first.twice(), first.known(), first.landed().appended()))
        .containsExactly(1L, 0L, 2L);
    assertThat(List.of(second.twice(), second.known(), second.landed().appended()))
        .containsExactly(2L, 1L, 1L);
  }

  private LandAudit land(String run) {
    return LandStep.audited(
        this.run(run), Models.files("docs", LandTable.Format.JSON_LINES, "docs", "documents"));
  }

  private LandAudit landCsv(String run) {
    return LandStep.audited(this.run(run), Models.csv("docs", "docs", "id bigint", "at date"));
  }

  private RunContext run(String id) {
    return Models.context(this.lake, this.input, id, Models.asOf(), Models.EMPTY);
  }

  private List<String> history() {
    return LandingHistory.lines(
        Spark3Util.loadIcebergCatalog(this.lake.spark(), this.lake.catalog()));
  }

  private void offer(String name, String text) throws IOException {
    Path file = Files.createDirectories(this.input.resolve("docs")).resolve(name);
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Models.asOf().minusSeconds(3600)));
  }
}
