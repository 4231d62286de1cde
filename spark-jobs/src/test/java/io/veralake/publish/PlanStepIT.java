package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.publish.TableChange.RowChange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a plan says is what the publication then does, whatever happened before. */
final class PlanStepIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final int ROUNDS = 7;
  private static final int MONTHS = 5;

  /** A row as readers see it, without its key. */
  private record Fact(String day, String region, BigDecimal amount) {
    String month() {
      return this.day.substring(0, 4) + this.day.substring(5, 7);
    }
  }

  @Test
  void planSaysWhatThePublicationThenDoes() {
    long seed = Seed.of(20261122);
    Random random = new Random(seed);
    SmallStar star =
        new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), "planned").create().measured();
    Map<Integer, Fact> truth = new TreeMap<>();
    star.region("('north', 'North')");
    for (int round = 1; round <= ROUNDS; round++) {
      String label = "seed " + seed + ", round " + round;
      boolean damaged = round > 2 && random.nextInt(4) == 0;
      boolean expired = round > 2 && !damaged && random.nextInt(4) == 0;
      boolean regions = random.nextInt(3) == 0;
      if (regions) {
        star.region("('north', 'North " + round + "'), ('south', null)");
      }
      Set<String> rewritten = change(star, truth, random, round);
      if (damaged) {
        damage(star, random);
      }
      if (expired) {
        expire(star.lake.table("mart.fact"));
      }
      Map<Integer, Fact> before = round == 1 ? Map.of() : served(star);
      List<String> ledgers = ledgers(star);

      PublicationPlan plan = PlanStep.run(star.context(), star.name);

      assertThat(ledgers(star)).as(label).isEqualTo(ledgers);
      if (round == 2) {
        assertThat(PlanStep.run(star.context(), star.name)).as(label).isEqualTo(plan);
      }
      Published published = star.publish();
      assertThat(served(star)).as(label).isEqualTo(truth);
      assertThat(plan.tables().stream().mapToInt(TableChange::loads).sum())
          .as(label)
          .isEqualTo(published.partitions());
      assertThat(plan.nothing()).as(label).isEqualTo(!published.changed());
      if (!plan.nothing()) {
        TableChange fact =
            plan.tables().stream()
                .filter(table -> table.name().equals("fact"))
                .findFirst()
                .orElseThrow();
        check(label, fact, before, truth, expired || damaged);
        assertThat(fact.loads()).as(label).isLessThanOrEqualTo(rewritten.size() + MONTHS);
      }
      assertThat(PlanStep.run(star.context(), star.name).nothing()).as(label).isTrue();
    }
  }

  /** Compares with what follows from the rows themselves. */
  private static void check(
      String label,
      TableChange change,
      Map<Integer, Fact> before,
      Map<Integer, Fact> after,
      boolean rowsUnknown) {
    Map<String, List<Map.Entry<Integer, Fact>>> was = byMonth(before);
    Map<String, List<Map.Entry<Integer, Fact>>> is = byMonth(after);
    Set<String> months = new TreeSet<>(was.keySet());
    months.addAll(is.keySet());
    months.removeIf(month -> Objects.equals(was.get(month), is.get(month)));
    assertThat(change.partitions().stream().map(partition -> partition.name().get(0)))
        .as(label)
        .containsExactlyInAnyOrderElementsOf(months);
    assertThat(change.first()).as(label).isEqualTo(before.isEmpty());
    assertThat(change.before().rows()).as(label).isEqualTo(before.size());
    assertThat(change.after().rows()).as(label).isEqualTo(after.size());
    assertThat(change.before().partitions()).as(label).isEqualTo(was.size());
    assertThat(change.after().partitions()).as(label).isEqualTo(is.size());
    assertThat(change.delta("amount"))
        .as(label)
        .isEqualByComparingTo(total(after).subtract(total(before)));
    for (TableChange.PartitionChange partition : change.partitions()) {
      String month = partition.name().get(0);
      Map<Integer, Fact> had = ofMonth(before, month);
      Map<Integer, Fact> has = ofMonth(after, month);
      assertThat(partition.before().rows()).as(label + month).isEqualTo(had.size());
      assertThat(partition.after().rows()).as(label + month).isEqualTo(has.size());
      assertThat(partition.delta("amount"))
          .as(label + month)
          .isEqualByComparingTo(total(has).subtract(total(had)));
      assertThat(partition.isEmptied()).as(label + month).isEqualTo(has.isEmpty());
    }
    RowChange rows = Objects.requireNonNull(change.rows());
    Set<Integer> added = new HashSet<>(after.keySet());
    added.removeAll(before.keySet());
    Set<Integer> removed = new HashSet<>(before.keySet());
    removed.removeAll(after.keySet());
    long changed =
        before.entrySet().stream()
            .filter(row -> after.containsKey(row.getKey()))
            .filter(row -> !row.getValue().equals(after.get(row.getKey())))
            .count();
    if (rowsUnknown) {
      assertThat(rows.added()).as(label).isGreaterThanOrEqualTo(added.size());
      assertThat(rows.removed()).as(label).isGreaterThanOrEqualTo(removed.size());
    } else {
      assertThat(rows).as(label).isEqualTo(new RowChange(added.size(), removed.size(), changed));
    }
  }

  /** Changes some rows, in the marts' table too; answers the months that were written. */
  private static Set<String> change(
      SmallStar star, Map<Integer, Fact> truth, Random random, int round) {
    Map<Integer, Fact> before = new HashMap<>(truth);
    int changes = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(12);
    for (int i = 0; i < changes; i++) {
      int id = random.nextInt(30);
      if (truth.containsKey(id) && random.nextInt(3) == 0) {
        truth.remove(id);
      } else {
        truth.put(id, fact(random));
      }
    }
    if (round > 1 && random.nextInt(3) == 0) {
      String emptied = truth.values().stream().map(Fact::month).findFirst().orElse("");
      truth.values().removeIf(fact -> fact.month().equals(emptied));
    }
    if (truth.isEmpty()) {
      truth.put(1, fact(random));
    }
    Set<String> months = new TreeSet<>();
    for (Map<Integer, Fact> side : List.of(before, truth)) {
      side.forEach(
          (id, fact) -> {
            if (!Objects.equals(before.get(id), truth.get(id))) {
              months.add(fact.month());
            }
          });
    }
    if (random.nextInt(3) == 0) {
      months.add(truth.values().iterator().next().month());
    }
    for (String month : months) {
      Map<Integer, Fact> rows = ofMonth(truth, month);
      if (rows.isEmpty()) {
        star.sql("DELETE FROM %s.mart.fact WHERE date_format(day, 'yyyyMM') = '" + month + "'");
      } else {
        star.fact(
            rows.entrySet().stream()
                .map(
                    row ->
                        "("
                            + row.getKey()
                            + ", '"
                            + row.getValue().day()
                            + "', '"
                            + row.getValue().region()
                            + "', "
                            + row.getValue().amount()
                            + ")")
                .collect(Collectors.joining(", ")));
      }
    }
    return months;
  }

  private static Fact fact(Random random) {
    return new Fact(
        "2026-0" + (1 + random.nextInt(MONTHS)) + "-0" + (1 + random.nextInt(9)),
        random.nextBoolean() ? "north" : "south",
        BigDecimal.valueOf(random.nextInt(20_000) - 5_000, 2));
  }

  /** ClickHouse loses rows. */
  private static void damage(SmallStar star, Random random) {
    List<String> ids = star.query("SELECT id FROM %s.fact ORDER BY id");
    if (!ids.isEmpty()) {
      star.execute(
          "ALTER TABLE %s_data.fact DELETE WHERE id = "
              + ids.get(random.nextInt(ids.size()))
              + " SETTINGS mutations_sync = 2");
    }
  }

  /** Iceberg forgets every earlier snapshot. */
  private static void expire(Table table) {
    List<Long> earlier = new ArrayList<>();
    table.snapshots().forEach(snapshot -> earlier.add(snapshot.snapshotId()));
    earlier.remove(table.currentSnapshot().snapshotId());
    earlier.forEach(id -> table.expireSnapshots().expireSnapshotId(id).commit());
  }

  private static Map<Integer, Fact> served(SmallStar star) {
    Map<Integer, Fact> rows = new TreeMap<>();
    for (String line :
        star.query("SELECT id, day, region, toDecimalString(amount, 2) FROM %s.fact ORDER BY id")) {
      String[] values = line.split("\\|");
      rows.put(
          Integer.valueOf(values[0]), new Fact(values[1], values[2], new BigDecimal(values[3])));
    }
    return rows;
  }

  /** Everything but the rows that ClickHouse has of the star. */
  private static List<String> ledgers(SmallStar star) {
    List<String> all =
        new ArrayList<>(
            star.query(
                "SELECT database, name, create_table_query FROM system.tables WHERE startsWith(database, '%s') ORDER BY ALL"));
    if (!all.isEmpty()) {
      for (String ledger : List.of("pointers", "generations", "switches")) {
        all.addAll(star.query("SELECT * FROM %s_data." + ledger + " ORDER BY ALL"));
      }
    }
    return all;
  }

  private static Map<String, List<Map.Entry<Integer, Fact>>> byMonth(Map<Integer, Fact> rows) {
    return rows.entrySet().stream()
        .map(row -> Map.entry(row.getKey(), row.getValue()))
        .collect(Collectors.groupingBy(row -> row.getValue().month()));
  }

  private static Map<Integer, Fact> ofMonth(Map<Integer, Fact> rows, String month) {
    Map<Integer, Fact> some = new TreeMap<>(rows);
    some.values().removeIf(fact -> !fact.month().equals(month));
    return some;
  }

  private static BigDecimal total(Map<Integer, Fact> rows) {
    return rows.values().stream().map(Fact::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
