package io.veralake.land.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Request;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.lake.DataException;
import io.veralake.spec.Connection;
import io.veralake.spec.HttpAccess;
import io.veralake.spec.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A server that misbehaves. */
final class ApiTest {
  private static final Response GOOD = Response.of(200, "{\"items\":[{\"id\":1},{\"id\":2}]}");
  private static final List<String> DOCUMENTS = List.of("{\"id\":1}", "{\"id\":2}");

  @Test
  void whatPassesIsTriedAgain() throws IOException {
    List<Response> bad =
        List.of(
            Response.of(500, "oops"),
            Response.of(502, "<html>bad gateway</html>"),
            Response.of(503, "later").with("Retry-After", "0"),
            Response.of(429, "slow down"),
            Response.of(408, ""),
            GOOD.cut(20),
            GOOD.promising(500),
            GOOD.promising(20),
            GOOD.cut(20).promising(-1),
            GOOD.zipped().cut(10),
            GOOD.late(1500),
            Response.of(200, "<html>Down for maintenance</html>"),
            Response.of(200, ""),
            Response.of(200, "{\"items\":[{\"id\":1},{\"id\":2"));
    for (Response first : bad) {
      assertThat(read(first, GOOD)).as(first.toString()).isEqualTo(DOCUMENTS);
    }
    assertThat(read(new Response[] {null, GOOD})).isEqualTo(DOCUMENTS);
    assertThat(read(GOOD.zipped())).isEqualTo(DOCUMENTS);
  }

  @Test
  void theServerSaysHowLongToWait() throws IOException {
    long begun = System.nanoTime();
    read(Response.of(429, "").with("Retry-After", "1"), GOOD);
    assertThat(System.nanoTime() - begun).isGreaterThan(1_000_000_000L);

    begun = System.nanoTime();
    read(
        Response.of(503, "")
            .with("Date", "Sun, 01 Mar 2026 10:00:00 GMT")
            .with("Retry-After", "Sun, 01 Mar 2026 10:00:01 GMT"),
        GOOD);
    assertThat(System.nanoTime() - begun).isBetween(1_000_000_000L, 10_000_000_000L);

    Response busy = Response.of(429, "").with("Retry-After", "86400");
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 429, no text (it would take longer than give-up = 20 seconds; the next run goes on here)",
        busy);
  }

  @Test
  void tooManyRequestsAreNoFailures() throws IOException {
    Response busy = Response.of(429, "").with("Retry-After", "0.01");
    assertThat(read(busy, busy, busy, busy, busy, busy, GOOD)).isEqualTo(DOCUMENTS);
  }

  @Test
  void whatDoesNotPassIsToldAtOnce() throws IOException {
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 400, {\"error\":\"no limit\"} (correct path, query or body of the land model)",
        Response.of(400, "{\"error\":\n \"no limit\"}".replace("\n ", "")));
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 401, no text (is auth of the connection right, and its secret still valid?)",
        Response.of(401, ""));
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 403, no text (the account may not read this)",
        Response.of(403, ""));
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 404, <h1>Not Found</h1> (is path right?)",
        Response.of(404, "<h1>Not\tFound</h1>"));
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 302, no text (it leads elsewhere: correct the connection's url, or declare the host under paging.hosts)",
        Response.of(302, "").with("Location", "https://elsewhere.example/list"));
  }

  @Test
  void attemptsEnd() throws IOException {
    Response down = Response.of(200, "<html>Down</html>");
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 200, but it is no JSON: <html>Down</html> (4 attempts; the next run goes on here)",
        down,
        down,
        down,
        down);
    Response cut = GOOD.cut(20).promising(-1);
    refused(
        "Cannot read GET {url}/list?limit=2 of connection api: status 200, but it ends in the middle, after 20 bytes: {\"items\":[{\"id\":1},{ (4 attempts; the next run goes on here)",
        cut,
        cut,
        cut,
        cut);
  }

  @Test
  void anEarlierPlaceOnTheSameHostIsFollowed() throws IOException {
    assertThat(read(Response.of(301, "").with("Location", "/new?x=1"), GOOD)).isEqualTo(DOCUMENTS);
  }

  @Test
  void requestsAreSpacedEvenly() throws IOException {
    try (TestHttp http = new TestHttp(request -> GOOD)) {
      HttpAccess access =
          new HttpAccess(
              HttpAccess.Auth.NONE,
              20,
              Duration.ofSeconds(5),
              1,
              Duration.ofMillis(1),
              Duration.ofSeconds(5));
      Connection slow =
          new Connection("slow", http.url(), "", Secret.NONE, Map.of("X-Own", "yes"), access);
      long begun = System.nanoTime();
      for (int i = 0; i < 11; i++) {
        Lists.all(Lists.api(Lists.none(), null), slow, RestPosition.NONE);
      }
      assertThat(System.nanoTime() - begun).isGreaterThan(490_000_000L);
      assertThat(http.requests().get(10).header("X-Own")).isEqualTo("yes");
    }
  }

  @Test
  void whoAsksIsSaidInEachWay() throws IOException {
    auth(HttpAccess.AuthKind.HEADER, r -> r.header("X-Key").equals("s3cret/+"));
    auth(HttpAccess.AuthKind.QUERY, r -> "s3cret/+".equals(r.query().get("X-Key")));
    auth(HttpAccess.AuthKind.BEARER, r -> r.header("Authorization").equals("Bearer s3cret/+"));
    auth(
        HttpAccess.AuthKind.BASIC,
        r -> r.header("Authorization").equals("Basic cmVhZGVyOnBhc3Mtd29yZA=="));
  }

  @Test
  void anEchoedSecretIsHidden() throws IOException {
    try (TestHttp http =
        new TestHttp(r -> Response.of(400, "no " + r.target() + " " + r.header("X-Key")))) {
      for (HttpAccess.AuthKind kind :
          List.of(HttpAccess.AuthKind.HEADER, HttpAccess.AuthKind.QUERY)) {
        Connection connection =
            Lists.connection(
                http, new HttpAccess.Auth(kind, "X-Key", new Secret("s3cret/+"), "", "", ""));
        assertThatThrownBy(
                () -> Lists.all(Lists.api(Lists.none(), null), connection, RestPosition.NONE))
            .hasMessageContaining("***")
            .hasMessageNotContaining("s3cret");
        assertThat(connection.toString()).doesNotContain("s3cret").doesNotContain("pass-word");
      }
    }
  }

  @Test
  void tokensAreFetchedKeptAndRenewedWhenTheyAreRefused() throws IOException {
    Deque<String> tokens = new ArrayDeque<>(List.of("token-1", "token-2", "token-3"));
    Function<Request, Response> handler =
        request -> {
          if (request.path().equals("/token")) {
            boolean known =
                request.header("Authorization").equals("Basic bWU6czNjcmV0JTJGJTJC")
                    && request.body().equals("grant_type=client_credentials&scope=read%20all");
            return known
                ? Response.of(
                    200, "{\"access_token\":\"" + tokens.poll() + "\",\"expires_in\":3600}")
                : Response.of(400, "{\"error\":\"invalid_client\"}");
          }
          // The first token ends before its time.
          boolean old = request.header("Authorization").equals("Bearer token-1");
          boolean later = !request.query().getOrDefault("offset", "0").equals("0");
          if (old && later) {
            return Response.of(401, "{\"error\":\"invalid_token\"}");
          }
          return later ? Response.of(200, "{\"items\":[]}") : GOOD;
        };
    try (TestHttp http = new TestHttp(handler)) {
      HttpAccess.Auth auth =
          new HttpAccess.Auth(
              HttpAccess.AuthKind.OAUTH2_CLIENT_CREDENTIALS,
              "",
              new Secret("s3cret/+"),
              http.url() + "/token",
              "me",
              "read all");
      var api =
          Lists.api(Lists.paging(io.veralake.spec.RestApi.PagingKind.OFFSET, "offset", ""), null);
      assertThat(Lists.all(api, Lists.connection(http, auth), RestPosition.NONE))
          .isEqualTo(DOCUMENTS);
      assertThat(http.requests()).hasSize(5);
      assertThat(tokens).containsExactly("token-3");
    }
  }

  @Test
  void aTokenServerThatRefusesIsToldWithoutTheSecret() throws IOException {
    try (TestHttp http = new TestHttp(r -> Response.of(401, "{\"error\":\"bad s3cret/+\"}"))) {
      HttpAccess.Auth auth =
          new HttpAccess.Auth(
              HttpAccess.AuthKind.OAUTH2_CLIENT_CREDENTIALS,
              "",
              new Secret("s3cret/+"),
              http.url() + "/token",
              "me",
              "");
      assertThatThrownBy(
              () ->
                  Lists.all(
                      Lists.api(Lists.none(), null),
                      Lists.connection(http, auth),
                      RestPosition.NONE))
          .hasMessage(
              "Cannot read POST "
                  + http.url()
                  + "/token of connection api: status 401, {\"error\":\"bad ***\"} (is auth of the connection right, and its secret still valid?)");
    }
  }

  private static void auth(HttpAccess.AuthKind kind, Function<Request, Boolean> right)
      throws IOException {
    try (TestHttp http = new TestHttp(r -> right.apply(r) ? GOOD : Response.of(401, "who?"))) {
      HttpAccess.Auth auth = new HttpAccess.Auth(kind, "X-Key", new Secret("s3cret/+"), "", "", "");
      assertThat(
              Lists.all(
                  Lists.api(Lists.none(), null), Lists.connection(http, auth), RestPosition.NONE))
          .isEqualTo(DOCUMENTS);
    }
  }

  private static List<String> read(Response... responses) throws IOException {
    int[] asked = new int[1];
    try (TestHttp http =
        new TestHttp(request -> responses[Math.min(asked[0]++, responses.length - 1)])) {
      return Lists.all(Lists.api(Lists.none(), null), Lists.connection(http), RestPosition.NONE);
    }
  }

  private static void refused(String message, Response... responses) throws IOException {
    int[] asked = new int[1];
    try (TestHttp http =
        new TestHttp(request -> responses[Math.min(asked[0]++, responses.length - 1)])) {
      assertThatThrownBy(
              () ->
                  Lists.all(
                      Lists.api(Lists.none(), null), Lists.connection(http), RestPosition.NONE))
          .isInstanceOf(DataException.class)
          .hasMessage(message.replace("{url}", http.url()).replace("?limit=2", ""));
      assertThat(http.requests()).hasSize(responses.length);
    }
  }
}
