package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.Engine;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import io.veralake.spec.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class WritePathIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static final List<Column> COLUMNS =
      TestModel.columns(
          "id int",
          "part string",
          "yes boolean",
          "large bigint",
          "single float",
          "real double",
          "small decimal(4,2)",
          "money decimal(12,2)",
          "whole decimal(18,0)",
          "huge decimal(38,18)",
          "word string",
          "raw binary",
          "day date",
          "at timestamp");

  private static final String ROWS =
      """
      (1, 'a''\\\\{b}', true, 9223372036854775807, float('1.1'), double('NaN'), -99.99, -0.01, -999999999999999999,
        '-12345678901234567890.123456789012345678', 'Zoë 漢字 😀', X'00FF', date'1900-01-01', timestamp'1969-12-31 23:59:59.999999Z'),
      (2, '', false, -9223372036854775807 - 1, float('-0.0'), double('-0.0'), 0, 9999999999.99, 0,
        '0.000000000000000001', '', X'', date'2299-12-31', timestamp'1900-01-01 00:00:00Z'),
      (3, 'Ünï', null, null, null, null, null, null, null, null, null, null, null, null),
      (4, 'a''\\\\{b}', true, 0, float('Infinity'), double('-Infinity'), 0.01, 0.1, 1,
        '99999999999999999999.999999999999999999', 'a\\tb\\n\\\\N', X'0A5C', date'1969-12-31', timestamp'2026-03-01 12:34:56.000001Z')
      """;

  private static final List<String> SHOWN =
      List.of(
          "1|a'\\{b}|true|9223372036854775807|1.1|nan|-99.99|-0.01|-999999999999999999|-12345678901234567890.123456789012345678"
              + "|Zoë 漢字 😀|00FF|1900-01-01|1969-12-31 23:59:59.999999",
          "2||false|-9223372036854775808|-0|-0|0|9999999999.99|0|0.000000000000000001|||2299-12-31|1900-01-01 00:00:00.000000",
          "3|Ünï|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
          "4|a'\\{b}|true|0|inf|-inf|0.01|0.1|1|99999999999999999999.999999999999999999|a\tb\n\\N|0A5C|1969-12-31|2026-03-01 12:34:56.000001");

  private static final String ALL =
      "SELECT id, part, yes, large, single, real, small, money, whole, huge, word, hex(raw), day, at FROM %s.edge ORDER BY id";

  private static final Set<Integer> ATTEMPTS = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void edgeRows() {
    Lake lake = LAKE.lake();
    String columns =
        String.join(
            ", ", COLUMNS.stream().map(column -> column.name() + " " + column.type()).toList());
    String typed =
        String.join(
            ", ",
            COLUMNS.stream()
                .map(
                    column ->
                        "cast(" + column.name() + " as " + column.type() + ") " + column.name())
                .toList());
    String names = String.join(", ", COLUMNS.stream().map(Column::name).toList());
    lake.spark()
        .sql(
            "CREATE TABLE "
                + lake.sqlName("mart.edge")
                + " ("
                + columns
                + ") USING iceberg PARTITIONED BY (part)");
    lake.spark()
        .sql(
            "INSERT INTO "
                + lake.sqlName("mart.edge")
                + " SELECT "
                + typed
                + " FROM VALUES "
                + ROWS
                + " AS v("
                + names
                + ")");
    lake.spark()
        .sql(
            "CREATE TABLE "
                + lake.sqlName("mart.many")
                + " (id bigint, word string) USING iceberg");
    lake.spark()
        .sql(
            "INSERT INTO "
                + lake.sqlName("mart.many")
                + " SELECT id, cast(id as string) FROM range(0, 20000, 1, 2)");
  }

  private static SmallStar edge(String name, Map<String, String> types) {
    SmallStar star = new SmallStar(LAKE.lake(), CLICKHOUSE.server(), name);
    Mart mart =
        TestModel.mart(
            "edge",
            COLUMNS,
            List.of("id"),
            new Mart.PartitionField(Mart.PartitionField.Transform.IDENTITY, "part"));
    return star.publications(new Publication("edge", name, mart, List.of("id"), types, null));
  }

  private static SmallStar many(String name) {
    Mart mart =
        TestModel.mart("many", TestModel.columns("id bigint", "word string"), List.of("id"));
    SmallStar star = new SmallStar(LAKE.lake(), CLICKHOUSE.server(), name);
    return star.publications(new Publication("many", name, mart, List.of("id"), Map.of(), null));
  }

  @Test
  void everyTypeIsEqualThroughPush() {
    SmallStar star = edge("w_push", Map.of("word", "LowCardinality(Nullable(String))"));
    assertThat(star.publish().rows()).isEqualTo(4);
    assertThat(star.query(ALL)).containsExactlyElementsOf(SHOWN);
  }

  @Test
  void everyTypeIsEqualThroughPull() {
    SmallStar star =
        edge("w_pull", Map.of("word", "LowCardinality(Nullable(String))"))
            .path(Engine.WritePath.PULL);
    assertThat(star.publish().rows()).isEqualTo(4);
    assertThat(star.query(ALL)).containsExactlyElementsOf(SHOWN);
  }

  @Test
  void everyTypeIsEqualThroughACatalogOfSpark() {
    LAKE.lake().spark().conf().set("spark.sql.catalog.standin", StandInCatalog.class.getName());
    LAKE.lake().spark().conf().set("spark.sql.catalog.standin.url", CLICKHOUSE.url());
    // what Spark knows as binary is ClickHouse's String: a connector takes it as it is, the
    // stand-in as well
    SmallStar star = edge("w_connector", Map.of()).connector("standin");
    assertThat(star.publish().rows()).isEqualTo(4);
    assertThat(star.query(ALL)).containsExactlyElementsOf(SHOWN);
  }

  @Test
  void missingCatalogAndMissingClassAreSaid() {
    assertThatThrownBy(() -> many("w_missing").connector("nowhere").publish())
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing Spark catalog for write-path = connector: nowhere (set engine.publish.connector-catalog = nowhere,"
                + " spark.sql.catalog.nowhere = com.clickhouse.spark.ClickHouseCatalog, spark.sql.catalog.nowhere.host, .http_port,"
                + " .user, .password, and add --packages com.clickhouse.spark:clickhouse-spark-runtime-<spark>_2.13:<version>, or use"
                + " engine.publish.write-path = push)");
    LAKE.lake()
        .spark()
        .conf()
        .set("spark.sql.catalog.absent", "com.clickhouse.spark.ClickHouseCatalog");
    assertThatThrownBy(() -> many("w_missing").connector("absent").publish())
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing class of the Spark catalog absent: com.clickhouse.spark.ClickHouseCatalog (add --packages"
                + " com.clickhouse.spark:clickhouse-spark-runtime-<spark>_2.13:<version>, or use engine.publish.write-path = push)");
  }

  @Test
  void declaredTypesAreConvertedByPushAndPull() {
    Map<String, String> types =
        Map.of(
            "id",
            "UInt16",
            "money",
            "Nullable(Decimal(38, 2))",
            "at",
            "Nullable(DateTime64(9, 'UTC'))",
            "whole",
            "Nullable(Int64)");
    SmallStar star = edge("w_types", types);
    assertThat(star.publish().rows()).isEqualTo(4);
    assertThat(star.query("SELECT id, toTypeName(id), money, whole FROM %s.edge WHERE id = 2"))
        .containsExactly("2|UInt16|9999999999.99|0");
  }

  @Test
  void typeThatLosesDigitsIsNoticed() {
    assertThatThrownBy(
            () -> edge("w_lossy", Map.of("at", "Nullable(DateTime64(3, 'UTC'))")).publish())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("partitions differ; nothing was published");
  }

  @Test
  void repeatedTasksDoNotDouble() {
    SmallStar star = many("w_retry");
    WritePath failing =
        load ->
            new PushPath(
                    CLICKHOUSE.server(),
                    task -> {
                      if (TaskContext.get().attemptNumber() == 0 && ATTEMPTS.add(task)) {
                        throw new java.io.IOException("injected after the insert");
                      }
                    })
                .write(load);
    // local mode has no task retries: the whole job is repeated, as Spark repeats a task
    assertThatThrownBy(() -> PublishStep.run(star.context(), star.name, null, failing, move -> {}))
        .hasMessageContaining("injected after the insert");
    WritePath twice =
        load -> {
          assertThatThrownBy(() -> failing.write(load)).hasMessageContaining("injected");
          new PushPath(CLICKHOUSE.server()).write(load);
        };
    ATTEMPTS.clear();
    assertThat(PublishStep.run(star.context(), star.name, null, twice, move -> {}).rows())
        .isEqualTo(20_000);
    assertThat(star.query("SELECT count(), uniqExact(id) FROM %s.many"))
        .containsExactly("20000|20000");
  }

  @Test
  void storeThatTheServerCannotReachIsSaidWithoutSecrets() {
    Lake lake = LAKE.lake();
    Engine.S3 store =
        new Engine.S3(
            "http://127.0.0.1:1",
            "us-east-1",
            true,
            new Secret("key-id-77"),
            new Secret("very-secret-77"));
    SmallStar star = many("w_unreachable").path(Engine.WritePath.PULL).s3(store);
    assertThat(star.publish().rows()).isEqualTo(20_000);

    Engine.ClickHouseServer nobody =
        new Engine.ClickHouseServer("http://127.0.0.1:1", "default", new Secret("pw-77"), "");
    assertThatThrownBy(() -> new SmallStar(lake, nobody, "w_nobody").publish())
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot reach ClickHouse at http://127.0.0.1:1: .*\\(start the server, or set engine.clickhouse.url to its HTTP interface\\)");
    Engine.ClickHouseServer wrong =
        new Engine.ClickHouseServer(CLICKHOUSE.url(), "default", new Secret("pw-77"), "");
    assertThatThrownBy(() -> new SmallStar(lake, wrong, "w_nobody").publish())
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Failed at ClickHouse " + CLICKHOUSE.url() + " as user default: ")
        .hasMessageContaining(
            "(wrong user or password: set engine.clickhouse.user and engine.clickhouse.password)")
        .hasMessageNotContaining("pw-77");
  }
}
