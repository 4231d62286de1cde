package io.veralake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.VaultViews;
import io.veralake.spec.AtInstant;
import io.veralake.spec.Bridge;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultTable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Bridges show what was in force along their walk, however the rows of the vault got there. */
final class BridgeTest {
  private static final long DAY = 86_400;
  private static final LocalDate TODAY = Models.asOf().atZone(ZoneOffset.UTC).toLocalDate();
  private static final int NIGHTS = 3;

  /** All keys that can be named, hashed as those of the hubs are. */
  static final List<Hub> NAMES =
      List.of(
          new Hub(
              "hub_all_customer",
              BridgeModel.CUSTOMER.businessKey(),
              BridgeModel.RAW.stream().map(VaultFixture::source).toList()),
          new Hub(
              "hub_all_product",
              BridgeModel.PRODUCT.businessKey(),
              BridgeModel.RAW.stream().map(VaultFixture::source).toList()));

  /** The test stops a run after a move. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static List<Bridge> bridges(SnapshotCalendar calendar) {
    return List.of(
        BridgeModel.orders(calendar),
        BridgeModel.complete(calendar),
        BridgeModel.products(calendar));
  }

  @Test
  void everyNightShowsWhatWasInForce() throws Exception {
    long seed = Long.getLong("veralake.seed", 11);
    Random random = new Random(seed);
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), BridgeModel.COLUMNS)
            .raw("shop", BridgeModel.RAW.toArray(String[]::new))
            .vault(BridgeModel.tables().toArray(VaultTable[]::new))
            .vault(NAMES.toArray(VaultTable[]::new));
    List<BridgeOracle.Event> landed = new ArrayList<>();
    List<SnapshotMoves.Move> stopped = new ArrayList<>();
    int repaired = 0;
    for (int night = 0; night < NIGHTS; night++) {
      for (String raw : BridgeModel.RAW) {
        if (night == 0 || random.nextInt(3) > 0) {
          List<BridgeOracle.Event> events = events(random, raw, night);
          landed.addAll(events);
          vault.land(raw, events.stream().map(BridgeOracle.Event::row).toList());
        }
      }
      vault.load();
      SnapshotCalendar calendar =
          night < 1 ? new SnapshotCalendar(3, 3, 0, 0) : new SnapshotCalendar(4, 2, 2, 0);
      for (Bridge bridge : bridges(calendar)) {
        String what = "seed %d night %d %s".formatted(seed, night, bridge.name());
        repaired += (int) this.run(vault, bridge, night, random, stopped);
        List<String> found = check(vault, bridge, night, landed, what);
        this.checkJoined(vault, bridge, night, found, what);
      }
    }
    assertThat(repaired).as("rows of old snapshots").isPositive();
    assertThat(stopped)
        .as("moves after which a run was stopped")
        .contains(SnapshotMoves.Move.DROPPED)
        .contains(SnapshotMoves.Move.REPAIRED)
        .contains(SnapshotMoves.Move.APPENDED);
  }

  /** Runs until nothing is left to do; what it repaired. */
  private long run(
      VaultFixture vault,
      Bridge bridge,
      int night,
      Random random,
      List<SnapshotMoves.Move> stopped) {
    if (night == 0) {
      Loaded loaded = VaultStep.run(vault.context(night), bridge);
      assertThat(loaded.inserted()).isPositive();
      return 0;
    }
    long repaired = 0;
    for (boolean again = true; again; ) {
      boolean stop = random.nextBoolean();
      try {
        repaired +=
            new BridgeStep(vault.context(night), bridge)
                .run(
                    move -> {
                      if (stop) {
                        stopped.add(move);
                        throw new Killed();
                      }
                    })
                .read();
        again = false;
      } catch (Killed e) {
        repaired += stopped.get(stopped.size() - 1) == SnapshotMoves.Move.REPAIRED ? 1 : 0;
      }
    }
    String name = VaultTables.name(bridge);
    long snapshot = vault.lake().snapshot(name).orElseThrow();
    assertThat(VaultStep.run(vault.context(night), bridge))
        .isEqualTo(new Loaded(bridge.name(), 0, 0, 0, 0));
    assertThat(vault.lake().snapshot(name)).hasValue(snapshot);
    return repaired;
  }

  /** The first night brings most; later ones new and late rows, half of them at midnights. */
  private static List<BridgeOracle.Event> events(Random random, String raw, int night) {
    List<BridgeOracle.Event> events = new ArrayList<>();
    for (int i = 0; i < (night == 0 ? 14 : 3); i++) {
      LocalDate day = TODAY.minusDays(random.nextInt(24) - night);
      // No two events of one raw table come at once.
      long second = day.toEpochDay() * DAY + (random.nextBoolean() ? 0 : random.nextInt((int) DAY));
      boolean gone = !raw.equals("visits") && !raw.equals("makers") && random.nextInt(4) == 0;
      events.add(
          new BridgeOracle.Event(
              raw,
              second,
              gone,
              random.nextInt(3),
              "c" + random.nextInt(3),
              "p" + random.nextInt(3),
              "p" + random.nextInt(3),
              random.nextInt(2)));
    }
    return events;
  }

  /** Checks what {@code bridge} holds after all of {@code landed}. */
  static List<String> check(
      VaultFixture vault, Bridge bridge, int night, List<BridgeOracle.Event> landed, String what) {
    List<LocalDate> days = bridge.calendar().at(vault.context(night).asOf());
    Map<String, String> names = names(vault);
    List<String> found =
        texts(
            vault,
            names,
            "SELECT * FROM " + vault.lake().sqlName(VaultTables.name(bridge)),
            bridge);
    assertThat(found)
        .as(what)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(new BridgeOracle(landed).rows(bridge, days));
    return found;
  }

  private void checkJoined(
      VaultFixture vault, Bridge bridge, int night, List<String> found, String what) {
    List<LocalDate> days = bridge.calendar().at(vault.context(night).asOf());
    Map<String, String> names = names(vault);
    // One instant of each night: a query of many of them takes longer than all else.
    LocalDate day = days.get(night % days.size());
    assertThat(texts(vault, names, joined(vault, bridge, List.of(day)), bridge))
        .as(what + " as x_at(instant) says")
        .containsExactlyInAnyOrderElementsOf(
            found.stream().filter(text -> text.startsWith(day + " ")).toList());
  }

  /** The walk over what the vault says of each instant. */
  private static String joined(VaultFixture vault, Bridge bridge, List<LocalDate> days) {
    AtInstant at = new AtInstant(BridgeModel.tables());
    Function<VaultTable, String> rows = table -> vault.lake().sqlName(VaultTables.name(table));
    Function<Satellite, String> histories = satellite -> rows.apply(satellite) + VaultViews.HISTORY;
    List<String> all = new ArrayList<>();
    for (LocalDate day : days) {
      String instant = "TIMESTAMP '" + day + " 00:00:00Z'";
      Function<VaultTable, String> then =
          table -> "(" + at.query(table, instant, rows, histories) + ")";
      StringBuilder from = new StringBuilder(then.apply(bridge.hub()) + " AS r");
      List<String> select = new ArrayList<>();
      Map<String, String> reached =
          new TreeMap<>(Map.of(bridge.hashKey(), "r." + bridge.hashKey()));
      for (int i = 0; i < bridge.walk().size(); i++) {
        Bridge.Step step = bridge.walk().get(i);
        StringBuilder part =
            new StringBuilder("SELECT l." + String.join(", l.", columns(step.link())));
        StringBuilder hubs = new StringBuilder(then.apply(step.link()) + " AS l");
        for (Link.End end : step.to()) {
          Hub hub = end.hub();
          boolean any = bridge.ends() == Bridge.Ends.ANY;
          String name = hub.businessKey().get(0).name();
          part.append(", h%1$s.%1$s AS name_%1$s".formatted(name));
          hubs.append(
              " %s JOIN %s AS h%s ON h%s.%s = l.%s"
                  .formatted(
                      any ? "LEFT" : "INNER",
                      any ? rows.apply(hub) : then.apply(hub),
                      name,
                      name,
                      hub.hashKey(),
                      end.hashKey()));
        }
        from.append(
            " %s JOIN (%s FROM %s) AS s%d ON s%d.%s = %s"
                .formatted(
                    step.join(), part, hubs, i, i, step.from().hashKey(), reached.get(step.at())));
        for (Bridge.Shown one : bridge.shown(step)) {
          String column = one.table() instanceof Hub ? "name_" + one.column() : one.column();
          select.add("s%d.%s AS %s".formatted(i, column, one.name()));
        }
        for (Link.End end : step.to()) {
          reached.put(step.endKey(end), "s" + i + "." + end.hashKey());
        }
      }
      String root = bridge.names(bridge.hub()) ? "r.order_id, " : "";
      all.add(
          "SELECT r.%s, %s%s AS snapshot_time, %s FROM %s"
              .formatted(bridge.hashKey(), root, instant, String.join(", ", select), from));
    }
    return String.join(" UNION ALL ", all);
  }

  private static List<String> columns(Link link) {
    List<String> columns = new ArrayList<>(List.of(link.hashKey()));
    link.ends().forEach(end -> columns.add(end.hashKey()));
    link.dependentKey().forEach(column -> columns.add(column.name()));
    return columns;
  }

  private static List<String> texts(
      VaultFixture vault, Map<String, String> names, String sql, Bridge bridge) {
    List<String> texts = new ArrayList<>();
    for (Row row : vault.lake().spark().sql(sql).collectAsList()) {
      StringBuilder text =
          new StringBuilder(
              row.<java.sql.Timestamp>getAs("snapshot_time")
                  .toInstant()
                  .toString()
                  .substring(0, 10));
      for (Bridge.Shown one : bridge.shown()) {
        Object value = row.getAs(one.name());
        text.append(' ')
            .append(value instanceof byte[] hash ? names.getOrDefault(hex(hash), "?") : value);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  /** What the hashes stand for. */
  private static Map<String, String> names(VaultFixture vault) {
    Map<String, String> names = new HashMap<>();
    SparkSession spark = vault.lake().spark();
    List<Hub> hubs = new ArrayList<>(NAMES);
    hubs.add(BridgeModel.ORDER);
    for (Hub hub : hubs) {
      String sql =
          "SELECT %s, CAST(%s AS string) FROM %s"
              .formatted(
                  hub.hashKey(),
                  hub.businessKey().get(0).name(),
                  vault.lake().sqlName(VaultTables.name(hub)));
      spark.sql(sql).collectAsList().forEach(row -> names.put(hex(row.getAs(0)), row.getString(1)));
    }
    for (VaultTable table : BridgeModel.tables()) {
      if (table instanceof Link link && vault.lake().exists(VaultTables.name(link))) {
        for (Row row : vault.lake().rows(VaultTables.name(link)).collectAsList()) {
          StringBuilder text = new StringBuilder();
          link.ends()
              .forEach(end -> text.append(names.get(hex(row.getAs(end.hashKey())))).append('-'));
          link.dependentKey()
              .forEach(column -> text.append(row.<Object>getAs(column.name())).append('-'));
          names.put(hex(row.getAs(link.hashKey())), text.toString());
        }
      }
    }
    return Collections.unmodifiableMap(names);
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
