package io.veralake.land.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.DataException;
import io.veralake.spec.Connection;
import io.veralake.spec.HttpAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says who asks. Never shows how: {@link #hide} takes it out of texts. */
final class Credentials {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long EARLY = 30_000_000_000L;
  private static final int SHORTEST = 4;

  /** Asks the token server. */
  interface Exchange {
    /** The answer's body. */
    byte[] send(ApiRequest request);
  }

  private final Connection connection;
  private final HttpAccess.Auth auth;
  private final List<String> secrets = new ArrayList<>();
  private @Nullable String token;
  private long ends;

  Credentials(Connection connection) {
    this.connection = connection;
    this.auth = connection.http().auth();
    this.keep(this.auth.secret().value());
    this.keep(connection.password().value());
    connection.properties().values().forEach(this::keep);
    if (this.auth.kind() == HttpAccess.AuthKind.BASIC) {
      this.keep(this.basic(connection.user(), connection.password().value()));
    }
    if (this.auth.kind() == HttpAccess.AuthKind.OAUTH2_CLIENT_CREDENTIALS) {
      this.keep(this.client());
    }
  }

  /** {@code request} with who asks. */
  ApiRequest sign(ApiRequest request, Exchange exchange) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(this.connection.properties());
    headers.putAll(request.headers());
    URI address = request.address();
    String secret = this.auth.secret().value();
    switch (this.auth.kind()) {
      case NONE -> {}
      case HEADER -> headers.put(this.auth.name(), secret);
      case BEARER -> headers.put("Authorization", "Bearer " + secret);
      case BASIC ->
          headers.put(
              "Authorization",
              "Basic " + this.basic(this.connection.user(), this.connection.password().value()));
      case QUERY -> address = Addresses.with(address, Map.of(this.auth.name(), secret));
      case OAUTH2_CLIENT_CREDENTIALS ->
          headers.put("Authorization", "Bearer " + this.token(exchange));
    }
    return new ApiRequest(request.method(), address, headers, request.body());
  }

  /** Forgets what was refused; whether another try makes sense. */
  boolean renew() {
    boolean had = this.token != null;
    this.token = null;
    return had;
  }

  /** {@code text} without secrets. */
  String hide(String text) {
    String hidden = text;
    for (String secret : this.secrets) {
      hidden = hidden.replace(secret, "***");
      // The beginning of one, where an answer that is told is cut.
      for (int length = secret.length() - 1; length >= SHORTEST; length--) {
        hidden = hidden.replace(secret.substring(0, length) + Answer.CUT, "***" + Answer.CUT);
      }
    }
    return hidden;
  }

  /** {@code address} without the parameter that says who asks. */
  URI bare(URI address) {
    return this.auth.kind() == HttpAccess.AuthKind.QUERY
        ? Addresses.without(address, this.auth.name())
        : address;
  }

  private void keep(String secret) {
    // Shorter ones would hide half of each message.
    if (secret.length() >= SHORTEST) {
      this.secrets.add(secret);
      String encoded = Addresses.encoded(secret);
      if (!encoded.equals(secret)) {
        this.secrets.add(encoded);
      }
    }
  }

  private String client() {
    return this.basic(
        Addresses.encoded(this.auth.clientId()), Addresses.encoded(this.auth.secret().value()));
  }

  private String basic(String user, String password) {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private String token(Exchange exchange) {
    String known = this.token;
    if (known != null && this.ends - System.nanoTime() > 0) {
      return known;
    }
    String form =
        "grant_type=client_credentials"
            + (this.auth.scope().isEmpty() ? "" : "&scope=" + Addresses.encoded(this.auth.scope()));
    ApiRequest request =
        new ApiRequest(
            "POST",
            URI.create(this.auth.tokenUrl()),
            Map.of(
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "application/json",
                "Authorization",
                "Basic " + this.client()),
            form.getBytes(StandardCharsets.UTF_8));
    String fresh = this.read(exchange.send(request));
    this.token = fresh;
    return fresh;
  }

  private String read(byte[] body) {
    try {
      JsonNode answer = JSON.readTree(body);
      String fresh = answer.path("access_token").asText("");
      if (!fresh.isEmpty()) {
        long life = answer.path("expires_in").asLong(3600) * 1_000_000_000L;
        this.ends = System.nanoTime() + Math.max(life / 2, life - EARLY);
        this.keep(fresh);
        return fresh;
      }
    } catch (JsonProcessingException e) {
      // told below, without the text, which may hold a token
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    throw new DataException(
        "Cannot get a token for connection %s from %s: the answer has no access_token (a JSON object, as RFC 6749 says)"
            .formatted(this.connection.name(), this.auth.tokenUrl()));
  }
}
