package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.catalog.Positions;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VaultStepTest {
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final Satellite PROFILE = satellite(CUSTOMER, column("name", "string"));
  private static final String HISTORY =
      "SELECT %s, unix_seconds(effective_from), unix_seconds(effective_to) FROM %s ORDER BY effective_from";

  @Test
  void lateRowLetsAnUnchangedOneReappear() throws Exception {
    VaultFixture vault = users().vault(CUSTOMER, PROFILE);
    vault.land("users", List.of(insert(1L, "A", 10), insert(1L, "A", 30), insert(null, "X", 31)));
    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_customer", 3, 1, 1, 0), new Loaded("sat_profile", 3, 1, 1, 0));

    vault.land("users", List.of(insert(1L, "B", 20)));
    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_customer", 1, 0, 0, 0), new Loaded("sat_profile", 1, 2, 0, 0));

    assertThat(history(vault.lake(), "name"))
        .containsExactly("[A,10,20]", "[B,20,30]", "[A,30,null]");
  }

  @Test
  void loadWithoutNewRawRowsOnlyMovesPositions() throws Exception {
    VaultFixture vault = users().vault(CUSTOMER, PROFILE);
    Lake lake = vault.lake();
    vault.land("users", List.of(insert(1L, "A", 10)));
    vault.load();
    long loaded = lake.snapshot("vault.sat_profile").orElseThrow();
    List<String> files = files(lake, "sat_profile_history");

    vault.load();
    assertThat(lake.snapshot("vault.sat_profile")).hasValue(loaded);

    lake.advance("raw.users", "empty", Map.of());
    assertThat(vault.load().get(1)).isEqualTo(new Loaded("sat_profile", 0, 0, 0, 0));
    Positions positions = lake.positions("vault.sat_profile");
    assertThat(positions.lastRead("raw.users")).isEqualTo(lake.snapshot("raw.users"));
    assertThat(positions.value(SatelliteLoad.HIGH)).hasValue("10,0,0");
    assertThat(files(lake, "sat_profile_history")).as("view made once").isEqualTo(files);
  }

  @Test
  void newNullableColumnGivesNoKeyANewVersion() throws Exception {
    VaultFixture vault = users();
    vault.land("users", List.of(insert(1L, "A", 10)));
    VaultStep.run(vault.context(), CUSTOMER);
    VaultStep.run(vault.context(), PROFILE);
    vault.land("users", List.of(insert(1L, "A", 20), insert(1L, "A", 30, 7)));

    Satellite wider = satellite(CUSTOMER, column("name", "string"), column("n", "int"));
    assertThat(VaultStep.run(vault.context(), wider))
        .isEqualTo(new Loaded("sat_profile", 2, 1, 0, 0));
    assertThat(history(vault.lake(), "name, n")).containsExactly("[A,null,10,30]", "[A,7,30,null]");
    Satellite widened = satellite(CUSTOMER, column("name", "string"), column("n", "bigint"));
    vault.land("users", List.of(insert(1L, "A", 40, 7)));
    assertThat(VaultStep.run(vault.context(), widened))
        .isEqualTo(new Loaded("sat_profile", 1, 0, 0, 0));
    assertThatThrownBy(() -> VaultStep.run(vault.context(), PROFILE))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot load vault.sat_profile: its hashdiffs are made from n,name, the model says name (let veralake rehash --only sat_profile make them anew, or put the columns back)");
    assertThat(RehashStep.run(vault.context(), PROFILE))
        .isEqualTo(new Rehashed("sat_profile", 2, 1));
    assertThat(VaultStep.run(vault.context(), PROFILE))
        .as("no key has a new version")
        .isEqualTo(new Loaded("sat_profile", 0, 0, 0, 0));
    assertThat(vault.lake().rows("vault.sat_profile").columns())
        .as("a removed column stays")
        .contains("n");
    assertThat(history(vault.lake(), "name")).containsExactly("[A,10,null]");
  }

  @Test
  void tableMadeByAnotherRuleIsRefused() throws Exception {
    VaultFixture vault = users();
    RunContext context = vault.context();
    VaultStep.run(context, CUSTOMER);
    RunContext other =
        new RunContext(
            "x",
            context.asOf(),
            context.lake(),
            TestEngine.of(context.lake(), Path.of("."), "SHA-256"),
            context.model());
    assertThatThrownBy(() -> VaultStep.run(other, CUSTOMER))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot load vault.hub_customer: its veralake.hash is MD5, the configuration gives SHA-256 (put the configuration back, let veralake rehash make the hashes anew, or drop the table and load it again from raw)");
    Hub text = new Hub("hub_customer", List.of(column("id", "string")), CUSTOMER.sources());
    assertThatThrownBy(() -> VaultStep.run(context, text))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot load vault.hub_customer: its column id is BIGINT, the model says string (allowed on a loaded table:");
  }

  @Test
  void wrongExpressionNamesTableSourceAndColumn() throws Exception {
    VaultFixture vault = users();
    vault.land("users", List.of(insert(1L, "A", 10)));
    VaultSource wrong = new VaultSource("users", Map.of("id", "ident + 1"), "true");
    Hub hub = new Hub("hub_x", List.of(column("id", "bigint")), List.of(wrong));
    assertThatThrownBy(() -> VaultStep.run(vault.context(), hub))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Invalid expression of vault.hub_x over raw.users: id = ident + 1 (")
        .hasMessageContaining("ident");
    VaultSource filtered = new VaultSource("users", Map.of(), "nam = 'A'");
    Hub other = new Hub("hub_y", List.of(column("id", "bigint")), List.of(filtered));
    assertThatThrownBy(() -> VaultStep.run(vault.context(), other))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Invalid expression of vault.hub_y over raw.users: where = nam = 'A' (");
  }

  @Test
  void valuesThatDoNotFitAreNullAndCounted() throws Exception {
    VaultFixture vault = users();
    vault.land(
        "users", List.of(insert(1L, "12", 10), insert(2L, "x", 11), insert(3L, "9999999999", 12)));
    VaultSource cast = new VaultSource("users", Map.of("code", "name"), "id < 3");
    Hub code = new Hub("hub_code", List.of(column("code", "int")), List.of(cast));
    assertThat(VaultStep.run(vault.context(), code))
        .isEqualTo(new Loaded("hub_code", 3, 1, 1, 1, 0, 1));
  }

  @Test
  void eventsDeletedByAKilledRunComeBack() throws Exception {
    VaultFixture vault = users();
    Link event =
        new Link(
            "link_event",
            List.of(new Link.End("customer", CUSTOMER)),
            List.of(),
            false,
            List.of(column("name", "string")),
            List.of(source("users")));
    vault.land("users", List.of(insert(1L, "late", 20), insert(2L, "B", 20)));
    VaultStep.run(vault.context(), event);
    vault.land("users", List.of(insert(1L, "first", 10)));
    // What the load does before its append, then it is killed.
    Lake lake = vault.lake();
    lake.spark().sql("DELETE FROM " + lake.sqlName("vault.link_event") + " WHERE name = 'late'");

    assertThat(VaultStep.run(vault.context(), event))
        .isEqualTo(new Loaded("link_event", 1, 1, 0, 0));
    assertThat(lake.rows("vault.link_event").select("name").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("first", "B");
  }

  @Test
  void valueThatTheSourceKeptBackIsTakenFromTheRowBeforeOrRefused() throws Exception {
    VaultFixture vault = users();
    List<@Nullable Object> before = Arrays.asList(1L, "long", 1);
    List<@Nullable Object> after = Arrays.asList(1L, null, 2);
    vault.land("users", List.of(new RawRow("u", before, after, 10, 10, "shop", List.of("name"))));
    Satellite both = satellite(CUSTOMER, column("name", "string"), column("n", "int"));
    VaultStep.run(vault.context(), both);
    assertThat(history(vault.lake(), "name, n")).containsExactly("[long,2,10,null]");

    vault.land("users", List.of(new RawRow("u", null, after, 20, 20, "shop", List.of("name"))));
    assertThat(VaultStep.run(vault.context(), CUSTOMER)).as("needs no name").isNotNull();
    assertThatThrownBy(() -> VaultStep.run(vault.context(), both))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot load vault.sat_profile: 1 rows lack a value that the source did not send");

    // Rows before of which the source sent what identifies them: nothing is read out of the rest.
    for (String none : Arrays.asList(null, "")) {
      VaultFixture partial = users();
      List<@Nullable Object> key = Arrays.asList(1L, none, 0);
      partial.land("users", List.of(new RawRow("u", key, after, 30, 30, "shop", List.of("name"))));
      assertThatThrownBy(() -> VaultStep.run(partial.context(), both))
          .hasMessageContaining("1 rows lack a value that the source did not send");
    }
  }

  @Test
  void expressionsSpellColumnsAsTheyLike() throws Exception {
    VaultFixture vault = users();
    VaultSource shouting = new VaultSource("users", Map.of("id", "ID", "name", "NAME"), "Id > 0");
    Satellite profile =
        new Satellite(
            "sat_profile",
            new Hub("hub_customer", List.of(column("id", "bigint")), List.of(shouting)),
            List.of(column("name", "string")),
            List.of(),
            List.of(shouting));
    vault.land("users", List.of(insert(1L, "A", 10), insert(-1L, "B", 10)));
    assertThat(VaultStep.run(vault.context(), profile).inserted()).isEqualTo(1);

    // What was kept back is known by the column's own name.
    List<@Nullable Object> after = Arrays.asList(1L, null, 2);
    vault.land("users", List.of(new RawRow("u", null, after, 20, 20, "shop", List.of("name"))));
    assertThatThrownBy(() -> VaultStep.run(vault.context(), profile))
        .hasMessageContaining("1 rows lack a value that the source did not send");
  }

  private static VaultFixture users() {
    return new VaultFixture(TestLake.fresh(), "id bigint, name string, n int").raw("shop", "users");
  }

  private static Satellite satellite(VaultTable parent, Column... payload) {
    return new Satellite(
        "sat_profile", parent, List.of(payload), List.of(), List.of(source("users")));
  }

  private static List<String> history(Lake lake, String columns) {
    String sql = HISTORY.formatted(columns, lake.sqlName("vault.sat_profile_history"));
    return lake.spark().sql(sql).collectAsList().stream().map(Row::toString).toList();
  }

  private static List<String> files(Lake lake, String view) throws IOException {
    Path folder = Path.of(lake.table("vault.sat_profile").location()).resolveSibling(view);
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  private static RawRow insert(@Nullable Long id, String name, long at) {
    return insert(id, name, at, null);
  }

  private static RawRow insert(@Nullable Long id, String name, long at, @Nullable Integer n) {
    return new RawRow("c", null, Arrays.asList(id, name, n), at, at, "shop");
  }
}
