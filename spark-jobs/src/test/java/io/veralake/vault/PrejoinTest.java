package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.RawColumns;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Prejoin;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Promises 1, 2 and 7 for rows that take columns of others. */
final class PrejoinTest {
  private static final List<String> COLUMNS =
      List.of("id", "user_id", "shop", "kind", "name", "email", "customer_email", "region");
  private static final Prejoin.Partner USER =
      new Prejoin.Partner(
          "user",
          VaultFixture.source("users"),
          List.of(new Prejoin.Pair("user_id", "user_id")),
          List.of(new Prejoin.Pair("customer_email", "email")));
  private static final Prejoin.Partner SHOP =
      new Prejoin.Partner(
          "shop",
          VaultFixture.source("shops"),
          List.of(new Prejoin.Pair("shop", "shop"), new Prejoin.Pair("kind", "kind")),
          List.of(new Prejoin.Pair("region", "name")));

  /** Orders with their users' addresses and their shops' regions. */
  static final Prejoin PREJOIN =
      new Prejoin("order_customers", VaultFixture.source("orders"), List.of(USER, SHOP));

  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("customer_email", "string")), List.of(source()));
  private static final Hub ORDER =
      new Hub("hub_order", List.of(column("id", "bigint")), List.of(source()));
  private static final Link PLACED =
      new Link(
          "link_placed",
          List.of(new Link.End("customer", CUSTOMER), new Link.End("order", ORDER)),
          List.of(),
          true,
          List.of(),
          List.of(source()));
  private static final Satellite DETAILS =
      new Satellite(
          "sat_order",
          ORDER,
          List.of(
              column("customer_email", "string"),
              column("region", "string"),
              column("name", "string")),
          List.of(),
          List.of(source()));
  private static final Satellite LAST =
      new Satellite(
          "sat_last",
          CUSTOMER,
          List.of(column("id", "bigint"), column("name", "string")),
          List.of(),
          List.of(source()));

  private static VaultSource source() {
    return new VaultSource(
        "orders", Optional.of(PREJOIN), List.of(), Map.of(), "true", "", RowOrigins.RAW);
  }

  /** A run that was killed. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void rowsComeInOrder() throws Exception {
    this.tablesAreThoseOfTheOracle(new PrejoinHistories(Seed.of(31), 4, 0.2), 0.3);
  }

  @Test
  void rowsComeInAnyOrderAndRunsAreKilled() throws Exception {
    this.tablesAreThoseOfTheOracle(new PrejoinHistories(Seed.of(32), 5, 1), 0.7);
  }

  @Test
  void everythingComesAtOnce() throws Exception {
    PrejoinHistories random = new PrejoinHistories(Seed.of(33), 1, 1);
    VaultFixture vault = fixture();
    for (String table : PrejoinHistories.TABLES) {
      vault.land(table, random.batch(table, 0));
    }
    Prejoined done = PrejoinStep.run(vault.context(), PREJOIN);
    List<RawRow> joined = joined(random);
    FormsFixture.assertSame(
        "seed " + random.seed(),
        stored(vault),
        joined.stream().map(PrejoinTest::text).sorted().toList());
    int all = random.all("orders").size();
    assertThat(done)
        .isEqualTo(
            new Prejoined("order_customers", all, joined.size(), all - joined.size(), 12 + 5));
    assertThat(PrejoinStep.run(vault.context(), PREJOIN))
        .as("nothing is new")
        .isEqualTo(new Prejoined("order_customers", 0, 0, all - joined.size(), 0));
  }

  private void tablesAreThoseOfTheOracle(PrejoinHistories random, double killed) throws Exception {
    Random kills = new Random(random.seed());
    VaultFixture vault = fixture().vault(CUSTOMER, PLACED, DETAILS, LAST);
    for (int batch = 0; batch < random.batches(); batch++) {
      for (String table : PrejoinHistories.TABLES) {
        List<RawRow> rows = random.batch(table, batch);
        if (!rows.isEmpty()) {
          vault.land(table, rows);
        }
      }
      while (kills.nextDouble() < killed) {
        PrejoinStep.Move at = PrejoinStep.Move.values()[kills.nextInt(2)];
        assertThatThrownBy(
                () ->
                    new PrejoinStep(
                            vault.context(),
                            PREJOIN,
                            move -> {
                              if (move == at) {
                                throw new Killed();
                              }
                            })
                        .run())
            .isInstanceOf(Killed.class)
            .hasMessage(null);
        if (kills.nextBoolean()) {
          break;
        }
      }
      if (kills.nextInt(4) > 0 || batch + 1 == random.batches()) {
        PrejoinStep.run(vault.context(), PREJOIN);
      }
      if (kills.nextBoolean() || batch + 1 == random.batches()) {
        vault.load();
      }
    }
    String seed = "seed " + random.seed() + " ";
    List<RawRow> joined = joined(random);
    FormsFixture.assertSame(
        seed + "stage", stored(vault), joined.stream().map(PrejoinTest::text).sorted().toList());
    assertThat(new PrejoinTables(vault.lake(), PREJOIN).waiting())
        .as(seed + "waiting")
        .isEqualTo(random.all("orders").size() - joined.size());
    VaultOracle oracle = new VaultOracle(COLUMNS);
    for (VaultTable table : List.of(CUSTOMER, PLACED)) {
      FormsFixture.assertSame(
          seed + table.name(),
          VaultContent.hashKeys(vault, table),
          List.copyOf(oracle.keys(VaultContent.shape(table), List.of(joined))));
    }
    for (Satellite satellite : List.of(DETAILS, LAST)) {
      FormsFixture.assertSame(
          seed + satellite.name(),
          VaultContent.history(vault, satellite),
          oracle.history(VaultContent.shape(satellite), List.of(joined), true));
    }
  }

  private static List<RawRow> joined(PrejoinHistories random) {
    return PrejoinOracle.joined(
        random.all("orders"),
        List.of(
            new PrejoinOracle.Partner(
                random.all("users"),
                row -> Arrays.asList(row.get(1)),
                row -> Arrays.asList(row.get(1)),
                row -> row.get(5)),
            new PrejoinOracle.Partner(
                random.all("shops"),
                row -> Arrays.asList(row.get(2), row.get(3)),
                row -> Arrays.asList(row.get(2), row.get(3)),
                row -> row.get(4))));
  }

  /** The three tables, which are empty. */
  static VaultFixture fixture() {
    return new VaultFixture(TestLake.fresh(), PrejoinHistories.DDL)
        .raw("shop", "orders", "users", "shops");
  }

  private static String text(RawRow row) {
    return "%d %s %s -> %s".formatted(row.major(), row.op(), row.before(), row.after());
  }

  /** Rows that don't wait, as texts, sorted. */
  static List<String> stored(VaultFixture vault) {
    return PrejoinTables.joined(vault.lake().rows("stage.order_customers"))
        .select(RawColumns.POSITION + ".major", RawColumns.OP, RawColumns.BEFORE, RawColumns.AFTER)
        .collectAsList()
        .stream()
        .map(
            row ->
                "%d %s %s -> %s"
                    .formatted(row.getLong(0), row.getString(1), image(row, 2), image(row, 3)))
        .sorted()
        .toList();
  }

  private static @Nullable List<@Nullable Object> image(Row row, int column) {
    if (row.isNullAt(column)) {
      return null;
    }
    List<@Nullable Object> values = new ArrayList<>();
    Row image = row.getStruct(column);
    for (int i = 0; i < image.length(); i++) {
      values.add(image.get(i));
    }
    return values;
  }
}
