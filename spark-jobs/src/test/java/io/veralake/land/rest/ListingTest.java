package io.veralake.land.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.lake.DataException;
import io.veralake.spec.DocumentField;
import io.veralake.spec.RestApi;
import io.veralake.spec.RestApi.PagingKind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pages of a list, in all ways. */
final class ListingTest {
  private static final RestApi.Incremental CHANGES =
      new RestApi.Incremental(
          DocumentField.parse("$.at as timestamp"), "since", "iso", 2_000_000, null);

  /** Each way of paging, two records a page. */
  static Map<String, RestApi.Paging> ways() {
    return Map.of(
        "page", Lists.paging(PagingKind.PAGE, "page", ""),
        "offset", Lists.paging(PagingKind.OFFSET, "offset", ""),
        "cursor", Lists.paging(PagingKind.CURSOR, "after", "$.next"),
        "link", Lists.paging(PagingKind.LINK, "", ""),
        "next-url", Lists.paging(PagingKind.NEXT_URL, "", "$.link"));
  }

  @Test
  void eachWayReadsTheWholeListAsItWasSent() throws IOException {
    for (Map.Entry<String, RestApi.Paging> way : ways().entrySet()) {
      for (int size : new int[] {0, 1, 2, 3, 4, 5}) {
        try (ListServer server = new ListServer()) {
          List<String> sent = new ArrayList<>();
          for (int id = 1; id <= size; id++) {
            server.tick(1);
            sent.add(server.put(id, id == 2 ? ", \"f\": 1e2, \"t\":\"}],\\\"ü\"" : ""));
          }
          RestApi api = Lists.api(way.getValue(), null);
          assertThat(Lists.all(api, Lists.connection(server.http()), RestPosition.NONE))
              .as("%s, %d", way.getKey(), size)
              .isEqualTo(sent);
        }
      }
    }
  }

  @Test
  void onlyWhatChangedIsAskedForAgain() throws IOException {
    for (RestApi.Paging way : ways().values()) {
      try (ListServer server = new ListServer()) {
        for (int id = 1; id <= 7; id++) {
          server.tick(10);
          server.put(id);
        }
        RestApi api = Lists.api(way, CHANGES);
        Listing first = listing(api, server, RestPosition.NONE, 0);
        assertThat(Lists.all(first)).hasSize(7);
        server.tick(10);
        String changed = server.put(3);
        String added = server.put(8);
        server.tick(10);
        Listing second = listing(api, server, first.position(), 1);
        String last = new ListServer.Item(7, Instant.parse("2026-03-01T10:01:10Z"), 1, "").text();
        assertThat(Lists.all(second)).containsExactly(last, changed, added);
        assertThat(Lists.all(listing(api, server, second.position(), 1))).isEmpty();
        assertThat(Lists.all(listing(api, server, second.position(), 2)))
            .containsExactly(changed, added);
      }
    }
  }

  @Test
  void aRecordThatMovesBetweenPagesIsNotMissed() throws IOException {
    for (String way : List.of("page", "offset")) {
      try (ListServer server = new ListServer()) {
        Set<String> expected = new HashSet<>();
        for (int id = 1; id <= 5; id++) {
          server.tick(10);
          expected.add(server.put(id));
        }
        int[] asked = new int[1];
        server.between(
            () -> {
              server.tick(1);
              // Behind the first page: 3 moves to the place of 2, and is on no page that follows.
              if (asked[0]++ == 1) {
                expected.add(server.put(1));
              }
            });
        Listing listing =
            listing(Lists.api(ways().get(way), CHANGES), server, RestPosition.NONE, 0);
        List<String> read = Lists.all(listing);
        assertThat(read).as(way).containsAll(expected);
        assertThat(read.size()).as(way).isGreaterThan(expected.size());
        assertThat(listing.notes()).isEmpty();
        assertThat(listing.position().from()).isNotNull();
      }
    }
  }

  @Test
  void aListThatNeverRestsIsReadAgainFromTheSameBeginning() throws IOException {
    try (ListServer server = new ListServer()) {
      for (int id = 1; id <= 6; id++) {
        server.tick(10);
        server.put(id);
      }
      int[] asked = new int[1];
      server.between(
          () -> {
            server.tick(1);
            server.put(1 + asked[0]++ % 6);
          });
      RestApi api = Lists.api(ways().get("page"), CHANGES);
      // Ends because the seventh page is behind all of the six items.
      Listing listing = listing(api, server, RestPosition.NONE, 0);
      Lists.all(listing);
      assertThat(listing.notes())
          .containsExactly(
              "records of the list moved between its pages in each of 3 readings: the next run begins where this one began (paging.restart-after, or a cursor, is exact)");
      assertThat(listing.position().from()).isNull();
      assertThat(listing.position().complete()).isEqualTo(Lists.AS_OF.toString());
    }
  }

  @Test
  void askingAnewFromTheHighestValueMissesNothing() throws IOException {
    try (ListServer server = new ListServer()) {
      Set<String> expected = new HashSet<>();
      for (int id = 1; id <= 9; id++) {
        server.tick(10);
        expected.add(server.put(id));
      }
      int[] asked = new int[1];
      server.between(
          () -> {
            server.tick(1);
            if (asked[0]++ % 2 == 1 && asked[0] < 9) {
              expected.add(server.put(asked[0] / 2));
            }
          });
      RestApi.Paging by = ways().get("page");
      RestApi.Paging anew =
          new RestApi.Paging(by.kind(), "page", "1", 3, "limit", "", "", "", "", List.of(), 3);
      Listing listing = listing(Lists.api(anew, CHANGES), server, RestPosition.NONE, 0);
      assertThat(Lists.all(listing)).containsAll(expected);
      assertThat(listing.position().from()).isNotNull();
    }
  }

  @Test
  void moreEqualTimesThanAPageHoldsAreToldNotLost() throws IOException {
    try (ListServer server = new ListServer()) {
      for (int id = 1; id <= 9; id++) {
        server.put(id);
      }
      RestApi.Paging anew =
          new RestApi.Paging(
              PagingKind.PAGE, "page", "1", 3, "limit", "", "", "", "", List.of(), 3);
      assertThatThrownBy(
              () -> Lists.all(listing(Lists.api(anew, CHANGES), server, RestPosition.NONE, 0)))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Cannot read the list of raw.items: 3 records and more have the same $.at, or aren't sorted by it (sort them in the request; a larger paging.restart-after)");
    }
  }

  @Test
  void aRunThatStopsGoesOnWhereItStopped() throws IOException {
    for (Map.Entry<String, RestApi.Paging> way : ways().entrySet()) {
      try (ListServer server = new ListServer()) {
        List<String> sent = new ArrayList<>();
        for (int id = 1; id <= 7; id++) {
          server.tick(10);
          sent.add(server.put(id));
        }
        RestApi api = Lists.api(way.getValue(), null);
        Listing killed = listing(api, server, RestPosition.NONE, 0);
        killed.next();
        RestPosition landed = RestPosition.parse(killed.position().json());
        killed.next();
        assertThat(Lists.all(listing(api, server, landed, 0)))
            .as(way.getKey())
            // What was counted may have moved meanwhile: those pages begin anew.
            .isEqualTo(way.getValue().kind().counted() ? sent : sent.subList(2, 7));
      }
    }
  }

  @Test
  void aPlaceThatTheServerForgotIsNoLoss() throws IOException {
    try (ListServer server = new ListServer()) {
      List<String> sent = new ArrayList<>();
      for (int id = 1; id <= 7; id++) {
        sent.add(server.put(id));
      }
      RestApi api = Lists.api(ways().get("cursor"), CHANGES);
      Listing killed = listing(api, server, RestPosition.NONE, 0);
      killed.next();
      server.fault(response -> Response.of(410, "cursor expired"));
      assertThat(Lists.all(listing(api, server, killed.position(), 0))).isEqualTo(sent);

      server.fault(response -> Response.of(410, "cursor expired"));
      assertThatThrownBy(() -> Lists.all(listing(api, server, RestPosition.NONE, 0)))
          .hasMessageContaining("status 410");
    }
  }

  @Test
  void pagesThatGoRoundAreNoticed() throws IOException {
    int[] asked = new int[1];
    try (TestHttp http =
        new TestHttp(
            request ->
                Response.of(
                    200, "{\"items\":[{\"id\":1}],\"next\":\"c" + (2 + asked[0]++ % 5) + "\"}"))) {
      assertThatThrownBy(
              () ->
                  Lists.all(
                      Lists.api(ways().get("cursor"), null),
                      Lists.connection(http),
                      RestPosition.NONE))
          .isInstanceOf(DataException.class)
          .hasMessageMatching(
              "Cannot read the list of raw.items: after \\d+ pages the server names one as the next that was read before \\(is paging right\\?\\)");
      assertThat(asked[0]).isLessThan(20);
    }
    try (TestHttp http = new TestHttp(request -> Response.of(200, "{\"items\":[{\"id\":1}]}"))) {
      assertThatThrownBy(
              () ->
                  Lists.all(
                      Lists.api(ways().get("page"), null),
                      Lists.connection(http),
                      RestPosition.NONE))
          .hasMessage(
              "Cannot read the list of raw.items: the server gave the same page twice in a row (does it know the parameter page?)");
    }
  }

  @Test
  void anotherHostIsNotToldWhoAsks() throws IOException {
    try (TestHttp other = new TestHttp(r -> Response.of(200, "{\"items\":[{\"id\":2}]}"));
        TestHttp http =
            new TestHttp(
                r ->
                    Response.of(
                        200, "{\"items\":[{\"id\":1}],\"link\":\"" + other.url() + "/x\"}"))) {
      RestApi.Paging way = ways().get("next-url");
      assertThatThrownBy(
              () -> Lists.all(Lists.api(way, null), Lists.connection(http), RestPosition.NONE))
          .hasMessage(
              "Cannot read the list of raw.items: its next page is on "
                  + other.url()
                  + ", which would be told who asks (declare it under paging.hosts if it may)");
      assertThat(other.requests()).isEmpty();
      RestApi.Paging declared =
          new RestApi.Paging(
              way.kind(), "", "", 2, "limit", "$.link", "", "", "", List.of(other.url()), 0);
      assertThat(Lists.all(Lists.api(declared, null), Lists.connection(http), RestPosition.NONE))
          .containsExactly("{\"id\":1}", "{\"id\":2}");
    }
  }

  private static Listing listing(RestApi api, ListServer server, RestPosition landed, int night) {
    return new Listing(
        Lists.table(api),
        api,
        Lists.connection(server.http()),
        landed,
        Lists.AS_OF.plusSeconds(86_400L * night));
  }
}
