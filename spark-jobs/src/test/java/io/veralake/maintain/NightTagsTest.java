package io.veralake.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NightTagsTest {
  private Table table;

  @BeforeEach
  void fiveNightsAndAName() {
    Lake lake = TestLake.fresh();
    lake.spark().sql("CREATE TABLE " + lake.sqlName("raw.t") + " (x int) USING iceberg");
    lake.spark().sql("INSERT INTO " + lake.sqlName("raw.t") + " VALUES (1)");
    this.table = lake.table("raw.t");
    long snapshot = this.table.currentSnapshot().snapshotId();
    for (int day = 1; day <= 5; day++) {
      String name = NightTags.name(Instant.parse("2026-03-0%dT00:00:00Z".formatted(day + 1)));
      this.table.manageSnapshots().createTag(name, snapshot).commit();
    }
    this.table.manageSnapshots().createTag("night_of_the_audit", snapshot).commit();
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(this.table.refs().keySet());
    names.remove("main");
    return names;
  }

  @Test
  void theLastNightsStay() {
    assertThat(NightTags.drop(this.table, Instant.parse("2026-03-06T00:00:00Z"), 3)).isEqualTo(2);
    assertThat(this.names())
        .containsExactly(
            "night_2026_03_03", "night_2026_03_04", "night_2026_03_05", "night_of_the_audit");
  }

  @Test
  void aTableWithoutNightsSinceLongAgoKeepsAsMany() {
    assertThat(NightTags.drop(this.table, Instant.parse("2027-03-06T00:00:00Z"), 2)).isEqualTo(3);
    assertThat(this.names())
        .containsExactly("night_2026_03_04", "night_2026_03_05", "night_of_the_audit");
  }

  @Test
  void maintenanceAsOfAnEarlierNightDropsNoLaterOne() {
    assertThat(NightTags.drop(this.table, Instant.parse("2026-03-03T00:00:00Z"), 1)).isEqualTo(1);
    assertThat(this.names())
        .containsExactly(
            "night_2026_03_02",
            "night_2026_03_03",
            "night_2026_03_04",
            "night_2026_03_05",
            "night_of_the_audit");
  }

  @Test
  void withoutNamesAllAreDropped() {
    assertThat(NightTags.drop(this.table, Instant.parse("2026-03-06T00:00:00Z"), 0)).isEqualTo(5);
    assertThat(this.names()).containsExactly("night_of_the_audit");
  }
}
