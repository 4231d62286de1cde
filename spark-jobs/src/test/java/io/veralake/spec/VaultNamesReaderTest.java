package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VaultNamesReaderTest {
  @Test
  void aTableMayHaveNamesOfItsOwn() {
    ConfFolder conf = automateDv();

    List<VaultTable> vault = conf.model().vault();

    VaultTable customer = vault.get(0);
    assertThat(customer.names())
        .isEqualTo(
            new VaultNames(
                "CUSTOMER_PK",
                "hashdiff",
                "LOAD_DATE",
                "SOURCE",
                "applied_time",
                "deleted",
                VaultNames.PATTERNS.position(),
                "effective_from",
                "effective_to"));
    Link link = (Link) vault.get(3);
    assertThat(link.hashKey()).isEqualTo("CUSTOMER_PAIR_PK");
    assertThat(link.ends())
        .extracting(Link.End::hashKey)
        .as("the hub's, the pattern's, the declared one")
        .containsExactly("CUSTOMER_PK", "payer_hk", "OTHER_FK");
    Satellite satellite = (Satellite) vault.get(5);
    assertThat(satellite.names())
        .isEqualTo(
            new VaultNames(
                "CUSTOMER_PK",
                "HASHDIFF",
                "LOAD_DATE",
                "SOURCE",
                "EFFECTIVE_FROM",
                "GONE",
                List.of("P1", "P2", "P3"),
                "VALID_FROM",
                "VALID_TO"));
    assertThat(satellite.payload().get(0).name()).isEqualTo("CUSTOMER_NAME");
  }

  @Test
  void namesOfAllTablesFollowThePatternsOfTheEngine() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "engine.conf",
                """
                veralake.vault {
                  tables { hub = "{name}_h", link = "{name}_l", satellite = "{name}_s" }
                  names { hash-key = "hk_{table}", hashdiff = "hd_{TABLE}", load-time = ldts, record-source = rsrc }
                }
                """)
            .with(
                "models/land/people.conf",
                "format = csv\npath = people\nsystem = office\ncolumns { id = bigint, boss = bigint, name = string }\norder-by = [id]")
            .with(
                "models/vault/person_h.conf",
                "type = hub\nbusiness-key { id = bigint }\nsources = [people]")
            .with(
                "models/vault/person_boss_l.conf",
                """
                type = link
                hubs { person = person, boss = person_h }
                sources = [{ from = people, columns { person.id = id, boss.id = boss } }]
                """)
            .with(
                "models/vault/person_s.conf",
                "type = satellite\nparent = person_h\npayload { name = string }\nsources = [people]")
            .with(
                "models/mart/dim_person.conf",
                """
                type = dimension
                columns { id = bigint, name = string }
                grain = [id]
                sql = "SELECT id, name FROM person_h JOIN person_s_current USING (hk_person_h)"
                """);

    Model model = conf.model();
    List<VaultTable> vault = model.vault();

    assertThat(vault)
        .extracting(VaultTable::hashKey)
        .containsExactly("hk_person_h", "hk_person_boss_l", "hk_person_h");
    assertThat(((Link) vault.get(1)).ends())
        .extracting(Link.End::hashKey)
        .containsExactly("hk_person_h", "hk_boss_h");
    assertThat(vault.get(2).names().hashdiff()).isEqualTo("hd_PERSON_S");
    assertThat(vault.get(2).names().loadTime()).isEqualTo("ldts");
    assertThat(model.marts().get(0).reads()).containsExactly("person_h", "person_s");
  }

  @Test
  void namesThatMeetAreRefusedWhateverTheirCase() {
    ConfFolder conf =
        automateDv()
            .edit("models/vault/sat_customer.conf", "GONE", "Customer_Name")
            .edit("models/vault/hub_customer.conf", "load-time = LOAD_DATE", "load-time = ID")
            .edit("models/vault/link_customer_pair.conf", "OTHER_FK", "customer_pk");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid business-key of hub_customer: ID (a name that isn't taken by Veralake's own column) at models/vault/hub_customer.conf: 2",
            "Invalid hubs of link_customer_pair: customer_pk (a name that isn't taken by the end customer) at models/vault/link_customer_pair.conf: 2",
            "Invalid payload of sat_customer: CUSTOMER_NAME (a name that isn't taken by Veralake's own column) at models/vault/sat_customer.conf: 3");
  }

  @Test
  void wrongNamesAreSaidWithWhatIsAllowed() {
    ConfFolder conf =
        automateDv()
            .edit("models/vault/sat_customer.conf", "[P1, P2, P3]", "[P1, P2]")
            .edit("models/vault/sat_customer.conf", "hashdiff = HASHDIFF", "hashdif = HASHDIFF")
            .edit("models/vault/hub_customer.conf", "CUSTOMER_PK", "_pk, hashdiff = x")
            .edit("models/vault/link_customer_pair.conf", "other = OTHER_FK", "othr = OTHER_FK")
            .with(
                "engine.conf",
                "veralake.vault { tables { hub = hub }, names { hash-key = HK, deleted = \"{nam}\" } }");

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Invalid veralake.vault.tables.hub: hub ({name} once, and lower-case letters, digits and underscores, beginning with a letter, at most 60) at engine.conf: 1",
            "Invalid veralake.vault.names.deleted: {nam} (letters, digits and underscores, beginning with a letter, at most 60; {name}, {table}, {NAME} and {TABLE} stand for the table's name) at engine.conf: 1",
            "Invalid veralake.vault.names.hash-key: HK (with {name} or {table}: a link has those of several tables) at engine.conf: 1",
            "Invalid names.hash-key of hub_customer: _pk (letters, digits and underscores, beginning with a letter, at most 60) at models/vault/hub_customer.conf: 4",
            "Unknown key of hub_customer: names.hashdiff (known: hash-key, load-time, record-source) at models/vault/hub_customer.conf: 4",
            "Unknown end in names.ends of link_customer_pair: othr (did you mean \"other\"?) at models/vault/link_customer_pair.conf: 4",
            "Invalid names.position of sat_customer: [P1, P2] (three names: letters, digits and underscores, beginning with a letter, at most 60) at models/vault/sat_customer.conf: 11",
            "Unknown key of sat_customer: names.hashdif (did you mean \"hashdiff\"?) at models/vault/sat_customer.conf: 6");
  }

  private static ConfFolder automateDv() {
    return ConfFolder.small()
        .with(
            "models/vault/hub_customer.conf",
            """
            type = hub
            business-key { ID = bigint }
            sources = [people]
            names { hash-key = CUSTOMER_PK, load-time = LOAD_DATE, record-source = SOURCE }
            """)
        .with(
            "models/vault/link_customer_pair.conf",
            """
            type = link
            hubs { customer = customer, payer = customer, other = customer }
            sources = [{ from = people, columns { customer.ID = id, payer.ID = id, other.ID = id } }]
            names { hash-key = CUSTOMER_PAIR_PK, ends { other = OTHER_FK } }
            """)
        .with(
            "models/vault/sat_customer.conf",
            """
            type = satellite
            parent = hub_customer
            payload { CUSTOMER_NAME = string }
            sources = [{ from = people, columns { CUSTOMER_NAME = name } }]
            names {
              hashdiff = HASHDIFF
              load-time = LOAD_DATE
              record-source = SOURCE
              applied-time = EFFECTIVE_FROM
              deleted = GONE
              position = [P1, P2, P3]
              effective-from = VALID_FROM
              effective-to = VALID_TO
            }
            """);
  }
}
