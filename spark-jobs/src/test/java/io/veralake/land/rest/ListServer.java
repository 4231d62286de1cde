package io.veralake.land.rest;

import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Request;
import io.veralake.fixture.TestHttp.Response;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A server with a list of items that change, and a clock of its own. It gives the list at {@code
 * /list}, sorted by the time of change, in all ways of paging.
 */
public final class ListServer implements AutoCloseable {
  private final TestHttp http = new TestHttp(this::answer);
  private final Map<Integer, Item> items = new TreeMap<>();
  private final Deque<UnaryOperator<Response>> faults = new ArrayDeque<>();
  private long second = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();
  private Runnable between = () -> {};

  /** An item. */
  public record Item(int id, Instant at, int version, String more) {
    /** As the server writes it. */
    public String text() {
      return "{\"id\":%d, \"at\":\"%s\", \"v\":%d, \"amount\": 1.50%s}"
          .formatted(this.id, this.at, this.version, this.more);
    }
  }

  public ListServer() throws IOException {}

  /** The server itself. */
  public TestHttp http() {
    return this.http;
  }

  /** The server's time. */
  public synchronized Instant now() {
    return Instant.ofEpochSecond(this.second);
  }

  /** Lets time pass. */
  public synchronized void tick(long seconds) {
    this.second += seconds;
  }

  /** Makes an item or changes it, now; returns its text. */
  public synchronized String put(int id) {
    return this.put(id, "");
  }

  /** The same with further text inside. */
  public synchronized String put(int id, String more) {
    Item old = this.items.get(id);
    Item item = new Item(id, this.now(), old == null ? 1 : old.version + 1, more);
    this.items.put(id, item);
    return item.text();
  }

  /** Takes an item away. */
  public synchronized void remove(int id) {
    this.items.remove(id);
  }

  /** What becomes of the next answers, in their order. */
  public synchronized void fault(UnaryOperator<Response> fault) {
    this.faults.add(fault);
  }

  /** What happens before each answer. */
  public synchronized void between(Runnable change) {
    this.between = change;
  }

  @Override
  public void close() throws IOException {
    this.http.close();
  }

  private synchronized Response answer(Request request) {
    this.between.run();
    Map<String, String> query = request.query();
    Instant since = Instant.parse(query.getOrDefault("since", "1970-01-01T00:00:00Z"));
    List<Item> all =
        this.items.values().stream()
            .filter(item -> !item.at.isBefore(since))
            .sorted(Comparator.comparing(Item::at).thenComparing(Item::id))
            .toList();
    int limit = Integer.parseInt(query.getOrDefault("limit", "1000000"));
    int from = 0;
    if (query.containsKey("page")) {
      from = (Integer.parseInt(query.get("page")) - 1) * limit;
    } else if (query.containsKey("offset")) {
      from = Integer.parseInt(query.get("offset"));
    } else if (query.containsKey("after")) {
      // A key, not a count: what changes before it doesn't matter.
      String[] after = query.get("after").split("_");
      Item last = new Item(Integer.parseInt(after[1]), Instant.parse(after[0]), 0, "");
      all =
          all.stream()
              .filter(
                  item ->
                      Comparator.comparing(Item::at).thenComparing(Item::id).compare(item, last)
                          > 0)
              .toList();
    }
    List<Item> page = all.subList(Math.min(from, all.size()), Math.min(from + limit, all.size()));
    boolean more = all.size() > from + page.size();
    String next =
        page.isEmpty() || !more
            ? ""
            : page.get(page.size() - 1).at + "_" + page.get(page.size() - 1).id;
    List<String> texts = new ArrayList<>();
    page.forEach(item -> texts.add(item.text()));
    String target = request.target().replaceAll("[?&]after=[^&]*", "");
    String link = target + (target.contains("?") ? "&" : "?") + "after=" + next;
    String body =
        "{\"items\": [%s], \"total\": %d, \"more\": %s, \"next\": %s, \"link\": %s}"
            .formatted(
                String.join(", ", texts),
                all.size(),
                more,
                next.isEmpty() ? "null" : "\"" + next + "\"",
                next.isEmpty() ? "null" : "\"" + link + "\"");
    Response response =
        Response.of(200, body)
            .with(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(this.now().atOffset(ZoneOffset.UTC)));
    if (!next.isEmpty()) {
      response = response.with("Link", "</first>; rel=\"first\", <" + link + ">; rel=\"next\"");
    }
    UnaryOperator<Response> fault = this.faults.poll();
    return fault == null ? response : fault.apply(response);
  }
}
