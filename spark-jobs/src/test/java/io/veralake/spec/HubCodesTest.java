package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class HubCodesTest {
  private static final String HUB =
      """
      type = hub
      business-key { nr = bigint }
      sources = [
        { from = people, collision-code = office, columns { nr = id } }
        { from = notes, collision-code = "d'k", columns { nr = "$.nr" } }
      ]
      """;
  private static final String LINK =
      """
      type = link
      hubs { one = member, other = member, person = person }
      sources = [
        {
          from = people
          collision-code { one = office, other = "d'k" }
          columns { one.nr = id, other.nr = id }
        }
      ]
      """;

  private static ConfFolder conf() {
    return ConfFolder.small()
        .with("models/vault/hub_member.conf", HUB)
        .with("models/vault/link_members.conf", LINK)
        .with(
            "models/vault/sat_member.conf",
            """
            type = satellite
            parent = hub_member
            payload { name = string }
            sources = [{ from = people, collision-code = office, columns { nr = id } }]
            """);
  }

  private static VaultTable table(ConfFolder conf, String name) {
    return conf.model().vault().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCodeIsTheFirstColumnOfTheKey() {
    Hub hub = (Hub) table(conf(), "hub_member");

    assertThat(hub.coded()).isTrue();
    assertThat(hub.businessKey())
        .containsExactly(
            new Column("collision_code", ColumnType.parse("string").orElseThrow()),
            new Column("nr", ColumnType.parse("bigint").orElseThrow()));
    assertThat(hub.sources())
        .extracting(source -> source.columns().get("collision_code"))
        .containsExactly("'office'", "'d\\'k'");
    assertThat(table(conf(), "sat_member").sources().get(0).columns())
        .isEqualTo(Map.of("nr", "id", "collision_code", "'office'"));
    assertThat(table(conf(), "link_members").sources().get(0).columns())
        .isEqualTo(
            Map.of(
                "one.nr",
                "id",
                "other.nr",
                "id",
                "one.collision_code",
                "'office'",
                "other.collision_code",
                "'d\\'k'"));
    assertThat(((Hub) table(conf(), "hub_person")).coded()).isFalse();
  }

  @Test
  void allSourcesOfAHubHaveOneOrNone() {
    ConfFolder conf =
        conf()
            .with("models/vault/hub_member.conf", HUB.replace("collision-code = office, ", ""))
            .without("models/vault/link_members.conf")
            .without("models/vault/sat_member.conf");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid sources.collision-code of hub_member: none (a code: other sources of the hub have one) at models/vault/hub_member.conf: 4");
  }

  @Test
  void whoeverRefersToTheHubSaysOneOfItsCodes() {
    ConfFolder conf =
        conf()
            .edit("models/vault/sat_member.conf", "collision-code = office, ", "")
            .edit("models/vault/link_members.conf", "one = office, other = \"d'k\"", "one = ofice");
    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Invalid sources.collision-code of link_members: { … } (one for other too) at models/vault/link_members.conf: 6",
            "Unknown code in sources.collision-code of link_members: ofice (did you mean \"office\"?) at models/vault/link_members.conf: 6",
            "Invalid sources.collision-code of sat_member: none (one of d'k, office: the hub's keys are told apart by it) at models/vault/sat_member.conf: 4");

    conf.with("models/vault/link_members.conf", LINK.replace("{ one = office", "{ on = office"))
        .edit("models/vault/sat_member.conf", "columns", "collision-code = \"\", columns");
    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Invalid sources.collision-code of link_members: { … } (one for one too) at models/vault/link_members.conf: 6",
            "Unknown end in sources.collision-code of link_members: on (did you mean \"one\"?) at models/vault/link_members.conf: 6",
            "Invalid sources.collision-code of sat_member: \"\" (a text) at models/vault/sat_member.conf: 4");
  }

  @Test
  void whereNoHubHasCodesNoneIsSaid() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                "models/vault/sat_person.conf",
                "[people]",
                "[{ from = people, collision-code = office }]")
            .with(
                "models/vault/hub_code.conf",
                "type = hub\nbusiness-key { collision_code = string }\nsources = [{ from = people, columns { collision_code = name } }]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid business-key of hub_code: collision_code (a name that isn't taken by collision codes) at models/vault/hub_code.conf: 2",
            "Invalid sources.collision-code of sat_person: office (none: no hub's sources have one) at models/vault/sat_person.conf: 4");
  }

  @Test
  void aHubSaysWhatNullsInItsKeyLeadTo() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                "models/vault/hub_person.conf",
                "[people]",
                "[people]\nnull-key = unknown\nghosts = true");
    assertThat(((Hub) table(conf, "hub_person")).rules().nullKey("", "id"))
        .isEqualTo(VaultRules.NullKey.UNKNOWN);
    Link link = (Link) table(conf, "link_written");
    assertThat(link.rules().nullKeys()).isEqualTo(Map.of("person.id", VaultRules.NullKey.UNKNOWN));
    conf.edit("models/vault/link_written.conf", "type", "null-key { id = skip }\ntype");
    assertThat(((Link) table(conf, "link_written")).rules().nullKey("person", "id"))
        .isEqualTo(VaultRules.NullKey.SKIP);

    conf.edit("models/vault/hub_person.conf", "ghosts = true", "");
    assertThat(conf.problems())
        .containsExactly(
            "Invalid null-key of hub_person: unknown (skip, unless ghosts = true) at models/vault/hub_person.conf: 4");
    conf.edit("models/vault/hub_person.conf", "= unknown", "{ idd = error, id = drop }");
    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Invalid null-key of hub_person: drop (skip, unknown or error) at models/vault/hub_person.conf: 4",
            "Unknown business key column in null-key of hub_person: idd (did you mean \"id\"?) at models/vault/hub_person.conf: 4");
  }
}
