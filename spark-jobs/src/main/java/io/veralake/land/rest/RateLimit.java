package io.veralake.land.rest;

import io.veralake.spec.Connection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Spaces the requests to one server evenly, of all tables that are landed from it at the same time.
 */
final class RateLimit {
  private static final Map<String, RateLimit> BY_SERVER = new ConcurrentHashMap<>();

  private final long nanos;
  private long next = System.nanoTime();

  private RateLimit(double perSecond) {
    this.nanos = perSecond > 0 ? (long) (1e9 / perSecond) : 0;
  }

  /** The one of the connection's server. */
  static RateLimit of(Connection connection) {
    double rate = connection.http().rate();
    return BY_SERVER.computeIfAbsent(
        connection.name() + " " + connection.url() + " " + rate, key -> new RateLimit(rate));
  }

  /** Takes a place in the queue; returns how many milliseconds it is away. */
  synchronized long take() {
    if (this.nanos == 0) {
      return 0;
    }
    long now = System.nanoTime();
    long at = this.next - now > 0 ? this.next : now;
    this.next = at + this.nanos;
    return (at - now + 999_999) / 1_000_000;
  }
}
