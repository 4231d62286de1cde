package io.veralake.vault;

import io.veralake.lake.Lake;

/**
 * A hub and a satellite loaded as the usual Data Vault package does it, AutomateDV 0.11: its
 * statements for {@code hub} and {@code sat}, written by hand in Spark's SQL from its documented
 * pattern, over a staging view that hashes. A hub takes the first row of each key that an anti join
 * doesn't find; a satellite compares each key's first staged row with the latest stored one. Right
 * only if rows arrive in order and once.
 */
final class PeerVault {
  private static final String STAGED =
      """
      CREATE OR REPLACE TEMPORARY VIEW staged AS
      SELECT unhex(md5(upper(trim(CAST(after.id AS string))))) AS hk, after.id,
        unhex(md5(concat_ws('||',
          coalesce(nullif(upper(trim(CAST(after.balance AS string))), ''), '^^'),
          coalesce(nullif(upper(trim(CAST(after.birthday AS string))), ''), '^^'),
          coalesce(nullif(upper(trim(after.city)), ''), '^^'),
          coalesce(nullif(upper(trim(after.email)), ''), '^^'),
          coalesce(nullif(upper(trim(after.name)), ''), '^^')))) AS hashdiff,
        after.name, after.email, after.city, after.birthday, after.balance,
        _commit_time AS applied_time, TIMESTAMP '%s' AS load_time, _record_source AS record_source
      FROM %s WHERE _batch = '%s'
      """;
  private static final String HUB =
      """
      INSERT INTO %1$s
      WITH row_rank_1 AS (
        SELECT * FROM (
          SELECT hk, id, load_time, record_source, row_number() OVER (PARTITION BY hk ORDER BY load_time) AS place
          FROM staged WHERE hk IS NOT NULL) WHERE place = 1)
      SELECT a.hk, a.id, a.load_time, a.record_source FROM row_rank_1 a LEFT JOIN %1$s d ON a.hk = d.hk WHERE d.hk IS NULL
      """;
  private static final String SATELLITE =
      """
      INSERT INTO %1$s
      WITH source_data AS (
        SELECT hk, hashdiff, name, email, city, birthday, balance, applied_time, load_time, record_source
        FROM staged WHERE hk IS NOT NULL),
      latest_records AS (
        SELECT hk, hashdiff FROM (
          SELECT s.hk, s.hashdiff, rank() OVER (PARTITION BY s.hk ORDER BY s.load_time DESC, s.applied_time DESC) AS place
          FROM %1$s s JOIN (SELECT DISTINCT hk FROM source_data) k ON s.hk = k.hk) WHERE place = 1),
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

  static final String HUB_TABLE = "vault.peer_hub";
  static final String SATELLITE_TABLE = "vault.peer_sat";

  private final Lake lake;

  PeerVault(Lake lake) {
    this.lake = lake;
    String key =
        "CREATE TABLE %s (hk binary, %s, load_time timestamp, record_source string) USING iceberg";
    lake.spark().sql(key.formatted(lake.sqlName(HUB_TABLE), "id bigint"));
    lake.spark()
        .sql(
            "CREATE TABLE %s (hk binary, hashdiff binary, %s, applied_time timestamp, load_time timestamp, record_source string) USING iceberg"
                .formatted(lake.sqlName(SATELLITE_TABLE), VaultBenchmark.PAYLOAD));
  }

  /** Loads the batch that was landed as number {@code round}. */
  void load(int round) {
    this.lake
        .spark()
        .sql(
            STAGED.formatted(
                "2026-03-02 00:%02d:00".formatted(round),
                this.lake.sqlName("raw.users"),
                Integer.toString(round)));
    this.lake.spark().sql(HUB.formatted(this.lake.sqlName(HUB_TABLE)));
    this.lake.spark().sql(SATELLITE.formatted(this.lake.sqlName(SATELLITE_TABLE)));
  }
}
