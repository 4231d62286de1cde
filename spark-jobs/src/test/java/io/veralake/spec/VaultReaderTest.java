package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VaultReaderTest {
  private static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type).orElseThrow());
  }

  @Test
  void everyFamilyReachesItsRecord() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/link_remark.conf",
                """
                type = non-historised-link
                hubs { about = person, by = hub_person }
                dependent-key { nr = int, a = string }
                payload { z = string, b = double }
                sources = {
                  from = notes
                  where = "length(document) > 0"
                  columns { about.id = "$.about", by.id = "$.by", nr = "$.nr", a = 1, z = "$.o'z", b = "$.b" }
                }
                """);

    List<VaultTable> vault = conf.model().vault();

    VaultSource people = new VaultSource("people", Map.of(), "true");
    Hub person = new Hub("hub_person", List.of(column("id", "bigint")), List.of(people));
    Hub note =
        new Hub(
            "hub_note",
            List.of(column("note_id", "string")),
            List.of(
                new VaultSource("notes", Map.of("note_id", shortForm("$.id", "string")), "true")));
    assertThat(vault)
        .containsExactly(
            note,
            person,
            new Link(
                "link_remark",
                List.of(new Link.End("about", person), new Link.End("by", person)),
                List.of(column("nr", "int"), column("a", "string")),
                false,
                List.of(column("z", "string"), column("b", "double")),
                List.of(
                    new VaultSource(
                        "notes",
                        Map.of(
                            "about.id",
                            shortForm("$.about", "bigint"),
                            "by.id",
                            shortForm("$.by", "bigint"),
                            "nr",
                            shortForm("$.nr", "int"),
                            "a",
                            "1",
                            "z",
                            shortForm("$.o\\'z", "string"),
                            "b",
                            shortForm("$.b", "double")),
                        "length(document) > 0"))),
            new Link(
                "link_written",
                List.of(new Link.End("note", note), new Link.End("person", person)),
                List.of(),
                true,
                List.of(),
                List.of(
                    new VaultSource(
                        "notes",
                        Map.of(
                            "note_id",
                            shortForm("$.id", "string"),
                            "id",
                            shortForm("$.by", "bigint")),
                        "true"))),
            new Satellite(
                "sat_person",
                person,
                List.of(column("name", "string"), column("pay", "decimal(9,2)")),
                List.of(),
                List.of(people)));
  }

  @Test
  void businessKeysKeepTheOrderInWhichTheyAreWritten() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/hub_pair.conf",
                """
                type = hub
                # "name" is no key here
                business-key { pay = "decimal(9,2)", name = string,
                  id = bigint }
                sources = [people]
                """);

    Hub pair = (Hub) conf.model().vault().get(1);

    assertThat(pair.businessKey()).extracting(Column::name).containsExactly("pay", "name", "id");
  }

  @Test
  void personalColumnsArePayload() {
    String file = "models/vault/sat_person.conf";
    ConfFolder conf = ConfFolder.small().edit(file, "sources", "personal = [name]\nsources");

    assertThat(((Satellite) conf.model().vault().get(3)).personal()).containsExactly("name");
    assertThat(conf.edit(file, "[name]", "[nme]").problems())
        .containsExactly(
            "Unknown column in personal of sat_person: nme (did you mean \"name\"?) at models/vault/sat_person.conf: 4");
  }

  @Test
  void missingKeysAreNamed() {
    ConfFolder conf =
        ConfFolder.empty()
            .with("models/vault/hub_a.conf", "type = hub\n")
            .with("models/vault/link_b.conf", "type = link\n")
            .with("models/vault/sat_c.conf", "type = satellite\n")
            .with("models/vault/hub_d.conf", "business-key {}\nsources = []\n");

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Missing key of hub_a: business-key at models/vault/hub_a.conf: 1",
            "Missing key of hub_a: sources at models/vault/hub_a.conf: 1",
            "Missing key of hub_d: type at models/vault/hub_d.conf: 1",
            "Invalid business-key of hub_d: {} (at least one column: name = type) at models/vault/hub_d.conf: 1",
            "Invalid sources of hub_d: [] (at least one raw table) at models/vault/hub_d.conf: 2",
            "Missing key of link_b: hubs at models/vault/link_b.conf: 1",
            "Missing key of link_b: sources at models/vault/link_b.conf: 1",
            "Missing key of sat_c: payload at models/vault/sat_c.conf: 1",
            "Missing key of sat_c: sources at models/vault/sat_c.conf: 1",
            "Missing key of sat_c: parent at models/vault/sat_c.conf: 1");
  }

  @Test
  void keysOfAnotherFamilyAreUnknown() {
    ConfFolder conf =
        ConfFolder.small()
            .edit("models/vault/hub_person.conf", "sources", "payload { name = string }\nsources")
            .edit("models/vault/link_written.conf", "sources", "payload { x = int }\nsources");

    assertThat(conf.problems())
        .containsExactly(
            "Unknown key of hub_person: payload (known: business-key, ghost-values, ghosts, names, null-key, shared-keys, sources, type) at models/vault/hub_person.conf: 3",
            "Unknown key of link_written: payload (known: absent-hubs, dependent-key, ghost-values, ghosts, hubs, names, null-key, sources, type) at models/vault/link_written.conf: 3");
  }

  @Test
  void theTypeIsAWordAndTheNameBeginsWithIt() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/sat_wrong.conf",
                "type = hub\nbusiness-key { id = bigint }\nsources = [people]")
            .with(
                "models/vault/hub_wrong.conf",
                "type = hubb\nbusiness-key { id = bigint }\nsources = [people]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid type of hub_wrong: hubb (hub, link, non-historised-link, satellite, multi-active-satellite, effectivity-satellite, status-satellite, record-tracking-satellite, non-historised-satellite, reference, pit or bridge; did you mean \"hub\"?) at models/vault/hub_wrong.conf: 1",
            "Invalid type of sat_wrong: hub (a name that begins with hub_) at models/vault/sat_wrong.conf: 1");
  }

  @Test
  void unknownNamesHaveTheNearest() {
    ConfFolder conf =
        ConfFolder.small()
            .edit("models/vault/hub_person.conf", "[people]", "[\n  poeple\n]")
            .edit("models/vault/link_written.conf", "person]", "persn]")
            .edit("models/vault/sat_person.conf", "hub_person", "hub_preson");

    assertThat(conf.problems())
        .containsExactly(
            "Unknown raw table in sources.from of hub_person: poeple (did you mean \"people\"?) at models/vault/hub_person.conf: 4",
            "Unknown hub in hubs of link_written: hub_persn (did you mean \"hub_person\"?) at models/vault/link_written.conf: 2",
            "Unknown hub or link in parent of sat_person: hub_preson (did you mean \"hub_person\"?) at models/vault/sat_person.conf: 2");
  }

  @Test
  void aBrokenHubIsNotCalledUnknown() {
    ConfFolder conf =
        ConfFolder.small().edit("models/vault/hub_person.conf", "id = bigint", "id = bigit");

    assertThat(conf.problems())
        .contains(
            "Invalid type of column id in business-key of hub_person: bigit (boolean, int, bigint, float, double, decimal(p,s), string, binary, date or timestamp; did you mean \"bigint\"?) at models/vault/hub_person.conf: 2")
        .noneMatch(problem -> problem.startsWith("Unknown hub"));
  }

  @Test
  void rawColumnsAreCheckedWhereTheyAreDeclared() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/hub_place.conf",
                """
                type = hub
                business-key { place_id = int }
                sources = [
                  people
                  { from = people, columns { place_id = plce } }
                  { from = people, columns { place_id = "length(anything)" } }
                  { from = people, columns { place_id = "`_row`" } }
                  { from = people, columns { place = id, place_id = id } }
                  { from = notes }
                ]
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Unknown column of people in sources.from of hub_place: place_id (born, changed, id, name, pay) at models/vault/hub_place.conf: 4",
            "Unknown column of people in sources.columns of hub_place: plce (born, changed, id, name, pay) at models/vault/hub_place.conf: 5",
            "Invalid column place_id in sources.columns of hub_place: length(anything) (unknown column anything of people: born, changed, id, name, pay) at models/vault/hub_place.conf: 6",
            "Invalid column place_id in sources.columns of hub_place: `_row` (unknown column _row of people: born, changed, id, name, pay) at models/vault/hub_place.conf: 7",
            "Unknown column in sources.columns of hub_place: place (did you mean \"place_id\"?) at models/vault/hub_place.conf: 8",
            "Unknown column of notes in sources.from of hub_place: place_id (document) at models/vault/hub_place.conf: 9");
  }

  @Test
  void endsOnOneHubNeedTheirOwnColumns() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/link_knows.conf",
                """
                type = link
                hubs { one = person, other = person }
                sources = [{ from = people, columns { one.id = id } }]
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid sources.columns of link_knows: other.id (missing: write other.id = the column of people) at models/vault/link_knows.conf: 3");
  }

  @Test
  void columnsOfATableDiffer() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/link_person.conf",
                """
                type = non-historised-link
                hubs = [person]
                dependent-key { load_time = timestamp }
                payload { id = bigint, load_time = timestamp, person_hk = string }
                sources = [{ from = people, columns { load_time = changed, person_hk = name } }]
                """)
            .edit("models/vault/sat_person.conf", "{ name", "{ deleted = boolean, name")
            .edit(
                "models/vault/sat_person.conf",
                "[people]",
                "[{ from = people, columns { deleted = false } }]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid hubs of link_person: person_hk (a name that isn't taken by the hash key) at models/vault/link_person.conf: 2",
            "Invalid dependent-key of link_person: load_time (a name that isn't taken by Veralake's own column) at models/vault/link_person.conf: 3",
            "Invalid payload of link_person: load_time (a name that isn't taken by Veralake's own column) at models/vault/link_person.conf: 4",
            "Invalid payload of link_person: person_hk (a name that isn't taken by the hash key) at models/vault/link_person.conf: 4",
            "Invalid payload of sat_person: deleted (a name that isn't taken by Veralake's own column) at models/vault/sat_person.conf: 3");
  }

  @Test
  void aNonHistorisedLinkHasNoSatellites() {
    ConfFolder conf =
        ConfFolder.small()
            .edit("models/vault/link_written.conf", "= link", "= non-historised-link")
            .edit("models/vault/sat_person.conf", "hub_person", "link_written");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid parent of sat_person: link_written (a hub or link; a non-historised link carries its payload itself) at models/vault/sat_person.conf: 2");
  }

  @Test
  void aSatelliteOfALinkNeedsTheKeysOfItsEnds() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/sat_written.conf",
                """
                type = satellite
                parent = link_written
                payload { mood = string }
                sources = [{ from = notes, columns { note_id = "$.id", mood = "$.mood" } }]
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Unknown column of notes in sources.from of sat_written: id (document) at models/vault/sat_written.conf: 4");
  }

  @Test
  void sourcesAreNamesOrObjects() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                "models/vault/hub_person.conf", "[people]", "[people, [people], { frm = people }]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid sources of hub_person: [people] (names or objects { … }) at models/vault/hub_person.conf: 3",
            "Missing key of hub_person: sources.from at models/vault/hub_person.conf: 3",
            "Unknown key of hub_person: sources.frm (did you mean \"from\"?) at models/vault/hub_person.conf: 3");
  }

  @Test
  void aSourceMaySayWhereItsRowsComeFromAndWhen() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                "models/vault/sat_person.conf",
                "[people]",
                """
                [
                  { from = people, load-time = changed, applied-time = "CAST(born AS timestamp)", record-source = "'old'" }
                ]
                order = applied-time
                hashdiff = [name, id]""");
    Satellite satellite = (Satellite) conf.model().vault().get(3);
    assertThat(satellite.sources().get(0).origins())
        .isEqualTo(new RowOrigins("changed", "CAST(born AS timestamp)", "'old'"));
    assertThat(satellite.order()).isEqualTo(VersionOrder.APPLIED_TIME);
    assertThat(satellite.hashdiff()).containsExactly("name", "id");

    conf.edit("models/vault/sat_person.conf", "load-time = changed", "load-time = pay")
        .edit("models/vault/sat_person.conf", "\"CAST(born AS timestamp)\"", "chnged")
        .edit("models/vault/sat_person.conf", "[name, id]", "[nme]")
        .edit(
            "models/vault/hub_person.conf",
            "[people]",
            "[{ from = people, applied-time = changed }]");
    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Unknown key of hub_person: sources.applied-time (known: collision-code, columns, from, load-time, record-source, where) at models/vault/hub_person.conf: 3",
            "Unknown column in hashdiff of sat_person: nme (did you mean \"name\"?) at models/vault/sat_person.conf: 8",
            "Invalid sources.load-time of sat_person: pay, a decimal(9,2) (a timestamp or a date) at models/vault/sat_person.conf: 5",
            "Unknown column of people in sources.applied-time of sat_person: chnged (did you mean \"changed\"?) at models/vault/sat_person.conf: 5");
  }

  @Test
  void aSatelliteMayCarryOnWhatWasNotSent() {
    ConfFolder conf =
        ConfFolder.small()
            .edit("models/vault/sat_person.conf", "[people]", "[people]\nunsent = carry");
    assertThat(((Satellite) conf.model().vault().get(3)).carries()).isTrue();

    conf.edit("models/vault/sat_person.conf", "unsent = carry", "unsent = carri")
        .with(
            "models/vault/sat_marked.conf",
            "type = satellite\nparent = hub_person\npayload { unsent = date }\nunsent = carry\nsources = [{ from = people, columns { unsent = born } }]")
        .with(
            "models/vault/sat_seen.conf",
            "type = record-tracking-satellite\nparent = hub_person\nunsent = carry\nsources = [people]");
    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Invalid unsent of sat_person: carri (refuse or carry; did you mean \"carry\"?) at models/vault/sat_person.conf: 5",
            "Invalid payload of sat_marked: unsent (a name that isn't taken by the names of values that weren't sent) at models/vault/sat_marked.conf: 3",
            "Unknown key of sat_seen: unsent (known: every, ghost-values, ghosts, names, parent, sources, type) at models/vault/sat_seen.conf: 3");
  }

  @Test
  void viewsOfSatellitesAreTakenNames() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/sat_person_current.conf",
                "type = satellite\nparent = hub_person\npayload { born = date }\nsources = [people]");

    assertThat(conf.problems())
        .containsExactly(
            "Duplicate name: sat_person_current (already taken by the current view of sat_person) at models/vault/sat_person_current.conf");
  }

  private static String shortForm(String path, String type) {
    return ExtendedJson.value(
        "get_json_object(document, '" + path + "')", ColumnType.parse(type).orElseThrow());
  }
}
