package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SatelliteReaderTest {
  private static final String FILE = "models/vault/sat_x.conf";

  private static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type).orElseThrow());
  }

  private static ConfFolder with(String text) {
    return ConfFolder.small().with(FILE, text);
  }

  private static Satellite read(String text) {
    return (Satellite)
        with(text).model().vault().stream()
            .filter(table -> table.name().equals("sat_x"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void membersComeOneByOne() {
    Satellite satellite =
        read(
            """
            type = multi-active-satellite
            parent = hub_person
            members = single
            member-key { name = string }
            payload { pay = "decimal(9,2)" }
            sources = [people]
            """);

    assertThat(satellite.form())
        .isEqualTo(new SatelliteForm.Members(List.of(column("name", "string"))));
    assertThat(satellite.unit()).containsExactly("person_hk", "name");
    assertThat(satellite.found()).containsExactly("person_hk");
  }

  @Test
  void setsComeAsArrays() {
    Satellite satellite =
        read(
            """
            type = multi-active-satellite
            parent = hub_note
            members = whole
            payload { tag = string, place = int }
            sources = [{
              from = notes
              explode = "$.tags[*]"
              columns { note_id = "$.id", tag = "$item.name", place = item_number }
            }]
            """);

    assertThat(satellite.form()).isEqualTo(new SatelliteForm.Sets(true));
    VaultSource source = satellite.sources().get(0);
    assertThat(source.explode())
        .isEqualTo("from_json(get_json_object(document, '$.tags'), 'array<string>')");
    assertThat(source.expression("tag")).contains("get_json_object(item, '$.name')");
    assertThat(source.expression("place")).isEqualTo("item_number");
  }

  @Test
  void setsComeMemberByMember() {
    Satellite satellite =
        read(
            """
            type = multi-active-satellite
            parent = hub_person
            members = whole
            payload { name = string }
            sources = [people]
            """);

    assertThat(satellite.form()).isEqualTo(new SatelliteForm.Sets(false));
  }

  @Test
  void setsFromChangesOfSingleRowsAreRefused() {
    ConfFolder conf =
        with("""
                type = multi-active-satellite
                parent = hub_person
                members = whole
                payload { name = string }
                sources = [people]
                """)
            .edit("models/land/people.conf", "order-by = [changed]", "dump = full\nkey = [id]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid members of sat_x: whole (single: raw.people has changes of single rows; or explode an array that is the set) at models/vault/sat_x.conf: 3");
  }

  @Test
  void wrongKeysOfMembersAreTold() {
    assertThat(
            with("""
                    type = multi-active-satellite
                    parent = hub_person
                    members = singel
                    payload { name = string }
                    sources = [people]
                    """)
                .problems())
        .containsExactly(
            "Invalid members of sat_x: singel (whole or single; did you mean \"single\"?) at models/vault/sat_x.conf: 3");
    assertThat(
            with("""
                    type = multi-active-satellite
                    parent = hub_person
                    members = single
                    payload { name = string }
                    sources = [people]
                    """)
                .problems())
        .containsExactly("Missing key of sat_x: member-key at models/vault/sat_x.conf: 1");
    assertThat(
            with("""
                    type = multi-active-satellite
                    parent = hub_note
                    members = whole
                    payload { tag = string, place = int }
                    sources = [{ from = notes, explode = "$.tags", columns { note_id = "$.id", tag = item } }]
                    """)
                .problems())
        .containsExactly(
            "Invalid sources.columns of sat_x: place (missing: write place = what it is of item) at models/vault/sat_x.conf: 5");
  }

  @Test
  void drivingKeyIsPartOfTheLink() {
    String text =
        """
        type = effectivity-satellite
        parent = link_written
        driving-key = [note]
        sources = [{ from = notes, columns { note_id = "$.id", id = "$.by" } }]
        """;
    Satellite satellite = read(text);
    assertThat(satellite.unit()).containsExactly("note_hk");
    assertThat(satellite.hashKey()).isEqualTo("written_hk");

    assertThat(with(text.replace("[note]", "[nota]")).problems())
        .containsExactly(
            "Unknown end or column of the dependent key in driving-key of sat_x: nota (did you mean \"note\"?) at models/vault/sat_x.conf: 3");
    assertThat(with(text.replace("[note]", "[note, person]")).problems())
        .containsExactly(
            "Invalid driving-key of sat_x: note, person (some ends of link_written, not all: what they point to is told by the others) at models/vault/sat_x.conf: 3");
    assertThat(with(text.replace("link_written", "hub_note")).problems())
        .containsExactly(
            "Invalid parent of sat_x: hub_note (a link, whose rows hold and end) at models/vault/sat_x.conf: 2");
  }

  @Test
  void referenceTablesHaveTheirOwnKey() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/ref_pay.conf",
                """
                type = reference
                key { pay = "decimal(9,2)" }
                payload { name = string }
                sources = [people]
                """);
    Satellite table =
        (Satellite)
            conf.model().vault().stream()
                .filter(t -> t.name().equals("ref_pay"))
                .findFirst()
                .orElseThrow();
    assertThat(table.unit()).containsExactly("pay_hk", "pay");
    assertThat(table.form())
        .isEqualTo(new SatelliteForm.Members(List.of(column("pay", "decimal(9,2)"))));
    assertThat(conf.edit("models/vault/ref_pay.conf", "key {", "kee {").problems())
        .contains("Missing key of ref_pay: key at models/vault/ref_pay.conf: 1");
  }

  @Test
  void trackingNeedsNoPayload() {
    assertThat(read("type = status-satellite\nparent = hub_person\nsources = [people]").form())
        .isEqualTo(new SatelliteForm.Status());
    String seen = "type = record-tracking-satellite\nparent = hub_person\nsources = [people]\n";
    assertThat(read(seen).form()).isEqualTo(new SatelliteForm.Sightings(SatelliteForm.Period.DAY));
    assertThat(read(seen + "every = month").form())
        .isEqualTo(new SatelliteForm.Sightings(SatelliteForm.Period.MONTH));
    assertThat(with(seen + "every = week").problems())
        .containsExactly(
            "Invalid every of sat_x: week (hour, day or month) at models/vault/sat_x.conf: 4");
    assertThat(with(seen + "payload { name = string }").problems())
        .containsExactly(
            "Unknown key of sat_x: payload (known: every, ghost-values, ghosts, names, parent, sources, type) at models/vault/sat_x.conf: 4");
  }
}
