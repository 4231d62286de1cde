package io.veralake.mart;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.spec.Mart;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Counting the violations of many checks at once gives what each check's own query gives. */
final class ViolationCountsTest {
  private static final String THIS =
      """
      WITH this AS (
        SELECT * FROM VALUES (1, 'a', 10), (2, 'b', NULL), (3, 'GROUP BY', -1), (3, NULL, 7)
        AS t(id, name, amount))
      """;

  @Test
  void countsAreThoseOfEachQuery() {
    List<String> queries =
        List.of(
            "SELECT * FROM this WHERE amount < 0",
            "select *\nfrom THIS\nwhere amount IS NULL OR name IS NULL -- both",
            "SELECT * FROM this WHERE name = 'GROUP BY' AND id > 1",
            "SELECT * FROM this WHERE amount > 1000",
            "SELECT * FROM this WHERE id NOT IN (SELECT amount FROM this WHERE amount IS NOT NULL)",
            "SELECT * FROM this WHERE id > 0 LIMIT 2",
            "SELECT * FROM this WHERE amount > 0 UNION ALL VALUES (1, 'a', 1)",
            "SELECT id FROM this WHERE amount > 0",
            "SELECT id FROM this GROUP BY id HAVING count(*) > 1",
            "SELECT t.* FROM this AS t WHERE t.id = 3");
    SparkSession spark = TestLake.session();

    List<String> together =
        spark.sql(THIS + ViolationCounts.of(checks(queries))).orderBy("n").collectAsList().stream()
            .map(row -> row.mkString(": "))
            .toList();

    assertThat(together)
        .isEqualTo(
            Stream.iterate(0, n -> n < queries.size(), n -> n + 1)
                .map(
                    n ->
                        n
                            + ": "
                            + spark
                                .sql(THIS + "SELECT count(*) FROM (\n" + queries.get(n) + "\n)")
                                .first()
                                .getLong(0))
                .toList());
  }

  @Test
  void whatIsAskedOfRowsTakesOneScan() {
    String sql =
        ViolationCounts.of(
            checks(
                List.of(
                    "SELECT * FROM this WHERE a < 0",
                    "SELECT * FROM this WHERE b < 0 OR c = ';'",
                    "SELECT id FROM this GROUP BY id")));

    assertThat(sql.split("FROM this", -1)).as("two scans: %s", sql).hasSize(3);
  }

  @Test
  void anEmptyMartViolatesNothing() {
    List<Row> counts =
        TestLake.session()
            .sql(
                "WITH this AS (SELECT 1 AS a WHERE false) "
                    + ViolationCounts.of(checks(List.of("SELECT * FROM this WHERE a IS NULL"))))
            .collectAsList();

    assertThat(counts).map(row -> row.mkString(": ")).containsExactly("0: 0");
  }

  private static List<Mart.Check> checks(List<String> queries) {
    return queries.stream().map(sql -> new Mart.Check("check", Mart.Severity.STOP, sql)).toList();
  }
}
