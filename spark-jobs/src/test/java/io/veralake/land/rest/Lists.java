package io.veralake.land.rest;

import io.veralake.fixture.TestHttp;
import io.veralake.spec.Connection;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.HttpAccess;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.Protection;
import io.veralake.spec.RestApi;
import io.veralake.spec.Secret;
import io.veralake.spec.ValueOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists of tests. */
public final class Lists {
  public static final Instant AS_OF = Instant.parse("2026-03-02T00:00:00Z");

  private Lists() {}

  /** To {@code http}, with quick attempts. */
  public static Connection connection(TestHttp http, HttpAccess.Auth auth) {
    return connection(http, auth, 4);
  }

  /** The same with so many attempts. */
  public static Connection connection(TestHttp http, HttpAccess.Auth auth, int attempts) {
    return new Connection(
        "api",
        http.url(),
        "reader",
        new Secret("pass-word"),
        Map.of(),
        new HttpAccess(
            auth,
            0,
            Duration.ofMillis(500),
            attempts,
            Duration.ofMillis(2),
            Duration.ofSeconds(20)));
  }

  public static Connection connection(TestHttp http) {
    return connection(http, HttpAccess.Auth.NONE);
  }

  /** A JSON list at {@code /list}. */
  public static RestApi api(RestApi.Paging paging, RestApi.Incremental incremental) {
    return new RestApi(
        "api",
        false,
        "/list",
        Map.of(),
        Map.of(),
        "",
        false,
        "$.items",
        "",
        new RestApi.XmlNames(Map.of(), List.of()),
        paging,
        incremental);
  }

  /** A table of it. */
  public static LandTable table(RestApi api) {
    List<String> order =
        api.incremental() == null ? List.of() : List.of(api.incremental().field().toString());
    return new LandTable(
        "items",
        LandTable.Format.JSON,
        new LandSource.Rest(api),
        "crm",
        ValueOrigin.constant("crm"),
        List.of("$.id"),
        List.of(),
        order,
        order.isEmpty() ? ValueOrigin.SOURCE : ValueOrigin.column(order.get(0)),
        ValueOrigin.RUN,
        CsvDialect.DEFAULT);
  }

  /** The same with sensitive values. */
  public static LandTable sensitive(LandTable table, Map<String, Protection> how) {
    return new LandTable(
        table.name(),
        table.format(),
        table.source(),
        table.system(),
        table.recordSource(),
        table.key(),
        table.columns(),
        table.orderBy(),
        table.commitTime(),
        table.loadTime(),
        table.csv(),
        null,
        LandTable.OnLoss.QUARANTINE,
        how,
        table.events());
  }

  public static RestApi.Paging none() {
    return new RestApi.Paging(RestApi.PagingKind.NONE, "", "", 0, "", "", "", "", "", List.of(), 0);
  }

  public static RestApi.Paging paging(RestApi.PagingKind kind, String parameter, String next) {
    String first = kind == RestApi.PagingKind.PAGE ? "1" : kind.counted() ? "0" : "";
    return new RestApi.Paging(kind, parameter, first, 2, "limit", next, "", "", "", List.of(), 0);
  }

  /** All documents from {@code landed} on, to the end of the list. */
  static List<String> all(RestApi api, Connection connection, RestPosition landed) {
    return all(new Listing(table(api), api, connection, landed, AS_OF));
  }

  static List<String> all(Listing listing) {
    List<String> documents = new ArrayList<>();
    while (!listing.ended()) {
      for (Item item : listing.next().items()) {
        documents.add(new String(item.document(), StandardCharsets.UTF_8));
      }
    }
    return documents;
  }
}
