package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.Satellite;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.sql.execution.columnar.InMemoryTableScanExec;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** Items on the shelves of shops, and items that replace others. Only items are keys. */
final class HistoryTest {
  private static final Hub ITEM =
      new Hub("hub_item", TestModel.columns("item_id bigint"), List.of());
  // Its name begins with another's: they must not be mixed up.
  private static final Hub ITEM_KIND =
      new Hub("hub_item_kind", TestModel.columns("kind string"), List.of());
  private static final Hub SHOP = new Hub("hub_shop", TestModel.columns("shop_id int"), List.of());
  private static final Link SHELF =
      new Link(
          "link_shelf",
          List.of(new Link.End("item", ITEM), new Link.End("shop", SHOP)),
          List.of(),
          true,
          List.of(),
          List.of());
  private static final Link REPLACES =
      new Link(
          "link_replaces",
          List.of(new Link.End("new", ITEM), new Link.End("old", ITEM)),
          List.of(),
          true,
          List.of(),
          List.of());
  private static final Satellite LEVEL =
      new Satellite("sat_level", SHELF, TestModel.columns("quantity int"), List.of(), List.of());
  private static final List<Column> COLUMNS =
      TestModel.columns("item_id bigint", "shop_id int", "quantity int", "change_time timestamp");
  private static final Mart LEVELS = TestModel.mart("levels", COLUMNS, List.of("item_id"));
  private static final int ITEMS = 5_600;

  private final Lake lake = TestLake.fresh();
  private final List<Dataset<Row>> kept = new ArrayList<>();

  /** The versions of each item, as the history should print them. */
  private final Map<Long, Set<String>> oracle = new TreeMap<>();

  @AfterEach
  void release() {
    this.kept.forEach(Dataset::unpersist);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 300, 5_500})
  void everyVersionOfTheKeysAndEveryTableReadAtMostOnce(int wanted) {
    long seed = Seed.of(5L);
    this.fill(new Random(seed));
    Dataset<Row> versions =
        this.versions(
            wanted,
            """
            WITH shelves AS (
              SELECT k.item_id, s.shop_id, l.shelf_hk FROM keys AS k
              JOIN hub_item AS i ON i.item_id = k.item_id
              JOIN link_shelf AS l ON l.item_hk = i.item_hk
              JOIN hub_shop AS s ON s.shop_hk = l.shop_hk
            )
            SELECT w.item_id, w.shop_id, v.quantity, v.effective_from, v.deleted
            FROM shelves AS w JOIN sat_level_history AS v USING (shelf_hk) WHERE NOT v.deleted
            UNION ALL
            SELECT w.item_id, w.shop_id, v.quantity, v.effective_from, v.deleted
            FROM shelves AS w JOIN sat_level_history AS v USING (shelf_hk) WHERE v.deleted""");

    Set<String> expected = new TreeSet<>();
    this.oracle.forEach(
        (item, lines) -> {
          if (item < wanted) {
            expected.addAll(lines);
          }
        });
    assertThat(printed(versions)).as("seed %d", seed).containsExactlyElementsOf(expected);
    Map<String, Integer> scans = scans(versions);
    if (wanted == 0) {
      assertThat(scans).isEmpty();
    } else {
      assertThat(scans)
          .containsOnlyKeys("hub_item", "link_shelf", "hub_shop", "sat_level")
          .allSatisfy((table, count) -> assertThat(count).as(table).isEqualTo(1));
    }
  }

  @Test
  void fewKeysAreWrittenIntoTheScans() {
    this.fill(new Random(1));
    Dataset<Row> versions =
        this.versions(
            20,
            """
            SELECT item_id, shop_id, quantity, effective_from, deleted
            FROM keys JOIN hub_item USING (item_id) JOIN link_shelf USING (item_hk)
            JOIN hub_shop USING (shop_hk) JOIN sat_level_history USING (shelf_hk)""");
    List<String> filtered = new ArrayList<>();
    scanned(versions)
        .forEach(
            scan -> {
              if (scan.contains("item_id IN (")
                  || scan.contains("item_hk IN (")
                  || scan.contains("shelf_hk IN (")) {
                filtered.add(scan);
              }
            });
    assertThat(filtered).hasSize(3);
  }

  @Test
  void aLinkThatNamesAHubTwiceKeepsWhatEitherEndMeans() {
    this.fill(new Random(2));
    // Item 3 replaces item 40, which isn't among the keys, and item 50 replaces item 4.
    this.write(
        "link_replaces",
        "replaces_hk binary, new_hk binary, old_hk binary",
        List.of(
            RowFactory.create(hash("r1"), hash("i3"), hash("i40")),
            RowFactory.create(hash("r2"), hash("i50"), hash("i4"))));
    Dataset<Row> versions =
        this.versions(
            10,
            """
            SELECT item_id, CAST(old_hk = unhex('%s') AS int) AS shop_id, 1 AS quantity,
              timestamp_seconds(0) AS effective_from, false AS deleted
            FROM keys JOIN hub_item USING (item_id) JOIN link_replaces ON new_hk = item_hk
            UNION ALL
            SELECT item_id, 0, 2, timestamp_seconds(0), false
            FROM keys JOIN hub_item USING (item_id) JOIN link_replaces ON old_hk = item_hk"""
                .formatted(java.util.HexFormat.of().formatHex(hash("i40"))));
    assertThat(printed(versions)).containsExactly("3 1 1 0 false", "4 0 2 0 false");
  }

  private void fill(Random random) {
    List<Row> items = new ArrayList<>();
    List<Row> shelves = new ArrayList<>();
    List<Row> levels = new ArrayList<>();
    for (long item = 0; item < ITEMS; item++) {
      items.add(RowFactory.create(hash("i" + item), item));
      Set<String> lines = this.oracle.computeIfAbsent(item, any -> new TreeSet<>());
      for (int shop = 0; shop < 3; shop++) {
        if (random.nextInt(3) == 0) {
          byte[] shelf = hash(item + "/" + shop);
          shelves.add(RowFactory.create(shelf, hash("i" + item), hash("s" + shop)));
          this.levels(random, shelf, item + " " + shop, levels, lines);
        }
      }
    }
    this.write("hub_item", "item_hk binary, item_id bigint", items);
    this.write(
        "hub_item_kind",
        "item_kind_hk binary, kind string",
        List.of(RowFactory.create(hash("k"), "food")));
    this.write(
        "hub_shop",
        "shop_hk binary, shop_id int",
        List.of(
            RowFactory.create(hash("s0"), 0),
            RowFactory.create(hash("s1"), 1),
            RowFactory.create(hash("s2"), 2)));
    this.write("link_shelf", "shelf_hk binary, item_hk binary, shop_hk binary", shelves);
    this.write(
        "sat_level",
        "shelf_hk binary, hashdiff binary, quantity int, deleted boolean, applied_time timestamp,"
            + " position_major bigint, position_minor bigint, position_row bigint, record_source string",
        levels);
  }

  private void levels(Random random, byte[] shelf, String key, List<Row> rows, Set<String> lines) {
    int versions = 1 + random.nextInt(3);
    for (int version = 0; version < versions; version++) {
      // Odd and even by turns: no version equals the one before.
      int quantity = 2 * random.nextInt(20) + version % 2;
      boolean deleted = version == 2;
      Instant from = Instant.ofEpochSecond(100L * version);
      rows.add(
          RowFactory.create(
              shelf,
              hash("q" + quantity + deleted),
              deleted ? null : quantity,
              deleted,
              java.sql.Timestamp.from(from),
              (long) version,
              0L,
              0L,
              "test"));
      lines.add(
          "%s %s %d %s".formatted(key, deleted ? null : quantity, from.getEpochSecond(), deleted));
    }
  }

  private void write(String table, String columns, List<Row> rows) {
    this.lake
        .spark()
        .createDataFrame(rows, StructType.fromDDL(columns))
        .coalesce(1)
        .writeTo(this.lake.sqlName("vault." + table))
        .using("iceberg")
        .createOrReplace();
  }

  /** The history of the first {@code wanted} items. */
  private Dataset<Row> versions(int wanted, String sql) {
    Reconciliation reconciliation =
        new Reconciliation(
            "levels",
            LEVELS,
            new Reconciliation.Stream("", "", "", "", Duration.ZERO),
            List.of("item_id"),
            "shop_id",
            List.of(new Reconciliation.CompareColumn(COLUMNS.get(2), "0")),
            List.of(),
            "change_time",
            sql,
            List.of());
    Model model =
        new Model(
            List.of(),
            List.of(ITEM, ITEM_KIND, SHOP, SHELF, REPLACES, LEVEL),
            List.of(),
            List.of(reconciliation),
            List.of());
    RunContext context =
        new RunContext(
            "r",
            Instant.EPOCH,
            this.lake,
            TestEngine.of(this.lake, TestEngine.NO_SERVER, Path.of(".")),
            model);
    List<Row> rows = new ArrayList<>();
    for (int item = 0; item < wanted; item++) {
      rows.add(
          new SideRow(
                  SideRow.Side.STREAM,
                  List.of(Integer.toString(item)),
                  List.of("0", "0"),
                  0,
                  0,
                  false)
              .row());
    }
    return new History(context, reconciliation, Shape.of(reconciliation, List.of()), this::keep)
        .versions(this.lake.spark().createDataFrame(rows, SideRow.TYPE));
  }

  private Dataset<Row> keep(Dataset<Row> rows) {
    this.kept.add(rows.persist());
    return rows;
  }

  private static List<String> printed(Dataset<Row> versions) {
    return versions.collectAsList().stream()
        .map(SideRow::of)
        .map(
            row ->
                "%s %s %s %d %s"
                    .formatted(
                        row.key().get(0),
                        row.values().get(0),
                        row.values().get(1),
                        row.changed() / 1_000_000,
                        row.deleted()))
        .sorted()
        .toList();
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How often each vault table is scanned for {@code rows}; what is kept in memory, once. */
  private static Map<String, Integer> scans(Dataset<Row> rows) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String scan : scanned(rows)) {
      counts.merge(scan.substring(0, scan.indexOf(' ')), 1, Integer::sum);
    }
    return counts;
  }

  /** For each scan of a table its name and what the scan says of itself. */
  private static List<String> scanned(Dataset<Row> rows) {
    List<String> scans = new ArrayList<>();
    Set<SparkPlan> cached = Collections.newSetFromMap(new IdentityHashMap<>());
    LogicalPlan plan = rows.queryExecution().optimizedPlan();
    for (LogicalPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
      if (leaf instanceof DataSourceV2ScanRelation scan) {
        scans.add(scan.relation().identifier().get().name() + " " + scan.scan().description());
      } else if (leaf instanceof InMemoryRelation relation) {
        scanned(relation.cachedPlan(), cached, scans);
      }
    }
    return scans;
  }

  private static void scanned(SparkPlan plan, Set<SparkPlan> cached, List<String> scans) {
    if (!cached.add(plan)) {
      return;
    }
    for (SparkPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
      if (leaf instanceof BatchScanExec scan) {
        String table = scan.table().name();
        scans.add(table.substring(table.lastIndexOf('.') + 1) + " " + scan.scan().description());
      } else if (leaf instanceof InMemoryTableScanExec inner) {
        scanned(inner.relation().cachedPlan(), cached, scans);
      } else if (leaf instanceof AdaptiveSparkPlanExec adaptive) {
        scanned(adaptive.initialPlan(), cached, scans);
      }
    }
  }
}
