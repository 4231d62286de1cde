package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;

import io.veralake.fixture.Lakes;
import io.veralake.lake.Lake;
import io.veralake.spec.Hub;
import io.veralake.spec.Satellite;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/**
 * Prints what loading a satellite takes when one of a hundred keys has changed, and what the SQL of
 * the usual Data Vault package takes for it: {@code SatelliteBenchmark <keys> [times]}.
 *
 * <p>The package's SQL (AutomateDV's {@code sat}): rank the versions of the keys that are in the
 * staging, keep the latest, and insert the staged rows whose hashdiff is another one. Unlike
 * Veralake's load it is right only if rows arrive in order.
 */
final class SatelliteBenchmark {
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final Satellite PROFILE =
      new Satellite(
          "sat_profile",
          CUSTOMER,
          List.of(column("name", "string"), column("n", "int")),
          List.of(),
          List.of(source("users")));

  private static final String STAGED =
      """
      SELECT unhex(md5(upper(trim(CAST(after.id AS string))))) AS hk,
        unhex(md5(concat_ws('||', CAST(after.n AS string), after.name))) AS hashdiff,
        after.name, after.n, _commit_time AS applied_time, TIMESTAMP '%s' AS load_time, _record_source AS record_source
      FROM %s WHERE _batch = '%s'
      """;
  private static final String INSERT =
      """
      INSERT INTO %2$s
      WITH source_data AS (SELECT * FROM %1$s WHERE hk IS NOT NULL),
      latest_records AS (
        SELECT hk, hashdiff FROM (
          SELECT s.hk, s.hashdiff, rank() OVER (PARTITION BY s.hk ORDER BY s.load_time DESC) AS place
          FROM %2$s s JOIN (SELECT DISTINCT hk FROM source_data) k ON s.hk = k.hk) WHERE place = 1),
      first_record_in_set AS (
        SELECT * EXCEPT (place) FROM (
          SELECT *, rank() OVER (PARTITION BY hk ORDER BY applied_time) AS place FROM source_data) WHERE place = 1),
      unique_source_records AS (
        SELECT DISTINCT * EXCEPT (earlier) FROM (
          SELECT *, lag(hashdiff) OVER (PARTITION BY hk ORDER BY applied_time) AS earlier FROM source_data)
        WHERE hashdiff != earlier),
      records_to_insert AS (
        SELECT f.* FROM first_record_in_set f LEFT ANTI JOIN latest_records l ON l.hk = f.hk AND l.hashdiff = f.hashdiff
        UNION SELECT * FROM unique_source_records)
      SELECT * FROM records_to_insert
      """;

  private SatelliteBenchmark() {}

  public static void main(String[] arguments) throws NoSuchTableException {
    long keys = Long.parseLong(arguments[0]);
    int times = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    SparkSession spark = Lakes.sessionAsInstalled();
    spark.conf().set("spark.sql.shuffle.partitions", "4");
    Lake lake = Lakes.fresh(spark);
    VaultFixture vault =
        new VaultFixture(lake, "id bigint, name string, n int")
            .raw("shop", "users")
            .vault(CUSTOMER, PROFILE);
    land(lake, keys, 1, 0);
    vault.load();
    String peer = lake.sqlName("vault.peer");
    spark.sql("CREATE TABLE " + peer + " USING iceberg AS " + staged(lake, 0));
    for (int i = 1; i <= times; i++) {
      land(lake, keys, 100, i);
      VaultStep.run(vault.context(), CUSTOMER);
      long began = System.nanoTime();
      Loaded loaded = VaultStep.run(vault.context(), PROFILE);
      double ours = (System.nanoTime() - began) / 1e9;
      began = System.nanoTime();
      spark.sql("CREATE OR REPLACE TEMPORARY VIEW staged AS " + staged(lake, i));
      spark.sql(INSERT.formatted("staged", peer));
      double theirs = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "vault %,d keys, %,d changed: veralake %.2f s, latest-record SQL %.2f s, ratio %.1f; rows equal: %s%n",
          keys,
          loaded.read(),
          ours,
          theirs,
          theirs / ours,
          sum(lake, "vault.sat_profile").equals(sum(lake, "vault.peer")));
    }
    spark.stop();
  }

  /** Version {@code round} of one of {@code step} keys; each tenth of them has not changed. */
  private static void land(Lake lake, long keys, int step, int round) throws NoSuchTableException {
    String change = round == 0 ? "0" : "if(id DIV %d %% 10 = 0, 0, %d)".formatted(step, round);
    lake.spark()
        .range(0, keys, step, 4)
        .selectExpr(
            "'%s' AS _op".formatted(round == 0 ? "c" : "u"),
            "CAST(null AS struct<id: bigint, name: string, n: int>) AS before",
            "struct(id, concat('customer ', id, ' version ', %1$s) AS name, CAST(%1$s AS int) AS n) AS after"
                .formatted(change),
            "CAST(null AS array<string>) AS _unavailable",
            "struct(%dL + id AS major, 0L AS minor, 0L AS row) AS _position"
                .formatted(round * keys),
            "timestamp_seconds(%dL + id) AS _commit_time".formatted(1_700_000_000L + round * keys),
            "'shop' AS _record_source",
            "CAST(null AS timestamp) AS _load_time",
            "'file' AS _source_file",
            "id AS _source_row",
            "'%d' AS _batch".formatted(round))
        .writeTo(lake.sqlName("raw.users"))
        .append();
  }

  private static String staged(Lake lake, int round) {
    return STAGED.formatted(
        "2026-03-02 00:00:0" + round, lake.sqlName("raw.users"), Integer.toString(round));
  }

  private static Row sum(Lake lake, String table) {
    return lake.rows(table)
        .selectExpr("CAST(xxhash64(name, n, applied_time) AS decimal(38, 0)) AS h")
        .selectExpr("count(*)", "sum(h)")
        .head();
  }
}
