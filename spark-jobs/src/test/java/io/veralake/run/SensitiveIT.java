package io.veralake.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Command;
import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Request;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.fixture.TestLake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Plants markers in sensitive values, lands and loads them from the command line, and looks for
 * them in every file that was written and every line that was printed.
 */
final class SensitiveIT {
  private static final String MARK = "MaRkEr";

  private final Path home = TestLake.newFolder("planted");
  private final TestHttp http = new TestHttp(SensitiveIT::answer);

  SensitiveIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    this.http.close();
  }

  @Test
  void markersOfSensitiveValuesAreNowhereBehindTheLanding() throws IOException {
    this.conf(
        """
        sensitive { password_hash = drop, email = hash, phone = encrypt }
        """,
        """
        sensitive { "$.user.email" = hash, "$.card" = encrypt, "$.pin" = drop }
        """);
    List<String> printed = this.night();

    assertThat(this.found(printed)).isEmpty();
    assertThat(printed.get(0)).contains("quarantined");
    assertThat(this.http.requests())
        .anyMatch(request -> request.header("Authorization").equals("Bearer " + MARK + "-token"))
        .anyMatch(request -> request.header("X-Key").equals(MARK + "-key"));
  }

  /** The same night without protection: the search finds what there is to find. */
  @Test
  void theSearchFindsMarkersThatAreNotProtected() throws IOException {
    this.conf("", "");
    this.offer();
    assertThat(this.found(List.of(this.said("land", "--as-of", "2026-03-02"))))
        .anyMatch(place -> place.endsWith(".parquet"))
        .anyMatch(place -> place.contains("quarantine"));
  }

  private List<String> night() throws IOException {
    this.offer();
    List<String> printed = new ArrayList<>();
    printed.add(this.said("land", "--as-of", "2026-03-02"));
    printed.add(this.said("vault", "--as-of", "2026-03-02"));
    printed.add(this.said("quarantine", "replay", "--as-of", "2026-03-02"));
    printed.add(this.said("status"));
    printed.add(this.said("quarantine", "list"));
    this.write(
        "models/land/refused.conf",
        "format = json\nsystem = crm\nrest { connection = shop, path = refused }\n");
    Command.Result refused = this.run("land", "--as-of", "2026-03-03");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output()).contains("/refused of connection shop: status 403", "***");
    printed.add(refused.output());
    return printed;
  }

  /** Gives a record that can be landed and one that can't; or an error that says who asked. */
  private static Response answer(Request request) {
    if (request.path().equals("/token")) {
      return Response.of(200, "{\"access_token\":\"" + MARK + "-token\",\"expires_in\":3600}");
    }
    boolean refused = request.path().equals("/refused");
    return refused
        ? Response.of(403, request.headers().toString())
        : Response.of(
            200, "[{\"id\":1,\"email\":\"%1$s-n\"},{\"id\":2,\"email\":%1$s-o}]".formatted(MARK));
  }

  private void offer() throws IOException {
    this.offer(
        "docs",
        "1.json",
        """
        {"id":1,"user":{"email":"%1$s-a"},"card":{"no":"%1$s-b"},"pin":"%1$s-c"}
        {"id":2,"pin":%1$s-d}
        """);
    this.offer(
        "users",
        "1.csv",
        """
        id,email,phone,password_hash,city
        1,%1$s-e,%1$s-f,%1$s-g,Rome
        x,%1$s-h,%1$s-i,%1$s-j,Oslo
        3,%1$s-k,%1$s-l,"%1$s-m
        """);
  }

  private void offer(String folder, String name, String text) throws IOException {
    Path path = Files.createDirectories(this.home.resolve("in").resolve(folder));
    Files.writeString(path.resolve(name), text.formatted(MARK));
  }

  private void conf(String users, String docs) throws IOException {
    this.write(
        "engine.conf",
        """
        veralake {
          input = in
          privacy { hash-key = { env = HASH_KEY }, encryption-key = { env = CRYPT_KEY } }
          # Readable by a plain search.
          catalog.properties { "table-default.write.parquet.compression-codec" = uncompressed }
          # Plans and settings of all that Spark does.
          spark { spark.eventLog.enabled = true, spark.eventLog.compress = false, spark.eventLog.dir = "EVENTS" }
          connections {
            crm {
              url = "SERVER"
              auth { kind = oauth2-client-credentials, token-url = "SERVER/token", client-id = me, client-secret = { env = CLIENT_SECRET } }
            }
            shop { url = "SERVER", auth { kind = header, name = X-Key, value = { env = HEADER_KEY } } }
          }
        }
        """
            .replace("SERVER", this.http.url())
            .replace("EVENTS", Files.createDirectories(this.home.resolve("events")).toString()));
    for (String name : List.of("crm", "shop")) {
      this.write(
          "models/land/" + name + "_people.conf",
          """
          format = json
          system = %1$s
          rest { connection = %1$s, path = people, records = "$" }
          %2$s
          """
              .formatted(name, docs.isEmpty() ? "" : "sensitive { \"$.email\" = hash }"));
    }
    this.write(
        "models/land/users.conf",
        """
        format = csv
        path = users
        system = shop
        key = [id]
        columns { id = int, email = string, phone = string, password_hash = string, city = string }
        """
            + users);
    this.write("models/land/docs.conf", "format = json-lines\npath = docs\nsystem = web\n" + docs);
    this.write(
        "models/vault/hub_user.conf",
        """
        type = hub
        business-key { email = string }
        sources = [users]
        """);
    this.write(
        "models/vault/sat_user.conf",
        """
        type = satellite
        parent = hub_user
        payload { phone = string, city = string }
        sources = [users]
        """);
  }

  private void write(String name, String text) throws IOException {
    Path file = this.home.resolve("conf").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String said(String... words) {
    Command.Result result = this.run(words);
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output();
  }

  private Command.Result run(String... words) {
    List<String> all = new ArrayList<>(List.of("bin/veralake"));
    all.addAll(List.of(words));
    all.addAll(List.of("--conf", this.home.resolve("conf").toString()));
    return new Command()
        .with("HASH_KEY", "a key of the test for hashes, long enough")
        .with("CRYPT_KEY", "a key of the test for encryption, long")
        .with("CLIENT_SECRET", MARK + "-secret")
        .with("HEADER_KEY", MARK + "-key")
        .quick()
        .run(all.toArray(String[]::new));
  }

  /** Where the markers are: files outside the input, and what was printed. */
  private List<String> found(List<String> printed) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (int i = 0; i < printed.size(); i++) {
      texts.put("printed by command " + i, printed.get(i));
    }
    try (Stream<Path> files = Files.walk(this.home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(this.home.resolve("in"))) {
          texts.put(file.toString(), text(file));
        }
      }
    }
    assertThat(texts).hasSizeGreaterThan(20);
    assertThat(texts.keySet()).anyMatch(place -> place.contains("/events/"));
    return texts.entrySet().stream()
        .filter(entry -> entry.getValue().contains(MARK))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String text(Path file) throws IOException {
    if (!file.toString().endsWith(".avro")) {
      return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
    StringBuilder text = new StringBuilder();
    try (DataFileReader<IndexedRecord> records =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      records.forEach(record -> append(record, text));
    }
    return text.toString();
  }

  private static void append(Object value, StringBuilder text) {
    if (value instanceof IndexedRecord record) {
      for (int i = 0; i < record.getSchema().getFields().size(); i++) {
        append(record.get(i), text);
      }
    } else if (value instanceof Iterable<?> items) {
      items.forEach(item -> append(item, text));
    } else if (value instanceof Map<?, ?> map) {
      append(map.values(), text);
    } else if (value instanceof ByteBuffer bytes) {
      text.append(UTF_8.decode(bytes.duplicate())).append('\n');
    } else if (value != null) {
      text.append(value).append('\n');
    }
  }
}
