package io.veralake.mart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestLake;
import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Mart;
import io.veralake.spec.Mart.Check;
import io.veralake.spec.Mart.PartitionField;
import io.veralake.spec.Mart.Refresh;
import io.veralake.spec.Mart.Severity;
import io.veralake.spec.Model;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mart of one row an order, by day. */
final class MartStepTest {
  private static final String SQL =
      "SELECT order_id, CAST(order_time AS date) AS day, region FROM hub_order JOIN sat_order_current USING (order_hk)";
  private static final String COLUMNS = "order_id bigint, day date, region string";

  private final Lake lake = TestLake.fresh();
  private final StoreVault vault =
      new StoreVault(
          this.lake,
          List.of(
              StoreModel.ORDER,
              StoreModel.CUSTOMER,
              StoreModel.ORDER_CUSTOMER,
              StoreModel.ORDER_SAT));

  private static Mart orders(String sql, String columns, List<String> grain, Check... checks) {
    return new Mart(
        "orders",
        Mart.Kind.FACT,
        sql,
        columns(columns),
        grain,
        List.of(new PartitionField(PartitionField.Transform.DAY, "day")),
        List.of("hub_order", "sat_order"),
        new Refresh(List.of("order_id"), Map.of(), Map.of()),
        List.of(checks));
  }

  private static Mart orders(Check... checks) {
    return orders(SQL, COLUMNS, List.of("order_id"), checks);
  }

  @BeforeEach
  void threeOrders() {
    for (int id = 1; id <= 3; id++) {
      this.vault.order(id, 1, day(id), "north", day(id));
    }
    this.vault.flush();
  }

  @Test
  void onlyPartitionsThatDifferAreWrittenAndEmptiedOnesGo() {
    this.build(orders());
    List<String> before = this.files();
    this.vault.order(2, 1, day(5), "north", day(6));
    this.vault.flush();

    Built built = this.build(orders());

    assertThat(this.rows())
        .containsExactly("1,2026-03-01,north", "2,2026-03-05,north", "3,2026-03-03,north");
    assertThat(built.partitions()).isEqualTo(2);
    assertThat(built.rows()).isEqualTo(1);
    assertThat(this.files()).hasSize(3).contains(before.get(0), before.get(2));
  }

  @Test
  void rowsOfOtherKeysInAPartitionStay() {
    this.vault.order(4, 1, day(1), "west", day(1));
    this.vault.flush();
    this.build(orders());
    this.vault.order(4, 1, day(1), "east", day(2));
    this.vault.flush();

    assertThat(this.build(orders()).rows()).isEqualTo(2);
    assertThat(this.rows()).contains("1,2026-03-01,north", "4,2026-03-01,east");
  }

  @Test
  void unchangedInputsCommitNothing() {
    this.build(orders());
    OptionalLong before = this.lake.snapshot("mart.orders");

    assertThat(this.build(orders())).isEqualTo(new Built("mart.orders", 0, 0, List.of()));
    assertThat(this.lake.snapshot("mart.orders")).isEqualTo(before);
  }

  @Test
  void newsWithoutEffectMoveThePositionsOnly() {
    this.build(orders());
    List<String> before = this.files();
    this.vault.order(2, 1, day(2), "north", day(7));
    this.vault.flush();

    assertThat(this.build(orders()).partitions()).isZero();
    assertThat(this.files()).isEqualTo(before);
    assertThat(this.lake.positions("mart.orders").lastRead("vault.sat_order"))
        .isEqualTo(this.lake.snapshot("vault.sat_order"));
  }

  @Test
  void stoppingCheckLeavesWhatReadersSee() {
    this.build(orders());
    OptionalLong before = this.lake.snapshot("mart.orders");
    this.vault.order(3, 1, day(3), "nowhere", day(4));
    this.vault.flush();
    Check known =
        new Check("region known", Severity.STOP, "SELECT * FROM this WHERE region = 'nowhere'");
    Check warned = new Check("few", Severity.WARN, "SELECT order_id FROM this");

    assertThatThrownBy(() -> this.build(orders(known, warned)))
        .isInstanceOf(GateException.class)
        .hasMessage(
            "Mart orders stopped by its checks: region known: 1 violations, such as {\"order_id\":3,\"day\":\"2026-03-03\"}"
                + " (nothing became visible; the refused state, if it was written, is branch audit of mart.orders; correct the data or the model and run again)");
    assertThat(this.lake.snapshot("mart.orders")).isEqualTo(before);
    assertThat(this.rows()).contains("3,2026-03-03,north");
    assertThat(
            this.sql(
                "SELECT check, severity, violations, sample FROM ops.checks WHERE mart = 'orders' AND violations > 0"))
        .containsExactly(
            "few,warn,1,{\"order_id\":3}",
            "region known,stop,1,{\"order_id\":3,\"day\":\"2026-03-03\"}");

    this.vault.order(3, 1, day(3), "south", day(5));
    this.vault.flush();
    this.build(orders(known));
    assertThat(this.rows()).contains("3,2026-03-03,south");
  }

  @Test
  void grainIsUniqueAndNotNull() {
    this.vault.order(4, 1, day(4), null, day(4));
    this.vault.flush();

    assertThatThrownBy(() -> this.build(orders(SQL, COLUMNS, List.of("region"))))
        .isInstanceOf(GateException.class)
        .hasMessageStartingWith(
            "Mart orders stopped by its checks: grain: 2 violations, such as {\"region\":\"north\"} {} (");
    assertThat(this.rows()).isEmpty();
  }

  @Test
  void columnsAreTheDeclaredOnes() {
    assertThatThrownBy(() -> this.build(orders(SQL, "order_id int, day date", List.of("order_id"))))
        .isInstanceOf(GateException.class)
        .hasMessageStartingWith(
            "Mart orders stopped by its checks: columns: 2 violations, such as column 1: order_id bigint (declared: order_id int); column 3: region string (declared: none) (");
  }

  @Test
  void otherDeclarationMakesTheTableAnew() {
    this.build(orders());
    Mart other =
        new Mart(
            "orders",
            Mart.Kind.FACT,
            "SELECT region, order_id, CAST(order_time AS date) AS day, 'x' AS kind FROM hub_order JOIN sat_order_current USING (order_hk)",
            columns("region string, order_id bigint, day date, kind string"),
            List.of("order_id"),
            List.of(
                new PartitionField(PartitionField.Transform.MONTH, "day"),
                new PartitionField(PartitionField.Transform.IDENTITY, "kind")),
            List.of("hub_order", "sat_order"),
            new Refresh(List.of("order_id"), Map.of(), Map.of()),
            List.of());
    this.build(other);
    assertThat(this.rows())
        .containsExactly("north,1,2026-03-01,x", "north,2,2026-03-02,x", "north,3,2026-03-03,x");
    assertThat(this.files()).hasSize(1);
    this.vault.order(2, 1, day(2), "south", day(7));
    this.vault.flush();
    assertThat(this.build(other).partitions()).isEqualTo(1);
    this.build(orders());
    assertThat(this.rows())
        .containsExactly("1,2026-03-01,north", "2,2026-03-02,south", "3,2026-03-03,north");
  }

  @ParameterizedTest
  @EnumSource(MartStep.Move.class)
  void killedAfterAnyMoveAndRepeatedEqualsACleanRun(MartStep.Move last) {
    this.build(orders());
    this.vault.order(2, 1, day(5), "south", day(6));
    this.vault.flush();
    assertThatThrownBy(
            () ->
                MartStep.run(
                    this.context(orders()),
                    orders(),
                    0,
                    move -> {
                      if (move == last) {
                        throw new IllegalStateException("killed");
                      }
                    }))
        .hasMessage("killed");

    this.build(orders());

    assertThat(this.rows())
        .containsExactly("1,2026-03-01,north", "2,2026-03-05,south", "3,2026-03-03,north");
    assertThat(this.files()).hasSize(3);
    assertThat(this.lake.table("mart.orders").refs()).containsOnlyKeys("main");
  }

  @Test
  void declaredChangesLeadToKeys() {
    Mart counts =
        new Mart(
            "counts",
            Mart.Kind.AGGREGATE,
            "SELECT region, count(*) AS orders FROM orders GROUP BY region",
            columns("region string, orders bigint"),
            List.of("region"),
            List.of(new PartitionField(PartitionField.Transform.IDENTITY, "region")),
            List.of("orders"),
            new Refresh(
                List.of("region"),
                Map.of("orders", "SELECT DISTINCT region FROM changes"),
                Map.of()),
            List.of());
    this.vault.order(4, 1, day(1), "west", day(1));
    this.vault.flush();
    this.build(orders(), counts);
    this.vault.order(3, 1, day(3), "south", day(4));
    this.vault.flush();

    assertThat(this.build(orders(), counts).partitions()).isEqualTo(2);
    assertThat(this.sql("SELECT * FROM mart.counts"))
        .containsExactly("north,2", "south,1", "west,1");
  }

  @Test
  void inputsMayCallTheKeyOtherwise() {
    Mart days =
        new Mart(
            "days",
            Mart.Kind.AGGREGATE,
            "SELECT day AS date, count(*) AS orders FROM orders GROUP BY day",
            columns("date date, orders bigint"),
            List.of("date"),
            List.of(new PartitionField(PartitionField.Transform.DAY, "date")),
            List.of("orders"),
            new Refresh(
                List.of("date"), Map.of(), Map.of(), Map.of("orders", Map.of("date", "day"))),
            List.of());
    this.build(orders(), days);
    List<String> before = this.sql("SELECT file_path FROM mart.days.files ORDER BY file_path");
    this.vault.order(3, 1, day(2), "south", day(4));
    this.vault.flush();

    assertThat(this.build(orders(), days).partitions()).isEqualTo(2);
    assertThat(this.sql("SELECT * FROM mart.days")).containsExactly("2026-03-01,1", "2026-03-02,2");
    assertThat(this.sql("SELECT file_path FROM mart.days.files ORDER BY file_path"))
        .as("the day that didn't change keeps its file")
        .hasSize(2)
        .containsAnyElementsOf(before);
  }

  @Test
  void aDayIsComparedWithItsLikesBefore() {
    Check volume =
        StoreModel.mart("fact_sales").checks().stream()
            .filter(check -> check.name().equals("volume"))
            .map(
                check ->
                    new Check("volume", check.severity(), check.sql().replace("order_date", "day")))
            .findFirst()
            .orElseThrow();
    Mart orders = orders(volume);
    // On Tuesdays two orders each, and none on the last; on the Mondays one, and one.
    for (int week = 0; week < 4; week++) {
      for (int i = 0; i < 2; i++) {
        this.vault.order(100 + 2 * week + i, 1, day(3 + 7 * week), "north", day(30));
      }
      this.vault.order(200 + week, 1, day(2 + 7 * week), "north", day(30));
    }
    this.vault.order(300, 1, day(30), "north", day(30));
    this.vault.flush();

    assertThat(this.build(day(31), orders).checks())
        .as("of a Monday")
        .contains(new Checked("volume", Severity.WARN, 0, ""));
    assertThat(this.build(day(31).plusSeconds(86400), orders).checks())
        .as("of a Tuesday: the first has order 3 too")
        .containsExactly(new Checked("volume", Severity.WARN, 1, "{\"day\":\"2026-03-31\"}"));
    assertThat(this.build(day(27), orders).checks())
        .as("of a day before which there isn't enough")
        .containsExactly(new Checked("volume", Severity.WARN, 0, ""));
  }

  @Test
  void aStaleMartIsFoundThoughNothingChanged() {
    Check fresh =
        new Check(
            "fresh",
            Mart.Severity.STOP,
            "SELECT max(day) AS day FROM whole HAVING CAST(max(day) AS timestamp) < {as-of} - INTERVAL '10' DAY");
    Mart orders = orders(fresh);
    this.build(day(10), orders);
    OptionalLong before = this.lake.snapshot("mart.orders");

    assertThat(this.build(day(12), orders).checks())
        .containsExactly(new Checked("fresh", Mart.Severity.STOP, 0, ""));
    assertThatThrownBy(() -> this.build(day(13), orders))
        .isInstanceOf(GateException.class)
        .hasMessageContaining("fresh: 1 violations, such as {\"day\":\"2026-03-03\"}");
    assertThat(this.lake.snapshot("mart.orders")).isEqualTo(before);
    // News without effect are no news.
    this.vault.order(2, 1, day(2), "north", day(7));
    this.vault.flush();
    assertThatThrownBy(() -> this.build(day(13), orders)).isInstanceOf(GateException.class);
  }

  /**
   * Builds {@code marts}, always looking for the rows that are needed, and gives the last result.
   */
  private Built build(Mart... marts) {
    return this.build(day(30), marts);
  }

  private Built build(Instant asOf, Mart... marts) {
    Optional<Built> last = Optional.empty();
    for (Mart mart : marts) {
      last = Optional.of(MartStep.run(this.context(asOf, marts), mart, 0, move -> {}));
    }
    return last.orElseThrow();
  }

  private RunContext context(Mart... marts) {
    return this.context(day(30), marts);
  }

  private RunContext context(Instant asOf, Mart... marts) {
    Model model = new Model(List.of(), StoreModel.VAULT, List.of(marts), List.of(), List.of());
    return new RunContext("run", asOf, this.lake, StoreMartsTest.engine(), model);
  }

  private List<String> rows() {
    return this.sql("SELECT * FROM mart.orders");
  }

  private List<String> files() {
    return this.sql(
        "SELECT file_path FROM mart.orders.files ORDER BY readable_metrics.order_id.lower_bound");
  }

  private List<String> sql(String sql) {
    List<String> rows =
        this.lake
            .spark()
            .sql(sql.replaceAll("(mart|ops)\\.", this.lake.catalog() + ".$1."))
            .collectAsList()
            .stream()
            .map(row -> row.mkString(","))
            .toList();
    return sql.contains("ORDER BY") ? rows : rows.stream().sorted().toList();
  }

  private static Instant day(int day) {
    return Instant.parse("2026-03-%02dT12:00:00Z".formatted(day));
  }

  private static List<Column> columns(String text) {
    return Arrays.stream(text.split(", "))
        .map(column -> column.split(" "))
        .map(parts -> new Column(parts[0], ColumnType.parse(parts[1]).orElseThrow()))
        .toList();
  }
}
