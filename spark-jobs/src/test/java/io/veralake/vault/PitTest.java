package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultSource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Point-in-time tables show what the histories say, however they got there. */
final class PitTest {
  private static final long DAY = 86_400;
  private static final LocalDate TODAY = Models.asOf().atZone(ZoneOffset.UTC).toLocalDate();
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), sources("one", "two"));
  private static final Satellite PROFILE =
      new Satellite(
          "sat_profile", CUSTOMER, List.of(column("name", "string")), List.of(), sources("one"));
  private static final Satellite SET =
      new Satellite(
          "sat_set",
          CUSTOMER,
          List.of(column("n", "int")),
          List.of(),
          sources("one", "two"),
          new SatelliteForm.Sets(false));
  private static final Satellite STATUS =
      new Satellite(
          "sat_status",
          CUSTOMER,
          List.<Column>of(),
          List.of(),
          sources("two"),
          new SatelliteForm.Status());

  private static final VaultNames NAMES = PROFILE.names();

  private static List<VaultSource> sources(String... names) {
    return List.of(names).stream().map(VaultFixture::source).toList();
  }

  private static Pit pit(SnapshotCalendar calendar) {
    return new Pit("pit_customer", CUSTOMER, List.of(PROFILE, SET, STATUS), calendar, NAMES);
  }

  @Test
  void calendarThinsOut() {
    Instant asOf = Instant.parse("2026-03-18T05:00:00Z");
    assertThat(new SnapshotCalendar(3, 3, 2, 2).at(asOf))
        .extracting(LocalDate::toString)
        .containsExactly(
            "2025-01-01",
            "2026-01-01",
            "2026-02-01",
            "2026-03-01",
            "2026-03-02",
            "2026-03-09",
            "2026-03-16",
            "2026-03-17",
            "2026-03-18");
  }

  @Test
  void everyNightShowsWhatTheHistoriesSay() throws Exception {
    long seed = Seed.of(5);
    Random random = new Random(seed);
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string, n int")
            .raw("shop", "one", "two")
            .vault(PROFILE, SET, STATUS);
    SnapshotCalendar first = new SnapshotCalendar(4, 3, 0, 0);
    SnapshotCalendar longer = new SnapshotCalendar(6, 2, 2, 0);
    for (int night = 0; night < 2; night++) {
      for (String source : List.of("one", "two")) {
        List<RawRow> rows = new ArrayList<>();
        // The first night brings most; later ones new and late rows.
        for (int i = 0; i < (night == 0 ? 60 : 6); i++) {
          rows.add(row(random, source, night));
        }
        vault.land(source, rows);
      }
      vault.load();
      Pit pit = pit(night < 1 ? first : longer);
      Loaded loaded = VaultStep.run(vault.context(night), pit);
      assertThat(loaded.inserted()).as("appended").isPositive();
      assertThat(loaded.read() > 0).as("old snapshots repaired").isEqualTo(night > 0);
      this.check(vault, pit, night, "seed " + seed + " night " + night);
      long snapshot = vault.lake().snapshot("vault.pit_customer").orElseThrow();
      assertThat(VaultStep.run(vault.context(night), pit))
          .isEqualTo(new Loaded("pit_customer", 0, 0, 0, 0));
      assertThat(vault.lake().snapshot("vault.pit_customer")).hasValue(snapshot);
    }
  }

  private static RawRow row(Random random, String source, int night) {
    long daysAgo = random.nextInt(30) - night;
    long second = TODAY.minusDays(daysAgo).toEpochDay() * DAY + random.nextInt((int) DAY);
    List<Object> values =
        List.of((long) random.nextInt(12), "v" + random.nextInt(3), random.nextInt(3));
    return switch (random.nextInt(5)) {
      case 0 -> new RawRow("d", values, null, second, second, source);
      case 1 -> new RawRow("u", null, values, second, second, source);
      default -> new RawRow("c", null, values, second, second, source);
    };
  }

  private void check(VaultFixture vault, Pit pit, int night, String what) {
    List<String> expected = new ArrayList<>();
    List<LocalDate> days = pit.calendar().at(vault.context(night).asOf());
    StringBuilder sql = new StringBuilder();
    for (LocalDate day : days) {
      for (Satellite satellite : pit.satellites()) {
        sql.append(sql.isEmpty() ? "" : " UNION ALL ")
            .append(
                "SELECT DISTINCT lower(hex(customer_hk)) AS k, '%s' AS day, '%s' AS sat, effective_from FROM %s WHERE effective_from <= timestamp '%s 00:00:00' AND (effective_to > timestamp '%s 00:00:00' OR effective_to IS NULL) AND NOT deleted"
                    .formatted(
                        day,
                        satellite.name(),
                        vault.lake().sqlName("vault." + satellite.name() + VaultViews.HISTORY),
                        day,
                        day));
      }
    }
    vault.lake().spark().sql(sql.toString()).collectAsList().stream()
        .map(Row::toString)
        .forEach(expected::add);
    List<String> found =
        vault
            .lake()
            .spark()
            .sql(
                "SELECT lower(hex(customer_hk)), cast(cast(snapshot_time AS date) AS string), s, f FROM (SELECT *, explode(map('sat_profile', sat_profile_from, 'sat_set', sat_set_from, 'sat_status', sat_status_from)) AS (s, f) FROM %s) WHERE f IS NOT NULL"
                    .formatted(vault.lake().sqlName("vault.pit_customer")))
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList();
    assertThat(expected).as(what).isNotEmpty();
    assertThat(found).as(what).containsExactlyInAnyOrderElementsOf(expected);
  }
}
