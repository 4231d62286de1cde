package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestEngine;
import io.veralake.lake.sql.RowExpressions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ModelReaderTest {
  @Test
  void theStoresModelIsValid() {
    Model model =
        ModelReader.read(
                Path.of("..", "conf"), "local", TestEngine.STORE_KEYS, new RowExpressions())
            .model();

    assertThat(model.land()).hasSizeGreaterThanOrEqualTo(12);
    assertThat(model.vault()).hasSizeGreaterThanOrEqualTo(22);
  }

  @Test
  void theSmallModelOfTheTestsIsValid() {
    assertThat(ConfFolder.small().problems()).isEmpty();
  }

  @Test
  void allProblemsOfAllFilesComeAtOnceInTheOrderOfFilesAndLines() {
    ConfFolder conf =
        ConfFolder.small()
            .with("engine.conf", "veralake.hahs = MD5")
            .edit("models/land/people.conf", "path", "pat")
            .edit("models/vault/hub_person.conf", "business-key", "bussiness-key")
            .edit(
                "models/mart/dim_person.conf",
                "grain = [id]",
                "grain = [id]\nsort = a\npartition = b")
            .with("models/publish/dim_person.conf", "star = {");

    assertThat(conf.problems())
        .containsExactly(
            "Unknown key: veralake.hahs (did you mean \"hash\"?) at engine.conf: 1",
            "Missing key of people: path at models/land/people.conf: 1",
            "Unknown key of people: pat (did you mean \"path\"?) at models/land/people.conf: 2",
            "Unknown key of dim_person: sort (known: accepted-values, checks, columns, foreign-keys, freshness, grain, not-null, partition-by, reads, refresh, sql, type, volume) at models/mart/dim_person.conf: 4",
            "Unknown key of dim_person: partition (did you mean \"partition-by\"?) at models/mart/dim_person.conf: 5",
            "Invalid HOCON: expecting } or ], not: end of file at models/publish/dim_person.conf: 1",
            "Missing key of hub_person: business-key at models/vault/hub_person.conf: 1",
            "Unknown key of hub_person: bussiness-key (did you mean \"business-key\"?) at models/vault/hub_person.conf: 2");
  }

  @Test
  void decimalsNeedQuotes() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/vault/sat_person.conf",
                "type = satellite\npayload {\n  pay = decimal(9,2)\n}\n");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid HOCON: decimal(p,s) needs quotes: \"decimal(12,2)\" at models/vault/sat_person.conf: 3");
  }

  @Test
  void oneTableOneFile() {
    ConfFolder conf =
        ConfFolder.small().edit("models/land/people.conf", "system", "include \"more\"\nsystem");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid line of people: include (one table, one file) at models/land/people.conf: 3");
  }

  @Test
  void namesAreTakenOnceAcrossFoldersAndCases() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/land/deep/people.conf", "format = json-lines\npath = p\nsystem = s")
            .with("models/land/Notes.conf", "format = json-lines\npath = p\nsystem = s");

    assertThat(conf.problems())
        .contains(
            "Invalid name of file: Notes (lower-case letters, digits and underscores, beginning with a letter, at most 60) at models/land/Notes.conf",
            "Duplicate name: people (already taken by models/land/deep/people.conf) at models/land/people.conf",
            "Duplicate name: notes (already taken by models/land/Notes.conf) at models/land/notes.conf");
  }

  @Test
  void foldersAndEndingsThatNobodyReadsAreNamed() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/marts/dim.conf", "type = dimension")
            .with("models/land/more.yaml", "format: csv")
            .with("models/README.md", "words");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid ending of file: more.yaml (.conf for a declaration or .sql for a query) at models/land/more.yaml",
            "Unknown folder of models: marts (did you mean \"mart\"?) at models/marts/dim.conf");
  }

  @Test
  void variablesReachModels() {
    ConfFolder conf =
        ConfFolder.small().edit("models/land/people.conf", "path = people", "path = ${PEOPLE}");

    assertThat(
            ModelReader.read(conf.path(), "local", Map.of("PEOPLE", "p"))
                .model()
                .land()
                .get(1)
                .source())
        .isEqualTo(new LandSource.Folder("p"));
    assertThat(conf.problems())
        .containsExactly(
            "Missing environment variable: PEOPLE (write ${?PEOPLE} if it may be missing) at models/land/people.conf: 2");
  }

  @Test
  void aListMayNotNameThingsTwice() {
    ConfFolder conf =
        ConfFolder.small().edit("models/mart/dim_person.conf", "grain = [id]", "grain = [id, id]");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid grain of dim_person: id (each name once) at models/mart/dim_person.conf: 3");
  }
}
