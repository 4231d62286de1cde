package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BridgeReaderTest {
  private static final String TABLE =
      """
      type = bridge
      hub = note
      walk = [link_written, { link = link_knows, from = knower, join = inner }]
      business-keys = [hub_note]
      snapshots { daily = 7, monthly = 12 }
      """;
  private static final String AT = " at models/vault/bridge_note.conf: ";

  private static ConfFolder with(String text) {
    return ConfFolder.small()
        .with(
            "models/vault/link_knows.conf",
            """
            type = link
            hubs { knower = person, known = person }
            sources = [{ from = people, columns { knower.id = id, known.id = "id + 1" } }]
            """)
        .with(
            "models/vault/sat_written.conf",
            """
            type = status-satellite
            parent = link_written
            sources = [{ from = notes, columns { note_id = "$.id", id = "$.by" } }]
            """)
        .with("models/vault/bridge_note.conf", text);
  }

  private static Bridge read(String text) {
    return (Bridge)
        with(text).model().vault().stream()
            .filter(Bridge.class::isInstance)
            .findFirst()
            .orElseThrow();
  }

  private static void assertProblem(String text, String problem, int line) {
    assertThat(with(text).problems()).containsExactly(problem + AT + line);
  }

  @Test
  void declarationReachesItsRecord() {
    Bridge bridge = read(TABLE);

    assertThat(bridge.hub().name()).isEqualTo("hub_note");
    assertThat(bridge.hashKey()).isEqualTo("note_hk");
    assertThat(bridge.ends()).isEqualTo(Bridge.Ends.IN_FORCE);
    assertThat(bridge.walk()).extracting(Bridge.Step::at).containsExactly("note_hk", "person_hk");
    assertThat(bridge.walk())
        .extracting(Bridge.Step::join)
        .containsExactly(Bridge.Join.LEFT, Bridge.Join.INNER);
    assertThat(bridge.shown())
        .extracting(Bridge.Shown::name)
        .containsExactly("note_hk", "note_id", "written_hk", "person_hk", "knows_hk", "known_hk");
    assertThat(bridge.key()).containsExactly("note_hk", "written_hk", "knows_hk");
    assertThat(bridge.satellites())
        .extracting(Satellite::name)
        .containsExactly("sat_written", "sat_person");
    assertThat(bridge.inputs())
        .extracting(VaultTable::name)
        .containsExactly(
            "hub_note", "link_written", "hub_person", "link_knows", "sat_written", "sat_person");
    assertThat(bridge.calendar()).isEqualTo(new SnapshotCalendar(7, 0, 12, 0));
  }

  @Test
  void keysThatNeedNotBeThereNeedNoSatellites() {
    Bridge bridge = read(TABLE + "ends = any\njoin = inner");

    assertThat(bridge.satellites()).extracting(Satellite::name).containsExactly("sat_written");
    assertThat(bridge.inputs())
        .extracting(VaultTable::name)
        .containsExactly("hub_note", "link_written", "link_knows", "sat_written");
    assertThat(bridge.walk()).extracting(Bridge.Step::join).containsOnly(Bridge.Join.INNER);
  }

  @Test
  void aStepMayStartWhereOneSays() {
    Bridge bridge =
        read(
            TABLE.replace(
                "join = inner }",
                "}, { link = knows, as = further, from = known, to = knower, at = known_hk }"));

    assertThat(bridge.walk().get(2).at()).isEqualTo("known_hk");
    assertThat(bridge.key())
        .containsExactly("note_hk", "written_hk", "knows_hk", "further_knows_hk");
    assertThat(bridge.shown()).extracting(Bridge.Shown::name).endsWith("further_knower_hk");
  }

  @Test
  void unknownNamesAreTold() {
    assertProblem(
        TABLE.replace("hub = note", "hub = nte"),
        "Unknown hub of bridge_note: nte (hub_note, hub_person)",
        2);
    assertProblem(
        TABLE.replace("link_written", "link_writen"),
        "Unknown walk.link of bridge_note: link_writen (did you mean \"link_written\"?)",
        3);
    assertProblem(
        TABLE.replace("from = knower", "from = knowr"),
        "Unknown end of link_knows in walk.from of bridge_note: knowr (did you mean \"knower\"?)",
        3);
    assertProblem(
        TABLE.replace("from = knower", "from = knower, at = note_hk"),
        "Unknown hash key of hub_person in walk.at of bridge_note: note_hk (person_hk)",
        3);
    assertProblem(
        TABLE.replace("from = knower", "from = knower, to = [knower]"),
        "Unknown end of link_knows beside knower in walk.to of bridge_note: knower (did you mean \"known\"?)",
        3);
    assertProblem(
        TABLE.replace("[hub_note]", "[hub_nobody]"),
        "Unknown hub of the walk in business-keys of bridge_note: hub_nobody (hub_note, hub_person)",
        4);
    assertProblem(
        TABLE.replace("join = inner", "join = outer"),
        "Invalid walk.join of bridge_note: outer (left, inner or unknown)",
        3);
  }

  @Test
  void aWalkThatLeadsNowhereIsTold() {
    assertProblem(
        TABLE.replaceFirst("walk = .*", "walk = []"),
        "Invalid walk of bridge_note: [] (at least one link)",
        3);
    assertThat(
            with(TABLE.replaceFirst("walk = .*\n", "").replaceFirst("snapshots.*\n", ""))
                .problems())
        .containsExactlyInAnyOrder(
            "Missing key of bridge_note: walk" + AT + "1",
            "Missing key of bridge_note: snapshots" + AT + "1");
    assertProblem(
        TABLE.replace("link_written, ", ""),
        "Invalid walk.from of bridge_note: knower (an end on a hub that the walk has reached: hub_note; this one is on hub_person)",
        3);
    assertProblem(
        TABLE.replaceFirst("walk = .*", "walk = [link_knows]"),
        "Invalid walk.link of bridge_note: link_knows (a link with an end on a hub that the walk has reached: hub_note; this one has hub_person, hub_person)",
        3);
  }

  @Test
  void aWalkThatCouldBeTwoIsTold() {
    assertProblem(
        TABLE.replace("from = knower, ", ""),
        "Invalid walk.link of bridge_note: link_knows (with from = the end by which the walk enters it: knower or known)",
        3);
    assertProblem(
        TABLE.replace("inner }", "inner }, { link = link_written, from = person, as = other }"),
        "Invalid walk.link of bridge_note: link_written (with at = the column that it starts at, the walk has been at hub_person before: person_hk or known_hk)",
        3);
    assertThat(
            with(TABLE.replace(
                    "[link_written",
                    "[link_written, { link = link_written, from = note, to = [] }"))
                .problems())
        .containsExactly(
            "Invalid walk of bridge_note: two columns written_hk (names that differ: as = … gives the columns of a step a prefix; these are written_hk of link_written and written_hk of link_written)"
                + AT
                + "3");
  }

  @Test
  void unknownRecordsHaveToBeThere() {
    assertProblem(
        TABLE.replace("inner", "unknown"),
        "Invalid walk.join of bridge_note: unknown (left or inner, unless ghosts = true in link_knows, hub_person)",
        3);
  }
}
