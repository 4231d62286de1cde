package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A hub may take part in a link several times: in hierarchies, and as two names of one thing. */
final class LinkRolesTest {
  private static final Hub PERSON =
      new Hub("hub_person", List.of(column("id", "bigint")), List.of(source("staff")));
  private static final Link BOSS =
      new Link(
          "link_reports",
          List.of(new Link.End("person", PERSON), new Link.End("boss", PERSON)),
          List.of(),
          true,
          List.of(),
          List.of(new VaultSource("staff", Map.of("person.id", "id", "boss.id", "boss"), "true")));
  private static final Link SAME =
      new Link(
          "link_same",
          List.of(
              new Link.End("master", PERSON),
              new Link.End("duplicate", PERSON),
              new Link.End("person", PERSON),
              new Link.End("boss", PERSON)),
          List.of(),
          true,
          List.of(),
          List.of(
              new VaultSource(
                  "staff",
                  Map.of(
                      "master.id", "1", "duplicate.id", "id", "person.id", "id", "boss.id", "boss"),
                  "id > 1")));
  private static final Satellite BOSS_NOW =
      new Satellite(
          "sat_boss",
          BOSS,
          List.of(),
          List.of(),
          BOSS.sources(),
          new SatelliteForm.Effectivity(List.of(BOSS.ends().get(0)), List.of()));

  @Test
  void hierarchiesAndDuplicatesAreLinksOfOneHub() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, boss bigint")
            .raw("shop", "staff")
            .vault(PERSON, BOSS, SAME, BOSS_NOW);
    vault.land(
        "staff",
        List.of(row(1L, null, 1), row(2L, 1L, 2), row(3L, 2L, 3), row(4L, 4L, 4), row(3L, 1L, 5)));
    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_person", 5, 4, 0, 0),
            new Loaded("link_reports", 5, 4, 1, 0),
            new Loaded("link_same", 5, 4, 0, 0, 0, 1),
            new Loaded("sat_boss", 5, 4, 0, 0));

    // Of each person the boss of today; nobody's boss is their own child.
    assertThat(
            vault
                .lake()
                .spark()
                .sql(
                    "SELECT p.id, b.id FROM %1$s s JOIN %2$s l ON l.%4$s = s.%4$s JOIN %3$s p ON p.person_hk = l.person_hk JOIN %3$s b ON b.person_hk = l.boss_hk ORDER BY 1"
                        .formatted(
                            vault.lake().sqlName("vault.sat_boss_current"),
                            vault.lake().sqlName("vault.link_reports"),
                            vault.lake().sqlName("vault.hub_person"),
                            BOSS.hashKey()))
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly("[2,1]", "[3,1]", "[4,4]");
  }

  private static RawRow row(long id, @Nullable Long boss, long at) {
    return new RawRow("c", null, Arrays.asList(id, boss), at, at, "shop");
  }
}
