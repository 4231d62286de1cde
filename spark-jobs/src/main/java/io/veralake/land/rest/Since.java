package io.veralake.land.rest;

import io.veralake.spec.RestApi;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Values to begin at, as servers want them written; rounded down, never up. */
final class Since {
  private Since() {}

  /** {@code value} as {@code incremental} writes it. */
  static String text(RestApi.Incremental incremental, long value) {
    if (!incremental.field().type().time()) {
      return Long.toString(value);
    }
    Instant instant = Instant.EPOCH.plus(value, ChronoUnit.MICROS);
    return switch (incremental.format()) {
      case "iso" -> instant.truncatedTo(ChronoUnit.MILLIS).toString();
      case "date" -> instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
      case "epoch-seconds" -> Long.toString(Math.floorDiv(value, 1_000_000));
      case "epoch-millis" -> Long.toString(Math.floorDiv(value, 1000));
      default ->
          DateTimeFormatter.ofPattern(incremental.format())
              .format(instant.atOffset(ZoneOffset.UTC));
    };
  }

  /**
   * The unit of what is written: a value that is one less is asked for, where the one itself might
   * be left out.
   */
  static long unit(RestApi.Incremental incremental) {
    if (!incremental.field().type().time()) {
      return 1;
    }
    return switch (incremental.format()) {
      case "iso", "epoch-millis" -> 1000;
      case "date" -> 86_400_000_000L;
      default -> 1_000_000;
    };
  }
}
