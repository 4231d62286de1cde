package io.veralake.land.rest;

import io.veralake.spec.HttpAccess;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The attempts at one request: how many there were, what went wrong last, how long to wait. */
final class Tries {
  private static final long LONGEST_STEP = 60_000;

  private final HttpAccess access;
  private final long begun = System.nanoTime();
  private int count;
  private long wait;
  private String failure = "";

  Tries(HttpAccess access) {
    this.access = access;
  }

  /** Notes a failure; {@code asked}: milliseconds that the server wants us to wait. */
  void failed(String reason, long asked) {
    this.count++;
    this.failure = reason;
    long step = this.access.backOff().toMillis() << Math.min(20, this.count - 1);
    long most = Math.min(LONGEST_STEP, Math.max(1, step));
    // Between half and the whole, so that many clients don't come back at once.
    this.wait = Math.max(asked, most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }

  /** Notes that the server asked us to come back later, which is no failure. */
  void postponed(String reason, long asked) {
    this.failed(reason, asked);
    this.count--;
  }

  /** Milliseconds until the next attempt. */
  long pause() {
    return this.wait;
  }

  /** Whether there may be no further attempt. */
  boolean over() {
    return this.count >= this.access.attempts() || this.late();
  }

  /** What went wrong, for whoever waits for the answer. */
  String told() {
    String end =
        this.late()
            ? "it would take longer than give-up = " + words(this.access.giveUp())
            : this.count + (this.count == 1 ? " attempt" : " attempts");
    return this.failure + " (" + end + "; the next run goes on here)";
  }

  private boolean late() {
    long spent = System.nanoTime() - this.begun;
    return spent / 1_000_000 + this.wait > this.access.giveUp().toMillis();
  }

  private static String words(Duration time) {
    return time.toMillis() % 60_000 == 0
        ? time.toMinutes() + " minutes"
        : time.toMillis() % 1000 == 0 ? time.toSeconds() + " seconds" : time.toMillis() + " ms";
  }
}
