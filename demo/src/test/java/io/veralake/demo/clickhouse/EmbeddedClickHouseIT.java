package io.veralake.demo.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedClickHouseIT {
  @TempDir Path folder;

  @BeforeAll
  static void fetchEngine() {
    try {
      new EngineLibrary(System.out::println).fetch();
    } catch (ServerException e) {
      Assumptions.assumeTrue("true".equals(System.getenv("CI")), e.getMessage());
      throw e;
    }
  }

  @Test
  void servesTablesAndKeepsThemOverARestart() throws Exception {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(this.folder, 0)) {
      Http.query(server.url(), "CREATE DATABASE store");
      Http.query(
          server.url(),
          "CREATE TABLE store.orders (id Int64, total Decimal(12, 2)) ENGINE = MergeTree ORDER BY"
              + " id");
      Http.query(server.url(), "INSERT INTO store.orders VALUES (1, 9.99), (2, 0.01)");
      assertThat(Http.query(server.url(), "SELECT count(), sum(total) FROM store.orders"))
          .isEqualTo("2\t10\n");
    }
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(this.folder, 0)) {
      assertThat(Http.query(server.url(), "SELECT id, total FROM store.orders ORDER BY id"))
          .isEqualTo("1\t9.99\n2\t0.01\n");
      assertThat(Http.query(server.url(), "SELECT timezone()")).isEqualTo("UTC\n");
    }
  }

  @Test
  void queryLogGoesOnAfterARestart() throws Exception {
    for (int start = 1; start <= 3; start++) {
      try (EmbeddedClickHouse server = EmbeddedClickHouse.start(this.folder, 0)) {
        Http.query(server.url(), "SELECT " + start + " AS logged_start");
        Http.query(server.url(), "SYSTEM FLUSH LOGS");
        assertThat(
                Http.query(
                    server.url(),
                    "SELECT count() FROM system.query_log WHERE type = 'QueryFinish'"
                        + " AND query LIKE 'SELECT % AS logged_start'"))
            .isEqualTo(start + "\n");
      }
    }
  }

  @Test
  void closeIsQuickEvenIfAClientKeepsItsConnection() throws Exception {
    EmbeddedClickHouse server = EmbeddedClickHouse.start(this.folder, 0);
    HttpClient keepsAlive = HttpClient.newHttpClient();
    HttpRequest ping = HttpRequest.newBuilder(URI.create(server.url() + "/ping")).build();
    assertThat(keepsAlive.send(ping, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("Ok.\n");
    long before = System.nanoTime();
    server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
    assertThat(server.process().isAlive()).isFalse();
    assertThat(this.folder.resolve("clickhouse.pid")).doesNotExist();
    assertThat(Files.readString(this.folder.resolve("clickhouse.log")))
        .doesNotContain("Failed to end");
  }

  @Test
  void refusesAFolderThatIsServedAlready() {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(this.folder, 0)) {
      assertThatThrownBy(() -> EmbeddedClickHouse.start(this.folder, 0))
          .isInstanceOf(ServerException.class)
          .hasMessage(
              "Cannot serve %s: process %d serves it already at %s",
              this.folder, server.process().pid(), server.url());
      assertThat(Http.answers(server.url())).isTrue();
    }
  }

  @Test
  void refusesAPortThatAnotherProgramHas() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedClickHouse.start(this.folder, other.getLocalPort()))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("Cannot listen at 127.0.0.1:" + other.getLocalPort());
    }
  }

  @Test
  void endsWithTheProcessThatStartedIt() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                this.folder.toString())
            .inheritIO()
            .start();
    await(() -> EmbeddedClickHouse.running(this.folder).isPresent() || !parent.isAlive());
    ProcessHandle server = EmbeddedClickHouse.running(this.folder).orElseThrow().process();
    parent.destroyForcibly();
    server.onExit().get(10, TimeUnit.SECONDS);
    assertThat(EmbeddedClickHouse.running(this.folder)).isEmpty();
  }

  /** Starts a server and waits to be killed. */
  static final class Parent {
    public static void main(String[] arguments) throws InterruptedException {
      EmbeddedClickHouse.start(Path.of(arguments[0]), 0);
      Thread.sleep(Duration.ofMinutes(5).toMillis());
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1200 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
  }

  @Test
  void keepsCommittedRowsWhenItIsKilled() throws Exception {
    EmbeddedClickHouse server = EmbeddedClickHouse.start(this.folder, 0);
    Http.query(server.url(), "CREATE DATABASE store");
    Http.query(server.url(), "CREATE TABLE store.ids (id Int64) ENGINE = MergeTree ORDER BY id");
    Http.query(server.url(), "INSERT INTO store.ids SELECT number FROM numbers(100000)");
    server.process().destroyForcibly();
    server.process().onExit().get(10, TimeUnit.SECONDS);
    assertThat(EmbeddedClickHouse.running(this.folder)).isEmpty();
    try (EmbeddedClickHouse again = EmbeddedClickHouse.start(this.folder, 0)) {
      assertThat(Http.query(again.url(), "SELECT count() FROM store.ids")).isEqualTo("100000\n");
    }
  }

  @Test
  void isFoundByItsFolderWhileItRuns() {
    assertThat(EmbeddedClickHouse.running(this.folder)).isEmpty();
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(this.folder, 0)) {
      assertThat(EmbeddedClickHouse.running(this.folder))
          .hasValueSatisfying(found -> assertThat(found.url()).isEqualTo(server.url()));
    }
    assertThat(EmbeddedClickHouse.running(this.folder)).isEmpty();
  }
}
