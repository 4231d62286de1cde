package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LandReaderTest {
  private static final String FILE = "models/land/people.conf";

  @Test
  void fewKeysAreEnough() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "models/land/shop_orders.conf",
                "format = debezium-json\npath = \"cdc/shop.orders\"\nsystem = shop\n");

    assertThat(conf.model().land())
        .containsExactly(
            new LandTable(
                "shop_orders",
                LandTable.Format.DEBEZIUM_JSON,
                new LandSource.Folder("cdc/shop.orders"),
                "shop",
                ValueOrigin.constant("shop"),
                List.of(),
                List.of(),
                List.of(),
                ValueOrigin.SOURCE,
                ValueOrigin.RUN,
                CsvDialect.DEFAULT));
  }

  @Test
  void everyKeyReachesItsField() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = csv
                path = "s3a://bucket/people"
                system = office
                record-source = { column = name }
                key = id
                columns { zeta = bigint, name = string, at = timestamp, id = int, day = date }
                order-by = [day, at, zeta]
                commit-time = { column = at }
                load-time { column = at }
                csv { delimiter = ";", quote = "'", null = "\\\\N" }
                """);

    assertThat(conf.model().land())
        .containsExactly(
            new LandTable(
                "people",
                LandTable.Format.CSV,
                new LandSource.Folder("s3a://bucket/people"),
                "office",
                ValueOrigin.column("name"),
                List.of("id"),
                List.of(
                    column("zeta", "bigint"),
                    column("name", "string"),
                    column("at", "timestamp"),
                    column("id", "int"),
                    column("day", "date")),
                List.of("day", "at", "zeta"),
                ValueOrigin.column("at"),
                ValueOrigin.column("at"),
                new CsvDialect(';', '\'', "\\N")));
  }

  @Test
  void recordsMayComeFromTopics() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = json-lines
                topics = [people, persons]
                on-gap = report
                system = office
                """);

    assertThat(conf.model().land().get(0).source())
        .isEqualTo(new LandSource.Topics(List.of("people", "persons"), LandSource.OnGap.REPORT));
  }

  @Test
  void aSourceIsAFolderOrTopics() {
    ConfFolder both =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = csv
                topics = people
                path = people
                system = office
                columns { id = int }
                """);
    ConfFolder folder =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = json-lines
                path = people
                on-gap = report
                system = office
                """);

    assertThat(both.problems())
        .containsExactlyInAnyOrder(
            "Invalid path of people: beside topics (either path, topics, topics-matching, jdbc, mongo or rest) at models/land/people.conf: 3",
            "Invalid topics of people: people, … (a path for format = csv) at models/land/people.conf: 2");
    assertThat(folder.problems())
        .containsExactly(
            "Invalid on-gap of people: report (none without topics) at models/land/people.conf: 3");
  }

  private static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type).orElseThrow());
  }

  @Test
  void timesMayComeFromTheRunAndARecordSourceMayBeAText() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "models/land/notes.conf",
                "format = json-lines\npath = n\nsystem = desk\nrecord-source = \"desk 4\"\ncommit-time = run\nload-time = run");

    LandTable notes = conf.model().land().get(0);

    assertThat(notes.recordSource()).isEqualTo(ValueOrigin.constant("desk 4"));
    assertThat(notes.commitTime()).isEqualTo(ValueOrigin.RUN);
    assertThat(notes.loadTime()).isEqualTo(ValueOrigin.RUN);
  }

  @Test
  void everyMissingKeyIsNamed() {
    ConfFolder conf = ConfFolder.empty().with(FILE, "# nothing\n");

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Missing key of people: format at models/land/people.conf: 1",
            "Missing key of people: path at models/land/people.conf: 1",
            "Missing key of people: system at models/land/people.conf: 1");
  }

  @Test
  void aFileOfCommasNeedsItsColumns() {
    ConfFolder conf =
        ConfFolder.empty().with(FILE, "format = csv\npath = people\nsystem = office\n");

    assertThat(conf.problems())
        .containsExactly("Missing key of people: columns at models/land/people.conf: 1");
  }

  @Test
  void columnsBelongToFilesOfCommas() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                FILE,
                "format = json-lines\npath = p\nsystem = office\ncolumns { a = int }\ncsv { quote = \"'\" }\n");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid columns of people: a, … (none for format = json-lines) at models/land/people.conf: 4",
            "Invalid csv of people: { … } (none for format = json-lines) at models/land/people.conf: 5");
  }

  @Test
  void wrongValuesSayWhatIsAllowed() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = cvs
                path = ""
                system = "The Office"
                columns {
                  a = integer
                  b = "decimal(40,2)"
                  C = string
                  d = strin
                  e = [1]
                }
                csv { delimiter = ";;" }
                load-time = source
                commit-time = now
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid format of people: cvs (debezium-json, debezium-avro, json-lines, json, csv, avro, parquet or xml; did you mean \"csv\"?) at models/land/people.conf: 1",
            "Invalid path of people: \"\" (a folder below veralake.input, or a URL) at models/land/people.conf: 2",
            "Invalid system of people: The Office (lower-case letters, digits and underscores, beginning with a letter, at most 60) at models/land/people.conf: 3",
            "Invalid type of column a in columns of people: integer (boolean, int, bigint, float, double, decimal(p,s), string, binary, date or timestamp) at models/land/people.conf: 5",
            "Invalid type of column b in columns of people: decimal(40,2) (boolean, int, bigint, float, double, decimal(p,s), string, binary, date or timestamp; p from 1 to 38, s from 0 to p) at models/land/people.conf: 6",
            "Invalid column in columns of people: C (lower-case letters, digits and underscores, beginning with a letter, at most 60) at models/land/people.conf: 7",
            "Invalid type of column d in columns of people: strin (boolean, int, bigint, float, double, decimal(p,s), string, binary, date or timestamp; did you mean \"string\"?) at models/land/people.conf: 8",
            "Invalid columns.e of people: [1] (a text) at models/land/people.conf: 9",
            "Invalid csv.delimiter of people: ;; (one character) at models/land/people.conf: 11",
            "Invalid load-time of people: source (run or { column = name }) at models/land/people.conf: 12",
            "Invalid commit-time of people: now (source, run or { column = name }) at models/land/people.conf: 13");
  }

  @Test
  void typesOfColumnsAreChecked() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                FILE,
                """
                format = csv
                path = people
                system = office
                columns {
                  id = bigint
                  name = strin
                  b = "decimal(40,2)"
                  Born = date
                  changed = timestamp, pay = "decimal(9,2)"
                }
                """);

    String allowed =
        "boolean, int, bigint, float, double, decimal(p,s), string, binary, date or timestamp";
    assertThat(conf.problems())
        .contains(
            "Invalid type of column name in columns of people: strin ("
                + allowed
                + "; did you mean \"string\"?) at models/land/people.conf: 6",
            "Invalid type of column b in columns of people: decimal(40,2) ("
                + allowed
                + "; p from 1 to 38, s from 0 to p) at models/land/people.conf: 7",
            "Invalid column in columns of people: Born (lower-case letters, digits and underscores, beginning with a letter, at most 60) at models/land/people.conf: 8");
  }

  @Test
  void aColumnIsDeclaredOnce() {
    ConfFolder conf = ConfFolder.small().edit(FILE, "born = date", "name = date,\n  born = date");

    assertThat(conf.problems())
        .containsExactly(
            "Duplicate key of people: name (already in line 4) at models/land/people.conf: 4");
  }

  @Test
  void orderNeedsColumnsThatHaveOne() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(FILE, "order-by = [changed]", "order-by = [name, chnged, born, id, changed]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid order-by of people: name, chnged, born, id, changed (at most three columns) at models/land/people.conf: 5",
            "Invalid order-by of people: name, a string (int, bigint, date or timestamp: a text has no order in time) at models/land/people.conf: 5",
            "Unknown column in order-by of people: chnged (did you mean \"changed\"?) at models/land/people.conf: 5");
  }

  @Test
  void aFileWithoutAnOrderIsOrderedByItself() {
    ConfFolder conf = ConfFolder.small().edit(FILE, "order-by = [changed]", "");

    assertThat(conf.model().land().get(1).orderBy()).isEmpty();
  }

  @Test
  void originsNameColumnsOfTheRightType() {
    ConfFolder conf =
        ConfFolder.small()
            .edit(
                FILE,
                "order-by = [changed]",
                """
                record-source = { column = nme }
                commit-time = { column = pay }
                load-time = { colum = changed }
                key = [idd]
                csv { delimiter = "'", quote = "'", null = [] }
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Unknown column in record-source of people: nme (did you mean \"name\"?) at models/land/people.conf: 5",
            "Invalid commit-time of people: pay, a decimal(9,2) (a timestamp or a date) at models/land/people.conf: 6",
            "Missing key of people: load-time.column at models/land/people.conf: 7",
            "Unknown key of people: load-time.colum (did you mean \"column\"?) at models/land/people.conf: 7",
            "Unknown column in key of people: idd (did you mean \"id\"?) at models/land/people.conf: 8",
            "Invalid csv.null of people: [] (a text) at models/land/people.conf: 9",
            "Invalid csv.quote of people: ' (another than the delimiter) at models/land/people.conf: 9");
  }

  @Test
  void theQuarantinesNameIsTaken() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/land/quarantine.conf", "format = json-lines\npath = q\nsystem = desk");

    assertThat(conf.problems())
        .containsExactly(
            "Duplicate name: quarantine (already taken by Veralake's own table raw.quarantine) at models/land/quarantine.conf");
  }

  @Test
  void aRemovedKeyNamesItsReplacement() {
    ConfFolder conf = ConfFolder.small().edit(FILE, "order-by", "sort-by");

    assertThat(conf.problems("local", Map.of(), Map.of("land.sort-by", "renamed to order-by")))
        .containsExactly(
            "Removed key of people: sort-by (renamed to order-by) at models/land/people.conf: 5");
  }

  @Test
  void eventsWithoutSchemaSayHowTheirConnectorWrites() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = debezium-json
                topics = people
                system = office
                columns { id = int }
                on-loss = accept
                connector {
                  decimal-handling-mode = precise
                  time-precision-mode = nanoseconds
                  binary-handling-mode = base64-url-safe
                }
                """);

    LandTable table = conf.model().land().get(0);
    assertThat(table.connector())
        .isEqualTo(
            new ConnectorModes(
                ConnectorModes.Decimals.PRECISE,
                ConnectorModes.Times.NANOSECONDS,
                ConnectorModes.Binaries.BASE64_URL_SAFE));
    assertThat(table.onLoss()).isEqualTo(LandTable.OnLoss.ACCEPT);
  }

  @Test
  void aConnectorNeedsColumnsAndModesThatSayTheUnit() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = debezium-json
                path = people
                system = office
                connector { decimal-handling-mode = string, time-precision-mode = adaptive }
                """);
    ConfFolder csv =
        ConfFolder.empty()
            .with(
                FILE,
                """
                format = json-lines
                path = people
                system = office
                on-loss = accept
                """);

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Missing key of people: columns at models/land/people.conf: 1",
            "Invalid connector.time-precision-mode of people: adaptive (isostring, microseconds, nanoseconds or connect) at models/land/people.conf: 4");
    assertThat(csv.problems())
        .containsExactly(
            "Invalid on-loss of people: accept (none for format = json-lines) at models/land/people.conf: 4");
  }
}
