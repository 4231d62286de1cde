package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.Command;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.spec.Engine;
import io.veralake.spec.Secret;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a newcomer does: the demo, on the embedded default and on a real MinIO. The simulator's list
 * of faults, which the engine never sees, must equal what the engine found, and the published star
 * must equal the simulator's own books, row by row.
 */
final class DemoIT {
  private static final String ALL_FOUND =
      "All faults found, nothing else reported, sums equal to the cent.";

  @Test
  void nightsPutTheStoreRight() throws IOException {
    try (Demo demo = new Demo()) {
      Command.Result result = demo.run("run", "--scale", "0.1", "--days", "2");
      assertThat(result.exit()).as(result.output()).isZero();
      assertThat(result.output()).contains(ALL_FOUND).contains("published mart: generation 2");
      demo.publishedEqualsTheBooks(2, "0.1");
      try (Stream<Path> reports = Files.list(demo.folder.resolve("build/reports"))) {
        assertThat(reports.map(file -> file.getFileName().toString()))
            .contains("night-2026-03-03.html");
      }
      String again = demo.veralake("nightly", "--as-of", "2026-03-03");
      assertThat(again).as("a night repeated changes nothing").contains("generation 2 stays");
    }
  }

  @Test
  void aNightOnMinioIsTheSame() throws IOException {
    try (Demo demo = new Demo()) {
      Command.Result result = demo.run("run", "--store", "minio", "--scale", "0.1", "--days", "1");
      assertThat(result.exit()).as(result.output()).isZero();
      assertThat(result.output()).contains(ALL_FOUND).contains("published mart: generation 1");
      demo.publishedEqualsTheBooks(1, "0.1");
    }
  }

  /** A demo in a folder and on ports of its own. */
  private static final class Demo implements AutoCloseable {
    private final Path folder = TestLake.newFolder("demo");
    private final int clickHouse = freePort();
    private final int minio = freePort();

    Demo() throws IOException {}

    Command.Result run(String... words) {
      return this.command().within(Duration.ofMinutes(20)).run(words("demo/demo", words));
    }

    /** Runs the engine on the demo's lake; it must end well. */
    String veralake(String... words) {
      Command.Result result =
          this.command()
              .with("VERALAKE_HOME", this.folder)
              .with("VERALAKE_INPUT", this.folder.resolve("input"))
              .with("VERALAKE_CLICKHOUSE_URL", this.url())
              .with(TestEngine.ENCRYPTION_KEY, "the demo is no place for a real secret")
              .quick()
              .run(words("bin/veralake", words));
      assertThat(result.exit()).as(result.output()).isZero();
      return result.output();
    }

    void publishedEqualsTheBooks(int day, String scale) throws IOException {
      Path books = this.folder.resolve("books");
      Command.Result result =
          new Command()
              .run(
                  "java",
                  "-cp",
                  "demo/target/demo.jar",
                  "io.veralake.demo.Demo",
                  "store",
                  "truth",
                  "--day",
                  Integer.toString(day),
                  "--scale",
                  scale,
                  "--out",
                  books.toString());
      assertThat(result.exit()).as(result.output()).isZero();
      Engine.ClickHouseServer server =
          new Engine.ClickHouseServer(this.url(), "default", Secret.NONE, "");
      try (ClickHouse connection = ClickHouse.connect(server)) {
        new MartBooks(books).compare(sql -> rows(connection, sql), 1);
      }
    }

    private static List<String> rows(ClickHouse connection, String sql) {
      String settings =
          " SETTINGS output_format_decimal_trailing_zeros = 1, joined_subquery_requires_alias = 0, join_use_nulls = 1";
      return connection.rows(sql + settings).stream()
          .map(
              row ->
                  row.stream()
                      .map(value -> value == null ? "\\N" : value.replace("\n", "\\n"))
                      .collect(Collectors.joining("\t")))
          .toList();
    }

    private Command command() {
      return new Command()
          .with("VERALAKE_DEMO_DIR", this.folder)
          .with("VERALAKE_DEMO_PORT", this.clickHouse)
          .with("VERALAKE_MINIO_PORT", this.minio)
          .with("VERALAKE_MINIO_CONSOLE_PORT", this.minio + 1);
    }

    private String url() {
      return "http://127.0.0.1:" + this.clickHouse;
    }

    private static String[] words(String program, String... rest) {
      return Stream.concat(Stream.of(program), Stream.of(rest)).toArray(String[]::new);
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }

    @Override
    public void close() {
      this.run("stop");
    }
  }
}
