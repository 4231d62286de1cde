package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class VaultRulesReaderTest {
  private static final String HUB = "models/vault/hub_person.conf";
  private static final String LINK = "models/vault/link_written.conf";

  private static ConfFolder with(String hub, String link) {
    return ConfFolder.small()
        .edit(HUB, "sources", hub + "sources")
        .edit(LINK, "sources", link + "sources");
  }

  @Test
  void ghostsHaveTheValuesOfTheirTypesOrTheirOwn() {
    String chosen = "ghosts = true\nghost-values { error { id = -9 } }\n";
    VaultTable hub = with(chosen, "").model().vault().get(1);

    assertThat(hub.rules().ghosts())
        .isEqualTo(
            Map.of(
                VaultRules.Ghost.UNKNOWN, Map.of("id", "-1"),
                VaultRules.Ghost.ERROR, Map.of("id", "-9")));
    assertThat(with("", "").model().vault().get(1).rules()).isEqualTo(VaultRules.NONE);
  }

  @Test
  void nullsInKeysLeadWhereTheLinkSays() {
    VaultTable link = with("ghosts = true\n", "null-key { id = unknown }\n").model().vault().get(2);

    assertThat(link.rules().nullKey("person", "id")).isEqualTo(VaultRules.NullKey.UNKNOWN);
    assertThat(link.rules().nullKey("note", "note_id")).isEqualTo(VaultRules.NullKey.SKIP);
  }

  @Test
  void mistakesAreTold() {
    assertThat(with("ghost-values { unknown { id = 0 } }\n", "").problems())
        .containsExactly(
            "Invalid ghosts of hub_person: false (true: the table has ghost-values) at models/vault/hub_person.conf: 1");
    assertThat(with("ghosts = true\nghost-values { unknown { idd = 0 } }\n", "").problems())
        .containsExactly(
            "Unknown column in ghost-values.unknown of hub_person: idd (did you mean \"id\"?) at models/vault/hub_person.conf: 4");
    assertThat(with("", "null-key { id = unknown }\n").problems())
        .containsExactly(
            "Invalid null-key of link_written: unknown (skip, unless hub_person has ghosts = true) at models/vault/link_written.conf: 3");
    assertThat(with("ghosts = true\n", "null-key { id = nul, person_id = skip }\n").problems())
        .containsExactlyInAnyOrder(
            "Invalid null-key of link_written: nul (skip, unknown or error) at models/vault/link_written.conf: 3",
            "Unknown business key column in null-key of link_written: person_id (id, note_id) at models/vault/link_written.conf: 3");
  }
}
