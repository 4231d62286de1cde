package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.veralake.fixture.Lakes;
import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.land.LandAudit;
import io.veralake.land.LandStep;
import io.veralake.spec.Engine;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RunMetricsTest {
  private static final Instant ENDED = Instant.parse("2026-03-02T01:00:00Z");

  private final Path folder = Lakes.newFolder("metrics");
  private final Path file = this.folder.resolve("deep/veralake.prom");

  @Test
  void theFileHasTheLastValuesOfAllCommandsAndCountersGoOn() throws IOException {
    RunMetrics night = new RunMetrics(new Engine.Metrics(this.file, ""));
    night.step("mart dim_day", true, Duration.ofMillis(1500), Map.of("rows", 7L));
    assertThat(write(night, "mart", true, List.of())).isEmpty();
    for (LandAudit audit : landings()) {
      RunMetrics land = new RunMetrics(new Engine.Metrics(this.file, ""));
      land.step("land docs", true, Duration.ofMillis(250), Map.of("read", 3L));
      assertThat(write(land, "land", false, List.of(audit))).isEmpty();
    }

    assertThat(Files.readString(this.file).lines().filter(line -> !line.startsWith("#")))
        .containsExactlyInAnyOrder(
            "veralake_land_rows_total{fate=\"appended\",table=\"docs\"} 3.0",
            "veralake_land_rows_total{fate=\"duplicate\",table=\"docs\"} 0.0",
            "veralake_land_rows_total{fate=\"quarantined\",table=\"docs\"} 1.0",
            "veralake_land_lag_seconds{table=\"docs\"} 3600.0",
            "veralake_land_gaps{table=\"docs\"} 0.0",
            "veralake_land_doubts{table=\"docs\"} 0.0",
            "veralake_land_repeated_files{table=\"docs\"} 0.0",
            "veralake_quarantine_records{table=\"docs\"} 1.0",
            "veralake_step_duration_seconds{stage=\"mart\",table=\"dim_day\"} 1.5",
            "veralake_step_duration_seconds{stage=\"land\",table=\"docs\"} 0.25",
            "veralake_step_success{stage=\"mart\",table=\"dim_day\"} 1.0",
            "veralake_step_success{stage=\"land\",table=\"docs\"} 1.0",
            "veralake_step_count{count=\"rows\",stage=\"mart\",table=\"dim_day\"} 7.0",
            "veralake_step_count{count=\"read\",stage=\"land\",table=\"docs\"} 3.0",
            "veralake_run_duration_seconds{command=\"mart\"} 60.0",
            "veralake_run_duration_seconds{command=\"land\"} 60.0",
            "veralake_run_success{command=\"mart\"} 1.0",
            "veralake_run_success{command=\"land\"} 0.0",
            "veralake_run_ended_timestamp_seconds{command=\"mart\"} 1.7724132E9",
            "veralake_run_ended_timestamp_seconds{command=\"land\"} 1.7724132E9");
    assertThat(Files.list(this.file.getParent())).containsExactly(this.file);
  }

  @Test
  void aGatewayGetsWhatTheFileHolds() throws IOException {
    AtomicReference<String> got = new AtomicReference<>("");
    HttpServer gateway = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    gateway.createContext(
        "/metrics/job/veralake",
        exchange -> {
          got.set(
              exchange.getRequestMethod()
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(got.get().contains("\"bad\"") ? 400 : 200, -1);
          exchange.close();
        });
    gateway.start();
    String push = "http://127.0.0.1:" + gateway.getAddress().getPort() + "/metrics/job/veralake";
    try {
      RunMetrics night = new RunMetrics(new Engine.Metrics(this.file, push));
      assertThat(write(night, "land", true, List.of())).isEmpty();
      assertThat(got.get()).isEqualTo("PUT" + Files.readString(this.file));
      assertThat(write(night, "bad", true, List.of()))
          .contains("Cannot push metrics to " + push + ": status 400: ");
    } finally {
      gateway.stop(0);
    }
    assertThat(write(new RunMetrics(new Engine.Metrics(null, push)), "land", true, List.of()))
        .hasValueSatisfying(text -> assertThat(text).startsWith("Cannot write metrics: "));
  }

  private static Optional<String> write(
      RunMetrics metrics, String command, boolean success, List<LandAudit> landed) {
    return metrics.write(
        command, success, Duration.ofMinutes(1), ENDED, landed, () -> Map.of("docs", 1L));
  }

  /** Two landings: two records, then one and a bad one. */
  private static List<LandAudit> landings() throws IOException {
    Lake lake = TestLake.fresh();
    Path input = TestLake.newFolder("input");
    LandTable docs = Models.files("docs", LandTable.Format.JSON_LINES, "docs", "documents");
    offer(input, "1.json", "{}\n{}\n");
    LandAudit first =
        LandStep.audited(Models.context(lake, input, "r1", Models.asOf(), Models.EMPTY), docs);
    offer(input, "2.json", "{\"a\":1}\nnone\n");
    return List.of(
        first,
        LandStep.audited(Models.context(lake, input, "r2", Models.asOf(), Models.EMPTY), docs));
  }

  private static void offer(Path input, String name, String text) throws IOException {
    Path file = Files.createDirectories(input.resolve("docs")).resolve(name);
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Models.asOf().minusSeconds(3600)));
  }
}
