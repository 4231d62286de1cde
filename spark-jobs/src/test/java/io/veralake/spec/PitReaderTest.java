package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PitReaderTest {
  private static final String TABLE =
      """
      type = pit
      parent = hub_person
      satellites = [sat_person]
      snapshots { daily = 7, monthly = 12 }
      """;

  private static ConfFolder with(String text) {
    return ConfFolder.small().with("models/vault/pit_person.conf", text);
  }

  @Test
  void declarationReachesItsRecord() {
    Pit pit =
        (Pit)
            with(TABLE).model().vault().stream()
                .filter(Pit.class::isInstance)
                .findFirst()
                .orElseThrow();

    assertThat(pit.parent().name()).isEqualTo("hub_person");
    assertThat(pit.hashKey()).isEqualTo("person_hk");
    assertThat(pit.satellites()).extracting(Satellite::name).containsExactly("sat_person");
    assertThat(pit.calendar()).isEqualTo(new SnapshotCalendar(7, 0, 12, 0));
    assertThat(pit.sources()).extracting(VaultSource::from).containsExactly("people");
  }

  @Test
  void mistakesAreTold() {
    assertThat(with(TABLE.replace("sat_person", "sat_persn")).problems())
        .containsExactly(
            "Unknown satellite of hub_person in satellites of pit_person: sat_persn (did you mean \"sat_person\"?) at models/vault/pit_person.conf: 3");
    assertThat(with(TABLE.replace("daily = 7, monthly = 12", "")).problems())
        .containsExactly(
            "Invalid snapshots.daily of pit_person: 0 (at least one snapshot: daily, weekly, monthly or yearly = how many) at models/vault/pit_person.conf: 4");
    assertThat(with(TABLE.replace("monthly", "monthy")).problems())
        .containsExactly(
            "Unknown key of pit_person: snapshots.monthy (did you mean \"monthly\"?) at models/vault/pit_person.conf: 4");
    assertThat(
            with(TABLE.replace("[sat_person]", "[sat_one]"))
                .with(
                    "models/vault/sat_one.conf",
                    """
                    type = non-historised-satellite
                    parent = hub_person
                    payload { name = string }
                    sources = [people]
                    """)
                .problems())
        .containsExactly(
            "Invalid satellites of pit_person: sat_one (a satellite that has one version of a key at a time: plain, status, or multi-active with members = whole) at models/vault/pit_person.conf: 3");
  }
}
