package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.demo.store.StoreCommand;
import io.veralake.fixture.Command;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.spec.Mart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/**
 * Three nights of a small store. Vault and marts equal the store's own books after each of them.
 * Order 4711 through all stages: what each stage holds of it equals the text in docs/journey.md,
 * character by character. {@code make journey} writes what is so into the page; its diff is the
 * review.
 */
final class OneRowJourneyIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final Path PAGE = Command.PROJECT.resolve("docs/journey.md");
  private static final String SCALE = "0.02";
  private static final int NIGHTS = 3;
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String LINES =
      """
      JOIN vault.link_order_line AS l USING (order_line_hk)
      JOIN vault.hub_order AS h ON h.order_hk = l.order_hk AND h.order_id = 4711""";
  private static final List<String> DATABASES = List.of("rt", "mart", "mart_data", "recon");

  private final Map<String, String> shown = new TreeMap<>();

  @Test
  void everyStageShowsWhatThePageShows() throws IOException {
    Path folder = TestLake.newFolder("journey");
    Map<String, String> variables =
        Map.of(
            "VERALAKE_HOME",
            folder.toString(),
            "VERALAKE_INPUT",
            folder.resolve("input").toString(),
            "VERALAKE_CLICKHOUSE_URL",
            CLICKHOUSE.url(),
            TestEngine.ENCRYPTION_KEY,
            "encryption key of the tests, 32 characters and more");
    this.dropDatabases();
    try (Nights nights = new Nights(Command.PROJECT.resolve("conf"), "local", variables)) {
      for (int day = 1; day <= NIGHTS; day++) {
        this.simulate(day, folder);
        nights.night(Instant.parse("2026-03-0%dT00:00:00Z".formatted(day + 1)), variables);
        this.afterNight(day, nights);
        this.books(day, folder, nights);
      }
      this.source(folder.resolve("input/cdc/shop.order_items"));
      this.lake(nights);
      new ExplainBooks(nights).compare();
    } finally {
      this.dropDatabases();
    }
    this.compare();
  }

  /** Vault and marts are what the store's own books say, all of them, after each night. */
  private void books(int day, Path folder, Nights nights) {
    Path books = folder.resolve("books-" + day);
    int exit =
        new CommandLine(StoreCommand.class)
            .execute(
                "truth",
                "--day",
                Integer.toString(day),
                "--scale",
                SCALE,
                "--out",
                books.toString());
    assertThat(exit).isZero();
    new StoreBooks(books.resolve("vault"), nights.model()).compare(nights.lake(), day == NIGHTS);
    assertThat(MartBooks.names())
        .as("marts with a book: all but the calendar")
        .containsExactlyInAnyOrderElementsOf(
            nights.model().marts().stream()
                .map(Mart::name)
                .filter(name -> !name.equals("dim_date"))
                .toList());
    new MartBooks(books).compare(sql -> StoreBooks.rows(nights.lake(), sql), 1);
  }

  private void compare() throws IOException {
    JourneyPage page = new JourneyPage(PAGE);
    if (Boolean.getBoolean("veralake.journey.write")) {
      page.rewrite(this.shown);
      page = new JourneyPage(PAGE);
    }
    assertThat(page.difference(this.shown))
        .as("docs/journey.md (-) against what the stages hold (+); make journey rewrites it")
        .isEmpty();
    assertThat(page.blocks()).isEqualTo(this.shown);
  }

  /** Envelopes as the source's connector wrote them, without the schema that goes before each. */
  private void source(Path folder) throws IOException {
    List<String> payloads = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
            .filter(line -> line.contains("\"payload\":{\"order_id\":4711,\"line_number\":1}"))
            .map(line -> line.substring(line.lastIndexOf("\"payload\":") + 10, line.length() - 2))
            .forEach(payloads::add);
      }
    }
    assertThat(payloads).as("envelopes of the order's first line").hasSize(4);
    this.shown.put(
        "source",
        payloads
                .get(1)
                .replace(",\"after\"", ",\n \"after\"")
                .replace(",\"source\"", ",\n \"source\"")
                .replace(",\"transaction\"", ",\n \"transaction\"")
                .replace(",\"op\"", ",\n \"op\"")
            + "\n");
  }

  private void afterNight(int day, Nights nights) {
    this.show(
        "mart-night-" + day,
        nights,
        """
        SELECT order_id, line_number, order_date, status, quantity, unit_price, discount, revenue,
          last_change_time
        FROM mart.fact_sales WHERE order_id = 4711 ORDER BY line_number""");
    if (day > 1) {
      this.show(
          "discrepancy-night-" + day,
          nights,
          """
          SELECT key, cause, columns, from_json(streamed, 'revenue decimal(12,2)').revenue AS streamed,
            from_json(corrected, 'revenue decimal(12,2)').revenue AS corrected, evidence
          FROM recon.discrepancy
          WHERE as_of = date '2026-03-01' + %d AND key LIKE '{"order_id":4711,%%' ORDER BY key"""
              .formatted(day));
    }
  }

  private void lake(Nights nights) {
    this.show(
        "raw",
        nights,
        """
        SELECT _op, after.line_number, after.quantity, after.unit_price,
          _position.major AS `_position.major`, _position.minor AS `_position.minor`, _commit_time
        FROM raw.shop_order_items
        WHERE coalesce(after.order_id, before.order_id) = 4711
        ORDER BY _position.major, _position.minor""");
    this.show(
        "vault",
        nights,
        """
        SELECT 'hub_order' AS table, lower(hex(order_hk)) AS hash_key, CAST(order_id AS string) AS holds,
          record_source, load_time
        FROM vault.hub_order WHERE order_id = 4711
        UNION ALL
        SELECT 'link_order_line', lower(hex(order_line_hk)), concat('line ', line_number),
          l.record_source, l.load_time
        FROM vault.link_order_line AS l JOIN vault.hub_order AS h USING (order_hk)
        WHERE h.order_id = 4711 ORDER BY 1, 3""");
    this.show(
        "satellite",
        nights,
        """
        SELECT l.line_number, s.quantity, s.unit_price, s.deleted, s.applied_time, s.position_major,
          lower(hex(s.hashdiff)) AS hashdiff, s.load_time
        FROM vault.sat_order_line AS s %s ORDER BY line_number, applied_time"""
            .formatted(LINES));
    this.show(
        "history",
        nights,
        """
        SELECT l.line_number, s.quantity, s.unit_price, s.deleted, s.effective_from, s.effective_to
        FROM vault.sat_order_line_history AS s %s ORDER BY line_number, effective_from"""
            .formatted(LINES));
    this.show(
        "restatement",
        nights,
        """
        SELECT CAST(streamed AS decimal(12,2)) AS streamed, CAST(missing AS decimal(12,2)) AS missing,
          CAST(duplicate AS decimal(12,2)) AS duplicate, CAST(phantom AS decimal(12,2)) AS phantom,
          CAST(stale AS decimal(12,2)) AS stale, CAST(out_of_order AS decimal(12,2)) AS out_of_order,
          CAST(wrong_value AS decimal(12,2)) AS wrong_value, CAST(late AS decimal(12,2)) AS late,
          CAST(corrected AS decimal(12,2)) AS corrected
        FROM recon.restatement
        WHERE reconciliation = 'sales' AND as_of = date '2026-03-04' AND measure = 'revenue'
          AND `partition` = '2026-03-01'""");
    this.published();
  }

  private void published() {
    List<String> columns =
        List.of(
            "order_id",
            "line_number",
            "order_date",
            "status",
            "quantity",
            "unit_price",
            "discount",
            "revenue",
            "last_change_time");
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      List<List<String>> rows = new ArrayList<>(List.of(columns));
      clickHouse
          .rows(
              "SELECT %s FROM mart.fact_sales WHERE order_id = 4711 ORDER BY line_number SETTINGS output_format_decimal_trailing_zeros = 1"
                  .formatted(String.join(", ", columns)))
          .forEach(
              row ->
                  rows.add(
                      row.stream()
                          .map(value -> String.valueOf(value).replaceFirst("(:\\d\\d)\\.0+$", "$1"))
                          .toList()));
      this.shown.put("published", table(rows));
    }
  }

  private void show(String name, Nights nights, String sql) {
    nights.lake().spark().sql("USE " + nights.lake().catalog());
    Dataset<Row> result = nights.lake().spark().sql(sql);
    List<List<String>> rows = new ArrayList<>(List.of(List.of(result.columns())));
    for (Row row : result.collectAsList()) {
      List<String> values = new ArrayList<>();
      for (int column = 0; column < row.size(); column++) {
        values.add(text(row.get(column)));
      }
      rows.add(values);
    }
    this.shown.put(name, table(rows));
  }

  private static String text(Object value) {
    if (value instanceof java.sql.Timestamp time) {
      return TIME.format(time.toInstant());
    }
    if (value instanceof scala.collection.Seq<?> list) {
      return list.mkString(", ");
    }
    return Objects.toString(value);
  }

  /** Columns two spaces apart, no space at a line's end. */
  private static String table(List<List<String>> rows) {
    assertThat(rows).as("a heading and at least a row").hasSizeGreaterThan(1);
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
        line.append(row.get(column)).append(" ".repeat(width + 2 - row.get(column).length()));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private void simulate(int day, Path folder) {
    int exit =
        new CommandLine(StoreCommand.class)
            .execute(
                "day",
                Integer.toString(day),
                "--dir",
                folder.toString(),
                "--clickhouse",
                CLICKHOUSE.url(),
                "--scale",
                SCALE);
    assertThat(exit).isZero();
  }

  private void dropDatabases() {
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      DATABASES.forEach(name -> clickHouse.execute("DROP DATABASE IF EXISTS " + name + " SYNC"));
    }
  }
}
