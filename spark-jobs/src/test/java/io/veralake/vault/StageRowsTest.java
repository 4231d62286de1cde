package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Hub;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.Satellite;
import io.veralake.spec.Stage;
import io.veralake.spec.VaultSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What stages give of single rows, image by image. */
final class StageRowsTest {
  private static final String DDL = "id bigint, kind string, n int, tags array<string>";
  private static VaultFixture vault;

  @BeforeAll
  static void makeTables() {
    vault = new VaultFixture(TestLake.fresh(), DDL).raw("shop", "rows", "kept", "unsent");
  }

  private static List<@Nullable Object> row(
      long id, @Nullable String kind, @Nullable Integer n, String... tags) {
    return Arrays.asList(id, kind, n, tags);
  }

  private static RawRow change(
      String op,
      @Nullable List<@Nullable Object> before,
      @Nullable List<@Nullable Object> after,
      String... unavailable) {
    return new RawRow(op, before, after, 1, 1, "shop", List.of(unavailable));
  }

  /** What {@code stage} gives of {@code rows}: operation and the images' columns. */
  private static List<String> given(
      String raw, Stage stage, Set<String> key, String columns, RawRow... rows) throws Exception {
    vault.lake().spark().sql("DELETE FROM " + vault.lake().sqlName("raw." + raw));
    vault.land(raw, List.of(rows));
    Dataset<Row> staged = StageRows.of(stage, "test", vault.lake().rows("raw." + raw), key);
    return staged
        .selectExpr(
            "_op",
            "before IS NOT NULL AS b",
            "after IS NOT NULL AS a",
            "array(%s)"
                    .formatted(
                        List.of(columns.split(" ")).stream()
                            .map(
                                name ->
                                    "concat(coalesce(CAST(before.%1$s AS string), '-'), '/', coalesce(CAST(after.%1$s AS string), '-'))"
                                        .formatted(name))
                            .collect(java.util.stream.Collectors.joining(", ")))
                + " AS c")
        .collectAsList()
        .stream()
        .map(r -> r.getString(0) + " " + String.join(" ", r.<String>getList(3)))
        .sorted()
        .toList();
  }

  private static final Stage B = Stage.filter("kind = 'B'");

  @Test
  void eachImageIsJudged() throws Exception {
    assertThat(
            given(
                "rows",
                B,
                Set.of(),
                "id kind",
                change("c", null, row(1, "B", 1)),
                change("c", null, row(2, "A", 1)),
                change("r", null, row(3, null, 1)),
                change("u", row(4, "B", 1), row(4, "B", 2)),
                change("u", row(5, "B", 1), row(5, "A", 1)),
                change("u", row(6, "A", 1), row(6, "B", 1)),
                change("u", row(7, "A", 1), row(7, "A", 2)),
                change("u", null, row(8, "A", 2)),
                change("d", row(9, "B", 1), null),
                change("d", row(10, "A", 1), null),
                change("t", null, null)))
        .containsExactly(
            "c -/1 -/B",
            "c -/6 -/B",
            "d 5/- B/-",
            "d 9/- B/-",
            "filtered -/- -/-",
            "filtered -/- -/-",
            "filtered -/- -/-",
            "filtered -/- -/-",
            "filtered -/- -/-",
            "t -/- -/-",
            "u 4/4 B/B");
  }

  @Test
  void aDeleteThatBringsNothingButItsKeyIsTaken() throws Exception {
    RawRow[] deletes = {
      change("d", Arrays.asList(1L, null, null, null), null),
      change("d", Arrays.asList(2L, "", 0, null), null),
      change("d", Arrays.asList(3L, "", 7, null), null),
      change("d", Arrays.asList(4L, "A", null, null), null),
    };
    Set<String> id = Set.of("id");
    assertThat(given("rows", B, id, "id kind", deletes))
        .containsExactly("d 1/- -/-", "d 2/- -/-", "filtered -/- -/-", "filtered -/- -/-");
    // Without a declared key they are judged as they were sent.
    assertThat(given("rows", B, Set.of(), "id kind", deletes))
        .containsOnly("filtered -/- -/-")
        .hasSize(4);
    // What the key alone tells is told.
    assertThat(given("rows", Stage.filter("id > 1 AND kind = 'B'"), id, "id", deletes))
        .containsExactly("d 2/-", "filtered -/-", "filtered -/-", "filtered -/-");
  }

  @Test
  void columnsAreAddedHiddenAndCast() throws Exception {
    Stage stage =
        new Stage(
            "made",
            List.of(
                new Stage.Derived("kind", "lower(kind)", Optional.empty()),
                new Stage.Derived("code", "kind", ColumnType.parse("int")),
                new Stage.Derived("twice", "n * 2", Optional.empty())),
            "true",
            Optional.empty());
    assertThat(
            given(
                "rows",
                stage,
                Set.of(),
                "id kind code twice _misfit",
                change("u", row(1, "12", 1), row(1, "AB", 2))))
        .containsExactly("u 1/1 12/ab 12/- 2/4 []/[code]");
  }

  private static Stage tags(String where, List<String> key) {
    return new Stage(
        "tags",
        List.of(),
        "n > 0",
        Optional.of(
            new Stage.Explode(
                "tags",
                List.of(
                    new Stage.Derived("tag", "item", Optional.empty()),
                    new Stage.Derived("place", "item_number", Optional.empty())),
                where,
                key,
                List.of(new Stage.Rank("nth", List.of(), List.of(new Stage.Term("tag", true)))))));
  }

  @Test
  void itemsMeetByTheirKey() throws Exception {
    RawRow update = change("u", row(1, "A", 1, "a", "b", "c"), row(1, "B", 1, "b", "d", "x"));

    assertThat(given("rows", tags("item <> 'x'", List.of("tag")), Set.of(), "kind tag nth", update))
        .containsExactly(
            "c -/B -/d -/1",
            "d A/- a/- 3/-",
            "d A/- c/- 1/-",
            "filtered -/- -/- -/-",
            "u A/B b/b 2/2");
    assertThat(given("rows", tags("true", List.of()), Set.of(), "tag place", update))
        .containsExactly("u a/b 0/0", "u b/d 1/1", "u c/x 2/2");
  }

  @Test
  void rowsAndArraysThatAreNotThereHaveNoItems() throws Exception {
    assertThat(
            given(
                "rows",
                tags("true", List.of("tag")),
                Set.of(),
                "id tag",
                change("c", null, row(1, "A", 1)),
                change("c", null, Arrays.asList(2L, "A", 1, null)),
                change("c", null, row(3, "A", 0, "a", "b")),
                change("u", row(4, "A", 1, "a"), row(4, "A", 0, "a", "b")),
                change("u", row(5, "A", 1, "a"), Arrays.asList(5L, "A", 1, null)),
                change("d", row(6, "A", 1, "a", "b"), null),
                change("t", null, null)))
        .containsExactly(
            "d 4/- a/-", "d 5/- a/-", "d 6/- a/-", "d 6/- b/-", "filtered -/- -/-", "t -/- -/-");
  }

  @Test
  void valuesThatWereNotSentAreMissed() throws Exception {
    Stage stage =
        new Stage(
            "made",
            List.of(new Stage.Derived("low", "lower(kind)", Optional.empty())),
            "n > 0",
            Optional.empty());
    vault.land(
        "unsent",
        List.of(
            change("u", null, row(1, null, 1), "kind"),
            change("u", row(2, "K", 1), row(2, null, 1), "kind"),
            change("u", null, row(3, "K", null), "n")));
    List<Row> staged =
        StageRows.of(stage, "test", vault.lake().rows("raw.unsent"), Set.of())
            .selectExpr("after.id", "after.low", "_op", "array_join(array_sort(_unavailable), ' ')")
            .collectAsList();

    assertThat(staged)
        .extracting(Row::toString)
        .containsExactlyInAnyOrder(
            "[1,null,u,before.low kind low]",
            "[2,k,u,kind]",
            "[3,k,u,before.id before.kind before.low before.n before.tags id kind low n n tags]");
  }

  @Test
  void wrongExpressionsNameStageAndColumn() {
    Dataset<Row> raw = vault.lake().rows("raw.rows");
    Stage column =
        new Stage(
            "made",
            List.of(new Stage.Derived("low", "lower(knd)", Optional.empty())),
            "true",
            Optional.empty());
    assertThatThrownBy(() -> StageRows.of(column, "vault.x over raw.rows", raw, Set.of()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Invalid expression of stage made: low = lower(knd) (")
        .hasMessageContaining("knd");
    assertThatThrownBy(
            () -> StageRows.of(Stage.filter("kind"), "vault.x over raw.rows", raw, Set.of()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Invalid expression of vault.x over raw.rows: where = kind (");
    assertThatThrownBy(() -> StageRows.of(tags("itm > 1", List.of()), "", raw, Set.of()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Invalid expression of stage tags: explode.where = itm > 1 (");
  }

  @Test
  void aLoadCountsWhatIsFilteredAndWhatDoesNotFit() throws Exception {
    Stage coded =
        new Stage(
            "coded",
            List.of(
                new Stage.Derived("code", "kind", ColumnType.parse("bigint")),
                new Stage.Derived("other", "kind", ColumnType.parse("int"))),
            "n > 0",
            Optional.empty());
    VaultSource source =
        new VaultSource("kept", List.of(coded), Map.of(), "id < 9", "", RowOrigins.RAW);
    Hub hub = new Hub("hub_code", List.of(column("code", "bigint")), List.of(source));
    Satellite satellite =
        new Satellite("sat_code", hub, List.of(column("n", "int")), List.of(), List.of(source));
    vault.land(
        "kept",
        List.of(
            change("c", null, row(1, "7", 1)),
            change("c", null, row(2, "x", 1)),
            change("c", null, row(3, "8", 0)),
            change("c", null, row(9, "9", 1)),
            change("u", row(1, "7", 1), row(1, "7", 0))));

    assertThat(VaultStep.run(vault.context(), hub))
        .isEqualTo(new Loaded("hub_code", 5, 1, 1, 1, 0, 2));
    assertThat(VaultStep.run(vault.context(), satellite))
        .isEqualTo(new Loaded("sat_code", 5, 2, 1, 1, 0, 2));
    vault.land("kept", List.of(change("c", null, row(3, "8", 0))));
    assertThat(VaultStep.run(vault.context(), satellite))
        .isEqualTo(new Loaded("sat_code", 1, 0, 0, 0, 0, 1));
  }
}
