package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultFamily;
import io.veralake.spec.VaultNaming;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import io.veralake.spec.VersionOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GhostRecordsTest {
  private static final List<Column> EVERY_TYPE =
      List.of(
          column("a", "string"),
          column("b", "int"),
          column("c", "bigint"),
          column("d", "double"),
          column("e", "decimal(5,2)"),
          column("f", "date"),
          column("g", "timestamp"),
          column("h", "boolean"),
          column("i", "binary"),
          column("j", "float"));
  private static final Map<String, String> NOTHING =
      Map.of(
          "a",
          "name",
          "b",
          "n",
          "c",
          "n",
          "d",
          "n",
          "e",
          "n",
          "f",
          "date '2020-01-01'",
          "g",
          "timestamp '2020-01-01 00:00:00'",
          "h",
          "true",
          "i",
          "X'00'",
          "j",
          "1.5");
  private static final VaultSource SOURCE = new VaultSource("users", NOTHING, "true");
  static final Hub CUSTOMER =
      new Hub(
          "hub_customer",
          List.of(column("id", "bigint")),
          List.of(source("users")),
          VaultNaming.DEFAULT.of(VaultFamily.HUB, "hub_customer"),
          ghosts(List.of(column("id", "bigint")), Map.of()));
  static final Hub NAME =
      new Hub(
          "hub_name",
          List.of(column("name", "string")),
          List.of(source("users")),
          VaultNaming.DEFAULT.of(VaultFamily.HUB, "hub_name"),
          ghosts(List.of(column("name", "string")), Map.of()));
  static final Link CALLED =
      new Link(
          "link_called",
          List.of(new Link.End("customer", CUSTOMER), new Link.End("name", NAME)),
          List.of(column("n", "int")),
          true,
          List.of(),
          List.of(source("users")),
          VaultNaming.DEFAULT.of(VaultFamily.LINK, "link_called"),
          ghosts(
              List.of(column("n", "int")),
              Map.of(
                  "customer.id",
                  VaultRules.NullKey.ERROR,
                  "name.name",
                  VaultRules.NullKey.UNKNOWN)));
  static final List<Satellite> SATELLITES =
      List.of(
          satellite("sat_plain", CUSTOMER, EVERY_TYPE, SatelliteForm.PLAIN, SOURCE),
          satellite(
              "sat_single",
              CUSTOMER,
              EVERY_TYPE,
              new SatelliteForm.Members(List.of(column("n", "int"))),
              SOURCE),
          satellite("sat_whole", CUSTOMER, EVERY_TYPE, new SatelliteForm.Sets(false), SOURCE),
          satellite("sat_once", CUSTOMER, EVERY_TYPE, new SatelliteForm.Once(), SOURCE),
          satellite("sat_state", CALLED, List.of(), new SatelliteForm.Status(), source("users")),
          satellite(
              "sat_driven",
              CALLED,
              List.of(),
              new SatelliteForm.Effectivity(List.of(CALLED.ends().get(0)), List.of()),
              source("users")),
          satellite(
              "sat_seen",
              CUSTOMER,
              List.of(),
              new SatelliteForm.Sightings(SatelliteForm.Period.DAY),
              source("users")));

  static VaultRules ghosts(List<Column> columns, Map<String, VaultRules.NullKey> nullKeys) {
    Map<VaultRules.Ghost, Map<String, String>> ghosts = new EnumMap<>(VaultRules.Ghost.class);
    for (VaultRules.Ghost ghost : VaultRules.Ghost.values()) {
      Map<String, String> values = new TreeMap<>();
      columns.forEach(c -> value(ghost, c.type()).ifPresent(v -> values.put(c.name(), v)));
      ghosts.put(ghost, values);
    }
    return new VaultRules(ghosts, nullKeys);
  }

  private static java.util.Optional<String> value(VaultRules.Ghost ghost, ColumnType type) {
    return ghost.value(type);
  }

  private static Satellite satellite(
      String name, VaultTable parent, List<Column> payload, SatelliteForm form, VaultSource from) {
    return new Satellite(
        name,
        parent,
        payload,
        List.of(),
        List.of(from),
        form,
        new Satellite(name, parent, payload, List.of(), List.of(from), form).names(),
        payload.stream().map(Column::name).toList(),
        ghosts(payload, Map.of()),
        VersionOrder.SOURCE);
  }

  @Test
  void everyFamilyHasBothOnceHoweverOftenItIsLoaded() throws Exception {
    VaultFixture vault = users();
    List<VaultTable> tables = new ArrayList<>(List.of(CUSTOMER, NAME, CALLED));
    tables.addAll(SATELLITES);
    vault.vault(tables.toArray(VaultTable[]::new));
    assertThat(vault.load()).extracting(Loaded::inserted).containsOnly(2L);
    vault.land("users", List.of(row(1L, "A", 10)));
    assertThat(vault.load()).extracting(Loaded::inserted).containsOnly(1L);
    assertThat(vault.load()).extracting(Loaded::inserted).containsOnly(0L);
    for (VaultTable table : tables) {
      List<Row> ghosts =
          vault
              .lake()
              .spark()
              .sql(
                  "SELECT lower(hex(%s)) FROM %s WHERE record_source = 'ghost' ORDER BY 1"
                      .formatted(table.hashKey(), vault.lake().sqlName("vault." + table.name())))
              .collectAsList();
      assertThat(ghosts)
          .as(table.name())
          .extracting(row -> row.getString(0))
          .containsExactly("0".repeat(32), "f".repeat(32));
    }
    String plain = vault.lake().sqlName("vault.sat_plain_current");
    assertThat(
            vault
                .lake()
                .spark()
                .sql(
                    "SELECT a, b, c, d, e, f, g, h, i, j FROM "
                        + plain
                        + " WHERE record_source = 'ghost' ORDER BY b DESC")
                .collectAsList()
                .toString())
        .isEqualTo(
            "[[(unknown),-1,-1,-1.0,-1.00,0001-01-01,0001-01-01 00:00:00.0,null,null,-1.0], [(error),-2,-2,-2.0,-2.00,8888-12-31,8888-12-31 00:00:00.0,null,null,-2.0]]");
    assertThat(
            vault
                .lake()
                .spark()
                .sql(
                    "SELECT a FROM "
                        + vault.lake().sqlName("vault.sat_whole_current")
                        + " WHERE record_source = 'ghost'")
                .count())
        .isEqualTo(2);
  }

  @Test
  void nullsInKeysOfLinksLeadToGhosts() throws Exception {
    VaultFixture vault = users().vault(CUSTOMER, NAME, CALLED);
    vault.land(
        "users",
        List.of(row(1L, "A", 10), row(null, "B", 11), row(2L, null, 12), row(null, null, 13)));

    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_customer", 4, 4, 2, 0),
            new Loaded("hub_name", 4, 4, 2, 0),
            new Loaded("link_called", 4, 6, 0, 0, 3, 0));
    assertThat(
            vault
                .lake()
                .spark()
                .sql(
                    "SELECT id, name FROM %s l JOIN %s c USING (customer_hk) JOIN %s n USING (name_hk) WHERE l.record_source <> 'ghost' ORDER BY id, name"
                        .formatted(
                            vault.lake().sqlName("vault.link_called"),
                            vault.lake().sqlName("vault.hub_customer"),
                            vault.lake().sqlName("vault.hub_name")))
                .collectAsList()
                .toString())
        .isEqualTo("[[-2,(unknown)], [-2,B], [1,A], [2,(unknown)]]");
  }

  static VaultFixture users() {
    return new VaultFixture(TestLake.fresh(), "id bigint, name string, n int").raw("shop", "users");
  }

  private static RawRow row(@Nullable Long id, @Nullable String name, long at) {
    return new RawRow("c", null, Arrays.asList(id, name, 1), at, at, "shop");
  }
}
