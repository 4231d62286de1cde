package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestMinio;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.spec.Engine;
import io.veralake.spec.Secret;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PullFromStoreIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();
  @RegisterExtension static final TestMinio MINIO = new TestMinio();

  @Test
  void clickHouseReadsTheStoreItselfAndSecretsStayHidden() {
    SmallStar star = new SmallStar(lake(), CLICKHOUSE.server(), "pull_store").create();
    star.path(Engine.WritePath.PULL).s3(MINIO.s3());
    star.fact("(1, '2026-01-05', 'north', 10.50), (2, '2026-02-06', null, 0.25)");
    star.region("('north', 'North')");

    assertThat(star.publish().rows()).isEqualTo(3);
    assertThat(star.query("SELECT id, day, region, amount FROM %s.fact ORDER BY id"))
        .containsExactly("1|2026-01-05|north|10.5", "2|2026-02-06|NULL|0.25");
    star.fact("(3, '2026-03-05', 'south', 1)");
    assertThat(star.publish()).isEqualTo(new Published("pull_store", 2, 1, 1, 1, true));
    star.execute("SYSTEM FLUSH LOGS");
    assertThat(
            star.query(
                "SELECT count() FROM system.query_log WHERE query LIKE '%"
                    + MINIO.secretKey().substring(0, 8)
                    + "%"
                    + MINIO.secretKey().substring(8)
                    + "%' AND query NOT LIKE '%query_log%'"))
        .containsExactly("0");

    star.fact("(4, '2026-03-05', 'south', 1)");
    star.s3(
        new Engine.S3(
            MINIO.endpoint(),
            "us-east-1",
            true,
            new Secret("test-access-key"),
            new Secret("not-the-secret")));
    assertThatThrownBy(star::publish)
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Failed to let ClickHouse read 1 files of mart.fact, such as s3://")
        .hasMessageEndingWith(
            "(let the server reach the warehouse, or use engine.publish.write-path = push)")
        .hasMessageNotContaining("not-the-secret");
    assertThat(star.query("SELECT count() FROM %s.fact")).containsExactly("3");
  }

  private static Lake lake() {
    SparkSession spark = TestLake.session();
    String key = "spark.sql.catalog.pullstore";
    spark.conf().set(key, "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set(key + ".type", "jdbc");
    spark
        .conf()
        .set(key + ".uri", "jdbc:sqlite:" + TestLake.newFolder("store").resolve("catalog.db"));
    spark.conf().set(key + ".jdbc.schema-version", "V1");
    spark.conf().set(key + ".warehouse", "s3://" + MINIO.bucket() + "/warehouse");
    spark.conf().set(key + ".io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
    spark.conf().set(key + ".s3.endpoint", MINIO.endpoint());
    spark.conf().set(key + ".s3.path-style-access", "true");
    spark.conf().set(key + ".s3.access-key-id", MINIO.accessKey());
    spark.conf().set(key + ".s3.secret-access-key", MINIO.secretKey());
    spark.conf().set(key + ".client.region", "us-east-1");
    spark.sql("CREATE NAMESPACE IF NOT EXISTS pullstore.mart");
    return new Lake(spark, "pullstore");
  }
}
