package io.veralake.run;

import io.veralake.land.LandAudit;
import io.veralake.land.Landed;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run tells a monitoring system. Names of tables and steps, and numbers: no value of any
 * record.
 */
final class RunMetrics {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Engine.Metrics target;
  private final List<Step> steps = new ArrayList<>();

  private record Step(String name, boolean success, Duration took, Map<String, Long> counts) {}

  RunMetrics(Engine.Metrics target) {
    this.target = target;
  }

  /** Notes a step that has ended. */
  synchronized void step(String name, boolean success, Duration took, Map<String, Long> counts) {
    this.steps.add(new Step(name, success, took, counts));
  }

  /**
   * Writes what was noted over what earlier runs left; returns what went wrong, which is no reason
   * to let a run fail.
   */
  synchronized Optional<String> write(
      String command,
      boolean success,
      Duration took,
      Instant ended,
      List<LandAudit> landed,
      Supplier<Map<String, Long>> quarantined) {
    Path file = this.target.file();
    if (file == null && this.target.push().isEmpty()) {
      return Optional.empty();
    }
    try {
      Samples samples =
          file != null && Files.exists(file)
              ? Samples.parse(Files.readString(file))
              : new Samples();
      this.steps.forEach(step -> step(samples, step));
      landed.forEach(audit -> land(samples, audit));
      samples.clear(Metric.QUARANTINE_RECORDS);
      quarantined
          .get()
          .forEach((table, count) -> samples.set(Metric.QUARANTINE_RECORDS, count, "table", table));
      samples.set(Metric.RUN_DURATION_SECONDS, seconds(took), "command", command);
      samples.set(Metric.RUN_SUCCESS, success ? 1 : 0, "command", command);
      samples.set(Metric.RUN_ENDED_TIMESTAMP_SECONDS, ended.getEpochSecond(), "command", command);
      byte[] text = samples.text();
      if (file != null) {
        replace(file, text);
      }
      return this.target.push().isEmpty() ? Optional.empty() : this.push(text);
    } catch (IOException | RuntimeException e) {
      return Optional.of("Cannot write metrics: " + Failure.text(e));
    }
  }

  private static void step(Samples samples, Step step) {
    String stage = step.name.substring(0, step.name.indexOf(' '));
    String table = step.name.substring(stage.length() + 1);
    samples.set(Metric.STEP_DURATION_SECONDS, seconds(step.took), "stage", stage, "table", table);
    samples.set(Metric.STEP_SUCCESS, step.success ? 1 : 0, "stage", stage, "table", table);
    step.counts.forEach(
        (count, value) ->
            samples.set(Metric.STEP_COUNT, value, "stage", stage, "table", table, "count", count));
  }

  private static void land(Samples samples, LandAudit audit) {
    Landed landed = audit.landed();
    String table = landed.table();
    samples.add(Metric.LAND_ROWS, landed.appended(), "table", table, "fate", "appended");
    samples.add(Metric.LAND_ROWS, landed.duplicate(), "table", table, "fate", "duplicate");
    samples.add(Metric.LAND_ROWS, landed.quarantined(), "table", table, "fate", "quarantined");
    samples.set(Metric.LAND_GAPS, landed.gaps().size(), "table", table);
    samples.set(Metric.LAND_DOUBTS, audit.doubts().size(), "table", table);
    samples.set(Metric.LAND_REPEATED_FILES, audit.repeated().size(), "table", table);
    audit
        .lag()
        .ifPresent(lag -> samples.set(Metric.LAND_LAG_SECONDS, seconds(lag), "table", table));
    if (audit.behind() >= 0) {
      samples.set(Metric.LAND_BEHIND_RECORDS, audit.behind(), "table", table);
    }
  }

  /** A reader sees the old file or the new one. */
  private static void replace(Path file, byte[] text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path next = file.resolveSibling("." + file.getFileName() + ".next");
    Files.write(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Optional<String> push(byte[] text) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(this.target.push()))
            .timeout(PATIENCE)
            .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            .PUT(BodyPublishers.ofByteArray(text))
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .connectTimeout(PATIENCE)
              .build()
              .send(request, BodyHandlers.ofString());
      return answer.statusCode() / 100 == 2
          ? Optional.empty()
          : Optional.of(
              "Cannot push metrics to %s: status %d: %s"
                  .formatted(this.target.push(), answer.statusCode(), answer.body().strip()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("Cannot push metrics: interrupted");
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
