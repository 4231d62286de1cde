package io.veralake.land.rest;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Addresses and their parameters. */
final class Addresses {
  private Addresses() {}

  /** {@code path} below {@code base}, which may have parameters; a whole address stays itself. */
  static URI below(String base, String path) {
    if (path.matches("https?://.*")) {
      return URI.create(path);
    }
    String[] parts = base.split("\\?", 2);
    String front = parts[0].endsWith("/") ? parts[0].substring(0, parts[0].length() - 1) : parts[0];
    String whole = path.isEmpty() ? front : front + (path.startsWith("/") ? path : "/" + path);
    boolean asked = whole.contains("?");
    return URI.create(parts.length < 2 ? whole : whole + (asked ? "&" : "?") + parts[1]);
  }

  /** {@code address} with {@code parameters} in place of those of their names, at the end. */
  static URI with(URI address, Map<String, String> parameters) {
    URI bare = address;
    for (String name : parameters.keySet()) {
      bare = without(bare, name);
    }
    String added =
        parameters.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    String query = bare.getRawQuery();
    if (added.isEmpty()) {
      return bare;
    }
    return query(bare, query == null || query.isEmpty() ? added : query + "&" + added);
  }

  /** {@code address} without the parameter {@code name}. */
  static URI without(URI address, String name) {
    String query = address.getRawQuery();
    if (query == null) {
      return address;
    }
    return query(
        address,
        Arrays.stream(query.split("&"))
            .filter(
                part ->
                    !URLDecoder.decode(part.split("=", 2)[0], StandardCharsets.UTF_8).equals(name))
            .collect(Collectors.joining("&")));
  }

  /** Without parameters and account. */
  static String place(URI address) {
    return origin(address) + address.getRawPath();
  }

  /** Scheme, host and port. */
  static String origin(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    boolean named = address.getPort() >= 0 && address.getPort() != usual;
    return scheme + "://" + host + (named ? ":" + address.getPort() : "");
  }

  /** As a part of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static URI query(URI address, String query) {
    String text = address.toString();
    String front = text.split("[?#]", 2)[0];
    return URI.create(query.isEmpty() ? front : front + "?" + query);
  }
}
