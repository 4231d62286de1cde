package io.veralake.run;

import io.veralake.spec.Configured;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One call of the command line.
 *
 * @param command its word
 * @param configured configuration and model
 * @param asOf the instant up to which it speaks
 * @param clock the machine's clock; only for names, durations and the lock, never for data
 * @param out where progress goes
 */
record Job(
    String command, Configured configured, Instant asOf, InstantSource clock, PrintWriter out) {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  /** A new unique name for a run of this job. */
  String newRunId() {
    return this.command
        + "-"
        + NAME.format(this.asOf)
        + "-"
        + Long.toString(this.clock.millis(), Character.MAX_RADIX);
  }
}
