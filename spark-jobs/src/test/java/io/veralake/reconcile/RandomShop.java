package io.veralake.reconcile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The naive oracle: a random shop, made key by key, each with one kind of fault or none, so that
 * what a reconciliation must find is known by construction. Rows are lines as {@link Shop} takes
 * them.
 */
final class RandomShop {
  /** What can be wrong with a key, or look wrong and not be. */
  enum Kind {
    CLEAN,
    MISSING,
    LATE,
    LATE_AND_WRONG,
    LATE_CHANGE,
    DUPLICATE,
    DUPLICATE_OF_OTHER_VALUES,
    LATE_DUPLICATE,
    NEVER_EXISTED,
    NULL_KEY,
    LOST_DELETE,
    STALE,
    STALE_DUPLICATE,
    OUT_OF_ORDER,
    WRONG_VALUE,
    WRONG_PARTITION,
    NULL_INSTEAD,
    IN_FLIGHT_STREAM,
    IN_FLIGHT_TRUTH,
    IN_FLIGHT_DELETE,
    IN_FLIGHT_INSERT
  }

  /** A row's values, as a line shows them between key and times. */
  private record Version(String day, String quantity, String price, String note) {
    String line(long id) {
      return id + "|a|" + this.day + "|" + this.quantity + "|" + this.price + "|" + this.note;
    }
  }

  private final Random random;
  private final long asOf;
  private final long begin;
  private final int firstDay;
  final List<String> truth = new ArrayList<>();
  final List<String> versions = new ArrayList<>();
  final List<String> stream = new ArrayList<>();
  final List<String> findings = new ArrayList<>();
  final Map<String, BigDecimal> ledger = new TreeMap<>();

  /**
   * {@code keys} keys with partitions from {@code firstDay} on, whose events lie between {@code
   * begin} and a while before {@code asOf}, in seconds.
   */
  RandomShop(long seed, int firstDay, int keys, long begin, long asOf) {
    this.random = new Random(seed);
    this.begin = begin;
    this.firstDay = firstDay;
    long firstId = firstDay * 100_000L;
    this.asOf = asOf;
    for (long id = firstId; id < firstId + keys; id++) {
      Kind[] kinds = Kind.values();
      this.key(
          id, this.random.nextInt(3) > 0 ? Kind.CLEAN : kinds[this.random.nextInt(kinds.length)]);
    }
    this.key(firstId + keys, Kind.IN_FLIGHT_INSERT);
    this.findings.sort(null);
  }

  private void key(long id, Kind kind) {
    List<Version> history = new ArrayList<>(List.of(this.version()));
    int changes =
        this.random.nextInt(3)
            + (kind == Kind.STALE
                    || kind == Kind.OUT_OF_ORDER
                    || kind == Kind.LATE_CHANGE
                    || kind == Kind.STALE_DUPLICATE
                ? 1
                : 0);
    for (int i = 0; i < changes; i++) {
      history.add(this.changed(history.get(history.size() - 1)));
    }
    long first = this.begin + this.random.nextInt((int) (this.asOf - this.begin - 2_000));
    long[] since = new long[history.size()];
    for (int i = 0; i < since.length; i++) {
      since[i] = first + i * 100L;
    }
    boolean real =
        kind != Kind.NEVER_EXISTED && kind != Kind.NULL_KEY && kind != Kind.IN_FLIGHT_INSERT;
    for (int i = 0; i < since.length && real; i++) {
      this.versions.add(history.get(i).line(id) + "|" + since[i] + "|false");
    }
    Version now = history.get(history.size() - 1);
    long at = since[since.length - 1];
    boolean gone = kind == Kind.LOST_DELETE || kind == Kind.IN_FLIGHT_DELETE || !real;
    if (!gone && kind != Kind.IN_FLIGHT_TRUTH) {
      this.truth.add(now.line(id) + "|" + at);
    }
    this.streamed(id, kind, history, since, now, at);
  }

  private void streamed(
      long id, Kind kind, List<Version> history, long[] since, Version now, long at) {
    Version before = history.size() > 1 ? history.get(history.size() - 2) : now;
    switch (kind) {
      case CLEAN -> this.same(id, now, at);
      case MISSING -> this.found("missing", id, null, now);
      case LATE -> {
        this.shown(id, now, at, this.asOf + 60);
        this.found("late", id, null, now);
      }
      case LATE_AND_WRONG -> {
        this.shown(id, this.changed(now), at, this.asOf + 60);
        this.found("late", id, null, now);
      }
      case LATE_CHANGE -> {
        this.seen(id, before, since[since.length - 2]);
        this.shown(id, now, at, this.asOf + 60);
        this.found("late", id, before, now);
      }
      case DUPLICATE -> {
        this.same(id, now, at);
        for (int i = 0; i <= this.random.nextInt(2); i++) {
          this.seen(id, now, at);
          this.found("duplicate", id, now, null);
        }
      }
      case DUPLICATE_OF_OTHER_VALUES -> {
        Version other = this.changed(now);
        this.same(id, now, at);
        this.seen(id, other, at);
        this.found("duplicate", id, other, null);
      }
      case LATE_DUPLICATE -> {
        this.same(id, now, at);
        this.shown(id, this.changed(now), at, this.asOf + 60);
      }
      case NEVER_EXISTED -> {
        this.seen(id, now, at);
        this.found("phantom", id, now, null);
      }
      case NULL_KEY -> {
        this.stream.add(now.line(id).replace("|a|", "|-|") + "|" + at + "|" + (at + 1));
        this.found("phantom", id, now, null);
      }
      case LOST_DELETE -> {
        this.versions.add(id + "|a|-|-|-|-|" + (at + 50) + "|true");
        this.seen(id, now, at);
        this.found("phantom", id, now, null);
      }
      default -> this.differing(id, kind, before, since, now, at);
    }
  }

  private void differing(long id, Kind kind, Version before, long[] since, Version now, long at) {
    switch (kind) {
      case STALE, STALE_DUPLICATE -> {
        this.seen(id, before, since[since.length - 2]);
        this.found("stale", id, before, now);
        if (kind == Kind.STALE_DUPLICATE) {
          this.seen(id, before, since[since.length - 2]);
          this.found("duplicate", id, before, null);
        }
      }
      case OUT_OF_ORDER -> {
        this.shown(id, before, since[since.length - 2], at + 20);
        this.found("out-of-order", id, before, now);
      }
      case WRONG_VALUE -> this.wrong(id, now, this.changed(now), at);
      case WRONG_PARTITION ->
          this.wrong(
              id,
              now,
              new Version("2026-03-09", now.quantity(), now.price(), now.note() + "!"),
              at);
      case NULL_INSTEAD ->
          this.wrong(id, now, new Version(now.day(), "-", now.price(), "never said"), at);
      case IN_FLIGHT_STREAM -> this.shown(id, this.changed(now), this.asOf - 2, this.asOf - 1);
      case IN_FLIGHT_TRUTH -> {
        this.truth.add(now.line(id) + "|" + (this.asOf - 1));
        this.seen(id, this.changed(now), at);
      }
      case IN_FLIGHT_DELETE -> {
        this.versions.add(id + "|a|-|-|-|-|" + (this.asOf - 1) + "|true");
        this.seen(id, now, at);
      }
      case IN_FLIGHT_INSERT -> this.shown(id, now, this.asOf - 2, this.asOf - 1);
      default -> throw new IllegalStateException(kind.name());
    }
  }

  private void wrong(long id, Version now, Version shown, long at) {
    this.seen(id, shown, at);
    this.found("wrong-value", id, shown, now);
  }

  private void same(long id, Version now, long at) {
    this.seen(id, now, at);
    this.add(now, "streamed", 1);
    this.add(now, "corrected", 1);
  }

  private void seen(long id, Version version, long at) {
    this.shown(id, version, at, at + 1);
  }

  private void shown(long id, Version version, long committed, long received) {
    this.stream.add(version.line(id) + "|" + committed + "|" + received);
  }

  private void found(
      String cause,
      long id,
      @org.jspecify.annotations.Nullable Version streamed,
      @org.jspecify.annotations.Nullable Version corrected) {
    this.findings.add(cause + " " + id);
    if (streamed != null) {
      this.add(streamed, "streamed", 1);
      this.add(streamed, cause, -1);
    }
    if (corrected != null) {
      this.add(corrected, "corrected", 1);
      this.add(corrected, cause, 1);
    }
  }

  private void add(Version version, String account, int sign) {
    BigDecimal price =
        version.price().equals("-") ? BigDecimal.ZERO : new BigDecimal(version.price());
    this.ledger.merge(
        version.day() + " " + account, price.multiply(BigDecimal.valueOf(sign)), BigDecimal::add);
  }

  private String day() {
    return "2026-03-0" + (this.firstDay + this.random.nextInt(4));
  }

  private Version version() {
    return new Version(
        this.day(),
        this.random.nextInt(9) == 0 ? "-" : Integer.toString(this.random.nextInt(100) - 50),
        this.random.nextInt(9) == 0
            ? "-"
            : BigDecimal.valueOf(this.random.nextInt(100_000) - 20_000, 2).toPlainString(),
        List.of("", "-", "plain", "caf\u00e9 \u2615", "it's a \\ 'quote'", "1:n")
            .get(this.random.nextInt(6)));
  }

  /** Another version, with a note that no other version has. */
  private Version changed(Version version) {
    String price = BigDecimal.valueOf(this.random.nextInt(100_000), 2).toPlainString();
    return new Version(
        this.random.nextInt(4) == 0 ? this.day() : version.day(),
        version.quantity(),
        price,
        "change " + this.random.nextLong());
  }
}
