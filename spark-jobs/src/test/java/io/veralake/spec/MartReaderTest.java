package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MartReaderTest {
  private static final String FILE = "models/mart/dim_person.conf";

  @Test
  void everyKeyReachesItsField() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/mart/deep/late.sql", "SELECT * FROM this WHERE day > DATE '2100-01-01';\n")
            .with(
                "models/mart/deep/q.sql",
                "SELECT 1 AS id\n-- FROM sat_person_current\nFROM hub_person\n;\n")
            .with(
                "models/mart/deep/agg_x.conf",
                """
                type = aggregate
                sql = q.sql
                columns { id = bigint, day = date, at = timestamp, kind = string, name = string }
                grain = [id, day]
                partition-by = ["day(at)", month(day), kind]
                reads = [sat_person_history, dim_person, hub_person]
                refresh {
                  key = [id]
                  changes { sat_person = "SELECT id FROM changes", dim_person = late.sql }
                  lookups { dim_person { match = [id, name], at = at } }
                }
                not-null = [day]
                accepted-values { kind = [a, "b'c"], id = [1] }
                foreign-keys { id = dim_person, name = dim_person.pay }
                checks = [
                  { name = late, sql = late.sql }
                  { name = many, severity = warn, sql = "SELECT 2" }
                ]
                """);

    Mart mart = conf.model().marts().get(1);

    String late = "SELECT * FROM this WHERE day > DATE '2100-01-01'";
    assertThat(mart)
        .isEqualTo(
            new Mart(
                "agg_x",
                Mart.Kind.AGGREGATE,
                "SELECT 1 AS id\n-- FROM sat_person_current\nFROM hub_person\n",
                List.of(
                    column("id", "bigint"),
                    column("day", "date"),
                    column("at", "timestamp"),
                    column("kind", "string"),
                    column("name", "string")),
                List.of("id", "day"),
                List.of(
                    new Mart.PartitionField(Mart.PartitionField.Transform.DAY, "at"),
                    new Mart.PartitionField(Mart.PartitionField.Transform.MONTH, "day"),
                    new Mart.PartitionField(Mart.PartitionField.Transform.IDENTITY, "kind")),
                List.of("sat_person", "dim_person", "hub_person"),
                new Mart.Refresh(
                    List.of("id"),
                    Map.of("sat_person", "SELECT id FROM changes", "dim_person", late),
                    Map.of("dim_person", new Mart.Lookup(List.of("id", "name"), "at"))),
                List.of(
                    stop("not-null-day", "SELECT * FROM this WHERE `day` IS NULL"),
                    stop(
                        "accepted-values-kind",
                        "SELECT * FROM this WHERE CAST(`kind` AS STRING) NOT IN ('a', 'b\\'c')"),
                    stop(
                        "accepted-values-id",
                        "SELECT * FROM this WHERE CAST(`id` AS STRING) NOT IN ('1')"),
                    stop(
                        "foreign-key-id",
                        "SELECT t.* FROM this t LEFT ANTI JOIN dim_person d ON t.`id` = d.`id` WHERE t.`id` IS NOT NULL"),
                    stop(
                        "foreign-key-name",
                        "SELECT t.* FROM this t LEFT ANTI JOIN dim_person d ON t.`name` = d.`pay` WHERE t.`name` IS NOT NULL"),
                    stop("late", late),
                    new Mart.Check("many", Mart.Severity.WARN, "SELECT 2"))));
  }

  private static Mart.Check stop(String name, String sql) {
    return new Mart.Check(name, Mart.Severity.STOP, sql);
  }

  private static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type).orElseThrow());
  }

  @Test
  void readsFollowFromTheQuery() {
    Model model = ConfFolder.small().model();

    assertThat(model.marts()).extracting(Mart::name).containsExactly("dim_person", "fact_note");
    assertThat(model.marts().get(0).reads()).containsExactly("hub_person", "sat_person");
    assertThat(model.marts().get(1).reads()).containsExactly("dim_person", "hub_note");
  }

  @Test
  void missingKeysAreNamed() {
    ConfFolder conf = ConfFolder.empty().with("models/mart/m.conf", "refresh {}\nchecks = [{}]");

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Missing key of m: type at models/mart/m.conf: 1",
            "Invalid sql of m: m.sql (an existing file beside the declaration, or SQL) at models/mart/m.conf: 1",
            "Missing key of m: columns at models/mart/m.conf: 1",
            "Missing key of m: grain at models/mart/m.conf: 1",
            "Missing key of m: refresh.key at models/mart/m.conf: 1",
            "Missing key of m: checks.name at models/mart/m.conf: 2",
            "Missing key of m: checks.sql at models/mart/m.conf: 2");
  }

  @Test
  void columnsThatDoNotExistAreNamed() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "grain = [id]",
                """
                grain = [idd]
                partition-by = [nme]
                refresh { key = [i_d], lookups { sat_person { match = [nam], at = chnged } } }
                not-null = [ayp]
                accepted-values { naem = [x] }
                foreign-keys { di = fact_not }
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Unknown column in grain of dim_person: idd (did you mean \"id\"?) at models/mart/dim_person.conf: 3",
            "Unknown column in partition-by of dim_person: nme (did you mean \"name\"?) at models/mart/dim_person.conf: 4",
            "Unknown column in refresh.key of dim_person: i_d (did you mean \"id\"?) at models/mart/dim_person.conf: 5",
            "Unknown column in refresh.lookups.sat_person.match of dim_person: nam (did you mean \"name\"?) at models/mart/dim_person.conf: 5",
            "Unknown column in refresh.lookups.sat_person.at of dim_person: chnged (did you mean \"changed\"?) at models/mart/dim_person.conf: 5",
            "Unknown column in not-null of dim_person: ayp (did you mean \"pay\"?) at models/mart/dim_person.conf: 6",
            "Unknown column in accepted-values of dim_person: naem (did you mean \"name\"?) at models/mart/dim_person.conf: 7",
            "Unknown column in foreign-keys of dim_person: di (did you mean \"id\"?) at models/mart/dim_person.conf: 8",
            "Unknown mart in foreign-keys of dim_person: fact_not (did you mean \"fact_note\"?) at models/mart/dim_person.conf: 8");
  }

  @Test
  void partitionsAreKnownFunctionsOfFittingColumns() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "grain = [id]",
                "grain = [id]\npartition-by = [\n\"year(changed)\"\n\"day(id)\"\n\"id + 1\"\n\"month(changed)\"]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid partition-by of dim_person: year(changed) (column, day(column) or month(column)) at models/mart/dim_person.conf: 4",
            "Invalid partition-by of dim_person: day(id) of a bigint (day and month take a date or timestamp; whole values are not float, double or binary) at models/mart/dim_person.conf: 4",
            "Invalid partition-by of dim_person: id + 1 (column, day(column) or month(column)) at models/mart/dim_person.conf: 4");
  }

  @Test
  void aLookupIsAtATimestamp() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "grain = [id]",
                "grain = [id]\nrefresh { key = [id], lookups { hub_person { match = [id], at = name } } }");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid refresh.lookups.hub_person.at of dim_person: name, a string (a timestamp) at models/mart/dim_person.conf: 4");
  }

  @Test
  void inputsThatDoNotExistAreNamed() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "grain = [id]",
                "grain = [id]\nreads = [sat_persn]\nrefresh { key = [id], changes { hub_note = \"SELECT 1\" } }")
            .edit(
                "models/mart/fact_note.conf",
                "FROM hub_note n",
                "FROM hub_not n, sat_person_curent");

    assertThat(conf.problems())
        .containsExactly(
            "Unknown vault table or mart in reads of dim_person: sat_persn (did you mean \"sat_person\"?) at models/mart/dim_person.conf: 4",
            "Unknown input in refresh.changes of dim_person: hub_note (there is none) at models/mart/dim_person.conf: 5",
            "Unknown vault table in sql of fact_note: hub_not (did you mean \"hub_note\"?) at models/mart/fact_note.conf: 2",
            "Unknown vault table in sql of fact_note: sat_person_curent (did you mean \"sat_person_current\"?) at models/mart/fact_note.conf: 2");
  }

  @Test
  void aMissingQueryIsNamed() {
    ConfFolder conf =
        ConfFolder.small()
            .without("models/mart/dim_person.sql")
            .with("models/mart/empty.sql", "  \n;\n")
            .edit(
                "models/mart/fact_note.conf",
                "\"SELECT n.note_id, id, name FROM hub_note n, dim_person\"",
                "empty.sql");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid sql of dim_person: dim_person.sql (an existing file beside the declaration, or SQL) at models/mart/dim_person.conf: 1",
            "Invalid sql of fact_note: empty.sql (a file that is not empty) at models/mart/fact_note.conf: 2");
  }

  @Test
  void checksHaveDifferentNamesAndAKnownSeverity() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "grain = [id]",
                """
                grain = [id]
                checks = [
                  { name = a, sql = "SELECT 1", severity = error }
                  { name = A, sql = "SELECT 1" }
                  { name = grain, sql = "SELECT 1" }
                  "SELECT 1"
                ]
                """);

    String other =
        " (another name than all other checks of the mart) at models/mart/dim_person.conf: ";
    assertThat(conf.problems())
        .containsExactly(
            "Invalid checks of dim_person: \"SELECT 1\" (objects { … }) at models/mart/dim_person.conf: 4",
            "Invalid checks.severity of dim_person: error (warn or stop) at models/mart/dim_person.conf: 5",
            "Invalid checks.name of dim_person: A" + other + 6,
            "Invalid checks.name of dim_person: grain" + other + 7);
  }

  @Test
  void checksInTimeBecomeSql() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "grain = [id]",
                """
                grain = [id]
                freshness { column = changed, within = 36 hours, severity = stop }
                volume { column = changed, within = "20 %", weeks = 3 }
                """);

    List<Mart.Check> checks = conf.model().marts().get(0).checks();

    assertThat(checks).extracting(Mart.Check::name).containsExactly("freshness", "volume");
    assertThat(checks)
        .extracting(Mart.Check::severity)
        .containsExactly(Mart.Severity.STOP, Mart.Severity.WARN);
    assertThat(checks).allMatch(Mart.Check::dependsOnTime);
    assertThat(checks.get(0).sql()).contains("{as-of} - INTERVAL '129600' SECOND");
    assertThat(checks.get(1).sql())
        .contains("usual * 20 / 100", "date_sub(CAST({as-of} AS date), 22)");
  }

  @Test
  void checksInTimeSpeakOfATime() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "grain = [id]",
                """
                grain = [id]
                freshness { column = name, within = "20 %" }
                volume { column = chnged, within = 2 days, weeks = 0, sevrity = stop }
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid freshness.column of dim_person: name, a string (a date or a timestamp) at models/mart/dim_person.conf: 4",
            "Invalid freshness.within of dim_person: 20 % (a duration with its unit, such as 5 seconds or 15 minutes) at models/mart/dim_person.conf: 4",
            "Unknown volume.column of dim_person: chnged (did you mean \"changed\"?) at models/mart/dim_person.conf: 5",
            "Invalid volume.weeks of dim_person: 0 (a whole number from 1 to 52) at models/mart/dim_person.conf: 5",
            "Invalid volume.within of dim_person: 2 days (how far from the usual, such as 50 %) at models/mart/dim_person.conf: 5",
            "Unknown key of dim_person: volume.sevrity (did you mean \"severity\"?) at models/mart/dim_person.conf: 5");
    assertThat(
            ConfFolder.small()
                .edit(FILE, "grain = [id]", "grain = [id]\nfreshness {}\nvolume {}")
                .problems())
        .containsExactly(
            "Missing key of dim_person: freshness.column at models/mart/dim_person.conf: 4",
            "Missing key of dim_person: freshness.within at models/mart/dim_person.conf: 4",
            "Missing key of dim_person: volume.column at models/mart/dim_person.conf: 5",
            "Missing key of dim_person: volume.within at models/mart/dim_person.conf: 5");
  }

  @Test
  void theKeysOtherNamesAreColumnsOfMarts() {
    String note = "models/mart/fact_note.conf";
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                note,
                "grain = [note_id]",
                "grain = [note_id]\nrefresh { key = [id], columns { dim_person { id = nam, idd = id }, hub_note { id = id } } }");

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Unknown column in refresh.columns of fact_note: idd (did you mean \"id\"?) at models/mart/fact_note.conf: 5",
            "Unknown mart among the inputs in refresh.columns of fact_note: hub_note (dim_person) at models/mart/fact_note.conf: 5",
            "Unknown column of dim_person in refresh.columns of fact_note: nam (id, name, pay, changed) at models/mart/fact_note.conf");
  }

  @Test
  void martsDoNotDependOnThemselves() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/mart/dim_person.sql", "SELECT * FROM fact_note JOIN fact_self ON true")
            .with(
                "models/mart/fact_self.conf",
                "type = fact\nsql = \"SELECT id FROM hub_person\"\ncolumns { id = bigint }\ngrain = [id]\nforeign-keys { id = fact_self }");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid reads of dim_person: dim_person → fact_note → dim_person (a mart may not depend on itself) at models/mart/dim_person.conf",
            "Invalid reads of fact_self: fact_self → fact_self (a mart may not depend on itself) at models/mart/fact_self.conf");
  }

  @Test
  void aMartComesAfterThoseThatItIsCheckedAgainst() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/mart/a.conf",
                "type = fact\nsql = \"SELECT note_id FROM hub_note\"\ncolumns { note_id = string }\ngrain = [note_id]\nforeign-keys { note_id = fact_note }");

    assertThat(conf.model().marts())
        .extracting(Mart::name)
        .containsExactly("dim_person", "fact_note", "a");
  }

  @Test
  void aMartIsNotNamedAsAViewOfTheVault() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/mart/sat_person_current.conf",
                "type = dimension\nsql = \"SELECT 1 AS a\"\ncolumns { a = int }\ngrain = [a]")
            .with(
                "models/mart/changes.conf",
                "type = dimension\nsql = \"SELECT 1 AS a\"\ncolumns { a = int }\ngrain = [a]");

    assertThat(conf.problems())
        .contains(
            "Duplicate name: changes (already taken by Veralake itself) at models/mart/changes.conf",
            "Duplicate name: sat_person_current (already taken by the current view of sat_person) at models/mart/sat_person_current.conf");
  }
}
