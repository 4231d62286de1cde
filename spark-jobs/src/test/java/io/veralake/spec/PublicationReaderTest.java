package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PublicationReaderTest {
  private static final String FILE = "models/publish/dim_person.conf";

  @Test
  void everyKeyReachesItsField() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/publish/people.conf",
                """
                star = house
                mart = dim_person
                order-by = [name, id]
                types { name = "LowCardinality(String)" }
                live { reconciliation = persons, columns { changed = commit_time } }
                """);

    Model model = conf.model();

    assertThat(model.publications())
        .containsExactly(
            new Publication(
                "dim_person",
                "office",
                model.marts().get(0),
                List.of("id"),
                Map.of(),
                new Publication.Live(model.reconciliations().get(0), Map.of(), ""),
                List.of("pay"),
                Limits.NONE),
            new Publication(
                "people",
                "house",
                model.marts().get(0),
                List.of("name", "id"),
                Map.of("name", "LowCardinality(String)"),
                new Publication.Live(
                    model.reconciliations().get(0), Map.of("changed", "commit_time"), ""),
                List.of("pay"),
                Limits.NONE));
  }

  @Test
  void limitsAndMeasuresReachTheirFields() {
    Publication note =
        ConfFolder.small()
            .with(
                "models/publish/people.conf",
                """
                star = house
                mart = dim_person
                measures = [id]
                limits {
                  rows = 5 %
                  rows-added = 1000
                  rows-removed = 0.5%
                  rows-changed = 0
                  partitions = "31"
                  partitions-emptied = 2
                  measures { pay = 2.25, id = 1 % }
                }
                """)
            .model()
            .publications()
            .get(1);

    assertThat(note.measures()).containsExactly("id", "pay");
    assertThat(note.limits())
        .isEqualTo(
            new Limits(
                limit("5", true),
                limit("1000", false),
                limit("0.5", true),
                limit("0", false),
                limit("31", false),
                limit("2", false),
                Map.of("pay", limit("2.25", false), "id", limit("1", true))));
  }

  @Test
  void aTableWithLimitsLetsNoPartitionBeEmptied() {
    Publication people =
        ConfFolder.small()
            .with("models/publish/people.conf", "star = house\nmart = dim_person\nlimits {}")
            .model()
            .publications()
            .get(1);
    assertThat(people.limits())
        .isEqualTo(new Limits(null, null, null, null, null, limit("0", false), Map.of()));
  }

  @Test
  void limitsThatMeanNothingAreRefused() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/publish/people.conf",
                """
                star = house
                mart = dim_person
                measures = [name]
                limits {
                  rows = few
                  rows-added = 1.5
                  rows-removed = -1
                  partition = 3
                  partitions = 5 percent
                  measures { name = 1, pey = 1, pay = "5 €", id = [1] }
                }
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid measures of people: name, a string (a whole number, or a decimal with at most 9 digits after the point: its totals are exact) at models/publish/people.conf: 3",
            "Invalid limits.rows of people: few (a whole number, or per cent of what readers see: 1000 or 5 %) at models/publish/people.conf: 5",
            "Invalid limits.rows-added of people: 1.5 (a whole number, or per cent of what readers see: 1000 or 5 %) at models/publish/people.conf: 6",
            "Invalid limits.rows-removed of people: -1 (a whole number, or per cent of what readers see: 1000 or 5 %) at models/publish/people.conf: 7",
            "Unknown key of people: limits.partition (did you mean \"partitions\"?) at models/publish/people.conf: 8",
            "Invalid limits.partitions of people: 5 percent (a whole number, or per cent of what readers see: 1000 or 5 %) at models/publish/people.conf: 9",
            "Invalid limits.measures.id of people: [1] (a text) at models/publish/people.conf: 10",
            "Invalid limits.measures of people: name, a string (a whole number, or a decimal with at most 9 digits after the point: its totals are exact) at models/publish/people.conf: 10",
            "Unknown column in limits.measures of people: pey (did you mean \"pay\"?) at models/publish/people.conf: 10",
            "Invalid limits.measures of people: pay = 5 € (a number, or per cent of what readers see: 1000.00 or 5 %) at models/publish/people.conf: 10");
  }

  private static Limits.Limit limit(String most, boolean relative) {
    return new Limits.Limit(new BigDecimal(most), relative);
  }

  @Test
  void missingAndUnknownNamesAreSaid() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/publish/dim_peson.conf",
                "order-by = []\ntypes { nam = String }\nlive { columns { x = y } }")
            .with(
                "models/publish/fact_note.conf",
                "star = office\norder-by = [note]\ntypes { nam = String }\nlive { reconciliation = person, columns { x = y } }");

    assertThat(conf.problems())
        .containsExactly(
            "Missing key of dim_peson: star at models/publish/dim_peson.conf: 1",
            "Unknown mart of dim_peson: dim_peson (did you mean \"dim_person\"?) at models/publish/dim_peson.conf: 1",
            "Invalid order-by of dim_peson: [] (at least one) at models/publish/dim_peson.conf: 1",
            "Missing key of dim_peson: live.reconciliation at models/publish/dim_peson.conf: 3",
            "Unknown column in order-by of fact_note: note (did you mean \"note_id\"?) at models/publish/fact_note.conf: 2",
            "Unknown column in types of fact_note: nam (did you mean \"name\"?) at models/publish/fact_note.conf: 3",
            "Unknown live.reconciliation of fact_note: person (did you mean \"persons\"?) at models/publish/fact_note.conf: 4",
            "Unknown column in live.columns of fact_note: x (id, name, note_id) at models/publish/fact_note.conf: 4");
  }

  @Test
  void aLiveViewLooksUpWhatItsMartLooksUp() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/publish/people.conf",
                """
                star = house
                mart = dim_person
                live { reconciliation = persons, lookups { pey = dim_person, id = dim_persons } }
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Unknown column in live.lookups of people: pey (did you mean \"pay\"?) at models/publish/people.conf: 3",
            "Unknown lookup of mart dim_person in live.lookups of people: dim_person (there is none) at models/publish/people.conf: 3",
            "Unknown lookup of mart dim_person in live.lookups of people: dim_persons (there is none) at models/publish/people.conf: 3");
  }

  @Test
  void aLiveViewFollowsItsOwnMart() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/publish/fact_note.conf",
                "star = office\nlive { reconciliation = persons }");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid live.reconciliation of fact_note: persons, of dim_person (a reconciliation of fact_note) at models/publish/fact_note.conf: 2");
  }

  @Test
  void starsDoNotTakeEachOthersDatabases() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/publish/fact_note.conf", "star = office_data")
            .with("models/publish/other.conf", "star = system\nmart = fact_note");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid star of fact_note: office_data (not the database in which star office keeps its data) at models/publish/fact_note.conf",
            "Invalid star of other: system (lower-case letters, digits and underscores, beginning with a letter, at most 60; not default, information_schema, recon or system) at models/publish/other.conf: 1");
  }

  @Test
  void aNameIsNotThatOfALiveView() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/publish/dim_person_live.conf", "star = office\nmart = fact_note");

    assertThat(conf.problems())
        .containsExactly(
            "Duplicate name: dim_person_live (already taken by the live view of dim_person) at models/publish/dim_person_live.conf");
  }

  @Test
  void twoStarsDoNotShareATablesName() {
    ConfFolder conf =
        ConfFolder.small().with("models/publish/house/dim_person.conf", "star = house");

    assertThat(conf.problems())
        .containsExactly(
            "Duplicate name: dim_person (already taken by models/publish/dim_person.conf) at models/publish/house/dim_person.conf");
  }
}
