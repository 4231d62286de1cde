package io.veralake.land.rest;

import io.veralake.lake.DataException;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.DocumentFields;
import io.veralake.spec.Connection;
import io.veralake.spec.JsonPath;
import io.veralake.spec.LandTable;
import io.veralake.spec.RestApi;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one list, one after the other, and how far it is read after each of them. Where
 * records can move between pages while they are read, it is read again until they didn't.
 */
public final class Listing {
  private static final int MOST_PASSES = 3;
  private static final Set<Integer> FORGOTTEN = Set.of(400, 404, 410, 422);

  private final LandTable table;
  private final RestApi api;
  private final Api server;
  private final Requests requests;
  private final List<JsonPath> key;
  private final Instant asOf;
  private final Ways ways;
  private final List<String> notes = new ArrayList<>();
  private RestPosition position;
  private SeenKeys seen = new SeenKeys();
  private boolean resumed;
  private int lastPage;

  /**
   * A page that was read.
   *
   * @param address without parameters
   * @param number of the page in the reading, from 1
   * @param items its records
   */
  public record Read(String address, long number, List<Item> items) {}

  /**
   * Goes on where {@code landed} is, as a run of {@code asOf}.
   *
   * @param table whose records they are
   * @param api the list
   * @param connection its server
   */
  public Listing(
      LandTable table, RestApi api, Connection connection, RestPosition landed, Instant asOf) {
    this.table = table;
    this.api = api;
    this.server = new Api(connection, api.paging().hosts());
    this.requests = new Requests(api, connection);
    this.key = table.key().stream().map(path -> JsonPath.parse(path).orElseThrow()).toList();
    this.asOf = asOf;
    this.ways = new Ways(table, api.paging(), this.server);
    this.resumed = landed.open() != null;
    this.position = landed;
    this.position = this.begun(landed);
  }

  /** How far the list is read. */
  public RestPosition position() {
    return this.position;
  }

  /** Whether this run has read the list to its end. */
  public boolean ended() {
    return this.position.open() == null;
  }

  /** What whoever runs the night should know. */
  public List<String> notes() {
    return List.copyOf(this.notes);
  }

  /** Reads the next page. */
  public Read next() {
    try {
      return this.read();
    } catch (DataException e) {
      // An answer of any status may repeat what was sent; the cause would show it.
      String message = String.valueOf(e.getMessage());
      String hidden = this.server.credentials().hide(message);
      throw hidden.equals(message) ? e : new DataException(hidden);
    }
  }

  private Read read() {
    RestPosition.Open open = Objects.requireNonNull(this.position.open());
    Fetched fetched = this.fetch(open);
    if (fetched == null) {
      this.position = this.with(RestPosition.Open.begin(open.asOf(), this.since()));
      return this.read();
    }
    this.resumed = false;
    Read read =
        new Read(Addresses.place(fetched.answer.address()), open.all() + 1, fetched.page.items());
    this.position = this.behind(open, fetched);
    return read;
  }

  record Fetched(Page page, Answer answer) {}

  /** The page; null if the server has forgotten the place where an earlier run stopped. */
  private @Nullable Fetched fetch(RestPosition.Open open) {
    try {
      return this.server.send(this.requests.next(open), new PageReading(this.table, this.api));
    } catch (RefusedException e) {
      if (this.resumed && FORGOTTEN.contains(e.status())) {
        this.resumed = false;
        return null;
      }
      throw new DataException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Begins a reading if the last one is at its end and of an earlier run. */
  private RestPosition begun(RestPosition at) {
    RestPosition.Open open = at.open();
    if (open != null) {
      // Which records were seen before is forgotten, and with it whether they moved.
      boolean anew = this.exact() && this.api.paging().restartAfter() == 0;
      return anew ? this.with(RestPosition.Open.begin(open.asOf(), this.since())) : at;
    }
    String complete = at.complete();
    boolean done = complete != null && !this.asOf.isAfter(Instant.parse(complete));
    return done ? at : this.with(RestPosition.Open.begin(this.asOf.toString(), this.since()));
  }

  private RestPosition with(RestPosition.Open open) {
    return new RestPosition(this.position.complete(), this.position.from(), open);
  }

  private boolean exact() {
    return this.api.paging().kind().counted() && !this.key.isEmpty();
  }

  private @Nullable Long since() {
    RestApi.Incremental incremental = this.api.incremental();
    Long from = this.position.from();
    if (incremental == null) {
      return null;
    }
    return from == null ? incremental.start() : Long.valueOf(from - incremental.overlap());
  }

  private RestPosition behind(RestPosition.Open open, Fetched fetched) {
    Long high = open.high();
    boolean moved = false;
    for (Item item : fetched.page.items()) {
      high = this.higher(high, item);
      moved |= this.exact() && this.seen.addKey(item.document(), this.key);
    }
    this.refuseRepetition(fetched);
    Long begun = open.begun();
    if (begun == null) {
      begun = fetched.answer.date().map(Listing::micros).orElse(null);
    }
    String next = this.ways.next(open, fetched.page, fetched.answer);
    RestPosition.Open after = open.behind(fetched.page.items().size(), next, high, begun, moved);
    if (next == null) {
      return this.finished(after, fetched.page);
    }
    int most = this.api.paging().restartAfter();
    return this.with(most > 0 && after.read() >= most ? this.restarted(after) : after);
  }

  private @Nullable Long higher(@Nullable Long high, Item item) {
    RestApi.Incremental incremental = this.api.incremental();
    if (incremental == null) {
      return null;
    }
    try {
      long value = DocumentFields.number(item.document(), incremental.field());
      return high == null ? value : Math.max(high, value);
    } catch (BadRecordException e) {
      // It is quarantined, with this reason, when it is landed.
      return high;
    }
  }

  private void refuseRepetition(Fetched fetched) {
    int hash = 1;
    for (Item item : fetched.page.items()) {
      hash = 31 * hash + Arrays.hashCode(item.document());
    }
    boolean same = this.lastPage != 0 && hash == this.lastPage;
    this.lastPage = fetched.page.items().isEmpty() ? 0 : hash;
    if (same && this.api.paging().kind().counted()) {
      throw new DataException(
          "Cannot read the list of raw.%s: the server gave the same page twice in a row (does it know the parameter %s?)"
              .formatted(this.table.name(), this.api.paging().parameter()));
    }
  }

  /** Asks anew from the highest value: so deep the server's pages don't go, or aren't exact. */
  private RestPosition.Open restarted(RestPosition.Open open) {
    RestApi.Incremental incremental = Objects.requireNonNull(this.api.incremental());
    Long high = open.high();
    Long since = open.since();
    long later = high == null ? Long.MIN_VALUE : high - Since.unit(incremental);
    if (high == null || (since != null && later <= since)) {
      throw new DataException(
          "Cannot read the list of raw.%s: %d records and more have the same %s, or aren't sorted by it (sort them in the request; a larger paging.restart-after)"
              .formatted(this.table.name(), open.read(), incremental.field().path()));
    }
    this.seen = new SeenKeys();
    this.lastPage = 0;
    return open.later(later);
  }

  private RestPosition finished(RestPosition.Open open, Page page) {
    String total = this.api.paging().total();
    long missing =
        total.isEmpty() || this.api.paging().restartAfter() > 0
            ? 0
            : this.ways.total(page) - open.read();
    boolean whole = !open.moved() && missing <= 0;
    this.seen = new SeenKeys();
    this.lastPage = 0;
    if (!whole && open.pass() < MOST_PASSES) {
      return this.with(open.again(this.since()));
    }
    if (!whole) {
      this.notes.add(
          "records of the list moved between its pages in each of %d readings%s: the next run begins where this one began (paging.restart-after, or a cursor, is exact)"
              .formatted(MOST_PASSES, missing > 0 ? ", " + missing + " did not come" : ""));
    }
    RestPosition done =
        new RestPosition(open.asOf(), whole ? this.reached(open) : this.position.from(), null);
    this.position = done;
    return this.begun(done);
  }

  /**
   * The highest value seen, but none that is later than the reading: a record that changed behind
   * our back has a value that is not less than that.
   */
  private @Nullable Long reached(RestPosition.Open open) {
    RestApi.Incremental incremental = this.api.incremental();
    Long from = this.position.from();
    Long high = open.high();
    if (incremental == null || high == null) {
      return from;
    }
    long reached = high;
    if (incremental.field().type().time()) {
      Long begun = open.begun();
      reached = Math.min(high, begun == null ? micros(this.asOf) : begun);
    }
    return from == null ? reached : Math.max(from, reached);
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
