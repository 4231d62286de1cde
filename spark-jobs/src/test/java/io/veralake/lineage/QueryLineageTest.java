package io.veralake.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Columns of queries, and what they come from, over two tables: {@code a(x, y, z)}, {@code b(x,
 * w)}.
 */
final class QueryLineageTest {
  private static Mart table(String name, String... columns) {
    return mart(name, "SELECT 1 AS nothing", columns);
  }

  private static Mart mart(String name, String sql, String... columns) {
    Mart plain = TestModel.mart(name, TestModel.columns(columns), List.of("x"));
    return new Mart(
        name,
        plain.kind(),
        sql,
        plain.columns(),
        plain.grain(),
        List.of(),
        List.of(),
        plain.refresh(),
        List.of());
  }

  /** Columns and rows of {@code sql}, each as {@code name: origin kind, …}. */
  private static Map<String, String> of(String sql, String... columns) {
    List<String> typed = new ArrayList<>();
    for (String column : columns) {
      typed.add(column + " string");
    }
    Model model =
        new Model(
            List.of(),
            List.of(),
            List.of(
                table("a", "x bigint", "y string", "z timestamp"),
                table("b", "x bigint", "w string"),
                mart("q", sql, typed.toArray(String[]::new))),
            List.of(),
            List.of());
    ModelLineage lineage = ModelLineage.of(model, "binary", TestLake.session());
    assertThat(lineage.problems()).as("problems").doesNotContainKey("mart.q");
    TableLineage found = lineage.tables().get("mart.q");
    Map<String, String> result = new TreeMap<>();
    found.columns().forEach((column, from) -> result.put(column, texts(from)));
    result.put("rows", texts(found.rows()));
    return result;
  }

  private static String texts(Set<Dependency> from) {
    return from.stream()
        .map(
            one ->
                one.from().toString().replace("mart.", "")
                    + " "
                    + one.kind()
                    + (one.masked() ? " masked" : ""))
        .collect(Collectors.joining(", "));
  }

  @Test
  void namesAndStars() {
    assertThat(
            of(
                "SELECT *, y AS renamed, CAST(x AS string) AS text FROM a AS t",
                "x",
                "y",
                "renamed",
                "text"))
        .containsEntry("x", "a.x IDENTITY")
        .containsEntry("y", "a.y IDENTITY")
        .containsEntry("renamed", "a.y IDENTITY")
        .containsEntry("text", "a.x IDENTITY")
        .containsEntry("rows", "");
  }

  @Test
  void expressionsAndConditions() {
    assertThat(
            of(
                "SELECT upper(y) AS u, IF(x > 1, y, w) AS i, CASE WHEN w = 'a' THEN y ELSE 'b' END AS c, coalesce(y, w) AS o, 1 AS one, sha2(y, 256) AS h FROM a JOIN b USING (x)",
                "u",
                "i",
                "c",
                "o",
                "one",
                "h"))
        .containsEntry("u", "a.y TRANSFORMATION")
        .containsEntry("i", "a.x CONDITION, a.y TRANSFORMATION, b.w TRANSFORMATION")
        .containsEntry("c", "a.y TRANSFORMATION, b.w CONDITION")
        .containsEntry("o", "a.y TRANSFORMATION, b.w TRANSFORMATION")
        .containsEntry("one", "")
        .containsEntry("h", "a.y TRANSFORMATION masked")
        .containsEntry("rows", "a.x JOIN, b.x JOIN");
  }

  @Test
  void aggregates() {
    assertThat(
            of(
                "SELECT y, count(*) AS n, sum(x) AS s, max_by(y, z) AS m, sum(x) FILTER (WHERE z IS NULL) AS f FROM a GROUP BY y HAVING count(DISTINCT x) > 1",
                "y",
                "n",
                "s",
                "m",
                "f"))
        .containsEntry("y", "a.y IDENTITY")
        .containsEntry("n", "")
        .containsEntry("s", "a.x AGGREGATION")
        .containsEntry("m", "a.y AGGREGATION, a.z CONDITION")
        .containsEntry("f", "a.x AGGREGATION, a.z CONDITION")
        .containsEntry("rows", "a.x FILTER, a.y GROUP_BY");
  }

  @Test
  void commonTableExpressionsAndUnions() {
    assertThat(
            of(
                "WITH one AS (SELECT x AS k, y AS v FROM a WHERE z IS NOT NULL), two AS (SELECT k, v FROM one UNION ALL SELECT x, w FROM b) SELECT l.k, r.v FROM two AS l JOIN one AS r ON l.k = r.k",
                "k",
                "v"))
        .containsEntry("k", "a.x IDENTITY, b.x IDENTITY")
        .containsEntry("v", "a.y IDENTITY")
        .containsEntry("rows", "a.x JOIN, a.z FILTER, b.x JOIN");
  }

  @Test
  void windows() {
    assertThat(
            of(
                "SELECT row_number() OVER (PARTITION BY x ORDER BY z) AS n, rank() OVER (ORDER BY z) AS r, lag(y) OVER (PARTITION BY x ORDER BY z) AS l, sum(x) OVER (PARTITION BY y) AS s FROM a",
                "n",
                "r",
                "l",
                "s"))
        .containsEntry("n", "a.x WINDOW, a.z WINDOW")
        .containsEntry("r", "a.z WINDOW")
        .containsEntry("l", "a.x WINDOW, a.y TRANSFORMATION, a.z WINDOW")
        .containsEntry("s", "a.x AGGREGATION, a.y WINDOW")
        .containsEntry("rows", "");
  }

  @Test
  void subqueries() {
    assertThat(
            of(
                "SELECT (SELECT max(w) FROM b WHERE b.x = a.x) AS s, x IN (SELECT x FROM b) AS i, y FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.w = a.y) AND x IN (SELECT x FROM b WHERE w > 'c')",
                "s",
                "i",
                "y"))
        .containsEntry("s", "b.w AGGREGATION")
        .containsEntry("i", "a.x TRANSFORMATION, b.x TRANSFORMATION")
        .containsEntry("y", "a.y IDENTITY")
        .containsEntry("rows", "a.x FILTER, a.y FILTER, b.w FILTER, b.x FILTER");
  }

  @Test
  void structsKeepTheirFieldsApart() {
    assertThat(
            of(
                "SELECT s.known.p AS p, s.known.q AS q, e.i.m AS m FROM (SELECT x, max_by(struct(y AS p, z AS q), z) AS known FROM a GROUP BY x) AS s JOIN (SELECT x, explode(array(named_struct('m', w, 'n', x))) AS i FROM b) AS e ON e.x = s.x",
                "p",
                "q",
                "m"))
        .containsEntry("m", "b.w TRANSFORMATION")
        .containsEntry("p", "a.y AGGREGATION, a.z CONDITION")
        .containsEntry("q", "a.z AGGREGATION, a.z CONDITION");
  }

  @Test
  void lateralJoinsSetsAndLoops() {
    assertThat(
            of(
                "WITH RECURSIVE r(k, v) AS (SELECT x, y FROM a UNION ALL SELECT k + 1, w FROM r JOIN b ON b.x = r.k WHERE k < 9) SELECT r.k, r.v, l.t FROM r, LATERAL (SELECT upper(r.v) AS t) AS l",
                "k",
                "v",
                "t"))
        .containsEntry("k", "a.x IDENTITY, a.x TRANSFORMATION")
        .containsEntry("v", "a.y IDENTITY, b.w IDENTITY")
        .containsEntry("t", "a.y TRANSFORMATION, b.w TRANSFORMATION");
    assertThat(of("SELECT DISTINCT y FROM a EXCEPT SELECT w FROM b ORDER BY 1 LIMIT 3", "y"))
        .containsEntry("y", "a.y IDENTITY")
        .containsEntry("rows", "a.y FILTER, a.y GROUP_BY, a.y SORT, b.w FILTER");
  }

  @Test
  void whatCannotBeUnderstoodIsSaid() {
    Model model =
        new Model(
            List.of(),
            List.of(),
            List.of(mart("q", "SELECT missing FROM nowhere", "missing string")),
            List.of(),
            List.of());
    assertThat(ModelLineage.of(model, "binary", TestLake.session()).problems().get("mart.q"))
        .contains("nowhere");
  }
}
