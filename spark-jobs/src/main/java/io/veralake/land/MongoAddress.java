package io.veralake.land;

import com.mongodb.MongoException;
import io.veralake.lake.DataException;
import io.veralake.spec.Connection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a MongoDB is.
 *
 * @param server the connection as it is declared
 */
record MongoAddress(Connection server) {
  /** Of a connection that is one. */
  static MongoAddress of(Connection server) {
    MongoAddress address = new MongoAddress(server);
    if (!server.url().matches("mongodb(\\+srv)?://.*")) {
      throw new DataException(
          "Invalid url of connection %s: %s (mongodb://… for a collection)"
              .formatted(server.name(), address.shown()));
    }
    return address;
  }

  /** The connection string, with account and settings. */
  String uri() {
    String url = this.server.url();
    if (!this.server.user().isEmpty()) {
      String password = this.server.password().value();
      String account =
          encoded(this.server.user()) + (password.isEmpty() ? "" : ":" + encoded(password)) + "@";
      url =
          url.replaceFirst(
              "://([^/@]*@)?", "://" + java.util.regex.Matcher.quoteReplacement(account));
    }
    StringBuilder uri = new StringBuilder(url);
    if (!url.replaceFirst("^[^:]*://", "").contains("/")) {
      uri.append('/');
    }
    this.server
        .properties()
        .forEach(
            (name, value) ->
                uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(encoded(value)));
    return uri.toString();
  }

  /** What an operator is told when the server refuses. */
  DataException failure(String what, MongoException e) {
    String password = this.server.password().value();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new DataException(
        "%s of connection %s (%s): %s"
            .formatted(
                what,
                this.server.name(),
                this.shown(),
                password.isEmpty() ? message : message.replace(password, "***")),
        e);
  }

  private String shown() {
    return this.server.url().replaceFirst("[?].*", "").replaceFirst("//[^/@]*@", "//");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
