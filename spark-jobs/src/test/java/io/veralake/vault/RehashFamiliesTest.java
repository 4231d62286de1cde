package io.veralake.vault;

import static io.veralake.vault.GhostRecordsTest.CALLED;
import static io.veralake.vault.GhostRecordsTest.CUSTOMER;
import static io.veralake.vault.GhostRecordsTest.NAME;
import static io.veralake.vault.GhostRecordsTest.SATELLITES;
import static io.veralake.vault.GhostRecordsTest.ghosts;
import static io.veralake.vault.RehashStepTest.NEW;
import static io.veralake.vault.RehashStepTest.context;
import static io.veralake.vault.RehashStepTest.rows;
import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultTable;
import io.veralake.spec.VersionOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tables of all families, with ghost records and keys that lead to them, get other hashes. */
final class RehashFamiliesTest {
  private static final Link PAIR =
      new Link(
          "link_pair",
          List.of(new Link.End("customer", CUSTOMER), new Link.End("name", NAME)),
          List.of(),
          true,
          List.of(),
          List.of(source("users")));

  /** Of a driving key that points nowhere there is no row of the link. */
  private static final Satellite POINTS =
      new Satellite(
          "sat_points",
          PAIR,
          List.of(),
          List.of(),
          List.of(source("users")),
          new SatelliteForm.Effectivity(List.of(PAIR.ends().get(0)), List.of()));

  private static final List<Column> KEY = List.of(column("name", "string"));
  private static final Satellite REFERENCE =
      new Satellite(
          "ref_name",
          new Hub("ref_name", KEY, List.of()),
          List.of(column("n", "int")),
          List.of(),
          List.of(source("users")),
          new SatelliteForm.Members(KEY));
  private static final Pit PIT =
      new Pit(
          "pit_customer",
          CUSTOMER,
          List.of(SATELLITES.get(0), SATELLITES.get(2)),
          new SnapshotCalendar(3, 0, 0, 0),
          SATELLITES.get(0).names());

  /** In the order in which they are to be rehashed. */
  private static List<VaultTable> tables() {
    List<VaultTable> tables = new ArrayList<>(SATELLITES);
    tables.addAll(List.of(POINTS, REFERENCE, CALLED, PAIR, CUSTOMER, NAME, PIT));
    return tables;
  }

  @Test
  void aRehashedVaultIsTheVaultThatWouldHaveBeenLoadedSo() throws Exception {
    VaultFixture vault = landed();
    VaultFixture anew = landed();
    tables().forEach(table -> VaultStep.run(vault.context(), table));
    RunContext context = context(vault, NEW);
    assertThatThrownBy(() -> RehashStep.run(context, PIT))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot rehash vault.pit_customer: vault.sat_plain, which it is made from, has the earlier hashes (rehash that first; without --only they are taken in order)");
    for (VaultTable table : tables()) {
      if (table.equals(PIT)) {
        assertThatThrownBy(() -> RehashStep.run(context, PIT, RehashFamiliesTest::kill))
            .isInstanceOf(RehashStepTest.Killed.class);
        assertThat(VaultStep.run(context, PIT).inserted())
            .as("the next load fills it")
            .isPositive();
      } else {
        assertThat(RehashStep.run(context, table).rows()).as(table.name()).isPositive();
      }
    }
    this.loadAndCompare(vault, anew);
    more(vault);
    more(anew);
    this.loadAndCompare(vault, anew);
  }

  private void loadAndCompare(VaultFixture vault, VaultFixture anew) {
    for (VaultTable table : tables()) {
      VaultStep.run(context(vault, NEW), table);
      VaultStep.run(context(anew, NEW), table);
      assertThat(rows(vault.lake(), table))
          .as(table.name())
          .isNotEmpty()
          .isEqualTo(rows(anew.lake(), table));
    }
  }

  @Test
  void pointInTimeTablesAreFilledAgain() throws Exception {
    VaultFixture vault = landed();
    List<VaultTable> read = List.of(PIT.satellites().get(0), PIT.satellites().get(1), CUSTOMER);
    read.forEach(table -> VaultStep.run(vault.context(), table));
    VaultStep.run(vault.context(), PIT);
    RunContext context = context(vault, NEW);
    read.forEach(table -> RehashStep.run(context, table));
    List<String> before = rows(vault.lake(), PIT);

    Rehashed done = RehashStep.run(context, PIT);

    assertThat(done.rows()).isEqualTo(before.size());
    assertThat(rows(vault.lake(), PIT)).isNotEqualTo(before);
    assertThat(RehashStep.run(context, PIT)).isEqualTo(new Rehashed("pit_customer", 0, 0));
  }

  @Test
  void pointInTimeTablesFollowAnotherListOfHashdiffColumns() throws Exception {
    long day = 86_400;
    long today = Models.asOf().getEpochSecond();
    VaultFixture vault = GhostRecordsTest.users();
    VaultFixture anew = GhostRecordsTest.users();
    for (VaultFixture one : List.of(vault, anew)) {
      one.land("users", List.of(row("c", 1L, "A", today - 9 * day)));
      one.land("users", List.of(row("u", 1L, "A", today - day)));
    }
    Satellite wide = counted(List.of("name", "n"));
    Satellite narrow = counted(List.of("name"));
    SnapshotCalendar calendar = new SnapshotCalendar(3, 0, 0, 0);
    Pit before = new Pit("pit_customer", CUSTOMER, List.of(wide), calendar, wide.names());
    Pit after = new Pit("pit_customer", CUSTOMER, List.of(narrow), calendar, narrow.names());
    VaultStep.run(vault.context(), wide);
    VaultStep.run(vault.context(), before);
    List<String> earlier = rows(vault.lake(), before);
    VaultStep.run(anew.context(), narrow);
    VaultStep.run(anew.context(), after);

    VaultStep.run(vault.context(), CUSTOMER);
    RehashStep.run(vault.context(), narrow);
    VaultStep.run(vault.context(), after);

    assertThat(rows(vault.lake(), after)).isEqualTo(rows(anew.lake(), after)).isNotEqualTo(earlier);
  }

  private static Satellite counted(List<String> hashdiff) {
    List<Column> payload = List.of(column("name", "string"), column("n", "int"));
    Satellite usual =
        new Satellite("sat_counted", CUSTOMER, payload, List.of(), List.of(source("users")));
    return new Satellite(
        usual.name(),
        CUSTOMER,
        payload,
        List.of(),
        usual.sources(),
        usual.form(),
        usual.names(),
        hashdiff,
        VaultRules.NONE,
        VersionOrder.SOURCE);
  }

  @Test
  void keysOfValuesThatAreNotStoredAreRefusedBeforeAnythingIsChanged() throws Exception {
    List<Column> both = List.of(column("id", "bigint"), column("n", "int"));
    Hub hub =
        new Hub(
            "hub_both",
            both,
            List.of(source("users")),
            new Hub("hub_both", both, List.of()).names(),
            ghosts(both, Map.of()));
    Link link =
        new Link(
            "link_couple",
            List.of(new Link.End("both", hub), new Link.End("name", NAME)),
            List.of(),
            true,
            List.of(),
            List.of(source("users")),
            new Link("link_couple", List.of(), List.of(), true, List.of(), List.of()).names(),
            ghosts(List.of(), Map.of("both.n", VaultRules.NullKey.UNKNOWN)));
    VaultFixture vault = GhostRecordsTest.users().vault(hub, NAME, link);
    vault.land("users", List.of(row("c", 1L, "A", 10)));
    vault.load();
    RunContext context = context(vault, NEW);
    for (VaultTable table : List.of(hub, NAME, link)) {
      assertThatThrownBy(() -> RehashStep.run(context, table))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(
              "Cannot rehash vault.%s: keys of vault.link_couple were made from values beside a null that aren't stored ("
                  .formatted(table.name()));
    }
    assertThat(VaultStep.run(vault.context(), NAME)).isEqualTo(new Loaded("hub_name", 0, 0, 0, 0));
  }

  private static void kill(RehashStep.Move move) {
    if (move == RehashStep.Move.SWAPPED) {
      throw new RehashStepTest.Killed(move);
    }
  }

  private static VaultFixture landed() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string, n int")
            .raw("shop", "users")
            .vault(tables().toArray(VaultTable[]::new));
    vault.land(
        "users",
        List.of(
            row("c", 1L, "A", 10),
            row("c", null, "B", 11),
            row("c", 2L, null, 12),
            row("c", null, null, 13),
            row("u", 1L, "C", 20),
            row("d", 2L, "D", 30)));
    return vault;
  }

  private static void more(VaultFixture vault) throws Exception {
    vault.land("users", List.of(row("u", 1L, "D", 40), row("c", 3L, "late", 15)));
  }

  private static RawRow row(String op, @Nullable Long id, @Nullable String name, long at) {
    List<@Nullable Object> values = Arrays.asList(id, name, (int) at);
    return op.equals("d")
        ? new RawRow(op, values, null, at, at, "shop")
        : new RawRow(op, null, values, at, at, "shop");
  }
}
