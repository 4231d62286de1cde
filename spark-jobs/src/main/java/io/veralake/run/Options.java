package io.veralake.run;

import io.veralake.lake.sql.RowExpressions;
import io.veralake.spec.Configured;
import io.veralake.spec.ModelReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that the commands share. */
final class Options {
  /** Name of the option that shows where in the program a failure arose. */
  static final String STACKTRACE = "--stacktrace";

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      defaultValue = "${env:VERALAKE_CONF:-conf}",
      description =
          "Folder with engine.conf, environments/ and models/ (default: ${DEFAULT-VALUE}).")
  Path conf = Path.of("conf");

  @Option(
      names = "--env",
      paramLabel = "NAME",
      defaultValue = "${env:VERALAKE_ENV:-local}",
      description = "Environment: conf/environments/NAME.conf (default: ${DEFAULT-VALUE}).")
  String environment = "local";

  @Option(
      names = "--only",
      paramLabel = "TABLE",
      split = ",",
      description = "Only these tables (names as in the model, separated by commas).")
  List<String> only = List.of();

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description =
          "The instant up to which the run speaks: 2026-03-02 or 2026-03-02T00:00:00Z (default: the last midnight, UTC).")
  String asOf = "";

  @Option(
      names = STACKTRACE,
      description = "If the run fails, show where in the program, for a report of a bug.")
  boolean stacktrace;

  /** Reads configuration and model; throws SpecException with all problems. */
  Configured read() {
    return ModelReader.read(this.conf, this.environment, System.getenv(), new RowExpressions());
  }

  /** The instant of {@code --as-of}, else the last midnight before {@code now}. */
  Instant asOf(Instant now) {
    return this.asOf.isEmpty() ? now.truncatedTo(ChronoUnit.DAYS) : instant(this.asOf);
  }

  /** A date (its first instant, UTC) or an instant with offset. */
  static Instant instant(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "Invalid --as-of: " + text + " (2026-03-02, or 2026-03-02T00:00:00Z)");
    }
  }
}
