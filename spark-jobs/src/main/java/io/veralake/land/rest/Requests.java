package io.veralake.land.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.veralake.lake.DataException;
import io.veralake.spec.Connection;
import io.veralake.spec.JsonPath;
import io.veralake.spec.RestApi;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes the requests for the pages of a list. */
final class Requests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RestApi api;
  private final Connection connection;

  Requests(RestApi api, Connection connection) {
    this.api = api;
    this.connection = connection;
  }

  /** For the page that {@code open} stands before. */
  ApiRequest next(RestPosition.Open open) {
    RestApi.Paging paging = this.api.paging();
    boolean address =
        paging.kind() == RestApi.PagingKind.LINK || paging.kind() == RestApi.PagingKind.NEXT_URL;
    String next = open.next();
    String size = paging.size() == 0 ? "" : Integer.toString(paging.size());
    String since = this.since(open.since());
    Map<String, String> words = new LinkedHashMap<>();
    words.put("{since}", since);
    words.put("{size}", size);
    words.put("{next}", next == null || address ? paging.first() : next);
    Map<String, String> parameters = new LinkedHashMap<>();
    Map<String, String> members = new LinkedHashMap<>();
    this.api.query().forEach((name, value) -> parameters.put(name, filled(value, words, v -> v)));
    put(this.sinceParameter(), since, parameters, members);
    put(paging.sizeParameter(), size, parameters, members);
    if (!address) {
      put(paging.parameter(), Objects.requireNonNull(words.get("{next}")), parameters, members);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", this.api.xml() ? "text/xml, application/xml" : "application/json");
    if (this.api.post()) {
      headers.put("Content-Type", this.api.xml() ? "text/xml; charset=utf-8" : "application/json");
    }
    headers.putAll(this.api.headers());
    byte[] body = this.api.post() ? this.body(words, members) : new byte[0];
    URI to =
        address && next != null
            ? URI.create(next)
            : Addresses.with(
                Addresses.below(this.connection.url(), filled(this.api.path(), words, v -> v)),
                parameters);
    return new ApiRequest(this.api.post() ? "POST" : "GET", to, headers, body);
  }

  private String sinceParameter() {
    RestApi.Incremental incremental = this.api.incremental();
    return incremental == null ? "" : incremental.parameter();
  }

  private String since(@Nullable Long since) {
    RestApi.Incremental incremental = this.api.incremental();
    return incremental == null || since == null ? "" : Since.text(incremental, since);
  }

  private static void put(
      String parameter, String value, Map<String, String> query, Map<String, String> members) {
    if (!parameter.isEmpty() && !value.isEmpty()) {
      (parameter.startsWith("$") ? members : query).put(parameter, value);
    }
  }

  private byte[] body(Map<String, String> words, Map<String, String> members) {
    Map<String, String> all = new LinkedHashMap<>(words);
    all.put("{user}", this.connection.user());
    all.put("{password}", this.connection.password().value());
    String text = filled(this.api.body(), all, this.api.xml() ? Requests::xml : Requests::json);
    if (members.isEmpty()) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    try {
      JsonNode body = JSON.readTree(text.isBlank() ? "{}" : text);
      for (Map.Entry<String, String> member : members.entrySet()) {
        set(body, JsonPath.parse(member.getKey()).orElseThrow(), member.getValue());
      }
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new DataException(
          "Invalid body of the land model for %s: it is no JSON (parameters at $.paths are put into it): %s"
              .formatted(this.api.path(), e.getOriginalMessage()));
    }
  }

  /** Numbers stay numbers: a server that counts pages wants no text. */
  private static void set(JsonNode body, JsonPath path, String value) {
    JsonNode at = body;
    int last = path.steps().size() - 1;
    for (int i = 0; i <= last; i++) {
      JsonPath.Step step = path.steps().get(i);
      String name = step.name();
      if (i < last) {
        at = inner(at, step);
      } else if (at instanceof ObjectNode object && name != null) {
        if (value.matches("0|[1-9]\\d{0,17}")) {
          object.put(name, Long.parseLong(value));
        } else {
          object.put(name, value);
        }
      } else {
        throw new DataException(
            "Invalid parameter of the land model: %s (the body has no object there)"
                .formatted(path));
      }
    }
  }

  private static JsonNode inner(JsonNode at, JsonPath.Step step) {
    String name = step.name();
    if (name == null) {
      return at.path(step.index());
    }
    return at instanceof ObjectNode object && !object.has(name)
        ? object.putObject(name)
        : at.path(name);
  }

  private static String filled(
      String text, Map<String, String> words, UnaryOperator<String> written) {
    String filled = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      filled = filled.replace(word.getKey(), written.apply(word.getValue()));
    }
    return filled;
  }

  private static String json(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  private static String xml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&apos;");
  }
}
