package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class EngineReaderTest {
  private static final String SECRET = "tiger-7";

  @Test
  void defaultsNeedNoFile() {
    ConfFolder conf = ConfFolder.empty();
    Path home = conf.path().getParent();

    Engine engine = conf.read().engine();

    assertThat(engine)
        .isEqualTo(
            new Engine(
                "local",
                home,
                home.resolve("build/store").toString(),
                new Engine.Catalog(
                    "veralake",
                    Engine.CatalogType.JDBC,
                    "jdbc:sqlite:" + home.resolve("build/lake/catalog.db"),
                    "",
                    Secret.NONE,
                    home.resolve("build/lake/warehouse").toString(),
                    Engine.FileAccess.HADOOP,
                    Map.of()),
                new Engine.S3("", "us-east-1", true, Secret.NONE, Secret.NONE),
                new Engine.Kafka("", Map.of()),
                Map.of(),
                new Engine.ClickHouseServer("http://127.0.0.1:8123", "default", Secret.NONE, ""),
                Map.of(),
                new HashRules("MD5"),
                VaultNaming.DEFAULT,
                Engine.Privacy.NONE,
                new Engine.Publish(Engine.WritePath.PUSH, "", 2, List.of()),
                home.resolve("build/reports"),
                new Engine.Maintain(30, Duration.ofDays(7), Duration.ofDays(3)),
                new Engine.Metrics(null, "")));
  }

  @Test
  void everyKeyReachesItsField() throws Exception {
    ConfFolder conf = ConfFolder.small().with("environments/full.conf", full());
    Path home = conf.path().getParent().resolve("elsewhere");
    Files.createDirectories(home);
    Files.writeString(home.resolve("s3.key"), "s3-secret\n");

    Engine engine =
        ModelReader.read(
                conf.path(),
                "full",
                Map.of(
                    "PG",
                    SECRET,
                    "KEY",
                    "id",
                    "CH",
                    "ch",
                    "HASH",
                    "0123456789abcdef0123456789abcdef",
                    "CRYPT",
                    "fedcba9876543210fedcba9876543210"))
            .engine();

    assertThat(engine)
        .isEqualTo(
            new Engine(
                "full",
                home,
                "s3a://bucket/in",
                new Engine.Catalog(
                    "lake",
                    Engine.CatalogType.REST,
                    "https://catalog.example",
                    "scott",
                    new Secret(SECRET),
                    "s3://bucket/wh",
                    Engine.FileAccess.S3,
                    Map.of("a.b", "1", "oauth.token", SECRET)),
                new Engine.S3(
                    "http://minio:9000", "eu-1", false, new Secret("id"), new Secret("s3-secret")),
                new Engine.Kafka("k1:9092,k2:9092", Map.of("sasl.jaas.config", SECRET)),
                Map.of(
                    "crm",
                    new Connection(
                        "crm", "https://crm.example", "bot", new Secret("id"), Map.of("a.b", "1"))),
                new Engine.ClickHouseServer("https://ch:8443", "writer", new Secret("ch"), "blue"),
                Map.of("spark.sql.shuffle.partitions", "7", "spark.executor.memory", "4g"),
                new HashRules(
                    "SHA-256",
                    HashRules.Text.DATAVAULT4DBT,
                    HashRules.Form.LOWER_HEX,
                    new HashRules.Delimited(
                        false,
                        true,
                        false,
                        true,
                        ";",
                        "%",
                        new HashRules.Quotes("'", "q", "n", "d"))),
                new VaultNaming(
                    Map.of(VaultFamily.NON_HISTORISED_LINK, "event_{name}"),
                    new VaultNames(
                        "hk_{table}",
                        "hd_{table}",
                        "ldts",
                        "rsrc",
                        "APPLIED_AT",
                        "is_deleted",
                        List.of("p1", "p2", "p3"),
                        "valid_from",
                        "valid_to")),
                new Engine.Privacy(
                    new Secret("0123456789abcdef0123456789abcdef"),
                    new Secret("fedcba9876543210fedcba9876543210")),
                new Engine.Publish(Engine.WritePath.CONNECTOR, "ch", 5, List.of("office")),
                home.resolve("out"),
                new Engine.Maintain(5, Duration.ofHours(36), Duration.ofHours(1)),
                new Engine.Metrics(home.resolve("m.prom"), "http://push:9091/metrics/job/v")));
  }

  private static String full() {
    return """
        veralake {
          home = elsewhere
          input = "s3a://bucket/in"
          catalog {
            name = lake
            type = rest
            uri = "https://catalog.example"
            user = scott
            password = { env = PG }
            warehouse = "s3://bucket/wh"
            io = s3
            properties { a.b = 1, oauth.token = { env = PG } }
          }
          s3 {
            endpoint = "http://minio:9000"
            region = eu-1
            path-style = false
            access-key = { env = KEY }
            secret-key = { file = s3.key }
          }
          kafka { servers = "k1:9092,k2:9092", properties { sasl.jaas.config = { env = PG } } }
          connections.crm { url = "https://crm.example", user = bot, password = { env = KEY }, properties { a.b = 1 } }
          clickhouse {
            url = "https://ch:8443"
            user = writer
            password = { env = CH }
            cluster = blue
          }
          spark { spark.sql.shuffle.partitions = 7, "spark.executor.memory" = 4g }
          hash = SHA-256
          vault {
            hash-text = datavault4dbt
            hash-form = lower-hex
            automate-dv { casing = as-is, delimiter = ",", null-text = "-" }
            datavault4dbt {
              key-casing = as-is
              hashdiff-casing = upper
              hashdiff-trim = false
              hashdiff-rtrim = true
              delimiter = ";"
              quote = "'"
              null-text = "%"
              delimiter-replacement = d
              quote-replacement = q
              null-replacement = n
            }
            tables { non-historised-link = "event_{name}" }
            names {
              hash-key = "hk_{table}"
              hashdiff = "hd_{table}"
              load-time = ldts
              record-source = rsrc
              applied-time = APPLIED_AT
              deleted = is_deleted
              position = [p1, p2, p3]
              effective-from = valid_from
              effective-to = valid_to
            }
          }
          privacy { hash-key = { env = HASH }, encryption-key = { env = CRYPT } }
          publish {
            write-path = connector
            connector-catalog = ch
            keep-generations = 5
            require-reconciled = [office]
          }
          reports = out
          maintain { keep-nights = 5, expire-after = 36 hours, orphans-after = 1 hour }
          metrics { file = m.prom, push = "http://push:9091/metrics/job/v" }
        }
        """;
  }

  @Test
  void everyKeyOfTheDefaultsIsReadAndEveryKeyReadHasADefault() {
    Config defaults = ConfigFactory.parseFile(Path.of("..", "conf", "engine.conf").toFile());
    Map<String, Set<String>> written = new TreeMap<>();
    collect("veralake", (ConfigObject) defaults.root().get("veralake"), written);
    written.remove("veralake.spark");
    written.remove("veralake.catalog.properties");
    written.remove("veralake.kafka.properties");
    written.remove("veralake.connections");

    Map<String, Set<String>> asked = new TreeMap<>(ConfFolder.empty().asked());
    asked.keySet().removeIf(kind -> !kind.startsWith("veralake"));

    assertThat(asked).isEqualTo(written);
  }

  private static void collect(String kind, ConfigObject object, Map<String, Set<String>> into) {
    into.put(kind, new TreeSet<>(object.keySet()));
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      if (entry.getValue() instanceof ConfigObject nested) {
        collect(kind + "." + entry.getKey(), nested, into);
      }
    }
  }

  @Test
  void theRepositorysEngineConfIsThePackedOne() throws Exception {
    byte[] packed =
        EngineReaderTest.class.getResourceAsStream("/veralake/engine.conf").readAllBytes();

    assertThat(packed).isEqualTo(Files.readAllBytes(Path.of("..", "conf", "engine.conf")));
  }

  @Test
  void variablesOverrideHomeAndInput() {
    ConfFolder conf = ConfFolder.empty();

    Engine engine =
        ModelReader.read(
                conf.path(), "local", Map.of("VERALAKE_HOME", "/srv", "VERALAKE_INPUT", "in"))
            .engine();

    assertThat(engine.home()).isEqualTo(Path.of("/srv"));
    assertThat(engine.input()).isEqualTo("/srv/in");
  }

  @Test
  void anEnvironmentLiesAboveTheEngine() {
    ConfFolder conf =
        ConfFolder.empty()
            .with("engine.conf", "veralake { hash = SHA-1, catalog.name = a }")
            .with("environments/local.conf", "veralake.catalog.name = b");

    Engine engine = conf.read().engine();

    assertThat(engine.hash().algorithm()).isEqualTo("SHA-1");
    assertThat(engine.catalog().name()).isEqualTo("b");
  }

  @Test
  void anUnknownEnvironmentIsNamedWithTheNearest() {
    ConfFolder conf = ConfFolder.empty().with("environments/production.conf", "veralake {}");

    assertThat(conf.problems("prodution", Map.of(), Map.of()))
        .containsExactly(
            "Unknown environment: prodution (did you mean \"production\"?) at environments");
  }

  @Test
  void unknownKeysFailWithTheNearest() {
    ConfFolder conf =
        ConfFolder.empty()
            .with("engine.conf", "veralake {\n  inptu = a\n  catalog.warehose = b\n}\nlake = 1\n");

    assertThat(conf.problems())
        .containsExactly(
            "Unknown key: veralake.inptu (did you mean \"input\"?) at engine.conf: 2",
            "Unknown key: veralake.catalog.warehose (did you mean \"warehouse\"?) at engine.conf: 3",
            "Unknown key: lake (known: veralake) at engine.conf: 5");
  }

  @Test
  void wrongValuesSayWhatIsAllowed() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "engine.conf",
                """
                veralake {
                  hash = SHA256
                  catalog.name = "My Lake"
                  catalog.type = jdbcc
                  catalog.io = [s3]
                  catalog.uri = "sqlite:x"
                  s3.path-style = maybe
                  clickhouse.url = "127.0.0.1:8123"
                  publish.write-path = connector
                  publish.keep-generations = 0
                  publish.require-reconciled = [star]
                  maintain { keep-nights = -1, expire-after = 7, orphans-after = 59 minutes }
                  metrics.push = "push:9091"
                  spark.x = [1]
                  input { a = 1 }
                }
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid veralake.hash: SHA256 (MD5, SHA-1 or SHA-256; did you mean \"SHA-256\"?) at engine.conf: 2",
            "Invalid veralake.catalog.name: My Lake (lower-case letters, digits and underscores, beginning with a letter, at most 60) at engine.conf: 3",
            "Invalid veralake.catalog.type: jdbcc (jdbc, rest or hadoop; did you mean \"jdbc\"?) at engine.conf: 4",
            "Invalid veralake.catalog.io: [s3] (a text) at engine.conf: 5",
            "Invalid veralake.catalog.uri: sqlite:x (jdbc:sqlite:… or jdbc:postgresql:… for catalog.type = jdbc) at engine.conf: 6",
            "Invalid veralake.s3.path-style: maybe (true or false) at engine.conf: 7",
            "Invalid veralake.clickhouse.url: 127.0.0.1:8123 (http://… or https://…) at engine.conf: 8",
            "Invalid veralake.publish.keep-generations: 0 (a whole number from 1 to 1000) at engine.conf: 10",
            "Unknown star in veralake.publish.require-reconciled: star (there is none) at engine.conf: 11",
            "Invalid veralake.maintain.orphans-after: 59 minutes (at least 1 hour: a file is written before its snapshot names it) at engine.conf: 12",
            "Invalid veralake.maintain.keep-nights: -1 (a whole number from 0 to 100000) at engine.conf: 12",
            "Invalid veralake.maintain.expire-after: 7 (a duration with its unit, such as 5 seconds or 15 minutes) at engine.conf: 12",
            "Invalid veralake.metrics.push: push:9091 (http://host:9091/metrics/job/veralake, or empty) at engine.conf: 13",
            "Invalid veralake.spark.x: LIST (a text) at engine.conf: 14",
            "Invalid veralake.input: { a=1 } (a text) at engine.conf: 15",
            "Invalid veralake.publish.connector-catalog: \"\" (the name of a Spark catalog, for write-path = connector) at the defaults of engine.conf");
  }

  @Test
  void aRestCatalogNeedsAWebAddress() {
    ConfFolder conf =
        ConfFolder.empty().with("engine.conf", "veralake.catalog { type = rest, uri = x }");

    assertThat(conf.problems())
        .containsExactly(
            "Invalid veralake.catalog.uri: x (http://… or https://… for catalog.type = rest) at engine.conf: 1");
  }

  @Test
  void allMissingVariablesAreNamedAtOnce() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "environments/local.conf",
                "veralake {\n  input = ${A}\n  catalog.uri = ${B}\n  s3.region = ${?C}\n}\n");

    assertThat(conf.problems())
        .containsExactly(
            "Missing environment variable: A (write ${?A} if it may be missing) at environments/local.conf: 2",
            "Missing environment variable: B (write ${?B} if it may be missing) at environments/local.conf: 3");
  }

  @Test
  void aRemovedKeyNamesItsReplacement() {
    ConfFolder conf = ConfFolder.empty().with("engine.conf", "veralake.s3.url = x");

    assertThat(
            conf.problems(
                "local", Map.of(), Map.of("veralake.s3.url", "write s3.endpoint instead")))
        .containsExactly(
            "Removed key: veralake.s3.url (write s3.endpoint instead) at engine.conf: 1");
  }

  @Test
  void theFolderMustBeThere() {
    Path missing = Path.of("/nowhere/conf");

    assertThatThrownBy(() -> ModelReader.read(missing, "local", Map.of()))
        .isInstanceOf(SpecException.class)
        .hasMessage(
            "Missing configuration folder: /nowhere/conf (a folder with engine.conf and models/)");
  }
}
