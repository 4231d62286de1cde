package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.HashRules;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VersionOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tables as AutomateDV documents them, made by SQL, and what a load adds to them. */
final class AdoptStepTest {
  private static final HashRules AUTOMATE_DV =
      new HashRules(
          "MD5",
          HashRules.Text.AUTOMATE_DV,
          HashRules.Form.UPPER_HEX,
          HashRules.Delimited.AUTOMATE_DV);
  private static final Hub CUSTOMER =
      new Hub(
          "hub_customer",
          List.of(column("CUSTOMER_ID", "string")),
          List.of(from(Map.of("CUSTOMER_ID", "id"))),
          names("CUSTOMER_PK"));
  private static final Hub NATION =
      new Hub(
          "hub_nation",
          List.of(column("NATION_KEY", "int")),
          List.of(from(Map.of("NATION_KEY", "nation"))),
          names("NATION_PK"));
  private static final Link LIVES =
      new Link(
          "link_customer_nation",
          List.of(
              new Link.End("customer", CUSTOMER, "CUSTOMER_FK"),
              new Link.End("nation", NATION, "NATION_FK")),
          List.of(),
          true,
          List.of(),
          List.of(from(Map.of("CUSTOMER_ID", "id", "NATION_KEY", "nation"))),
          names("CUSTOMER_NATION_PK"));
  private static final List<Column> PAYLOAD =
      List.of(column("CUSTOMER_NAME", "string"), column("CUSTOMER_PHONE", "string"));
  private static final Satellite DETAILS = details("EFFECTIVE_FROM", VersionOrder.APPLIED_TIME);
  private static final String STANDARD =
      "ifnull(nullif(upper(trim(cast(%s AS string))), ''), '^^')";

  @Test
  void aLoadAddsWhatIsNew() throws Exception {
    VaultFixture vault = filled();
    Lake lake = vault.lake();
    RunContext run = context(vault, AUTOMATE_DV);
    assertThatThrownBy(() -> VaultStep.run(run, CUSTOMER))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot load vault.hub_customer: Veralake didn't make it (veralake adopt --only hub_customer checks it and takes it over)");

    assertThat(AdoptStep.run(run, CUSTOMER)).isEqualTo(new Adopted("hub_customer", 2, 2, 0, 0));
    assertThat(AdoptStep.run(run, NATION)).isEqualTo(new Adopted("hub_nation", 1, 1, 0, 0));
    assertThat(AdoptStep.run(run, LIVES))
        .isEqualTo(new Adopted("link_customer_nation", 1, 1, 0, 0));
    assertThat(AdoptStep.run(run, DETAILS))
        .as("the ghost record isn't checked; one key has two versions of one time")
        .isEqualTo(new Adopted("sat_customer", 5, 4, 0, 1));
    assertThat(AdoptStep.run(run, DETAILS))
        .as("once")
        .isEqualTo(new Adopted("sat_customer", 0, 0, 0, 0));

    vault.land(
        "customers",
        List.of(
            row("c", "1001", "Alice", "17-214", 7, 10),
            row("u", " 1001 ", "Alicia", "17-214", 7, 30),
            row("u", "1001", "Alice", "17-999", 7, 20),
            row("c", "1003", "Dom", null, null, 40)));
    assertThat(VaultStep.run(run, CUSTOMER)).isEqualTo(new Loaded("hub_customer", 4, 1, 0, 0));
    assertThat(VaultStep.run(run, NATION)).isEqualTo(new Loaded("hub_nation", 4, 0, 1, 0));
    assertThat(VaultStep.run(run, LIVES)).isEqualTo(new Loaded("link_customer_nation", 4, 0, 1, 0));
    assertThat(VaultStep.run(run, DETAILS)).isEqualTo(new Loaded("sat_customer", 4, 3, 0, 0));
    assertThat(VaultStep.run(run, DETAILS)).isEqualTo(new Loaded("sat_customer", 0, 0, 0, 0));

    vault.land(
        "customers",
        List.of(new RawRow("d", after("1003", "Dom", null, null, 40), null, 9, 50, "crm")));
    assertThat(VaultStep.run(run, DETAILS)).isEqualTo(new Loaded("sat_customer", 1, 1, 0, 0));
    vault.land("customers", List.of(row("u", "1001", "Alice", "17-111", 7, 15)));
    assertThat(VaultStep.run(run, DETAILS))
        .as("late")
        .isEqualTo(new Loaded("sat_customer", 1, 1, 0, 0));
    assertThat(history(lake))
        .containsExactly(
            "1001 [Alice,17-214] 10..15 false crm",
            "1001 [Alice,17-111] 15..20 false crm",
            "1001 [Alice,17-999] 20..30 false crm",
            "1001 [Alicia,17-214] 30..null false crm",
            "1003 [Dom,null] 40..50 false crm",
            "1003 [null,null] 50..null true crm");
  }

  @Test
  void anotherTextIsRefused() throws Exception {
    VaultFixture vault = filled();
    HashRules asIs =
        new HashRules(
            "MD5",
            HashRules.Text.DATAVAULT4DBT,
            HashRules.Form.UPPER_HEX,
            HashRules.Delimited.DATAVAULT4DBT);
    assertThatThrownBy(() -> AdoptStep.run(context(vault, asIs), CUSTOMER))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot adopt vault.hub_customer: 2 of 2 hashes aren't those of the declared text; one is [0-9A-F]+, computed [0-9A-F]+ \\(the text, algorithm, columns and their order with which it was filled; declared: MD5 datavault4dbt .*\\)");
    assertThatThrownBy(() -> AdoptStep.run(context(vault, new HashRules("MD5")), CUSTOMER))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot adopt vault.hub_customer: its column CUSTOMER_PK is STRING (binary, as its model and veralake.vault.hash-form say)");
    assertThatThrownBy(
            () ->
                AdoptStep.run(
                    context(vault, AUTOMATE_DV), details("EFFECTIVE_FROM", VersionOrder.SOURCE)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot adopt vault.sat_customer: its rows have no position that orders them (with order = applied-time in its model)");
  }

  @Test
  void aSatelliteWithoutTheTimeOfTheSourceHasThatOfItsLoad() throws Exception {
    VaultFixture vault = filled();
    vault
        .lake()
        .spark()
        .sql(
            "ALTER TABLE "
                + vault.lake().sqlName("vault.sat_customer")
                + " DROP COLUMN EFFECTIVE_FROM");
    AdoptStep.run(context(vault, AUTOMATE_DV), details("APPLIED", VersionOrder.APPLIED_TIME));

    assertThat(
            vault
                .lake()
                .rows("vault.sat_customer")
                .filter("APPLIED <=> LOAD_DATE AND NOT IS_GONE AND P1 IS NULL")
                .count())
        .isEqualTo(5);
  }

  @Test
  void aGhostRecordThatIsThereIsNotAddedAgain() throws Exception {
    VaultFixture vault = filled();
    RunContext run = context(vault, AUTOMATE_DV);
    VaultRules rules =
        new VaultRules(
            Map.of(VaultRules.Ghost.UNKNOWN, Map.of(), VaultRules.Ghost.ERROR, Map.of()), Map.of());
    Satellite ghosts =
        details("EFFECTIVE_FROM", SatelliteForm.PLAIN, rules, VersionOrder.APPLIED_TIME);
    assertThat(AdoptStep.run(run, ghosts)).isEqualTo(new Adopted("sat_customer", 5, 4, 0, 1));
    vault.land("customers", List.of(row("c", "1003", "Dom", null, null, 40)));
    assertThat(VaultStep.run(run, ghosts))
        .as("the row and the missing record")
        .isEqualTo(new Loaded("sat_customer", 1, 2, 0, 0));
    for (String digit : List.of("0", "F")) {
      assertThat(
              vault
                  .lake()
                  .rows("vault.sat_customer")
                  .filter("CUSTOMER_PK = '" + digit.repeat(32) + "'")
                  .count())
          .as(digit)
          .isEqualTo(1);
    }
  }

  @Test
  void otherFamiliesAreRefused() throws Exception {
    VaultFixture vault = filled();
    Satellite sets =
        details(
            "EFFECTIVE_FROM",
            new SatelliteForm.Sets(false),
            VaultRules.NONE,
            VersionOrder.APPLIED_TIME);
    assertThatThrownBy(() -> AdoptStep.run(context(vault, AUTOMATE_DV), sets))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot adopt vault.sat_customer: it is of another family (hubs, links and satellites; drop it, and a load makes it from raw)");
  }

  private static VaultFixture filled() {
    VaultFixture vault =
        new VaultFixture(
                TestLake.fresh(),
                "id string, name string, phone string, nation int, since timestamp")
            .raw("crm", "customers");
    Lake lake = vault.lake();
    String customers =
        "VALUES ('1001', 'Alice', '17-214', 10), ('1001', 'Alice ', '17-214', 12), ('1002', 'Bob', null, 10), ('1002', 'Bob', '18', 10) AS c(CUSTOMER_ID, CUSTOMER_NAME, CUSTOMER_PHONE, second)";
    String customer = "upper(md5(" + standard("CUSTOMER_ID") + "))";
    String bookkeeping = "TIMESTAMP'2026-03-01 00:00:00Z' AS LOAD_DATE, 'crm' AS SOURCE";
    create(
        lake,
        "hub_customer",
        "SELECT DISTINCT %s AS CUSTOMER_PK, CUSTOMER_ID, %s FROM %s"
            .formatted(customer, bookkeeping, customers));
    create(
        lake, "hub_nation", "SELECT upper(md5('7')) AS NATION_PK, 7 AS NATION_KEY, " + bookkeeping);
    create(
        lake,
        "link_customer_nation",
        "SELECT upper(md5('1001||7')) AS CUSTOMER_NATION_PK, upper(md5('1001')) AS CUSTOMER_FK, upper(md5('7')) AS NATION_FK, "
            + bookkeeping);
    create(
        lake,
        "sat_customer",
        """
        SELECT %s AS CUSTOMER_PK, upper(md5(concat_ws('||', %s, %s, %s))) AS HASHDIFF,
          CUSTOMER_NAME, CUSTOMER_PHONE, timestamp_seconds(second) AS EFFECTIVE_FROM, %s
        FROM %s WHERE second = 10
        UNION ALL
        SELECT repeat('0', 32), repeat('0', 32), null, null, TIMESTAMP'1900-01-01 00:00:00Z', TIMESTAMP'1900-01-01 00:00:00Z', 'ghost'
        UNION ALL
        SELECT upper(md5('1001')), upper(md5('1001||ALICE||17-214')), 'Alice', '17-214', timestamp_seconds(12), %s"""
            .formatted(
                customer,
                standard("CUSTOMER_ID"),
                standard("CUSTOMER_NAME"),
                standard("CUSTOMER_PHONE"),
                bookkeeping,
                customers,
                bookkeeping));
    return vault;
  }

  private static void create(Lake lake, String table, String query) {
    lake.spark().sql("CREATE NAMESPACE IF NOT EXISTS " + lake.sqlName("vault"));
    lake.spark()
        .sql("CREATE TABLE " + lake.sqlName("vault." + table) + " USING iceberg AS " + query);
  }

  private static String standard(String column) {
    return STANDARD.formatted(column);
  }

  private static RunContext context(VaultFixture vault, HashRules rules) {
    RunContext context = vault.context();
    return new RunContext(
        context.runId(),
        context.asOf(),
        context.lake(),
        TestEngine.hashing(context.engine(), rules),
        context.model());
  }

  private static List<String> history(Lake lake) {
    return lake
        .spark()
        .sql(
            """
            SELECT concat(CUSTOMER_ID, ' [', ifnull(CUSTOMER_NAME, 'null'), ',', ifnull(CUSTOMER_PHONE, 'null'), '] ',
              unix_seconds(VALID_FROM), '..', ifnull(string(unix_seconds(VALID_TO)), 'null'), ' ', IS_GONE, ' ', s.SOURCE)
            FROM %s AS s JOIN %s USING (CUSTOMER_PK)
            WHERE CUSTOMER_ID <> '1002' ORDER BY CUSTOMER_ID, VALID_FROM"""
                .formatted(
                    lake.sqlName("vault.sat_customer_history"), lake.sqlName("vault.hub_customer")))
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static Satellite details(String appliedTime, VersionOrder order) {
    return details(appliedTime, SatelliteForm.PLAIN, VaultRules.NONE, order);
  }

  private static Satellite details(
      String appliedTime, SatelliteForm form, VaultRules rules, VersionOrder order) {
    return new Satellite(
        "sat_customer",
        CUSTOMER,
        PAYLOAD,
        List.of(),
        List.of(
            new VaultSource(
                "customers",
                Map.of("CUSTOMER_ID", "id", "CUSTOMER_NAME", "name", "CUSTOMER_PHONE", "phone"),
                "true",
                "",
                new RowOrigins("", "since", "'crm'"))),
        form,
        new VaultNames(
            "CUSTOMER_PK",
            "HASHDIFF",
            "LOAD_DATE",
            "SOURCE",
            appliedTime,
            "IS_GONE",
            List.of("P1", "P2", "P3"),
            "VALID_FROM",
            "VALID_TO"),
        List.of("CUSTOMER_NAME", "CUSTOMER_ID", "CUSTOMER_PHONE"),
        rules,
        order);
  }

  private static VaultNames names(String hashKey) {
    VaultNames usual = new Hub("hub_x", List.of(), List.of()).names();
    return new VaultNames(
        hashKey,
        usual.hashdiff(),
        "LOAD_DATE",
        "SOURCE",
        usual.appliedTime(),
        usual.deleted(),
        usual.position(),
        usual.effectiveFrom(),
        usual.effectiveTo());
  }

  private static VaultSource from(Map<String, String> columns) {
    return new VaultSource("customers", columns, "true");
  }

  private static RawRow row(
      String op, String id, String name, String phone, Integer nation, long second) {
    return new RawRow(op, null, after(id, name, phone, nation, second), second, 1000, "raw");
  }

  private static List<Object> after(
      String id, String name, String phone, Integer nation, long second) {
    return Arrays.asList(id, name, phone, nation, Instant.ofEpochSecond(second));
  }
}
