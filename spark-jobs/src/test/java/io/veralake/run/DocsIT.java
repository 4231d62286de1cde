package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Command;
import io.veralake.fixture.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The command as a user gives it, before and after something was landed. */
final class DocsIT {
  private final Path home = TestLake.newFolder("docs").toAbsolutePath();
  private final Path site = this.home.resolve("site");

  private Command.Result run(String... words) {
    return new Command()
        .with("VERALAKE_HOME", this.home)
        .with("VERALAKE_INPUT", Command.PROJECT.resolve("examples/library/data/day1"))
        .quick()
        .with("SPARK_LOCAL_IP", "127.0.0.1")
        .run(words);
  }

  private Command.Result docs() {
    return this.run(
        "bin/veralake", "docs", "--conf", "examples/library/conf", "--to", this.site.toString());
  }

  private String page(String name) throws IOException {
    return Files.readString(this.site.resolve(name));
  }

  @Test
  void thePagesSayWhatTheLakeHolds() throws IOException {
    Command.Result before = this.docs();
    assertThat(before.exit()).as(before.output()).isZero();
    assertThat(before.output())
        .contains("without rows and loads (nothing was loaded into the lake yet)")
        .doesNotContain("No lineage of");
    assertThat(this.page("index.html")).contains("Of the model alone, without rows and loads");
    try (var files = Files.list(this.home)) {
      assertThat(files).as("what asking for a lake leaves").containsExactly(this.site);
    }

    Command.Result landed =
        this.run(
            "bin/veralake",
            "land",
            "--conf",
            "examples/library/conf",
            "--as-of",
            "2026-05-02",
            "--only",
            "loans");
    assertThat(landed.exit()).as(landed.output()).isZero();
    Command.Result after = this.docs();
    assertThat(after.exit()).as(after.output()).isZero();
    assertThat(this.page("index.html")).contains("Last load").doesNotContain("Of the model alone");
    assertThat(this.page("raw/loans.html"))
        .containsPattern("<dt>Rows</dt><dd>[1-9][0-9]*</dd>")
        .contains("<dt>Snapshot</dt>")
        .doesNotContain("Nothing was loaded");
    try (var files = Files.walk(this.site)) {
      assertThat(files.filter(Files::isRegularFile))
          .hasSizeGreaterThan(10)
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file))
                      .as("addresses in %s", file)
                      .doesNotContain(this.home.toString()));
    }
  }

  @Test
  void aWrongModelIsToldAsValidateTellsIt() throws IOException {
    Path conf = Files.createDirectories(this.home.resolve("conf/models/vault"));
    Files.writeString(conf.resolve("hub_x.conf"), "type = hub\n");
    Command.Result wrong =
        this.run("bin/veralake", "docs", "--conf", this.home.resolve("conf").toString());
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.output())
        .contains("The model can't be used", "Missing key of hub_x: business-key")
        .contains("models/vault/hub_x.conf: 1");
  }
}
