package io.veralake.spec;

import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the engine's configuration. */
final class EngineReader {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
  private static final Pattern SQLITE = Pattern.compile("(jdbc:sqlite:)(?!:|file:)(.+)");
  private static final int SHORTEST_KEY = 32;

  private final Reading reading;
  private final ConfFiles files;
  private Place requireReconciled = new Place("engine.conf", 0);

  EngineReader(Reading reading, ConfFiles files) {
    this.reading = reading;
    this.files = files;
  }

  /** The engine in {@code environment}; empty, with problems, if the files can't be read. */
  Optional<Engine> read(String environment) {
    List<String> known = this.files.environments();
    if (!known.contains(environment) && !environment.equals("local")) {
      this.reading
          .problems()
          .unknown(new Place("environments", 0), "environment", environment, known);
    }
    return this.files.engine(environment).flatMap(root -> this.read(environment, root));
  }

  /** Where {@code publish.require-reconciled} was written. */
  Place requireReconciled() {
    return this.requireReconciled;
  }

  private Optional<Engine> read(String environment, ConfigObject root) {
    Node file = new Node(this.reading, new Node.Id("", "", List.of(), null), root);
    Optional<Node> veralake = file.object("veralake", "veralake");
    file.end();
    return veralake.flatMap(node -> this.engine(environment, node));
  }

  private Optional<Engine> engine(String environment, Node node) {
    Path home = this.home(node);
    this.reading.home(home);
    Optional<Node> catalog = node.object("catalog", "catalog");
    Optional<Node> s3 = node.object("s3", "s3");
    Optional<Node> kafka = node.object("kafka", "kafka");
    Optional<Node> connections = node.object("connections", "connections");
    Optional<Node> clickhouse = node.object("clickhouse", "clickhouse");
    Optional<Node> vault = node.object("vault", "vault");
    Optional<Node> privacy = node.object("privacy", "privacy");
    Optional<Node> publish = node.object("publish", "publish");
    Optional<Node> maintain = node.object("maintain", "maintain");
    Optional<Node> metrics = node.object("metrics", "metrics");
    if (Stream.of(
            catalog, s3, kafka, connections, clickhouse, vault, privacy, publish, maintain, metrics)
        .anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    Engine engine =
        new Engine(
            environment,
            home,
            located(home, node.text("input")),
            this.catalog(catalog.orElseThrow(), home),
            s3(s3.orElseThrow()),
            kafka(kafka.orElseThrow()),
            ConnectionReader.read(connections.orElseThrow()),
            clickhouse(clickhouse.orElseThrow()),
            node.settings("spark"),
            HashRulesReader.read(node, vault.orElseThrow()),
            naming(vault.orElseThrow()),
            privacy(privacy.orElseThrow()),
            this.publish(publish.orElseThrow()),
            home.resolve(node.text("reports")).normalize(),
            maintain(maintain.orElseThrow()),
            metrics(metrics.orElseThrow(), home));
    node.end();
    return Optional.of(engine);
  }

  private Path home(Node node) {
    Path above = this.reading.conf().toAbsolutePath().normalize().getParent();
    Path root = above == null ? this.reading.conf().toAbsolutePath() : above;
    return root.resolve(node.text("home")).normalize();
  }

  private Engine.Catalog catalog(Node node, Path home) {
    Engine.CatalogType type = Scalars.word(node, "type", Engine.CatalogType.class);
    String uri = node.text("uri");
    Matcher sqlite = SQLITE.matcher(uri);
    String name = node.text("name");
    if (!Names.valid(name)) {
      node.invalid("name", name, Names.ALLOWED);
    }
    if (type == Engine.CatalogType.JDBC && !uri.startsWith("jdbc:")) {
      node.invalid("uri", uri, "jdbc:sqlite:… or jdbc:postgresql:… for catalog.type = jdbc");
    }
    if (type == Engine.CatalogType.REST && !uri.matches("https?://.+")) {
      node.invalid("uri", uri, "http://… or https://… for catalog.type = rest");
    }
    Engine.Catalog catalog =
        new Engine.Catalog(
            name,
            type,
            sqlite.matches() ? sqlite.group(1) + home.resolve(sqlite.group(2)).normalize() : uri,
            node.text("user"),
            node.secret("password"),
            located(home, node.text("warehouse")),
            Scalars.word(node, "io", Engine.FileAccess.class),
            node.settings("properties"));
    node.end();
    return catalog;
  }

  private static Engine.S3 s3(Node node) {
    Engine.S3 s3 =
        new Engine.S3(
            node.text("endpoint"),
            node.text("region"),
            Scalars.flag(node, "path-style", true),
            node.secret("access-key"),
            node.secret("secret-key"));
    node.end();
    return s3;
  }

  private static Engine.Kafka kafka(Node node) {
    Engine.Kafka kafka = new Engine.Kafka(node.text("servers"), node.settings("properties"));
    node.end();
    return kafka;
  }

  private static Engine.ClickHouseServer clickhouse(Node node) {
    String url = node.text("url");
    if (!url.matches("https?://.+")) {
      node.invalid("url", url, "http://… or https://…");
    }
    Engine.ClickHouseServer server =
        new Engine.ClickHouseServer(
            url, node.text("user"), node.secret("password"), node.text("cluster"));
    node.end();
    return server;
  }

  private Engine.Publish publish(Node node) {
    Engine.Publish publish =
        new Engine.Publish(
            Scalars.word(node, "write-path", Engine.WritePath.class),
            node.text("connector-catalog"),
            Scalars.integer(node, "keep-generations", 1, 1000, 2),
            node.texts("require-reconciled"));
    this.requireReconciled = node.place("require-reconciled");
    if (publish.writePath() == Engine.WritePath.CONNECTOR && publish.connectorCatalog().isEmpty()) {
      node.invalid(
          "connector-catalog", "\"\"", "the name of a Spark catalog, for write-path = connector");
    }
    node.end();
    return publish;
  }

  private static VaultNaming naming(Node node) {
    VaultNaming naming = VaultNamesReader.naming(node);
    node.end();
    return naming;
  }

  private static Engine.Privacy privacy(Node node) {
    Engine.Privacy privacy = new Engine.Privacy(key(node, "hash-key"), key(node, "encryption-key"));
    node.end();
    return privacy;
  }

  private static Secret key(Node node, String key) {
    Secret secret = node.secret(key);
    if (!secret.value().isEmpty() && secret.value().length() < SHORTEST_KEY) {
      node.invalid(key, "***", "at least " + SHORTEST_KEY + " characters");
    }
    return secret;
  }

  private static Engine.Maintain maintain(Node node) {
    Duration orphans = Scalars.duration(node, "orphans-after", Duration.ofDays(3));
    if (orphans.compareTo(Duration.ofHours(1)) < 0) {
      node.invalid(
          "orphans-after",
          node.text("orphans-after"),
          "at least 1 hour: a file is written before its snapshot names it");
    }
    Engine.Maintain maintain =
        new Engine.Maintain(
            Scalars.integer(node, "keep-nights", 0, 100_000, 30),
            Scalars.duration(node, "expire-after", Duration.ofDays(7)),
            orphans);
    node.end();
    return maintain;
  }

  private static Engine.Metrics metrics(Node node, Path home) {
    String file = node.text("file");
    String push = node.text("push");
    if (!push.isEmpty() && !push.matches("https?://.+")) {
      node.invalid("push", push, "http://host:9091/metrics/job/veralake, or empty");
    }
    node.end();
    return new Engine.Metrics(file.isEmpty() ? null : home.resolve(file).normalize(), push);
  }

  private static String located(Path home, String text) {
    return URL.matcher(text).matches() ? text : home.resolve(text).normalize().toString();
  }
}
