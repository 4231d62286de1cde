package io.veralake.land.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.lake.DataException;
import io.veralake.spec.HttpAccess;
import io.veralake.spec.LandTable;
import io.veralake.spec.Protection;
import io.veralake.spec.RestApi;
import io.veralake.spec.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes over the wire, and what is told of it. */
final class WireTest {
  private static final int LONGEST = 1000;

  @Test
  void answersAreNoLongerThanWhatFitsIntoMemory() throws IOException {
    Response[] given = new Response[1];
    try (TestHttp http = new TestHttp(request -> given[0])) {
      Wire wire = new Wire(Lists.connection(http), List.of(), LONGEST);
      ApiRequest request =
          new ApiRequest("GET", URI.create(http.url() + "/list"), Map.of(), new byte[0]);
      for (Response response :
          List.of(
              Response.of(200, "x".repeat(LONGEST)), Response.of(200, "x".repeat(LONGEST + 1)))) {
        for (Response sent : List.of(response, response.promising(-1), response.zipped())) {
          given[0] = sent;
          if (response.body().length == LONGEST) {
            assertThat(wire.send(request, true).body()).isEqualTo(response.body());
          } else {
            assertThatThrownBy(() -> wire.send(request, true))
                .isInstanceOf(LongAnswerException.class)
                .hasMessage("an answer longer than 1000 bytes (ask for smaller pages)");
          }
        }
      }
    }
  }

  @Test
  void aSecretInAnAnswerThatIsNoListIsHidden() throws IOException {
    HttpAccess.Auth auth =
        new HttpAccess.Auth(
            HttpAccess.AuthKind.HEADER, "X-Key", new Secret("s3cret/key"), "", "", "");
    for (String body :
        List.of(
            "{\"items\": \"%s\"}",
            "{\"items\": {\"a\": \"" + "x".repeat(276) + "%s\"}}",
            "{\"items\": [%s",
            "{\"items\": [], \"total\": \"%s\"}")) {
      try (TestHttp http = new TestHttp(r -> Response.of(200, body.formatted(r.header("X-Key"))))) {
        RestApi api =
            Lists.api(
                new RestApi.Paging(
                    RestApi.PagingKind.PAGE,
                    "page",
                    "1",
                    2,
                    "limit",
                    "",
                    "",
                    "",
                    "$.total",
                    List.of(),
                    0),
                null);
        Throwable thrown =
            catchThrowable(
                () -> Lists.all(api, Lists.connection(http, auth, 2), RestPosition.NONE));
        assertThat(thrown).isInstanceOf(DataException.class).hasMessageContaining("***");
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
          assertThat(cause.toString()).doesNotContain("s3cr");
        }
      }
    }
  }

  @Test
  void aSecretWithALineEndIsNotShown() throws IOException {
    try (TestHttp http = new TestHttp(r -> Response.of(200, "[]"))) {
      HttpAccess.Auth auth =
          new HttpAccess.Auth(
              HttpAccess.AuthKind.HEADER, "X-Key", new Secret("s3cret\nkey"), "", "", "");
      assertThatThrownBy(
              () ->
                  Lists.all(
                      Lists.api(Lists.none(), null),
                      Lists.connection(http, auth),
                      RestPosition.NONE))
          .hasNoCause()
          .hasMessageStartingWith("Cannot send the header X-Key: ");
    }
  }

  @Test
  void recordsWithSensitiveValuesAreNotTold() throws IOException {
    for (String body : List.of("{\"rows\": [\"ada@x\"]}", "{\"items\": [\"ada@x\"")) {
      try (TestHttp http = new TestHttp(r -> Response.of(200, body))) {
        RestApi api = Lists.api(Lists.none(), null);
        LandTable table = Lists.sensitive(Lists.table(api), Map.of("$.email", Protection.HASH));
        assertThatThrownBy(
                () ->
                    Lists.all(
                        new Listing(
                            table, api, Lists.connection(http), RestPosition.NONE, Lists.AS_OF)))
            .hasMessageContaining(
                body.length() + " bytes, not shown: the table has sensitive values")
            .hasMessageNotContaining("ada");
      }
    }
  }
}
