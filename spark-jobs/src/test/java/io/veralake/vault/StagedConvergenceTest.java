package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.Stage;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Promise 1 for what goes through stages: conditions, derived columns, items of arrays, ranks and
 * stages over stages, in any batching, order and repetition.
 */
final class StagedConvergenceTest {
  private static final ColumnType STRING = ColumnType.parse("string").orElseThrow();
  private static final ColumnType BIGINT = ColumnType.parse("bigint").orElseThrow();

  private static final Stage KEPT =
      new Stage(
          "kept",
          List.of(
              new Stage.Derived("code", "concat(other, '-', line)", Optional.of(STRING)),
              new Stage.Derived("name", "lower(name)", Optional.empty()),
              new Stage.Derived("kind", "'shop'", Optional.of(STRING))),
          "n = 1 OR name = 'A'",
          Optional.empty());
  private static final Stage CODED =
      new Stage(
          "coded",
          List.of(new Stage.Derived("twice", "concat('', n * 2)", Optional.of(BIGINT))),
          "code IS NOT NULL",
          Optional.empty());
  private static final Stage ITEMS =
      new Stage(
          "items",
          List.of(),
          "line IS NOT NULL",
          Optional.of(
              new Stage.Explode(
                  "array_compact(array(name, CAST(n AS string), other))",
                  List.of(
                      new Stage.Derived("value", "item", Optional.of(STRING)),
                      new Stage.Derived("place", "item_number", Optional.empty()),
                      new Stage.Derived("size", "length(item)", Optional.empty())),
                  "item <> 'B'",
                  List.of("value"),
                  List.of(
                      new Stage.Rank("nth", List.of(), List.of(new Stage.Term("value", true))),
                      new Stage.Rank(
                          "among",
                          List.of("size"),
                          List.of(new Stage.Term("item_number", true)))))));

  private static final Hub CUSTOMER =
      new Hub(
          "hub_customer",
          List.of(column("id", "bigint")),
          List.of(staged("one", KEPT), staged("two", KEPT, CODED)));
  private static final Hub CODE =
      new Hub("hub_code", List.of(column("code", "string")), List.of(staged("one", KEPT, CODED)));
  private static final Satellite DERIVED =
      new Satellite(
          "sat_derived",
          CUSTOMER,
          List.of(column("twice", "bigint"), column("name", "string"), column("kind", "string")),
          List.of(),
          List.of(staged("one", KEPT, CODED), staged("two", KEPT, CODED)));
  private static final Satellite WHERE =
      new Satellite(
          "sat_where",
          CUSTOMER,
          List.of(column("name", "string"), column("n", "int")),
          List.of(),
          List.of(where("one"), where("three")));
  private static final Link ITEM =
      new Link(
          "link_item",
          List.of(new Link.End("customer", CUSTOMER)),
          List.of(column("value", "string")),
          true,
          List.of(),
          List.of(staged("one", ITEMS), staged("two", ITEMS)));
  private static final Satellite ON_ITEM =
      new Satellite(
          "sat_item",
          ITEM,
          List.of(column("place", "int"), column("nth", "int"), column("among", "int")),
          List.of(),
          List.of(staged("one", ITEMS), staged("two", ITEMS)),
          SatelliteForm.PLAIN);

  private static VaultSource staged(String raw, Stage... stages) {
    return new VaultSource(raw, List.of(stages), Map.of(), "true", "", RowOrigins.RAW);
  }

  private static VaultSource where(String raw) {
    return new VaultSource(raw, Map.of(), "n > 0");
  }

  @Test
  void someRowsAreLate() throws Exception {
    this.vaultAnswersAsTheOracle(new RandomHistories(seed(21), 400, 2, 0.3, 0));
  }

  @Test
  void allRowsAreInDisorderAndSourcesAreTruncated() throws Exception {
    this.vaultAnswersAsTheOracle(new RandomHistories(seed(22), 400, 3, 1.0, 2));
  }

  private static long seed(long usual) {
    return Seed.of(usual);
  }

  private void vaultAnswersAsTheOracle(RandomHistories random) throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), RandomHistories.DDL)
            .raw("shop", "one", "two")
            .raw("erp", "three")
            .vault(CUSTOMER, CODE, ITEM, DERIVED, WHERE, ON_ITEM);
    for (int batch = 0; batch < random.batches(); batch++) {
      for (String name : RandomHistories.SOURCES) {
        List<RawRow> rows = random.batch(name, batch);
        if (!rows.isEmpty()) {
          vault.land(name, rows);
        }
      }
      vault.load();
    }
    String seed = "seed " + random.seed() + " ";
    for (VaultTable table : List.of(CUSTOMER, CODE, ITEM)) {
      TreeSet<String> keys = new TreeSet<>();
      for (VaultSource source : table.sources()) {
        keys.addAll(oracle(source).keys(VaultContent.shape(table), List.of(rows(random, source))));
      }
      FormsFixture.assertSame(
          seed + table.name(), VaultContent.hashKeys(vault, table), List.copyOf(keys));
    }
    for (Satellite satellite : List.of(DERIVED, WHERE, ON_ITEM)) {
      Collection<List<RawRow>> rows =
          satellite.sources().stream().map(source -> rows(random, source)).toList();
      VaultOracle oracle = oracle(satellite.sources().get(0));
      FormsFixture.assertSame(
          seed + satellite.name(),
          VaultContent.history(vault, satellite),
          oracle.history(VaultContent.shape(satellite), rows, satellite != WHERE));
    }
  }

  /** The rows that {@code source} gives, by definition. */
  private static List<RawRow> rows(RandomHistories random, VaultSource source) {
    List<RawRow> rows = random.all(source.from());
    for (Stage stage : source.stages()) {
      if (stage == KEPT) {
        rows =
            StagedRowsOracle.rows(
                rows,
                row -> Integer.valueOf(1).equals(row.get(4)) || "A".equals(row.get(3)),
                StagedConvergenceTest::kept);
      } else if (stage == CODED) {
        rows = StagedRowsOracle.rows(rows, row -> row.get(5) != null, StagedConvergenceTest::coded);
      } else {
        rows = StagedRowsOracle.items(rows, StagedConvergenceTest::items, 5);
      }
    }
    if (!source.where().equals("true")) {
      rows =
          StagedRowsOracle.rows(rows, row -> row.get(4) instanceof Integer n && n > 0, row -> row);
    }
    return rows;
  }

  private static VaultOracle oracle(VaultSource source) {
    List<String> columns = new ArrayList<>(RandomHistories.COLUMNS);
    for (Stage stage : source.stages()) {
      if (stage == KEPT) {
        columns.addAll(List.of("code", "kind"));
      } else if (stage == CODED) {
        columns.add("twice");
      } else {
        columns.addAll(List.of("value", "place", "nth", "among"));
      }
    }
    return new VaultOracle(columns);
  }

  private static List<@Nullable Object> kept(List<@Nullable Object> row) {
    List<@Nullable Object> result = new ArrayList<>(row);
    boolean coded = row.get(1) != null && row.get(2) != null;
    result.set(
        3, row.get(3) == null ? null : row.get(3).toString().toLowerCase(java.util.Locale.ROOT));
    result.add(coded ? row.get(1) + "-" + row.get(2) : null);
    result.add("shop");
    return result;
  }

  private static List<@Nullable Object> coded(List<@Nullable Object> row) {
    List<@Nullable Object> result = new ArrayList<>(row);
    result.add(row.get(4) == null ? null : 2L * (Integer) row.get(4));
    return result;
  }

  private static List<List<@Nullable Object>> items(List<@Nullable Object> row) {
    List<List<@Nullable Object>> taken = new ArrayList<>();
    int place = 0;
    for (Object value : Arrays.asList(row.get(3), row.get(4), row.get(1))) {
      if (value != null) {
        if (row.get(2) != null && !value.equals("B")) {
          List<@Nullable Object> item = new ArrayList<>(row);
          item.add(value.toString());
          item.add(place);
          taken.add(item);
        }
        place++;
      }
    }
    List<List<@Nullable Object>> result = new ArrayList<>();
    for (List<@Nullable Object> item : taken) {
      List<@Nullable Object> ranked = new ArrayList<>(item);
      ranked.add(
          StagedRowsOracle.rank(
              taken, item, Comparator.comparing(one -> text(one, 5), Comparator.reverseOrder())));
      ranked.add(
          StagedRowsOracle.rank(
              taken.stream()
                  .filter(one -> text(one, 5).length() == text(item, 5).length())
                  .toList(),
              item,
              Comparator.comparing(one -> (Integer) one.get(6), Comparator.reverseOrder())));
      result.add(ranked);
    }
    return result;
  }

  private static String text(List<@Nullable Object> row, int column) {
    return String.valueOf(row.get(column));
  }
}
