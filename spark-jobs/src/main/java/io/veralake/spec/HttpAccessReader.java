package io.veralake.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how a connection's server is spoken to by HTTP. */
final class HttpAccessReader {
  private static final Pattern RATE = Pattern.compile("(\\d{1,6}) per (second|minute|hour)");

  private HttpAccessReader() {}

  /** What the connection {@code node} says of it. */
  static HttpAccess read(Node node) {
    HttpAccess otherwise = HttpAccess.DEFAULT;
    HttpAccess access =
        new HttpAccess(
            node.object("auth", "auth").map(HttpAccessReader::auth).orElse(otherwise.auth()),
            rate(node),
            Scalars.duration(node, "timeout", otherwise.timeout()),
            Scalars.integer(node, "attempts", 1, 1000, otherwise.attempts()),
            Scalars.duration(node, "back-off", otherwise.backOff()),
            Scalars.duration(node, "give-up", otherwise.giveUp()));
    if (access.auth().kind() == HttpAccess.AuthKind.BASIC && node.text("user", "").isEmpty()) {
      node.missing("user");
    }
    return access;
  }

  private static double rate(Node node) {
    String text = node.text("rate", "");
    Matcher rate = RATE.matcher(text);
    if (!rate.matches() || Integer.parseInt(rate.group(1)) == 0) {
      if (node.has("rate")) {
        node.invalid("rate", text, "a text such as \"5 per second\" or \"100 per minute\"");
      }
      return 0;
    }
    double seconds =
        switch (rate.group(2)) {
          case "second" -> 1;
          case "minute" -> 60;
          default -> 3600;
        };
    return Integer.parseInt(rate.group(1)) / seconds;
  }

  private static HttpAccess.Auth auth(Node node) {
    HttpAccess.AuthKind kind = Scalars.word(node, "kind", HttpAccess.AuthKind.class);
    HttpAccess.Auth auth =
        switch (kind) {
          case NONE, BASIC -> new HttpAccess.Auth(kind, "", Secret.NONE, "", "", "");
          case HEADER, QUERY ->
              new HttpAccess.Auth(kind, node.text("name"), secret(node, "value"), "", "", "");
          case BEARER -> new HttpAccess.Auth(kind, "", secret(node, "token"), "", "", "");
          case OAUTH2_CLIENT_CREDENTIALS ->
              new HttpAccess.Auth(
                  kind,
                  "",
                  secret(node, "client-secret"),
                  node.text("token-url"),
                  node.text("client-id"),
                  node.text("scope", ""));
        };
    if (node.has("token-url") && !auth.tokenUrl().matches("https?://.+")) {
      node.invalid("token-url", auth.tokenUrl(), "http://… or https://…");
    }
    node.end();
    return auth;
  }

  private static Secret secret(Node node, String key) {
    if (!node.has(key)) {
      node.missing(key);
    }
    return node.secret(key);
  }
}
