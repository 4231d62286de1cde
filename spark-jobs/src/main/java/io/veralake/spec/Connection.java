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
 * @param properties further settings of the client, passed on as they are
 */
public record Connection(
    String name, String url, String user, Secret password, Map<String, String> properties)
    implements Serializable {
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
