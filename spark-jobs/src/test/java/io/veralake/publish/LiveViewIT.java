package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.GateException;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import io.veralake.spec.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LiveViewIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final String LIVE = "SELECT id, region, amount FROM %s.fact_live ORDER BY id";
  private static final Instant FIRST_NIGHT = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant SECOND_NIGHT = Instant.parse("2026-03-03T00:00:00Z");

  @Test
  void correctedUpToTheWatermarkAndTheStreamAfterIt() {
    SmallStar star = new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), "live_star").create();
    Reconciliation sales = this.declare(star);
    star.execute("CREATE DATABASE live_star_rt");
    star.execute(
        "CREATE TABLE live_star_rt.sold (key Int64, ingest UInt64, day Date, money Decimal(14, 2), deleted Bool, commit_time DateTime64(6, 'UTC'))"
            + " ENGINE = ReplacingMergeTree(commit_time) ORDER BY (key, ingest)");
    star.sql(
        "CREATE TABLE %s.recon.summary (run_id string, as_of timestamp, reconciliation string, watermark timestamp) USING iceberg");
    star.execute(
        "INSERT INTO live_star_rt.sold VALUES"
            + " (1, 1, '2026-03-01', 99, false, '2026-03-01 10:00:00'),"
            + " (2, 1, '2026-03-01', 21, false, '2026-03-01 23:30:00'),"
            + " (3, 1, '2026-03-01', 30, false, '2026-03-01 23:40:00'),"
            + " (3, 2, '2026-03-01', 31, false, '2026-03-01 23:41:00'),"
            + " (4, 1, '2026-03-01', 0, true, '2026-03-01 23:50:00'),"
            + " (5, 1, '2026-03-01', 5, true, '2026-03-01 22:50:00')");
    star.fact(
        "(1, '2026-03-01', 'a', 10), (2, '2026-03-01', 'b', 20), (4, '2026-03-01', 'd', 40), (5, '2026-03-01', 'e', 50)");
    star.region("('a', 'A')");

    star.requireReconciled(sales);
    assertThatThrownBy(() -> PublishStep.run(star.context(FIRST_NIGHT), star.name))
        .isInstanceOf(GateException.class)
        .hasMessage(
            "Stopped before publishing star live_star: sales is not reconciled as of 2026-03-02T00:00:00Z (run veralake reconcile"
                + " with the same --as-of first, or take the star out of engine.publish.require-reconciled)");
    star.sql(
        "INSERT INTO %s.recon.summary VALUES ('r', TIMESTAMP'2026-03-02 00:00:00Z', 'sales', TIMESTAMP'2026-03-01 23:00:00Z')");
    PublishStep.run(star.context(FIRST_NIGHT), star.name);
    // 1: stream is older than the watermark; 2: overridden; 3: new, twice in the stream; 4: gone
    // after the watermark; 5: gone before it, which the batch disproved
    List<String> first = List.of("1|a|10", "2|stream|21", "3|stream|31", "5|e|50");
    assertThat(star.query(LIVE)).isEqualTo(first);
    assertThat(star.query("SELECT id FROM %s.fact ORDER BY id"))
        .containsExactly("1", "2", "4", "5");

    // the next night knows all of it, and only the watermark of the dimension's part stays
    star.fact(
        "(1, '2026-03-01', 'a', 10), (2, '2026-03-01', 'b', 22), (3, '2026-03-01', 'c', 31), (5, '2026-03-01', 'e', 50)");
    star.sql(
        "INSERT INTO %s.recon.summary VALUES ('r', TIMESTAMP'2026-03-03 00:00:00Z', 'sales', TIMESTAMP'2026-03-02 23:00:00Z')");
    PublishStep.run(star.context(SECOND_NIGHT), star.name);
    assertThat(star.query(LIVE)).containsExactly("1|a|10", "2|b|22", "3|c|31", "5|e|50");
    UndoStep.run(star.context(SECOND_NIGHT), star.name);
    assertThat(star.query(LIVE)).isEqualTo(first);
  }

  /** Rows of the stream find the version of their dimension that held at their time. */
  @Test
  void theStreamsRowsFindTheirVersionsOfDimensions() {
    SmallStar star = new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), "live_keys");
    star.sql(
        "CREATE TABLE %s.mart.fact (id bigint, at timestamp, member bigint, member_key bigint) USING iceberg");
    star.sql(
        "CREATE TABLE %s.mart.dim_member (member_key bigint, member bigint, plan string, effective_from timestamp, effective_to timestamp) USING iceberg");
    star.sql(
        "CREATE TABLE %s.recon.summary (run_id string, as_of timestamp, reconciliation string, watermark timestamp) USING iceberg");
    star.execute("CREATE DATABASE live_keys_rt");
    star.execute(
        "CREATE TABLE live_keys_rt.sold (id Int64, at Nullable(DateTime64(3, 'UTC')), member Nullable(Int64), commit_time DateTime64(6, 'UTC')) ENGINE = MergeTree ORDER BY id");
    star.sql(
        "INSERT INTO %s.mart.dim_member VALUES"
            + " (71, 7, 'free', TIMESTAMP'1970-01-01 00:00:00Z', TIMESTAMP'2026-03-02 06:00:00Z'),"
            + " (72, 7, 'paid', TIMESTAMP'2026-03-02 06:00:00Z', NULL),"
            + " (81, 8, 'free', TIMESTAMP'1970-01-01 00:00:00Z', TIMESTAMP'2026-03-02 06:00:00Z'),"
            + " (-1, NULL, 'unknown', NULL, NULL)");
    star.sql("INSERT INTO %s.mart.fact VALUES (1, TIMESTAMP'2026-03-01 10:00:00Z', 7, 71)");
    star.sql(
        "INSERT INTO %s.recon.summary VALUES ('r', TIMESTAMP'2026-03-02 00:00:00Z', 'sales', TIMESTAMP'2026-03-02 00:00:00Z')");
    star.execute(
        "INSERT INTO live_keys_rt.sold VALUES"
            + " (1, '2026-03-01 10:00:00', 7, '2026-03-01 10:00:00'),"
            + " (2, '2026-03-02 05:59:59.999', 7, '2026-03-02 10:00:00'),"
            + " (3, '2026-03-02 06:00:00', 7, '2026-03-02 10:00:00'),"
            + " (4, '2026-03-02 05:00:00', 8, '2026-03-02 10:00:00'),"
            + " (5, '2026-03-02 07:00:00', 8, '2026-03-02 10:00:00'),"
            + " (6, '2026-03-02 07:00:00', 9, '2026-03-02 10:00:00'),"
            + " (7, NULL, 7, '2026-03-02 10:00:00'),"
            + " (8, '2026-03-02 07:00:00', NULL, '2026-03-02 10:00:00')");
    this.declareKeys(star);
    PublishStep.run(star.context(FIRST_NIGHT), star.name);
    List<String> expected = List.of("1|71", "2|71", "3|72", "4|81", "5|-1", "6|-1", "7|-1", "8|-1");
    for (String nulls : List.of("0", "1")) {
      assertThat(
              star.query(
                  "SELECT id, member_key FROM %s.fact_live ORDER BY id SETTINGS join_use_nulls = "
                      + nulls))
          .isEqualTo(expected);
    }
    assertThat(
            star.query(
                "SELECT plan, count() FROM %s.fact_live AS f JOIN %s.dim_member AS d USING (member_key) GROUP BY plan ORDER BY plan"))
        .containsExactly("free|3", "paid|1", "unknown|4");
  }

  private void declareKeys(SmallStar star) {
    Mart dimension =
        TestModel.mart(
            "dim_member",
            TestModel.columns(
                "member_key bigint",
                "member bigint",
                "plan string",
                "effective_from timestamp",
                "effective_to timestamp"),
            List.of("member_key"));
    Mart plain =
        TestModel.mart(
            "fact",
            TestModel.columns("id bigint", "at timestamp", "member bigint", "member_key bigint"),
            List.of("id"));
    Mart fact =
        new Mart(
            plain.name(),
            plain.kind(),
            plain.sql(),
            plain.columns(),
            plain.grain(),
            plain.partitionBy(),
            plain.reads(),
            new Mart.Refresh(
                List.of("id"),
                Map.of(),
                Map.of("dim_member", new Mart.Lookup(List.of("member"), "at"))),
            List.of());
    Reconciliation sales =
        new Reconciliation(
            "sales",
            fact,
            new Reconciliation.Stream(
                "live_keys_rt.sold",
                "SELECT * FROM live_keys_rt.sold",
                "commit_time",
                "commit_time",
                Duration.ofSeconds(5)),
            List.of("id"),
            "at",
            List.of(),
            List.of(),
            "at",
            "",
            List.of("shop"));
    star.publications(
        star.publication("dim_member", dimension, List.of("member_key"), Map.of()),
        new Publication(
            "fact",
            star.name,
            fact,
            List.of("id"),
            Map.of(),
            new Publication.Live(
                sales, Map.of("member_key", "-1"), "", Map.of("member_key", "dim_member"))));
  }

  private Reconciliation declare(SmallStar star) {
    Mart fact =
        TestModel.mart(
            "fact",
            SmallStar.FACT,
            List.of("id"),
            new Mart.PartitionField(Mart.PartitionField.Transform.MONTH, "day"));
    Reconciliation sales =
        new Reconciliation(
            "sales",
            fact,
            new Reconciliation.Stream(
                "live_star_rt.sold",
                "SELECT key AS id, day, money AS amount, commit_time FROM live_star_rt.sold FINAL WHERE NOT deleted",
                "commit_time",
                "commit_time",
                Duration.ofSeconds(5)),
            List.of("id"),
            "day",
            List.of(),
            List.of(),
            "day",
            "",
            List.of("shop"));
    star.publications(
        new Publication(
            "fact",
            star.name,
            fact,
            List.of("day", "id"),
            Map.of(),
            new Publication.Live(
                sales,
                Map.of("region", "'stream'"),
                "SELECT key AS id, commit_time FROM live_star_rt.sold FINAL WHERE deleted")));
    return sales;
  }
}
