package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReconciliationReaderTest {
  private static final String FILE = "models/reconcile/persons.conf";

  @Test
  void everyKeyReachesItsField() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/reconcile/all.sql", "SELECT * FROM sat_person_history")
            .with("models/reconcile/live.sql", "SELECT *\nFROM rt.persons FINAL;")
            .with(
                "models/reconcile/all.conf",
                """
                mart = dim_person
                stream {
                  table = rt.persons
                  rows = live.sql
                  commit-time = committed
                  received-time = received
                  latency = 2 minutes
                }
                key = id
                partition = name
                compare = [name, pay]
                tolerance { pay = 0.01 }
                measures = pay
                change-time = changed
                systems = [desk, office]
                """);

    Model model = conf.model();

    Mart mart = model.marts().get(0);
    assertThat(model.reconciliations().get(0))
        .isEqualTo(
            new Reconciliation(
                "all",
                mart,
                new Reconciliation.Stream(
                    "rt.persons",
                    "SELECT *\nFROM rt.persons FINAL",
                    "committed",
                    "received",
                    Duration.ofMinutes(2)),
                List.of("id"),
                "name",
                List.of(
                    new Reconciliation.CompareColumn(mart.columns().get(1), "0"),
                    new Reconciliation.CompareColumn(mart.columns().get(2), "0.01")),
                List.of("pay"),
                "changed",
                "SELECT * FROM sat_person_history",
                List.of("desk", "office")));
  }

  @Test
  void systemsFollowFromTheMart() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/mart/dim_person.sql",
                "SELECT * FROM link_written JOIN hub_person USING (person_hk)");
    ConfFolder hubs =
        ConfFolder.small().with("models/mart/dim_person.sql", "SELECT * FROM hub_person");

    assertThat(ConfFolder.small().model().reconciliations().get(0).systems())
        .containsExactly("office");
    assertThat(conf.model().reconciliations().get(0).systems()).containsExactly("desk");
    assertThat(hubs.model().reconciliations().get(0).systems()).containsExactly("office");
  }

  @Test
  void missingKeysAreNamed() {
    ConfFolder conf =
        ConfFolder.small().with(FILE, "").with("models/reconcile/b.conf", "stream { rows = r }");

    assertThat(conf.problems())
        .contains(
            "Missing key of persons: mart at models/reconcile/persons.conf: 1",
            "Missing key of persons: stream at models/reconcile/persons.conf: 1",
            "Missing key of persons: key at models/reconcile/persons.conf: 1",
            "Missing key of persons: partition at models/reconcile/persons.conf: 1",
            "Missing key of persons: compare at models/reconcile/persons.conf: 1",
            "Missing key of persons: measures at models/reconcile/persons.conf: 1",
            "Missing key of persons: change-time at models/reconcile/persons.conf: 1",
            "Invalid history of persons: persons.sql (an existing file beside the declaration, or SQL) at models/reconcile/persons.conf: 1",
            "Missing key of b: stream.table at models/reconcile/b.conf: 1",
            "Missing key of b: stream.commit-time at models/reconcile/b.conf: 1",
            "Missing key of b: stream.received-time at models/reconcile/b.conf: 1",
            "Missing key of b: stream.latency at models/reconcile/b.conf: 1");
  }

  @Test
  void columnsThatDoNotExistAreNamed() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(FILE, "key = [id]", "key = [di]")
            .edit(FILE, "partition = id", "partition = nmae")
            .edit(FILE, "compare = [name, pay]", "compare = [name, pya]\ntolerance { pay = 1 }")
            .edit(FILE, "measures = [pay]", "measures = [pay, name]")
            .edit(FILE, "change-time = changed", "change-time = chaned");

    assertThat(conf.problems())
        .containsExactly(
            "Unknown column in key of persons: di (did you mean \"id\"?) at models/reconcile/persons.conf: 9",
            "Unknown column in partition of persons: nmae (did you mean \"name\"?) at models/reconcile/persons.conf: 10",
            "Unknown column in compare of persons: pya (did you mean \"pay\"?) at models/reconcile/persons.conf: 11",
            "Unknown compared column in tolerance of persons: pay (did you mean \"pya\"?) at models/reconcile/persons.conf: 12",
            "Unknown compared column in measures of persons: pay (name) at models/reconcile/persons.conf: 13",
            "Invalid measures of persons: name, a string (a number, to be summed) at models/reconcile/persons.conf: 13",
            "Unknown column in change-time of persons: chaned (did you mean \"changed\"?) at models/reconcile/persons.conf: 14");
  }

  @Test
  void valuesHaveTheirForm() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(FILE, "rt.persons\n", "persons\n")
            .edit(FILE, "5 seconds", "5")
            .edit(FILE, "measures", "tolerance { pay = -1, name = 1 }\nsystems = [ofice]\nmeasures")
            .edit(FILE, "change-time = changed", "change-time = pay")
            .edit(FILE, "\"SELECT 1\"", "\"\"");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid stream.table of persons: persons (database.table in ClickHouse) at models/reconcile/persons.conf: 3",
            "Invalid stream.latency of persons: 5 (a duration with its unit, such as 5 seconds or 15 minutes) at models/reconcile/persons.conf: 7",
            "Invalid tolerance of persons: name, a string (only numbers have a tolerance) at models/reconcile/persons.conf: 12",
            "Invalid tolerance of persons: pay = -1 (a decimal number, not negative) at models/reconcile/persons.conf: 12",
            "Unknown system in systems of persons: ofice (did you mean \"office\"?) at models/reconcile/persons.conf: 13",
            "Unknown compared column in measures of persons: pay (name) at models/reconcile/persons.conf: 14",
            "Invalid change-time of persons: pay, a decimal(9,2) (a timestamp) at models/reconcile/persons.conf: 15",
            "Invalid history of persons: \"\" (SQL, or the name of a .sql file beside the declaration) at models/reconcile/persons.conf: 16");
  }

  @Test
  void durationsAreWords() {
    ConfFolder conf = ConfFolder.small().edit(FILE, "5 seconds", "-3 fortnights");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid stream.latency of persons: -3 fortnights (a duration with its unit, such as 5 seconds or 15 minutes) at models/reconcile/persons.conf: 7");
  }

  @Test
  void anUnknownMartHasTheNearest() {
    ConfFolder conf = ConfFolder.small().edit(FILE, "dim_person", "dim_persons");

    assertThat(conf.problems())
        .containsExactly(
            "Unknown mart of persons: dim_persons (did you mean \"dim_person\"?) at models/reconcile/persons.conf: 1");
  }
}
