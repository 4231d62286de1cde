package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.PlainHashText;
import io.veralake.lake.PlainHashText.Value;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultFamily;
import io.veralake.spec.VaultNaming;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Equal business keys of two systems are two keys; what nulls in a hub's key lead to. */
final class CollisionCodesTest {
  private static final ColumnType STRING = ColumnType.parse("string").orElseThrow();
  private static final ColumnType BIGINT = ColumnType.parse("bigint").orElseThrow();
  private static final Hub CUSTOMER =
      new Hub(
          "hub_customer",
          List.of(new Column(Hub.COLLISION_CODE, STRING), column("id", "bigint")),
          List.of(coded("one", "shop"), coded("two", "crm")));
  private static final Satellite NAME =
      new Satellite(
          "sat_customer",
          CUSTOMER,
          List.of(column("name", "string")),
          List.of(),
          List.of(coded("one", "shop"), coded("two", "crm")));
  private static final Link PAIR =
      new Link(
          "link_pair",
          List.of(new Link.End("buyer", CUSTOMER), new Link.End("payer", CUSTOMER)),
          List.of(),
          true,
          List.of(),
          List.of(
              new VaultSource(
                  "one",
                  Map.of(
                      "buyer.collision_code",
                      "'shop'",
                      "buyer.id",
                      "id",
                      "payer.collision_code",
                      "'crm'",
                      "payer.id",
                      "id"),
                  "true")));

  private static VaultSource coded(String raw, String code) {
    return new VaultSource(raw, Map.of(Hub.COLLISION_CODE, "'" + code + "'"), "true");
  }

  private static RawRow insert(@Nullable Long id, String name, long at) {
    return new RawRow("c", null, Arrays.asList(id, name), at, at, "shop");
  }

  private static String key(Object... values) {
    List<Value> parts =
        Arrays.stream(values)
            .map(value -> new Value(value instanceof String ? STRING : BIGINT, value))
            .toList();
    return PlainHashText.key("MD5", parts);
  }

  private static List<String> hex(VaultFixture vault, String table, String columns) {
    return vault
        .lake()
        .spark()
        .sql("SELECT %s FROM %s ORDER BY ALL".formatted(columns, vault.lake().sqlName(table)))
        .collectAsList()
        .stream()
        .map(CollisionCodesTest::text)
        .toList();
  }

  private static String text(Row row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      text.append(i == 0 ? "" : " ")
          .append(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
    }
    return text.toString();
  }

  @Test
  void theCodeIsHashedInFrontOfTheKey() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string")
            .raw("shop", "one")
            .raw("crm", "two")
            .vault(CUSTOMER, NAME, PAIR);
    vault.land("one", List.of(insert(1L, "A", 1), insert(2L, "B", 2)));
    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_customer", 2, 2, 0, 0),
            new Loaded("sat_customer", 2, 2, 0, 0),
            new Loaded("link_pair", 2, 2, 0, 0));
    vault.land("two", List.of(insert(2L, "C", 3), insert(3L, "D", 4)));
    vault.land("one", List.of(insert(3L, "E", 5), insert(1L, "A", 6)));
    assertThat(vault.load().get(0)).isEqualTo(new Loaded("hub_customer", 4, 3, 0, 0, 0, 0, 2, 0));

    assertThat(hex(vault, "vault.hub_customer", "collision_code, id, customer_hk"))
        .containsExactly(
            "crm 2 " + key("crm", 2L),
            "crm 3 " + key("crm", 3L),
            "shop 1 " + key("shop", 1L),
            "shop 2 " + key("shop", 2L),
            "shop 3 " + key("shop", 3L));
    assertThat(hex(vault, "vault.sat_customer_current", "name, customer_hk"))
        .containsExactly(
            "A " + key("shop", 1L),
            "B " + key("shop", 2L),
            "C " + key("crm", 2L),
            "D " + key("crm", 3L),
            "E " + key("shop", 3L));
    assertThat(hex(vault, "vault.link_pair", "buyer_hk, payer_hk, pair_hk"))
        .containsExactlyInAnyOrder(
            key("shop", 1L) + " " + key("crm", 1L) + " " + key("shop", 1L, "crm", 1L),
            key("shop", 2L) + " " + key("crm", 2L) + " " + key("shop", 2L, "crm", 2L),
            key("shop", 3L) + " " + key("crm", 3L) + " " + key("shop", 3L, "crm", 3L));
  }

  @Test
  void keysThatAHubDoesNotHaveAreCountedOrStopTheLoad() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string").raw("shop", "one", "two");
    Hub hub =
        new Hub("hub_person", List.of(column("id", "bigint")), List.of(VaultFixture.source("one")));
    vault.land("one", List.of(insert(1L, "A", 1)));
    vault.land("two", List.of(insert(1L, "A", 2), insert(2L, "B", 3), insert(2L, "C", 4)));

    assertThat(VaultStep.run(vault.context(), link(hub, VaultRules.AbsentHubs.ACCEPT)))
        .isEqualTo(new Loaded("link_accept", 3, 3, 0, 0));
    assertThat(VaultStep.run(vault.context(), link(hub, VaultRules.AbsentHubs.COUNT)))
        .isEqualTo(new Loaded("link_count", 3, 3, 0, 0, 0, 0, 0, 2));
    VaultStep.run(vault.context(), hub);
    vault.land("two", List.of(insert(1L, "A", 5), insert(3L, "B", 6)));
    assertThat(VaultStep.run(vault.context(), link(hub, VaultRules.AbsentHubs.COUNT)))
        .isEqualTo(new Loaded("link_count", 2, 1, 0, 0, 0, 0, 0, 1));
    assertThatThrownBy(() -> VaultStep.run(vault.context(), link(hub, VaultRules.AbsentHubs.STOP)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot load vault.link_stop: its end person names 2 keys that vault.hub_person doesn't have (load the hub from a source that names them, or absent-hubs = count)");
    assertThat(vault.lake().snapshot("vault.link_stop")).isEmpty();
  }

  private static Link link(Hub hub, VaultRules.AbsentHubs absent) {
    String name = "link_" + absent.name().toLowerCase(java.util.Locale.ROOT);
    return new Link(
        name,
        List.of(new Link.End("person", hub)),
        List.of(column("name", "string")),
        true,
        List.of(),
        List.of(VaultFixture.source("two")),
        VaultNaming.DEFAULT.of(VaultFamily.LINK, name),
        new VaultRules(Map.of(), Map.of(), absent));
  }

  @Test
  void aKeyUnderTwoCodesStopsTheHubThatSaysSo() throws Exception {
    Hub hub =
        new Hub(
            CUSTOMER.name(),
            CUSTOMER.businessKey(),
            CUSTOMER.sources(),
            CUSTOMER.names(),
            new VaultRules(Map.of(), Map.of(), VaultRules.SharedKeys.STOP));
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string")
            .raw("shop", "one")
            .raw("crm", "two")
            .vault(hub);
    vault.land("one", List.of(insert(1L, "A", 1), insert(2L, "B", 2)));
    assertThat(vault.load().get(0).inserted()).isEqualTo(2);
    vault.land("two", List.of(insert(2L, "C", 3), insert(3L, "D", 4)));
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(vault::load)
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Cannot load vault.hub_customer: 1 business keys are claimed under several collision codes: 2 (give their sources one code if they mean the same, or shared-keys = count)");
    }
    assertThat(vault.lake().rows("vault.hub_customer").count()).isEqualTo(2);
  }

  @Test
  void nullsInAHubsKeyLeadToItsGhostAndAreCounted() throws Exception {
    VaultRules rules =
        new VaultRules(
            Map.of(VaultRules.Ghost.UNKNOWN, Map.of()), Map.of(".id", VaultRules.NullKey.UNKNOWN));
    Hub hub =
        new Hub(
            "hub_person",
            List.of(column("id", "bigint")),
            List.of(VaultFixture.source("one")),
            VaultNaming.DEFAULT.of(VaultFamily.HUB, "hub_person"),
            rules);
    Satellite satellite =
        new Satellite(
            "sat_person",
            hub,
            List.of(column("name", "string")),
            List.of(),
            List.of(VaultFixture.source("one")));
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string")
            .raw("shop", "one")
            .vault(hub, satellite);
    vault.land(
        "one",
        List.of(
            insert(1L, "A", 1),
            insert(null, "B", 2),
            insert(null, "C", 3),
            new RawRow("t", null, null, 4, 4, "shop")));

    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_person", 4, 2, 0, 0, 2, 0), new Loaded("sat_person", 4, 2, 2, 0));
    assertThat(hex(vault, "vault.hub_person", "id, person_hk"))
        .containsExactly("null " + "0".repeat(32), "1 " + key(1L));
  }
}
