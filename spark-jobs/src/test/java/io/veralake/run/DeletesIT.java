package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Deletes by {@code op = d}, by truncate and by absence from a full dump, and goods that come back,
 * from landing to the published table: after each night satellites, their views, a point-in-time
 * table, marts and ClickHouse show row by row what an oracle makes of the records that have landed.
 */
final class DeletesIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final List<Integer> IN_ORDER = List.of(0, 1, 2);
  // The truncate, of the second day, comes first: it is told of goods that are only heard of later.
  private static final List<Integer> SHUFFLED = List.of(1, 2, 0);
  private static final Map<String, String> MODEL =
      Map.ofEntries(
          Map.entry(
              "environments/local",
              """
              veralake.spark {
                "spark.sql.shuffle.partitions" = 2
                "spark.sql.codegen.wholeStage" = false
                "spark.sql.codegen.factoryMode" = NO_CODEGEN
              }"""),
          Map.entry(
              "models/land/log",
              "format = debezium-json, path = log, system = log, key = [good_id]"),
          Map.entry(
              "models/land/queue",
              "format = debezium-json, path = queue, system = queue, key = [good_id]"),
          Map.entry(
              "models/land/dump",
              """
              format = csv, path = dump, dump = full, system = dump, key = [good_id]
              max-deletes = "100 %"
              columns { good_id = bigint, name = string, seller_id = bigint }"""),
          Map.entry(
              "models/vault/hub_good",
              "type = hub, business-key { good_id = bigint }, sources = [log, queue, dump]"),
          Map.entry(
              "models/vault/hub_seller",
              "type = hub, business-key { seller_id = bigint }, sources = [log, queue, dump]"),
          Map.entry(
              "models/vault/link_good_seller",
              "type = link, hubs = [good, seller], sources = [log, queue, dump]"),
          Map.entry(
              "models/vault/sat_good",
              """
              type = satellite, parent = hub_good, payload { name = string }
              sources = [log, queue, dump]"""),
          Map.entry(
              "models/vault/sat_good_state",
              "type = status-satellite, parent = hub_good, sources = [log, queue, dump]"),
          Map.entry(
              "models/vault/sat_good_seller",
              """
              type = effectivity-satellite, parent = link_good_seller, driving-key = [good]
              sources = [log, queue, dump]"""),
          Map.entry(
              "models/vault/pit_good",
              """
              type = pit, parent = hub_good, satellites = [sat_good, sat_good_state]
              snapshots { daily = 8 }"""),
          Map.entry(
              "models/mart/goods",
              """
              type = dimension
              sql = \"""
                SELECT h.good_id, n.name, s.seller_id, n.effective_from AS since
                FROM hub_good AS h
                JOIN sat_good_current AS n ON n.good_hk = h.good_hk
                JOIN sat_good_seller_current AS e ON e.good_hk = h.good_hk
                JOIN link_good_seller AS l ON l.good_seller_hk = e.good_seller_hk
                JOIN hub_seller AS s ON s.seller_hk = l.seller_hk\"""
              columns { good_id = bigint, name = string, seller_id = bigint, since = timestamp }
              grain = [good_id]
              refresh { key = [good_id] }"""),
          Map.entry(
              "models/mart/good_names",
              """
              type = dimension
              sql = \"""
                SELECT good_id, name, effective_from, effective_to
                FROM hub_good JOIN sat_good_history USING (good_hk) WHERE NOT deleted\"""
              columns { good_id = bigint, name = string, effective_from = timestamp, effective_to = timestamp }
              grain = [good_id, effective_from]
              refresh { key = [good_id] }"""),
          Map.entry(
              "models/mart/seller_goods",
              """
              type = aggregate
              sql = "SELECT seller_id, count(*) AS goods FROM goods GROUP BY seller_id"
              columns { seller_id = bigint, goods = bigint }
              grain = [seller_id]
              refresh { key = [seller_id] }"""),
          Map.entry("models/publish/goods", "star = depot, order-by = [good_id]"),
          Map.entry(
              "models/publish/good_names", "star = depot, order-by = [good_id, effective_from]"),
          Map.entry("models/publish/seller_goods", "star = depot, order-by = [seller_id]"));

  private final Path home = TestLake.newFolder("deletes");

  @BeforeEach
  void writeTheModel() throws IOException {
    this.dropWhatWasPublished();
    for (Map.Entry<String, String> file : MODEL.entrySet()) {
      Path path = this.home.resolve("conf/" + file.getKey() + ".conf");
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  @AfterEach
  void dropWhatWasPublished() {
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      clickHouse.execute("DROP DATABASE IF EXISTS depot SYNC");
      clickHouse.execute("DROP DATABASE IF EXISTS depot_data SYNC");
    }
  }

  @Test
  void deletesReachAllThatIsMadeOfThem() throws IOException {
    this.nights(Seed.of(20260301), IN_ORDER, 1);
  }

  @Test
  void theOrderInWhichTheNightsLandDoesNotMatter() throws IOException {
    this.nights(Seed.of(20260305), SHUFFLED, DepotStory.DAYS + 1);
  }

  /**
   * Nights that land the logs' days in {@code order}; a dump is only ever followed by a later one.
   */
  private void nights(long seed, List<Integer> order, int firstAsOf) throws IOException {
    DepotStory story = new DepotStory(seed);
    Map<String, String> variables =
        Map.of(
            "VERALAKE_HOME",
            this.home.toString(),
            "VERALAKE_INPUT",
            this.home.resolve("input").toString(),
            "VERALAKE_CLICKHOUSE_URL",
            CLICKHOUSE.url());
    List<Integer> landed = new ArrayList<>();
    List<String> statuses = List.of();
    try (Nights nights = new Nights(this.home.resolve("conf"), "local", variables)) {
      for (int night = 0; night < order.size(); night++) {
        story.offer(this.home.resolve("input"), order.get(night), night);
        landed.add(order.get(night));
        Instant asOf = DepotStory.START.plus(Duration.ofDays(firstAsOf + night));
        nights.night(asOf, variables);
        int dumps = night;
        DepotOracle oracle =
            new DepotOracle(
                story.all().stream()
                    .filter(
                        said ->
                            said.source().equals("dump")
                                ? said.day() <= dumps
                                : landed.contains(said.day()))
                    .toList(),
                asOf);
        statuses = oracle.statuses();
        this.compare(nights, oracle, "seed %d, night %d".formatted(seed, night + 1));
      }
    }
    for (String goods : List.of("[1-5]", "10[1-5]", "20[1-5]")) {
      assertThat(statuses)
          .as("goods %s were deleted and came back, or stayed away", goods)
          .anyMatch(row -> row.matches(goods + "[|]deleted[|].*[|]2026.*"));
    }
    assertThat(story.all()).anyMatch(said -> said.day() * 86_400_000L > said.at());
  }

  private void compare(Nights nights, DepotOracle oracle, String when) {
    nights.lake().spark().sql("USE " + nights.lake().catalog());
    String hub = " JOIN vault.hub_good USING (good_hk)";
    check(
        nights,
        "SELECT good_id, name, deleted, effective_from, effective_to FROM vault.sat_good_history"
            + hub,
        oracle.history(),
        when);
    check(
        nights,
        "SELECT good_id, name, deleted, effective_from, effective_to FROM vault.sat_good_current"
            + hub,
        open(oracle.history()).stream().filter(row -> row.contains("|false|")).toList(),
        when);
    String status =
        "SELECT good_id, status, effective_from, effective_to FROM vault.sat_good_state";
    check(nights, status + "_history" + hub, oracle.statuses(), when);
    check(nights, status + "_current" + hub, open(oracle.statuses()), when);
    String owner =
        "SELECT good_id, seller_id, effective_from, effective_to FROM vault.sat_good_seller%s AS e"
            + hub
            + " JOIN vault.link_good_seller AS l ON l.good_seller_hk = e.good_seller_hk"
            + " JOIN vault.hub_seller AS s ON s.seller_hk = l.seller_hk";
    check(nights, owner.formatted("_history"), oracle.owners(), when);
    check(nights, owner.formatted("_current"), open(oracle.owners()), when);
    check(
        nights,
        "SELECT good_id, snapshot_time, sat_good_from, sat_good_state_from FROM vault.pit_good"
            + hub,
        oracle.snapshots(),
        when);
    this.published(nights, "goods", oracle.goods(), when);
    this.published(nights, "good_names", oracle.names(), when);
    this.published(nights, "seller_goods", oracle.counts(), when);
  }

  private static List<String> open(List<String> history) {
    return history.stream().filter(row -> row.endsWith("|null")).toList();
  }

  private static void check(Nights nights, String sql, List<String> expected, String when) {
    assertThat(
            nights.lake().spark().sql(sql).collectAsList().stream()
                .map(DeletesIT::text)
                .sorted()
                .toList())
        .as("%s: %s", when, sql)
        .isEqualTo(expected);
  }

  /** A mart, in the lake and in ClickHouse. */
  private void published(Nights nights, String mart, List<String> expected, String when) {
    check(nights, "SELECT * FROM mart." + mart, expected, when);
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      assertThat(
              clickHouse.rows("SELECT * FROM depot." + mart).stream()
                  .map(
                      row ->
                          DepotOracle.row(row.toArray())
                              .replaceAll("(:\\d\\d\\.\\d\\d\\d)000", "$1"))
                  .sorted()
                  .toList())
          .as("%s: depot.%s", when, mart)
          .isEqualTo(expected);
    }
  }

  private static String text(Row row) {
    return DepotOracle.row(
        IntStream.range(0, row.size())
            .mapToObj(i -> row.get(i) instanceof Timestamp time ? time.toInstant() : row.get(i))
            .toArray());
  }
}
