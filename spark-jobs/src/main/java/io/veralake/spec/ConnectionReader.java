package io.veralake.spec;

import java.util.Map;
import java.util.TreeMap;

/** Reads the servers that land models read from. */
final class ConnectionReader {
  private ConnectionReader() {}

  /** The connections that {@code node} declares, by name. */
  static Map<String, Connection> read(Node node) {
    Map<String, Connection> result = new TreeMap<>();
    for (String name : node.keys()) {
      if (!Names.valid(name)) {
        node.invalid(name, name, Names.ALLOWED);
      }
      node.object(name, Reading.OPEN)
          .ifPresent(connection -> result.put(name, connection(name, connection)));
    }
    node.end();
    return result;
  }

  private static Connection connection(String name, Node node) {
    String url = node.text("url");
    if (!url.isEmpty() && !url.matches("[a-z][a-z0-9+.-]*:.+")) {
      node.invalid("url", url, "jdbc:…, mongodb://… or https://…");
    }
    Connection connection =
        new Connection(
            name,
            url,
            node.text("user", ""),
            node.has("password") ? node.secret("password") : Secret.NONE,
            node.settings("properties"),
            HttpAccessReader.read(node));
    node.end();
    return connection;
  }
}
