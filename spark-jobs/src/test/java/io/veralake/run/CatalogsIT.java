package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.catalog.Catalogs;
import io.veralake.catalog.NightLock;
import io.veralake.catalog.NightRunningException;
import io.veralake.fixture.Models;
import io.veralake.fixture.RestCatalogServer;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestMinio;
import io.veralake.fixture.TestPostgres;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.maintain.MaintainStep;
import io.veralake.maintain.Maintained;
import io.veralake.maintain.NeededSnapshots;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two nights of the library example on each kind of catalog and of file access that engine.conf
 * names: what is published is the same on all, and only one night at a time may work.
 */
final class CatalogsIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();
  @RegisterExtension static final TestMinio MINIO = new TestMinio();
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();

  private static final int CONTENDERS = 6;

  private final Path home = TestLake.newFolder("catalogs");
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void copyTheConfiguration() throws IOException {
    LibraryBooks.drop(CLICKHOUSE.server());
    Path from = LibraryBooks.EXAMPLE.resolve("conf");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, this.home.resolve("conf").resolve(from.relativize(file).toString()));
      }
    }
    this.variables.put("VERALAKE_CLICKHOUSE_URL", CLICKHOUSE.url());
    this.variables.put("S3_KEY", MINIO.accessKey());
    this.variables.put("S3_SECRET", MINIO.secretKey());
    this.variables.put("CATALOG_PASSWORD", POSTGRES.password());
  }

  @AfterEach
  void dropWhatWasPublished() {
    LibraryBooks.drop(CLICKHOUSE.server());
  }

  @Test
  void restCatalogWithItsWarehouseByS3a() throws IOException {
    String warehouse = "s3a://" + MINIO.bucket() + "/rest";
    try (RestCatalogServer server = new RestCatalogServer(this.behindRest(warehouse))) {
      this.publishes(
          """
          catalog { type = rest, uri = "%s", warehouse = "%s", io = hadoop }
          %s"""
              .formatted(server.url(), warehouse, this.s3()),
          true);
    }
  }

  @Test
  void hadoopCatalogWhichHasNoViews() throws IOException {
    this.publishes(
        """
        catalog { type = hadoop, uri = "", warehouse = "build/hadoop" }""",
        false);
  }

  @Test
  void postgresWithWarehouseAndInputInS3() throws IOException {
    this.publishes(
        """
        catalog {
          uri = "%s", user = "%s", password = { env = CATALOG_PASSWORD }
          warehouse = "s3://%s/postgres", io = s3
        }
        %s"""
            .formatted(POSTGRES.url(), POSTGRES.user(), MINIO.bucket(), this.s3()),
        true,
        this.uploaded());
  }

  private void publishes(String settings, boolean views) throws IOException {
    this.publishes(settings, views, LibraryBooks.EXAMPLE.resolve("data").toString());
  }

  /** The days' files, put into the bucket; returns where they are. */
  private String uploaded() throws IOException {
    Path data = LibraryBooks.EXAMPLE.resolve("data");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        MINIO.put("input/" + data.relativize(file), Files.readAllBytes(file));
      }
    }
    return "s3://" + MINIO.bucket() + "/input";
  }

  private void publishes(String settings, boolean views, String input) throws IOException {
    Files.writeString(
        this.home.resolve("conf/environments/this.conf"), "veralake {\n" + settings + "\n}\n");
    try (Nights nights = new Nights(this.home.resolve("conf"), "this", this.variables)) {
      for (int day = 1; day <= 2; day++) {
        this.variables.put("VERALAKE_INPUT", input + "/day" + day);
        nights.night(Instant.parse("2026-05-0%dT00:00:00Z".formatted(day + 1)), this.variables);
        String expected = LibraryBooks.expected(day);
        assertThat(LibraryBooks.shown(CLICKHOUSE.server(), expected)).isEqualTo(expected);
      }
      Catalog catalog = this.open(nights.engine());
      assertThat(catalog.tableExists(TableIdentifier.of("vault", "sat_member"))).isTrue();
      if (views) {
        assertThat(((ViewCatalog) catalog).listViews(Namespace.of("vault")))
            .contains(TableIdentifier.of("vault", "sat_member_history"));
      }
      assertThat(StatusReport.of(nights.engine()))
          .anySatisfy(line -> assertThat(line).startsWith("vault.sat_member "));
      this.onlyOneTakesTheLock(nights.engine());
      tidies(nights);
    }
  }

  /** What maintenance finds through this way to the files is what it is to remove. */
  private static void tidies(Nights nights) throws IOException {
    Lake lake = nights.lake();
    Table table = lake.table("raw.members");
    long rows = lake.rows("raw.members").count();
    String orphan = table.location() + "/data/_commit_time_day=2026-05-01/of-a-killed-run.parquet";
    try (OutputStream out = table.io().newOutputFile(orphan).create()) {
      out.write(1);
    }
    Maintained done =
        MaintainStep.run(
            new RunContext(
                "tidy", Instant.parse("2026-05-03T00:00:00Z"), lake, nights.engine(), Models.EMPTY),
            "raw.members",
            true,
            new MaintainStep.Grace(Instant.now().plusSeconds(60), Duration.ZERO, Duration.ZERO),
            NeededSnapshots.of(lake, List.of("raw.members", "vault.sat_member")));
    assertThat(done.removed()).isPositive();
    assertThat(table.io().newInputFile(orphan).exists()).isFalse();
    assertThat(lake.rows("raw.members").count()).isEqualTo(rows);
  }

  /** Nights that start at the same instant, each with a connection of its own. */
  private void onlyOneTakesTheLock(Engine engine) {
    List<Callable<NightLock>> contenders = new ArrayList<>();
    for (int i = 0; i < CONTENDERS; i++) {
      Catalog own = this.open(engine);
      String run = "contender-" + i;
      contenders.add(() -> NightLock.acquire(own, run, InstantSource.system()));
    }
    List<NightLock> taken = new ArrayList<>();
    List<Throwable> refused = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);
    try {
      for (Future<NightLock> end : threads.invokeAll(contenders)) {
        try {
          taken.add(end.get());
        } catch (java.util.concurrent.ExecutionException e) {
          refused.add(e.getCause());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
    assertThat(refused)
        .hasSize(CONTENDERS - 1)
        .allSatisfy(
            e ->
                assertThat(e)
                    .isInstanceOf(NightRunningException.class)
                    .hasMessageStartingWith("Cannot start: run contender-"));
    assertThat(taken).hasSize(1);
    taken.get(0).close();
    NightLock.acquire(this.open(engine), "next", InstantSource.system()).close();
  }

  private Catalog open(Engine engine) {
    return Catalogs.open(
        engine.catalog().name(),
        CatalogProperties.iceberg(engine),
        CatalogProperties.hadoopConfiguration(engine));
  }

  private String s3() {
    return """
        s3 {
          endpoint = "%s"
          access-key = { env = S3_KEY }
          secret-key = { env = S3_SECRET }
        }"""
        .formatted(MINIO.endpoint());
  }

  /** The catalog that the REST server keeps its tables in. */
  private Catalog behindRest(String warehouse) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.s3a.endpoint", MINIO.endpoint());
    hadoop.set("fs.s3a.path.style.access", "true");
    hadoop.set("fs.s3a.access.key", MINIO.accessKey());
    hadoop.set("fs.s3a.secret.key", MINIO.secretKey());
    return Catalogs.open(
        "behind",
        Map.of(
            "type",
            "jdbc",
            "uri",
            "jdbc:sqlite:" + this.home.resolve("rest.db") + "?busy_timeout=60000",
            "jdbc.schema-version",
            "V1",
            "warehouse",
            warehouse),
        hadoop);
  }
}
