package io.veralake.demo.store;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A ClickHouse server over plain HTTP, as any service would talk to it. */
final class ClickHouseHttp {
  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  /** The server at {@code url}, for example {@code http://127.0.0.1:8123}. */
  ClickHouseHttp(String url) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** The answer to a query as tab-separated text. */
  String query(String sql) throws IOException {
    return post("", sql.getBytes(StandardCharsets.UTF_8));
  }

  /** Inserts rows of tab-separated text. */
  void insert(String table, byte[] rows) throws IOException {
    String sql = "INSERT INTO " + table + " FORMAT TabSeparated";
    post("&query=" + URLEncoder.encode(sql, StandardCharsets.UTF_8), rows);
  }

  private String post(String parameters, byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(this.url + "/?wait_end_of_query=1" + parameters))
            .timeout(Duration.ofMinutes(5))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<String> answer =
          this.client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() != 200) {
        throw new StoreException(
            "Failed to query ClickHouse at " + this.url + ": " + answer.body().trim());
      }
      return answer.body();
    } catch (ConnectException e) {
      throw new StoreException(
          "Cannot reach ClickHouse at " + this.url + " (start it: demo clickhouse start)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Failed to query ClickHouse at " + this.url + ": interrupted", e);
    }
  }
}
