package io.veralake.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The numbers that a monitoring system gets; their names are an interface. */
enum Metric {
  /** Counts up from run to run; the name gets {@code _total} when it is written. */
  LAND_ROWS(true, "Records landed, by what became of them: appended, duplicate, quarantined."),
  LAND_LAG_SECONDS(
      false, "From the latest commit time of the last landing to the instant it spoke up to."),
  LAND_GAPS(false, "Losses of the source that the last landing found."),
  LAND_DOUBTS(false, "What the last landing found that may be a loss and may be none."),
  LAND_REPEATED_FILES(false, "Files of the last landing with the content of another one."),
  LAND_BEHIND_RECORDS(false, "Records that the source had and that the last landing left."),
  QUARANTINE_RECORDS(false, "Records that wait in quarantine."),
  STEP_DURATION_SECONDS(false, "How long the last run of the step took."),
  STEP_SUCCESS(false, "Whether the last run of the step ended well."),
  STEP_COUNT(false, "What the last run of the step counted."),
  RUN_DURATION_SECONDS(false, "How long the last run of the command took."),
  RUN_SUCCESS(false, "Whether the last run of the command ended well."),
  RUN_ENDED_TIMESTAMP_SECONDS(false, "When the last run of the command ended.");

  private final boolean counter;
  private final String help;

  Metric(boolean counter, String help) {
    this.counter = counter;
    this.help = help;
  }

  /** The metric that is written under {@code name}; empty if none is. */
  static Optional<Metric> written(String name) {
    return Arrays.stream(values())
        .filter(metric -> name.equals(metric.base() + (metric.counter ? "_total" : "")))
        .findFirst();
  }

  /** Its name, without the ending of counters. */
  String base() {
    return "veralake_" + this.name().toLowerCase(Locale.ROOT);
  }

  /** Whether it only grows. */
  boolean counter() {
    return this.counter;
  }

  /** What it says. */
  String help() {
    return this.help;
  }
}
