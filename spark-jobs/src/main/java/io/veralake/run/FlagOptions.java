package io.veralake.run;

import io.veralake.flag.Flag;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which figure is doubted, and why. */
final class FlagOptions {
  @Option(
      names = "--mart",
      paramLabel = "MART",
      defaultValue = "",
      description = "The figure's mart.")
  String mart = "";

  @Option(
      names = "--key",
      paramLabel = "COLUMN=VALUE",
      split = ",",
      description = "Its row: columns and their values, separated by commas.")
  @Nullable Map<String, String> key;

  @Option(
      names = "--partition",
      paramLabel = "VALUE",
      defaultValue = "",
      description = "Instead of a row a partition that is compared with the stream …")
  String partition = "";

  @Option(
      names = "--measure",
      paramLabel = "COLUMN",
      defaultValue = "",
      description = "… and one of its measures.")
  String measure = "";

  @Option(
      names = "--seen",
      paramLabel = "COLUMN=VALUE",
      split = ",",
      description = "What was seen, if that matters.")
  @Nullable Map<String, String> seen;

  @Option(
      names = "--reader",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who asks (default: the system's user).")
  String reader = "";

  @Option(
      names = "--because",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why it is doubted.")
  String because = "";

  /** The flag, set {@code now}. */
  Flag flag(Instant now) {
    return new Flag(
        UUID.randomUUID(),
        now,
        this.reader,
        this.mart,
        this.key == null ? Map.of() : this.key,
        this.partition,
        this.measure,
        this.seen == null ? Map.of() : this.seen,
        this.because);
  }
}
