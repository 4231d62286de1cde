package io.veralake.run;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.DataException;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * Looks whether the servers of a configuration answer, before a run starts: their clients would try
 * for minutes, in the middle of it.
 */
final class Servers {
  private static final int PATIENCE_MILLIS = 10_000;

  private Servers() {}

  /** Throws DataException with what to do if the object store is used and isn't there. */
  static void checkStore(Engine engine) {
    String endpoint = engine.s3().endpoint();
    boolean used =
        engine.input().startsWith("s3")
            || engine.catalog().warehouse().startsWith("s3")
            || engine.catalog().io() == Engine.FileAccess.S3;
    if (endpoint.isEmpty() || !used || URI.create(endpoint).getHost() == null) {
      return;
    }
    URI uri = URI.create(endpoint);
    int standard = "https".equals(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), port), PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new DataException(
          "Cannot reach the object store at %s: %s (start it, or correct veralake.s3.endpoint)"
              .formatted(endpoint, Failure.text(e)),
          e);
    }
  }

  /** Throws DataException with what to do if ClickHouse isn't there, or lets nobody in. */
  static void checkClickHouse(Engine engine) {
    try (ClickHouse clickHouse = ClickHouse.connect(engine.clickhouse())) {
      clickHouse.value("SELECT 1");
    }
  }
}
