package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.DataException;
import io.veralake.publish.Verified.State;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What ClickHouse serves is proven, and what isn't what Iceberg holds is found and mended. */
final class VerifyStepIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final List<String> JANUARY = List.of("202601");
  private static final List<String> FEBRUARY = List.of("202602");

  private SmallStar star;

  @BeforeEach
  void newStar(TestInfo test) {
    String name = "v_" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    this.star = new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), name).create().keep(3);
    this.star.fact(
        "(1, '2026-01-05', 'north', 10.50), (2, '2026-01-06', null, 0.25), (3, '2026-02-01', 'south', -3)");
    this.star.region("('north', 'North'), ('south', null)");
    this.star.publish();
  }

  @Test
  void aChangedValueIsFoundInItsPartitionAndMendedByTheNextPublication() {
    assertThat(this.all(null).isEqual()).isTrue();
    assertThat(this.fact(this.all(null)))
        .extracting(Verified.Table::partitions, Verified.Table::rows)
        .containsExactly(2L, 3L);
    this.star.execute(
        "ALTER TABLE %s_data.fact UPDATE region = 'x' WHERE id = 2 SETTINGS mutations_sync = 2");

    Verified.Table found = this.fact(this.all(null));
    assertThat(found.state()).isEqualTo(State.DIFFERS);
    assertThat(found.differences().keySet()).containsExactly(JANUARY);
    assertThat(found.differences().get(JANUARY))
        .matches(
            "partition \\[202601\\]: Iceberg 2 rows, checksum \\d+/\\d+, amount 10.75, ClickHouse 2 rows, checksum \\d+/\\d+, amount 10.75");
    assertThat(this.recorded())
        .containsExactly(
            "1 fact all differs 2 3 ArraySeq(ArraySeq(202601))",
            "1 region all equal 1 2 ArraySeq()");

    PublicationPlan plan = PlanStep.run(this.star.context(), this.star.name);
    assertThat(plan.nothing()).isFalse();
    assertThat(this.star.publish()).isEqualTo(new Published(this.star.name, 2, 1, 1, 2, true));
    assertThat(this.star.query("SELECT region FROM %s.fact WHERE id = 2")).containsExactly("NULL");
    assertThat(this.published().isEqual()).isTrue();
    assertThat(this.all(null).isEqual()).isTrue();
    assertThat(this.all(1L).isEqual()).as("the generation before is still wrong").isFalse();
    assertThat(this.star.publish().changed()).isFalse();
  }

  @Test
  void lostAndStrangeRowsAreFound() {
    this.star.execute("ALTER TABLE %s_data.fact DROP PARTITION (202602, 1)");
    this.star.execute(
        "INSERT INTO %s_data.fact VALUES (9, '2026-01-09', 'z', 0, 1), (9, '2026-03-09', 'z', 5, 1)");
    Map<List<String>, String> found = this.fact(this.all(null)).differences();
    assertThat(found.keySet()).containsExactly(JANUARY, FEBRUARY);
    assertThat(found.get(JANUARY)).contains("Iceberg 2 rows").contains("ClickHouse 3 rows");
    assertThat(found.get(FEBRUARY)).endsWith("ClickHouse no rows");
    assertThat(this.star.publish().partitions()).isEqualTo(2);
    assertThat(this.all(null).isEqual()).isTrue();
    assertThat(this.star.query("SELECT id FROM %s.fact ORDER BY id"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void afterAPublicationOnlyWhatItTouchedIsCompared() {
    Verified first = this.published();
    assertThat(first.tables()).extracting(Verified.Table::partitions).containsExactly(2L, 1L);
    assertThat(this.published().tables()).as("done already").isEmpty();

    this.star.sql("DELETE FROM %s.mart.fact WHERE day >= DATE'2026-02-01'");
    this.star.fact("(4, '2026-03-01', 'n', 1)");
    this.star.publish();
    Verified second = this.published();
    assertThat(second.isEqual()).isTrue();
    assertThat(this.fact(second).partitions()).as("March, and February that is gone").isEqualTo(2);
    assertThat(second.rows()).isOne();

    this.star.fact("(4, '2026-03-01', 'n', 2)");
    this.star.publish();
    this.star.execute(
        "ALTER TABLE %s_data.fact UPDATE amount = 3 WHERE id IN (1, 4) SETTINGS mutations_sync = 2");
    assertThat(this.fact(this.published()).differences().keySet())
        .as("January was not touched")
        .containsExactly(List.of("202603"));
    assertThat(this.fact(this.all(null)).differences().keySet())
        .containsExactly(JANUARY, List.of("202603"));
  }

  @Test
  void anExpiredSnapshotAndAMissingGenerationAreSaid() {
    long snapshot = this.star.lake.snapshot("mart.fact").orElseThrow();
    this.star.fact("(3, '2026-02-01', 'south', 4)");
    Table table = this.star.lake.table("mart.fact");
    table.expireSnapshots().expireSnapshotId(snapshot).commit();
    Verified.Table fact = this.fact(this.all(null));
    assertThat(fact.state()).isEqualTo(State.UNKNOWN);
    assertThat(fact.trouble())
        .isEqualTo(
            "it can't be told, snapshot "
                + snapshot
                + " of mart.fact isn't there any more (veralake maintain keeps snapshots for maintain.expire-after, and those of nights for maintain.keep-nights)");
    assertThatThrownBy(() -> this.all(7L))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing generation 7 of star "
                + this.star.name
                + " (kept are [1], readers see 1: engine.publish.keep-generations)");
    assertThatThrownBy(
            () -> {
              SmallStar never = new SmallStar(this.star.lake, CLICKHOUSE.server(), "v_never");
              VerifyStep.all(never.context(), "v_never", List.of(), null);
            })
        .isInstanceOf(DataException.class)
        .hasMessage("Missing generation of star v_never: it was never published");
  }

  @Test
  void aGenerationFromAnEarlierLayoutIsComparedWhereBothHaveColumns() {
    this.star.sql("ALTER TABLE %s.mart.fact ADD COLUMN note string");
    Mart wider =
        TestModel.mart(
            "fact",
            TestModel.columns(
                "id bigint", "day date", "region string", "amount decimal(14,2)", "note string"),
            List.of("id"),
            new Mart.PartitionField(Mart.PartitionField.Transform.MONTH, "day"));
    Publication region = this.star.context().model().publications().get(1);
    this.star.publications(
        this.star.publication("fact", wider, List.of("id", "day"), Map.of()), region);
    this.star.sql("INSERT INTO %s.mart.fact VALUES (8, DATE'2026-02-02', 'r', 1, 'x')");
    this.star.publish();
    assertThat(this.star.query("SELECT table FROM %s_data.generations ORDER BY generation, table"))
        .containsExactly("fact", "region", "fact__2", "region");
    assertThat(this.all(null).isEqual()).isTrue();
    assertThat(this.all(1L).isEqual()).isTrue();
    this.star.execute(
        "ALTER TABLE %s_data.fact UPDATE amount = 8 WHERE id = 1 SETTINGS mutations_sync = 2");
    assertThat(this.fact(this.all(1L)).differences().keySet()).containsExactly(JANUARY);
    assertThat(this.all(null).isEqual()).isTrue();
  }

  @Test
  void tablesAndViewsThatAreGoneAreFoundAndComeBack() {
    for (String damage :
        List.of(
            "RENAME TABLE %s_data.fact TO %s_data.elsewhere",
            "DROP TABLE %s_data.fact SYNC",
            "DROP VIEW %s.fact",
            "DROP VIEW %s_data.fact__at",
            "CREATE OR REPLACE VIEW %s.fact AS SELECT 1 AS id")) {
      this.star.execute(damage);
      Verified.Table fact = this.fact(this.all(null));
      assertThat(fact.state()).as(damage).isEqualTo(State.BROKEN);
      assertThat(fact.trouble())
          .as(damage)
          .startsWith("readers get an error: Failed at ClickHouse");
      assertThat(this.all(null).tables().get(1).state()).as(damage).isEqualTo(State.EQUAL);
      this.star.publish();
      assertThat(this.all(null).isEqual()).as(damage).isTrue();
      assertThat(this.star.query("SELECT id FROM %s.fact ORDER BY id"))
          .as(damage)
          .containsExactly("1", "2", "3");
    }
  }

  @Test
  void aLostTableIsLoadedAgainThoughNobodyVerified() {
    this.star.execute("DROP TABLE %s_data.fact SYNC");
    assertThat(this.star.publish()).isEqualTo(new Published(this.star.name, 2, 1, 2, 3, true));
    assertThat(this.all(null).isEqual()).isTrue();
  }

  /** Each damage is found in its partition and by its key, nothing else is, and it is mended. */
  @Test
  void anyDamageIsFoundWhereItIs() {
    long seed = Seed.of(20261122);
    Random random = new Random(seed);
    String values =
        IntStream.range(0, 600)
            .mapToObj(
                id ->
                    "(%d, '2026-%02d-%02d', %s, %d.%02d)"
                        .formatted(
                            id,
                            1 + id % 6,
                            1 + random.nextInt(28),
                            random.nextInt(4) == 0 ? "null" : "'r" + random.nextInt(3) + "'",
                            random.nextInt(1000) - 500,
                            random.nextInt(100)))
            .collect(Collectors.joining(", "));
    this.star.fact(values);
    this.star.publish();
    assertThat(this.all(null).isEqual()).isTrue();
    for (int round = 0; round < 2; round++) {
      Map<String, String> expected = new TreeMap<>();
      Set<String> partitions = new TreeSet<>();
      for (int damage = 0; damage < 1 + random.nextInt(3); damage++) {
        int id = random.nextInt(600);
        if (expected.keySet().stream().noneMatch(key -> key.endsWith("id " + id))) {
          String partition = "2026%02d".formatted(1 + id % 6);
          partitions.add(partition);
          expected.put(
              "partition [" + partition + "], id " + id, this.damage(id, random.nextInt(4)));
        }
      }
      Verified.Table found = this.fact(this.all(null));
      assertThat(found.differences().keySet().stream().map(each -> each.get(0)))
          .as("seed %d, round %d", seed, round)
          .containsExactlyElementsOf(partitions);
      assertThat(found.keys())
          .as("seed %d, round %d", seed, round)
          .containsExactlyInAnyOrderElementsOf(
              expected.entrySet().stream()
                  .map(each -> each.getKey() + ": " + each.getValue())
                  .toList());
      assertThat(this.star.publish().partitions()).isEqualTo(partitions.size());
      assertThat(this.all(null).isEqual()).isTrue();
    }
  }

  /** Does something to a row that readers see; returns how it is to be told. */
  private String damage(int id, int kind) {
    String where =
        " WHERE id = %d AND _version = (SELECT max(_version) FROM {s}_data.fact WHERE id = %d)"
            .formatted(id, id)
            .replace("{s}", this.star.name);
    switch (kind) {
      case 0 -> {
        this.mutate("ALTER TABLE %s_data.fact DELETE" + where);
        return "missing in ClickHouse";
      }
      case 1 -> {
        this.star.execute("INSERT INTO %s_data.fact SELECT * FROM %s_data.fact" + where);
        return "2 times in ClickHouse, 1 in Iceberg";
      }
      case 2 -> {
        this.mutate("ALTER TABLE %s_data.fact UPDATE amount = amount + 0.01" + where);
        return "other values";
      }
      default -> {
        this.mutate(
            "ALTER TABLE %s_data.fact UPDATE region = if(region IS NULL, '', NULL)" + where);
        return "other values";
      }
    }
  }

  private void mutate(String statement) {
    this.star.execute(statement + " SETTINGS mutations_sync = 2");
  }

  @Test
  void aRowUnderAnotherKeyIsTold() {
    this.star.execute(
        "INSERT INTO %s_data.fact SELECT 77, day, region, amount, _version FROM %s_data.fact WHERE id = 1");
    this.mutate("ALTER TABLE %s_data.fact DELETE WHERE id = 1");
    assertThat(this.fact(this.all(null)).keys())
        .containsExactly(
            "partition [202601], id 1: missing in ClickHouse",
            "partition [202601], id 77: not in Iceberg");
  }

  @Test
  void ofALostPartitionAFewKeysAreNamed() {
    this.star.fact(
        IntStream.range(0, 30_000)
            .mapToObj(id -> "(" + id + ", '2026-05-05', null, 1)")
            .collect(Collectors.joining(", ")));
    this.star.publish();
    this.star.execute("ALTER TABLE %s_data.fact DROP PARTITION (202605, 2)");
    Verified.Table fact = this.fact(this.all(null));
    assertThat(fact.differences().get(List.of("202605"))).endsWith("ClickHouse no rows");
    assertThat(fact.keys())
        .hasSize(DifferingKeys.MOST_KEYS)
        .allMatch(key -> key.endsWith(": missing in ClickHouse"));
  }

  private Verified all(@Nullable Long generation) {
    return VerifyStep.all(this.star.context(), this.star.name, List.of(), generation);
  }

  private Verified published() {
    return VerifyStep.published(this.star.context(), this.star.name);
  }

  private Verified.Table fact(Verified verified) {
    return verified.tables().stream()
        .filter(table -> table.name().equals("fact"))
        .findFirst()
        .orElseThrow();
  }

  private List<String> recorded() {
    return this.star
        .lake
        .rows("recon.verification")
        .orderBy("publication")
        .select(
            "generation",
            "publication",
            "scope",
            "state",
            "partitions",
            "rows",
            "differing_partitions")
        .collectAsList()
        .stream()
        .map(row -> row.mkString(" "))
        .toList();
  }
}
