package io.veralake.demo.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One request a connection: a connection kept alive would hold up the server's end by seconds. */
final class Http {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 10_000;

  private Http() {}

  /** Whether a ClickHouse answers there. */
  static boolean answers(String url) {
    try {
      return new String(open(url + "/ping").getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .equals("Ok.\n");
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a statement and returns the answer's text. */
  static String query(String url, String sql) throws IOException {
    HttpURLConnection connection = open(url + "/");
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(sql.getBytes(StandardCharsets.UTF_8));
    }
    boolean failed = connection.getResponseCode() >= 400;
    try (InputStream in = failed ? connection.getErrorStream() : connection.getInputStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (failed) {
        throw new IOException(text);
      }
      return text;
    }
  }

  private static HttpURLConnection open(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setRequestProperty("Connection", "close");
    return connection;
  }
}
