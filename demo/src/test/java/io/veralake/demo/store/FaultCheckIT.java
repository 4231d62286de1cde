package io.veralake.demo.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.demo.clickhouse.EmbeddedClickHouse;
import io.veralake.demo.clickhouse.EngineLibrary;
import io.veralake.demo.clickhouse.ServerException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stream in a real ClickHouse, and the check against findings that are made up from the list of
 * faults.
 */
final class FaultCheckIT {
  private static final int SEED = 7;
  private static final double SCALE = 0.05;

  @TempDir static Path folder;
  private static EmbeddedClickHouse server;
  private static ClickHouseHttp http;
  private static List<Fault> faults;

  @BeforeAll
  static void streamOneDay() throws IOException {
    try {
      new EngineLibrary(System.out::println).fetch();
    } catch (ServerException e) {
      Assumptions.assumeTrue("true".equals(System.getenv("CI")), e.getMessage());
      throw e;
    }
    server = EmbeddedClickHouse.start(folder.resolve("clickhouse"), 0);
    http = new ClickHouseHttp(server.url());
    faults = stream(1);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<Fault> stream(int day) throws IOException {
    var simulation = new StoreSimulation(SEED, SCALE);
    simulation.skipTo(day - 1, Delivered.NOTHING);
    try (var tables = new StreamTables(http)) {
      tables.create();
      long from = day == 1 ? StoreCalendar.start(-365) : StoreCalendar.streamCut(day - 1);
      tables.clear(from, StoreCalendar.streamCut(day));
      return simulation.play(null, tables, Delivered.NOTHING).faults();
    }
  }

  @BeforeEach
  void findAllFaults() throws IOException {
    http.query("DROP DATABASE IF EXISTS recon");
    http.query("CREATE DATABASE recon");
    http.query(
        "CREATE TABLE recon.discrepancy (as_of DateTime64(6, 'UTC'), reconciliation String, cause String,"
            + " key String, columns Array(String), evidence String) ENGINE = MergeTree ORDER BY key");
    String causes =
        Arrays.stream(Fault.Cause.values())
            .map(cause -> column(cause) + " Decimal(38, 4)")
            .collect(Collectors.joining(", "));
    http.query(
        "CREATE TABLE recon.restatement (as_of DateTime64(6, 'UTC'), reconciliation String,"
            + " partition Nullable(String), measure String, "
            + causes
            + ") ENGINE = MergeTree ORDER BY measure");
    var rows = new StringBuilder();
    for (Fault fault : faults) {
      String evidence = fault.evidence().isEmpty() ? "seen" : fault.evidence() + ": seen";
      String columns =
          fault.columns().stream().map(c -> "'" + c + "'").collect(Collectors.joining(","));
      rows.append("2026-03-02 00:00:00\t")
          .append(name(fault))
          .append('\t')
          .append(fault.cause().word());
      rows.append('\t')
          .append(fault.keyJson())
          .append("\t[")
          .append(columns)
          .append("]\t")
          .append(evidence);
      rows.append('\n');
    }
    http.insert("recon.discrepancy", rows.toString().getBytes(StandardCharsets.UTF_8));
    http.insert("recon.restatement", restatement().getBytes(StandardCharsets.UTF_8));
  }

  private static String restatement() {
    Map<String, BigDecimal[]> sums = new TreeMap<>();
    for (Fault fault : faults) {
      boolean sale = fault.table().equals(Fault.LINES);
      String place =
          name(fault) + "\t" + (sale ? fault.partition().toString() : fault.key().get(1)) + "\t";
      add(sums, place + "rows", fault, BigDecimal.valueOf(fault.rows()));
      add(sums, place + "quantity", fault, BigDecimal.valueOf(fault.delta().quantity()));
      add(sums, place + "revenue", fault, BigDecimal.valueOf(fault.delta().revenue(), 2));
    }
    return sums.entrySet().stream()
        .map(
            line ->
                "2026-03-02 00:00:00\t"
                    + line.getKey()
                    + "\t"
                    + Arrays.stream(line.getValue())
                        .map(BigDecimal::toPlainString)
                        .collect(Collectors.joining("\t"))
                    + "\n")
        .collect(Collectors.joining());
  }

  private static void add(
      Map<String, BigDecimal[]> sums, String line, Fault fault, BigDecimal value) {
    BigDecimal[] causes =
        sums.computeIfAbsent(
            line,
            any -> {
              BigDecimal[] none = new BigDecimal[Fault.Cause.values().length];
              Arrays.fill(none, BigDecimal.ZERO);
              return none;
            });
    causes[fault.cause().ordinal()] = causes[fault.cause().ordinal()].add(value);
  }

  private static String name(Fault fault) {
    return fault.table().equals(Fault.LINES) ? "sales" : "stock";
  }

  private static String column(Fault.Cause cause) {
    return cause.word().replace('-', '_');
  }

  private static List<String> check() throws IOException {
    FaultFiles.write(folder.resolve("faults"), 1, faults);
    return new FaultCheck(http, FaultFiles.read(folder.resolve("faults"))).run();
  }

  private static void change(String table, String mutation) throws IOException {
    http.query("ALTER TABLE recon." + table + " " + mutation + " SETTINGS mutations_sync = 2");
  }

  private static Fault any(Fault.Cause cause) {
    return faults.stream()
        .filter(fault -> fault.cause() == cause && fault.table().equals(Fault.LINES))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void listAndFindingsAgree() throws IOException {
    assertThat(faults).hasSizeGreaterThan(15);
    assertThat(check()).isEmpty();
  }

  @Test
  void findingLessIsTold() throws IOException {
    Fault fault = any(Fault.Cause.STALE);
    change("discrepancy", "DELETE WHERE key = '" + fault.keyJson() + "'");
    assertThat(check())
        .containsExactly(
            "2026-03-01 sales: not found: "
                + fault.key().get(0)
                + "/"
                + fault.key().get(1)
                + " stale ");
  }

  @Test
  void findingMoreIsTold() throws IOException {
    http.query(
        "INSERT INTO recon.discrepancy VALUES ('2026-03-02 00:00:00', 'sales', 'missing',"
            + " '{\"order_id\":5,\"line_number\":6}', [], '')");
    assertThat(check()).containsExactly("2026-03-01 sales: not a fault: 5/6 missing ");
  }

  @Test
  void otherCauseIsTold() throws IOException {
    Fault fault = any(Fault.Cause.LATE);
    change("discrepancy", "UPDATE cause = 'missing' WHERE key = '" + fault.keyJson() + "'");
    assertThat(check()).hasSize(2);
  }

  @Test
  void wrongColumnsAreTold() throws IOException {
    Fault fault = any(Fault.Cause.WRONG_VALUE);
    change("discrepancy", "UPDATE columns = ['status'] WHERE key = '" + fault.keyJson() + "'");
    assertThat(check()).singleElement().asString().contains("columns status, not ");
  }

  @Test
  void centIsTold() throws IOException {
    change(
        "restatement",
        "UPDATE phantom = phantom + 0.01 WHERE measure = 'revenue' AND reconciliation = 'sales'");
    assertThat(check()).singleElement().asString().contains("phantom revenue: ");
  }

  @Test
  void rerunOfADayReplacesItsRows() throws IOException {
    String all = "SELECT count(), sum(cityHash64(*)) FROM rt.order_lines FINAL";
    String before = http.query(all);
    assertThat(stream(1)).isEqualTo(faults);
    assertThat(http.query(all)).isEqualTo(before);
    assertThat(http.query("SELECT count() FROM rt.stock")).isNotEqualTo("0\n");
  }

  @Test
  void absentServerIsNamed() {
    assertThatThrownBy(() -> new ClickHouseHttp("http://127.0.0.1:9").query("SELECT 1"))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "Cannot reach ClickHouse at http://127.0.0.1:9 (start it: demo clickhouse start)");
  }
}
