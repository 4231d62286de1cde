package io.veralake.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.spec.Limits;
import io.veralake.spec.Limits.Limit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publications over a limit stop with nothing changed, and go on as approved, or not at all. */
final class GateIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  /** 10 rows and 100.00 in two months. */
  private static final String FIRST =
      "(1, '2026-01-01', 'n', 10), (2, '2026-01-02', 'n', 10), (3, '2026-01-03', 'n', 10), (4, '2026-01-04', 'n', 10),"
          + " (5, '2026-01-05', 'n', 10), (6, '2026-02-01', 's', 10), (7, '2026-02-02', 's', 10), (8, '2026-02-03', 's', 10),"
          + " (9, '2026-02-04', 's', 10), (10, '2026-02-05', 's', 10)";

  /** One row of February is worth 7.50 more, another one is gone. */
  private static final String SECOND =
      "(6, '2026-02-01', 's', 17.50), (7, '2026-02-02', 's', 10), (8, '2026-02-03', 's', 10), (9, '2026-02-04', 's', 10)";

  private SmallStar star;

  @BeforeEach
  void newStar(TestInfo test) {
    String name = "g_" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    this.star = new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), name).create();
    this.star.fact(FIRST);
    this.star.region("('n', 'North'), ('s', 'South')");
  }

  @Test
  void overALimitNothingChangesUntilExactlyThatIsApproved() {
    this.star.limited(
        limits(
            percent("15"),
            null,
            number("1"),
            null,
            percent("49"),
            number("0"),
            Map.of("amount", percent("2.4"))));
    assertThat(this.star.publish().generation()).as("a first publication isn't limited").isOne();
    this.star.fact(SECOND);
    List<String> before = this.everything();

    assertThatThrownBy(this.star::publish)
        .isInstanceOf(GateException.class)
        .hasMessageMatching(
            """
            (?s)Stopped before publishing star NAME: plan NAME-1-[0-9a-f]{12} is over 3 limits
              fact: 2 rows added, removed or changed, 20.00 % of 10 \\(limits.rows = 15 %\\)
              fact: 1 partition touched, 50.00 % of 2 \\(limits.partitions = 49 %\\)
              fact: amount moves by 2.50, 2.50 % of 100.00, in all by -2.50 \\(limits.measures.amount = 2.4 %\\)
            Nothing changed in ClickHouse, readers see generation 1. To publish exactly this: veralake publish --only NAME --as-of 2026-03-02T00:00:00Z --approve NAME-1-[0-9a-f]{12} \\(veralake plan publish shows all of it\\). Else .*"""
                .replace("NAME", this.star.name));
    assertThat(this.everything()).isEqualTo(before);

    PublicationPlan plan = PlanStep.run(this.star.context(), this.star.name);
    assertThat(plan.excesses()).hasSize(3);
    assertThat(this.everything()).isEqualTo(before);
    assertThat(this.publish(plan.id()).generation()).isEqualTo(2);
    assertThat(this.star.query("SELECT count(), sum(amount) FROM %s.fact"))
        .containsExactly("9|97.5");
    assertThat(this.publish(plan.id()))
        .as("the same again")
        .isEqualTo(Published.unchanged(this.star.name, 2));
    assertThat(this.plans())
        .containsExactly(
            "stopped fact 10 9 0 1 1 2 2 1 0 {amount=100.000000000} {amount=97.500000000} {amount=2.500000000} 3",
            "stopped region 2 2 0 0 0 1 1 0 0 {} {} {} 0",
            "planned fact 10 9 0 1 1 2 2 1 0 {amount=100.000000000} {amount=97.500000000} {amount=2.500000000} 3",
            "planned region 2 2 0 0 0 1 1 0 0 {} {} {} 0",
            "approved fact 10 9 0 1 1 2 2 1 0 {amount=100.000000000} {amount=97.500000000} {amount=2.500000000} 3",
            "approved region 2 2 0 0 0 1 1 0 0 {} {} {} 0");

    assertThat(UndoStep.run(this.star.context(), this.star.name).generation())
        .as("an undo isn't limited")
        .isOne();
    assertThatThrownBy(this.star::publish)
        .as("to go forward again is")
        .isInstanceOf(GateException.class)
        .hasMessageContaining(plan.id().toString());
    assertThat(this.publish(plan.id()).generation()).isEqualTo(2);
  }

  @Test
  void withinItsLimitsItGoesOn() {
    this.star.limited(
        limits(
            percent("20"),
            number("0"),
            number("1"),
            number("1"),
            number("1"),
            number("0"),
            Map.of("amount", number("2.50"))));
    this.star.publish();
    this.star.fact(SECOND);
    assertThat(this.star.publish().generation()).isEqualTo(2);
    assertThat(this.plans()).isEmpty();
  }

  @Test
  void anEmptiedPartitionIsNamed() {
    this.star.limited(limits(null, null, null, null, null, number("0"), Map.of()));
    this.star.publish();
    this.star.sql("DELETE FROM %s.mart.fact WHERE day < DATE'2026-02-01'");
    assertThatThrownBy(this.star::publish)
        .isInstanceOf(GateException.class)
        .hasMessageContaining(
            "  fact: 1 partition emptied [202601], 50.00 % of 2 (limits.partitions-emptied = 0)\n");
    assertThat(this.star.query("SELECT count() FROM %s.fact")).containsExactly("10");
  }

  @Test
  void movementsThatCancelEachOtherCount() {
    this.star.limited(limits(null, null, null, null, null, null, Map.of("amount", percent("10"))));
    this.star.publish();
    this.star.fact(
        FIRST
            .replace("(1, '2026-01-01', 'n', 10)", "(1, '2026-01-01', 'n', 0)")
            .replace("(6, '2026-02-01', 's', 10)", "(6, '2026-02-01', 's', 20)"));
    assertThatThrownBy(this.star::publish)
        .isInstanceOf(GateException.class)
        .hasMessageContaining("amount moves by 20.00, 20.00 % of 100.00, in all by +0.00 ");
  }

  @Test
  void anApprovalOfAnotherStateIsRefusedAndSaysWhatDiffers() {
    this.star.limited(limits(number("1"), null, null, null, null, null, Map.of()));
    this.star.publish();
    this.star.fact(SECOND);
    PlanId approved = PlanStep.run(this.star.context(), this.star.name).id();
    long planned = this.star.lake.snapshot("mart.fact").orElseThrow();
    this.star.fact(SECOND.replace("17.50", "18.50"));
    long now = this.star.lake.snapshot("mart.fact").orElseThrow();
    List<String> before = this.everything();

    assertThatThrownBy(() -> this.publish(approved))
        .isInstanceOf(GateException.class)
        .hasMessageMatching(
            "(?s)Stopped before publishing star "
                + this.star.name
                + ": approved was plan "
                + approved
                + ", now it is "
                + this.star.name
                + "-1-[0-9a-f]{12}\n  fact: the mart was at snapshot "
                + planned
                + ", now it is at "
                + now
                + "\nNothing changed in ClickHouse. Look at veralake plan publish, and approve what it shows");
    assertThatThrownBy(() -> this.publish(new PlanId(this.star.name, 1, "0123456789ab")))
        .isInstanceOf(GateException.class)
        .hasMessageContaining("no plan of this name was ever shown here");
    assertThat(this.everything()).isEqualTo(before);

    this.publish(PlanStep.run(this.star.context(), this.star.name).id());
    assertThatThrownBy(() -> this.publish(approved))
        .isInstanceOf(GateException.class)
        .hasMessageContaining("readers see generation 2, and nothing is new\n")
        .hasMessageContaining("  it followed generation 1, readers see generation 2\n");
  }

  @Test
  void killedAnywhereAnApprovedPlanGoesOn() {
    this.star.limited(limits(number("0"), null, null, null, null, null, Map.of()));
    this.star.publish();
    List<String> moves = List.of("load fact", "attach fact", "record", "switch", "clean up");
    for (int i = 0; i < moves.size(); i++) {
      String amount = "18." + (i + 1);
      this.star.fact(SECOND.replace("17.50", amount));
      PlanId plan = PlanStep.run(this.star.context(), this.star.name).id();
      String crash = moves.get(i);
      assertThatThrownBy(
              () ->
                  PublishStep.run(
                      this.star.context(),
                      this.star.name,
                      plan,
                      move -> {
                        if (move.equals(crash)) {
                          throw new IllegalStateException("crash");
                        }
                      }))
          .hasMessage("crash");
      this.publish(plan);
      assertThat(this.star.query("SELECT amount FROM %s.fact WHERE id = 6"))
          .as(crash)
          .containsExactly(amount);
    }
  }

  private Published publish(PlanId approved) {
    return PublishStep.run(this.star.context(), this.star.name, approved);
  }

  private static Limit number(String most) {
    return new Limit(new BigDecimal(most), false);
  }

  private static Limit percent(String most) {
    return new Limit(new BigDecimal(most), true);
  }

  private static Limits limits(
      @Nullable Limit rows,
      @Nullable Limit added,
      @Nullable Limit removed,
      @Nullable Limit changed,
      @Nullable Limit partitions,
      @Nullable Limit emptied,
      Map<String, Limit> measures) {
    return new Limits(rows, added, removed, changed, partitions, emptied, measures);
  }

  /** All that ClickHouse has of the star. */
  private List<String> everything() {
    List<String> all =
        new ArrayList<>(
            this.star.query(
                "SELECT database, name, create_table_query FROM system.tables WHERE startsWith(database, '%s') ORDER BY ALL"));
    all.addAll(
        this.star.query(
            "SELECT database, table, partition_id, sum(rows) FROM system.parts WHERE active AND startsWith(database, '%s') GROUP BY ALL ORDER BY ALL"));
    for (String ledger : List.of("pointers", "generations", "switches")) {
      all.addAll(this.star.query("SELECT * FROM %s_data." + ledger + " ORDER BY ALL"));
    }
    return all;
  }

  private List<String> plans() {
    Lake lake = this.star.lake;
    if (!lake.exists("ops.plans")) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    for (Row row :
        lake.rows("ops.plans")
            .orderBy(expr("cast(substring(run_id, 5) AS int)"), col("publication"))
            .selectExpr(
                "state",
                "publication",
                "rows_before",
                "rows_after",
                "rows_added",
                "rows_removed",
                "rows_changed",
                "partitions_before",
                "partitions_after",
                "partitions_touched",
                "partitions_emptied",
                "measures_before",
                "measures_after",
                "measures_moved",
                "size(exceeded)")
            .collectAsList()) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length(); i++) {
        line.append(i == 0 ? "" : " ")
            .append(
                row.get(i) instanceof scala.collection.Map<?, ?> map
                    ? scala.jdk.javaapi.CollectionConverters.asJava(map)
                    : row.get(i));
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
