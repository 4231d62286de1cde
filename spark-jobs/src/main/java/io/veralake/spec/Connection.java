package io.veralake.spec;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeSet;

/**
 * A server that land models read from by name ({@code veralake.connections.<name>}).
 *
 * @param name what models call it
 * @param url its address; the scheme says what it is
 * @param user account; empty: none
 * @param password of the account
 * @param properties further settings of the client, passed on as they are; of HTTP: headers
 * @param http how it is spoken to by HTTP
 */
public record Connection(
    String name,
    String url,
    String user,
    Secret password,
    Map<String, String> properties,
    HttpAccess http)
    implements Serializable {
  /** Of a server that isn't spoken to by HTTP, or needs nothing said for it. */
  public Connection(
      String name, String url, String user, Secret password, Map<String, String> properties) {
    this(name, url, user, password, properties, HttpAccess.DEFAULT);
  }

  /** Copies the map. */
  public Connection {
    properties = Map.copyOf(properties);
  }

  /** Hides the values of {@code properties}, and the address, which may hold secrets. */
  @Override
  public String toString() {
    return "Connection[name=%s, user=%s, properties=%s]"
        .formatted(this.name, this.user, new TreeSet<>(this.properties.keySet()));
  }
}
