package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.veralake.catalog.NightLock;
import io.veralake.fixture.Command;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestMinio;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/**
 * What an operator gets who gives wrong input, or whose servers are away: an exit code, what is
 * wrong, where, what to do; and a lake that is as it was.
 */
final class BadInputIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();
  @RegisterExtension static final TestMinio MINIO = new TestMinio();

  private static final Instant FIRST = Instant.parse("2026-05-02T00:00:00Z");
  private static final Path HOME = TestLake.newFolder("bad-input");
  private static final Path CONF = HOME.resolve("conf");

  private record Said(int exit, String text) {}

  private static Nights nights;
  private static Map<String, Long> lake;

  @BeforeAll
  static void oneGoodNight() throws IOException {
    LibraryBooks.drop(CLICKHOUSE.server());
    Path from = LibraryBooks.EXAMPLE.resolve("conf");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, CONF.resolve(from.relativize(file).toString()));
      }
    }
    environment("good", "");
    nights = new Nights(CONF, "good", variables("data/day1"));
    nights.night(FIRST, variables("data/day1"));
    lake = snapshots();
    assertThat(lake).hasSizeGreaterThan(10);
  }

  @AfterAll
  static void end() {
    nights.close();
    LibraryBooks.drop(CLICKHOUSE.server());
  }

  @Test
  void missingInputFolder() throws IOException {
    Throwable failure = catchThrowable(() -> nights.night(FIRST, variables("data/day9")));

    assertThat(Failure.text(failure))
        .startsWith("Missing folder of raw.")
        .contains("data/day9/")
        .endsWith(
            "(create it, or correct path of the land model or veralake.input; an empty folder is fine)");
    assertThat(Failure.expected(failure)).isTrue();
    assertThat(snapshots()).isEqualTo(lake);
  }

  @Test
  void missingBucket() throws IOException {
    this.refusesStore(
        MINIO.endpoint(), MINIO.secretKey(), "s3a://no-such-bucket/library", "NoSuchBucket");
  }

  @Test
  void wrongKeyOfTheStore() throws IOException {
    this.refusesStore(MINIO.endpoint(), "wrong", "s3a://" + MINIO.bucket() + "-a/x", "403");
  }

  @Test
  void storeThatDoesNotRun() throws IOException {
    String endpoint = "http://127.0.0.1:" + closedPort();
    environment("nostore", "input = \"s3a://away/x\", s3.endpoint = \"" + endpoint + "\"");

    Said said = said("nightly", "--env", "nostore");

    assertThat(said.exit()).isEqualTo(Main.FAILED);
    assertThat(said.text())
        .startsWith("Failed: Cannot reach the object store at " + endpoint + ": ")
        .contains("(start it, or correct veralake.s3.endpoint)");
    assertThat(snapshots()).isEqualTo(lake);
  }

  private void refusesStore(String endpoint, String secret, String input, String reason)
      throws IOException {
    environment(
        "store",
        """
        s3 { endpoint = "%s", access-key = { env = KEY }, secret-key = { env = SECRET } }"""
            .formatted(endpoint));
    Map<String, String> variables = new TreeMap<>(variables("data/day1"));
    variables.putAll(Map.of("KEY", MINIO.accessKey(), "SECRET", secret, "VERALAKE_INPUT", input));
    try (Nights store = new Nights(CONF, "store", variables)) {
      assertThat(Failure.text(catchThrowable(() -> store.night(FIRST, variables))))
          .startsWith("Cannot list the folder of raw.")
          .contains(input + "/", reason)
          .endsWith(
              "(check that the store is up and has the bucket, its address and the credentials)");
    }
    assertThat(snapshots()).isEqualTo(lake);
  }

  @Test
  void clickHouseThatDoesNotRunOrRefuses() throws IOException {
    String away = "http://127.0.0.1:" + closedPort();
    environment("away", "clickhouse.url = \"" + away + "\"");
    assertThat(said("nightly", "--env", "away").text())
        .startsWith("Failed: Cannot reach ClickHouse at " + away)
        .contains("start the server")
        .doesNotContain("\tat ");

    Path secret = Files.writeString(HOME.resolve("secret"), "not-the-password");
    environment(
        "wrong",
        "clickhouse { url = \"%s\", password = { file = \"%s\" } }"
            .formatted(CLICKHOUSE.url(), secret));
    Said wrong = said("nightly", "--env", "wrong");
    assertThat(wrong.exit()).isEqualTo(Main.FAILED);
    assertThat(wrong.text())
        .startsWith("Failed: Failed at ClickHouse " + CLICKHOUSE.url() + " as user default")
        .contains("wrong user or password")
        .doesNotContain("not-the-password");
    assertThat(snapshots()).isEqualTo(lake);
  }

  @Test
  void missingVariableOfASecret() throws IOException {
    environment("unset", "clickhouse.password = { env = VERALAKE_NO_SUCH_VARIABLE }");

    Said said = said("nightly", "--env", "unset");

    assertThat(said.exit()).isEqualTo(Main.WRONG_USAGE);
    assertThat(said.text())
        .contains(
            "Missing environment variable for veralake.clickhouse.password: VERALAKE_NO_SUCH_VARIABLE at environments/unset.conf: 2");
  }

  @Test
  void catalogThatDoesNotRun() throws IOException {
    String uri = "jdbc:postgresql://127.0.0.1:" + closedPort() + "/lake";
    environment("catalog", "catalog { uri = \"" + uri + "\", user = nobody }");

    for (String command : List.of("nightly", "status")) {
      Said said = said(command, "--env", "catalog");
      assertThat(said.exit()).isEqualTo(Main.FAILED);
      assertThat(said.text())
          .startsWith("Failed: Cannot open the catalog library at " + uri + ": ")
          .contains("check that its server runs")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void brokenModel() throws IOException {
    Path broken = TestLake.newFolder("broken").resolve("conf");
    Files.createDirectories(broken.resolve("models/vault"));
    Files.createDirectories(broken.resolve("environments"));
    Files.writeString(broken.resolve("environments/local.conf"), "veralake {}\n");
    Files.writeString(
        broken.resolve("models/vault/hub_a.conf"), "sources = [ { from = nothing } ]\n");
    Files.writeString(broken.resolve("models/vault/sat_b.conf"), "\nparen = hub_a\n");

    Said said = said("nightly", "--conf", broken.toString(), "--env", "local");

    assertThat(said.exit()).isEqualTo(Main.WRONG_USAGE);
    assertThat(said.text())
        .startsWith("The model can't be used: ")
        .contains(" at models/vault/hub_a.conf: 1\n")
        .contains(" at models/vault/sat_b.conf: 2\n")
        .doesNotContain("merge of")
        .doesNotContain("\tat ");
  }

  @Test
  void wrongUsage() throws IOException {
    this.isUsage(said("nigthly"), "nigthly", "nightly");
    this.isUsage(said("nightly", "--env", "god"), "Unknown environment: god", "good");
    this.isUsage(said("nightly", "--only", "sat_membr"), "sat_membr", "sat_member");
    this.isUsage(said("nightly", "--as-of", "yesterday"), "yesterday", "2026-03-02");
    this.isUsage(said("nightly", "--as-of", "2026-02-30"), "2026-02-30", "2026-03-02");
    assertThat(snapshots()).isEqualTo(lake);
  }

  private void isUsage(Said said, String... parts) {
    assertThat(said.exit()).as(said.text()).isEqualTo(Main.WRONG_USAGE);
    assertThat(said.text()).contains(parts).doesNotContain("\tat ");
  }

  @Test
  void secondNight() throws IOException {
    InstantSource clock = InstantSource.system();
    try (LakeCatalog catalog = LakeCatalog.open(nights.engine());
        NightLock lock = NightLock.acquire(catalog.iceberg(), "nightly-first", clock)) {
      Said said = said("nightly", "--env", "good");

      assertThat(said.exit()).isEqualTo(Main.FAILED);
      assertThat(said.text())
          .startsWith(
              "Failed: Cannot start: run nightly-first has been working on this lake since ")
          .contains("(process " + ProcessHandle.current().pid() + "); wait until it has ended");
    }
    assertThat(snapshots()).isEqualTo(lake);
  }

  /** Real processes: Ctrl-C in the middle of a night, the night again, its publication undone. */
  @Test
  void interruptedNight() throws IOException, InterruptedException {
    Path log = HOME.resolve("interrupted.log");
    String[] second = {
      "bin/veralake", "nightly", "--conf", CONF.toString(), "--env", "good", "--as-of", "2026-05-03"
    };
    // What a shell starts in the background ignores the interruption, and so would all that it
    // starts, this test's night too.
    String[] heeding = {
      "python3",
      "-c",
      "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    };
    String[] started = Stream.concat(Stream.of(heeding), Stream.of(second)).toArray(String[]::new);
    Process night = command("data/day2").start(log.toFile(), started);
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!Files.readString(log).contains("  vault ")) {
      assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(deadline);
      assertThat(night.waitFor(50, TimeUnit.MILLISECONDS)).as(Files.readString(log)).isFalse();
    }
    new ProcessBuilder("kill", "-INT", Long.toString(night.pid())).start().waitFor();
    assertThat(night.waitFor(2, TimeUnit.MINUTES)).isTrue();

    assertThat(Files.readString(log))
        .contains("Stopping: ")
        .contains("Interrupted: what was committed stays, nothing is half-written; run it again")
        .doesNotContain("\tat ");
    assertThat(night.exitValue()).isEqualTo(Main.FAILED);

    Command.Result again = command("data/day2").run(second);
    assertThat(again.exit()).as(again.output()).isZero();
    String expected = LibraryBooks.expected(2);
    assertThat(LibraryBooks.shown(CLICKHOUSE.server(), expected)).isEqualTo(expected);

    Command.Result undone = command("data/day2").run(words("undo"));
    assertThat(undone.exit()).as(undone.output()).isZero();
    String before = LibraryBooks.expected(1);
    assertThat(LibraryBooks.shown(CLICKHOUSE.server(), before)).isEqualTo(before);

    Command.Result replayed = command("data/day2").run(words("quarantine", "replay"));
    assertThat(replayed.exit()).as(replayed.output()).isZero();
    assertThat(replayed.output()).contains("replay quarantine ").contains("0 new");
    lake = snapshots();
  }

  private static String[] words(String... command) {
    return Stream.of(
            Stream.of("bin/veralake"),
            Stream.of(command),
            Stream.of("--conf", CONF.toString(), "--env", "good", "--as-of", "2026-05-03"))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }

  private static Command command(String input) {
    Command command = new Command().quick();
    variables(input).forEach(command::with);
    return command;
  }

  /** Runs a command in this JVM, one that ends before Spark is needed. */
  private static Said said(String... words) {
    StringWriter text = new StringWriter();
    CommandLine line = Main.commandLine(InstantSource.system());
    line.setOut(new PrintWriter(text));
    line.setErr(new PrintWriter(text));
    String[] all =
        List.of(words).contains("--conf") || words[0].equals("nigthly")
            ? words
            : Stream.concat(Stream.of(words), Stream.of("--conf", CONF.toString()))
                .toArray(String[]::new);
    int exit = line.execute(all);
    return new Said(exit, text.toString());
  }

  /** The last commit of each table but those of the run's own account. */
  private static Map<String, Long> snapshots() {
    Map<String, Long> snapshots = new TreeMap<>();
    try (LakeCatalog open = LakeCatalog.open(nights.engine())) {
      Catalog catalog = open.iceberg();
      for (String namespace : List.of("raw", "vault", "mart", "recon")) {
        for (TableIdentifier name : catalog.listTables(Namespace.of(namespace))) {
          Snapshot current = catalog.loadTable(name).currentSnapshot();
          snapshots.put(name.toString(), current == null ? 0L : current.snapshotId());
        }
      }
    }
    return snapshots;
  }

  private static Map<String, String> variables(String input) {
    return Map.of(
        "VERALAKE_INPUT",
        LibraryBooks.EXAMPLE.resolve(input).toString(),
        "VERALAKE_CLICKHOUSE_URL",
        CLICKHOUSE.url());
  }

  private static void environment(String name, String settings) throws IOException {
    String url =
        settings.contains("clickhouse") ? "" : "clickhouse.url = \"" + CLICKHOUSE.url() + "\"";
    Files.writeString(
        CONF.resolve("environments/" + name + ".conf"),
        "veralake {\n" + settings + "\n" + url + "\n}\n");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
