package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.Command;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The one jar, started in the three ways that docs/operations.md names: each runs the first night
 * of the library example on a lake of its own and publishes the same members.
 */
final class SubmitIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final Path JAR = Command.PROJECT.resolve("spark-jobs/target/veralake.jar");

  @Test
  void theJarRunsWithTheSparkOfTheBuildAndWithAStockOne() throws IOException {
    List<String> expected = this.membersAfter("bin/veralake");
    assertThat(expected).as("published members").hasSizeGreaterThan(2);

    String submit = sparkHome() + "/bin/spark-submit";
    assertThat(this.membersAfter(submit, "--master", "local[2]", "--driver-memory", "1g"))
        .as("spark-submit, local mode")
        .isEqualTo(expected);
  }

  @Test
  void theJarRunsOnAStandaloneClusterWithTwoWorkers() throws IOException {
    List<String> expected = this.membersAfter("bin/veralake");
    String submit = sparkHome() + "/bin/spark-submit";
    try (Cluster cluster = new Cluster(sparkHome())) {
      assertThat(
              this.membersAfter(
                  submit,
                  "--master",
                  cluster.master(),
                  "--driver-memory",
                  "1g",
                  "--conf",
                  "spark.executor.memory=1g",
                  "--conf",
                  "spark.executor.cores=1"))
          .as("spark-submit, standalone cluster with two workers")
          .isEqualTo(expected);
      assertThat(cluster.workersUsed()).as("workers that ran an executor").isEqualTo(2);
    }
  }

  private List<String> membersAfter(String... launcher) {
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      clickHouse.execute("DROP DATABASE IF EXISTS library SYNC");
      clickHouse.execute("DROP DATABASE IF EXISTS library_data SYNC");
    }
    List<String> words = new ArrayList<>(List.of(launcher));
    if (launcher.length > 1) {
      words.add(JAR.toString());
    }
    words.addAll(List.of("nightly", "--conf", "examples/library/conf", "--as-of", "2026-05-02"));
    Path home = TestLake.newFolder("submit");
    Command.Result result =
        new Command()
            .with("VERALAKE_HOME", home)
            .with("VERALAKE_INPUT", Command.PROJECT.resolve("examples/library/data/day1"))
            .with("VERALAKE_CLICKHOUSE_URL", CLICKHOUSE.url())
            .quick()
            .with("SPARK_LOCAL_IP", "127.0.0.1")
            .run(words.toArray(String[]::new));
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("Done in ").contains("published library: generation 1");
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      return clickHouse
          .rows("SELECT member_id, city, plan FROM library.dim_member ORDER BY ALL")
          .stream()
          .map(Object::toString)
          .toList();
    }
  }

  private static String sparkHome() {
    Command.Result result = new Command().within(Duration.ofMinutes(10)).run("bin/spark-home");
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output().strip().lines().reduce("", (first, last) -> last);
  }

  /** A standalone master with two workers of one core each, on free ports. */
  private static final class Cluster implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final int port = freePort();
    private final Path folder = TestLake.newFolder("cluster");

    Cluster(String home) throws IOException {
      String program = home + "/bin/spark-class";
      this.start(
          program,
          "org.apache.spark.deploy.master.Master",
          "--host",
          "127.0.0.1",
          "--port",
          Integer.toString(this.port),
          "--webui-port",
          "0");
      for (int worker = 0; worker < 2; worker++) {
        this.start(
            program,
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--webui-port",
            "0",
            "--cores",
            "1",
            "--memory",
            "1g",
            "--work-dir",
            this.folder.resolve("work" + worker).toString(),
            this.master());
      }
    }

    String master() {
      return "spark://127.0.0.1:" + this.port;
    }

    /** How many workers ran an executor: each keeps a folder for the application. */
    long workersUsed() throws IOException {
      try (Stream<Path> files = Files.walk(this.folder)) {
        return files
            .filter(file -> file.endsWith("stdout"))
            .map(file -> this.folder.relativize(file).getName(0))
            .distinct()
            .count();
      }
    }

    private void start(String... words) throws IOException {
      this.processes.add(
          new Command()
              .with("SPARK_LOCAL_IP", "127.0.0.1")
              .with("SPARK_DAEMON_MEMORY", "256m")
              .start(this.folder.resolve("log" + this.processes.size()).toFile(), words));
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }

    @Override
    public void close() {
      this.processes.forEach(
          process -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
          });
    }
  }
}
