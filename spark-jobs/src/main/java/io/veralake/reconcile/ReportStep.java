package io.veralake.reconcile;

import io.veralake.lake.RunContext;
import io.veralake.reconcile.report.Night;
import io.veralake.reconcile.report.NightPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Locale;

/** Writes the night's report for people: one HTML file that needs nothing else. */
public final class ReportStep {
  private ReportStep() {}

  /**
   * Writes the report of everything that is reconciled at the run's as-of, replacing an earlier one
   * of the same as-of, and says where.
   */
  public static Path run(RunContext context) {
    Night night = new NightReport(context).read();
    Path folder = context.engine().reports();
    Path file = folder.resolve("night-" + name(context.asOf()) + ".html");
    Path aside = folder.resolve(file.getFileName() + ".part");
    try {
      Files.createDirectories(folder);
      Files.writeString(aside, new NightPage(night).html());
      return Files.move(
          aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the report " + file, e);
    }
  }

  private static String name(Instant asOf) {
    return asOf.toString().replace(":", "").toLowerCase(Locale.ROOT).replace("t000000z", "");
  }
}
