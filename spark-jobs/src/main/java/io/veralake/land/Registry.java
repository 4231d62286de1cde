package io.veralake.land;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.land.decode.KnownSchemas;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.Connection;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/** Fetches the schemas that records name by number, once a batch and on the driver. */
final class Registry {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int TRIES = 4;
  private static final long FIRST_PAUSE_MILLIS = 250;

  private final Connection server;
  private final String table;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private Registry(Connection server, String table) {
    this.server = server;
    this.table = table;
  }

  /**
   * The schemas {@code ids}, as far as the registry has them.
   *
   * @throws DataException if it can't be asked
   */
  static KnownSchemas schemas(
      RunContext context, String table, ChangeEvents.Registry registry, Set<Long> ids) {
    Map<Long, String> texts = new TreeMap<>();
    if (registry.connection().isEmpty()) {
      Path folder = SourceFolder.folder(context, registry.folder());
      for (long id : ids) {
        file(context, table, new Path(folder, id + ".avsc")).ifPresent(text -> texts.put(id, text));
      }
      return new KnownSchemas(texts, registry.digits(), folder.toString());
    }
    Connection server =
        Objects.requireNonNull(context.engine().connections().get(registry.connection()));
    Registry asked = new Registry(server, table);
    for (long id : ids) {
      asked.schema(id).ifPresent(text -> texts.put(id, text));
    }
    return new KnownSchemas(texts, registry.digits(), "the registry " + registry.connection());
  }

  private static Optional<String> file(RunContext context, String table, Path file) {
    try (InputStream in =
        file.getFileSystem(FolderFeed.hadoop(context.lake().spark()).value()).open(file)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new DataException(
          "Cannot read the schema %s of raw.%s: %s (check that the store is up, registry.folder and the credentials)"
              .formatted(file, table, e.getMessage()),
          e);
    }
  }

  private Optional<String> schema(long id) {
    String base = this.server.url().replaceAll("/+$", "");
    HttpResponse<String> answer = this.ask(URI.create(base + "/schemas/ids/" + id));
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    if (answer.statusCode() != 200) {
      throw new DataException(this.failed("it answers with status " + answer.statusCode()));
    }
    try {
      // A registry's other types of schemas have no use here, and no Avro in them.
      return Optional.of(JSON.readTree(answer.body()).path("schema").asText());
    } catch (JsonProcessingException e) {
      throw new DataException(this.failed("it answers with something else than JSON"), e);
    }
  }

  /** Asks again, ever later, while the server is down or busy. */
  private HttpResponse<String> ask(URI uri) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    if (!this.server.user().isEmpty()) {
      String account = this.server.user() + ":" + this.server.password().value();
      byte[] bytes = account.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
    this.server.properties().forEach(request::setHeader);
    long pause = FIRST_PAUSE_MILLIS;
    try {
      for (int again = 1; ; again++) {
        try {
          HttpResponse<String> answer =
              this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
          boolean busy = answer.statusCode() >= 500 || answer.statusCode() == 429;
          if (!busy || again == TRIES) {
            return answer;
          }
        } catch (IOException e) {
          if (again == TRIES) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new DataException(this.failed(why), e);
          }
        }
        Thread.sleep(pause);
        pause *= 3;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private String failed(String why) {
    return "Cannot ask the schema registry for the schemas of raw.%s: %s (check that it is up, and url, user and password of veralake.connections.%s)"
        .formatted(this.table, why, this.server.name());
  }
}
