package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

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
