package io.veralake.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.lake.RunContext;
import io.veralake.land.LandStep;
import io.veralake.land.Landed;
import io.veralake.mart.MartStep;
import io.veralake.publish.PublishStep;
import io.veralake.spec.Configured;
import io.veralake.spec.LandTable;
import io.veralake.spec.Mart;
import io.veralake.spec.ModelReader;
import io.veralake.spec.Secret;
import io.veralake.spec.VaultTable;
import io.veralake.vault.VaultStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.spark.SparkCatalog;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The second domain, {@code examples/library}: nothing but HOCON and SQL, four nights, the
 * published tables as its README says.
 */
final class LibraryExampleIT {
  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final Path EXAMPLE = Path.of("..", "examples", "library").toAbsolutePath();

  @Test
  void everyNightPublishesWhatIsExpected() throws IOException {
    for (int day = 1; day <= 4; day++) {
      String expected = Files.readString(EXAMPLE.resolve("expected/day" + day + ".txt"));

      assertThat(this.night(day, expected)).isEqualTo(expected);
    }
    this.bookkeepingComesFromTheRunOrFromTheData();
    this.theBridgeFollowsLateLoans();
    this.theUnreadableRowCanBeLookedAt();
  }

  private void theBridgeFollowsLateLoans() {
    assertThat(
            vault(
                "SELECT CAST(snapshot_time AS date), count(*), count(member_id), count(DISTINCT isbn) FROM %s.vault.bridge_loan GROUP BY 1 ORDER BY 1"))
        .containsExactly(
            "2026-05-01 | 1 | 1 | 1", "2026-05-04 | 6 | 6 | 5", "2026-05-05 | 7 | 7 | 6");
  }

  private void theUnreadableRowCanBeLookedAt() {
    KeptRecords kept =
        new KeptRecords(
            ((SparkCatalog)
                    LAKE.lake()
                        .spark()
                        .sessionState()
                        .catalogManager()
                        .catalog(LAKE.lake().catalog()))
                .icebergCatalog());
    List<String> list = kept.list(Set.of());

    assertThat(list).hasSize(2);
    assertThat(list.get(1))
        .matches(
            " +1  2026-05-05T00:00:00Z 2026-05-05T00:00:00Z [0-9a-f]{12}  loans +Cannot land column fee: … \\(decimal\\(#,#\\), exactly\\)");
    assertThat(kept.list(Set.of("members"))).containsExactly("Nothing is quarantined");
    String name = list.get(1).trim().split(" +")[3];
    assertThat(kept.show(name))
        .singleElement()
        .asString()
        .contains("day4/loans/2026-05-04.csv, record 5,");
    assertThat(new String(kept.bytes(name, Secret.NONE), UTF_8))
        .isEqualTo(
            "south,107,978-1,5,2026-05-04,2026-05-18,,free,lent,2026-05-04T12:00:00Z,2026-05-04T12:30:00Z");
    assertThatThrownBy(() -> kept.show("0000"))
        .hasMessage(
            "Missing record in quarantine: 0000 (quarantine list names the last of each kind; a record that was landed since is no longer there)");
  }

  private void bookkeepingComesFromTheRunOrFromTheData() {
    assertThat(
            vault(
                "SELECT CAST(load_time AS string), record_source, CAST(applied_time AS string) FROM %s.vault.sat_loan WHERE fee = 4.50"))
        .containsExactly("2026-05-03 18:00:00 | south | 2026-05-03 12:00:00");
    assertThat(
            vault(
                "SELECT DISTINCT CAST(load_time AS string), record_source FROM %s.vault.sat_member WHERE city = 'Oslo'"))
        .containsExactly("2026-05-04 00:00:00 | library");
  }

  private String night(int day, String expected) {
    Configured configured =
        ModelReader.read(
            EXAMPLE.resolve("conf"),
            "local",
            Map.of(
                "VERALAKE_INPUT", "data/day" + day, "VERALAKE_CLICKHOUSE_URL", CLICKHOUSE.url()));
    Instant asOf = Instant.parse("2026-05-0%dT00:00:00Z".formatted(day + 1));
    RunContext run =
        new RunContext(
            "library-" + day, asOf, LAKE.lake(), configured.engine(), configured.model());
    Map<String, Landed> landed = new TreeMap<>();
    for (LandTable table : run.model().land()) {
      landed.put(table.name(), LandStep.run(run, table));
    }
    for (VaultTable table : run.model().vault()) {
      VaultStep.run(run, table);
    }
    for (Mart mart : run.model().marts()) {
      MartStep.run(run, mart);
    }
    PublishStep.run(run, "library");
    return shown(asOf, landed, expected);
  }

  /**
   * Counts and published rows in the form of the expected text, whose headings say which columns.
   */
  private static String shown(Instant asOf, Map<String, Landed> landed, String expected) {
    List<String> lines = new ArrayList<>(List.of("# as of " + asOf));
    for (String heading : expected.lines().filter(line -> line.contains(": ")).toList()) {
      lines.addAll(List.of("", heading));
      if (heading.startsWith("landed: ")) {
        landed.forEach(
            (table, counts) ->
                lines.add(
                    "%s | %d | %d | %d | %d"
                        .formatted(
                            table,
                            counts.read(),
                            counts.appended(),
                            counts.duplicate(),
                            counts.quarantined())));
      } else {
        lines.addAll(LibraryBooks.published(CLICKHOUSE.server(), heading));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> vault(String sql) {
    List<Row> rows = LAKE.lake().spark().sql(sql.formatted(LAKE.lake().catalog())).collectAsList();
    return rows.stream().map(row -> row.mkString(" | ")).toList();
  }
}
