package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestModel;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.Engine;
import io.veralake.spec.Limits;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Publication;
import io.veralake.spec.Reconciliation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** A star of a fact, partitioned by month, and a dimension, in a lake and on a server. */
final class SmallStar {
  static final List<Column> FACT =
      TestModel.columns("id bigint", "day date", "region string", "amount decimal(14,2)");
  static final List<Column> DIMENSION = TestModel.columns("region string", "name string");
  private static final AtomicInteger RUNS = new AtomicInteger();

  final Lake lake;
  final Engine.ClickHouseServer server;
  final String name;
  private List<Publication> publications;
  private List<Reconciliation> reconciliations = List.of();
  private List<String> requireReconciled = List.of();
  private int keep = 1;
  private Engine.WritePath path = Engine.WritePath.PUSH;
  private String connector = "";
  private Engine.S3 s3 = TestEngine.NO_STORE;

  SmallStar(Lake lake, Engine.ClickHouseServer server, String name) {
    this.lake = lake;
    this.server = server;
    this.name = name;
    this.publications =
        List.of(
            this.publication(
                "fact",
                TestModel.mart(
                    "fact",
                    FACT,
                    List.of("id"),
                    new Mart.PartitionField(Mart.PartitionField.Transform.MONTH, "day")),
                List.of("day", "id"),
                Map.of("region", "LowCardinality(Nullable(String))")),
            this.publication(
                "region",
                TestModel.mart("region", DIMENSION, List.of("region")),
                List.of("region"),
                Map.of()));
  }

  Publication publication(
      String table, Mart mart, List<String> orderBy, Map<String, String> types) {
    return new Publication(table, this.name, mart, orderBy, types, null);
  }

  /** Creates the two marts, empty. */
  SmallStar create() {
    this.sql(
        "CREATE TABLE %s.mart.fact (id bigint, day date, region string, amount decimal(14,2)) USING iceberg PARTITIONED BY (month(day))");
    this.sql("CREATE TABLE %s.mart.region (region string, name string) USING iceberg");
    return this;
  }

  /** Runs Spark SQL with {@code %s} for the catalog. */
  void sql(String text) {
    this.lake.spark().sql(text.replace("%s", this.lake.catalog()));
  }

  /** Overwrites the partitions that {@code values} touch. */
  void fact(String values) {
    Dataset<Row> rows =
        this.lake
            .spark()
            .sql(
                "SELECT id, cast(day AS date) day, region, cast(amount AS decimal(14,2)) amount FROM VALUES "
                    + values
                    + " AS v(id, day, region, amount)")
            .selectExpr("cast(id as bigint) id", "day", "region", "amount");
    try {
      rows.writeTo(this.lake.sqlName("mart.fact")).overwritePartitions();
    } catch (org.apache.spark.sql.catalyst.analysis.NoSuchTableException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Replaces the dimension. */
  void region(String values) {
    this.sql("INSERT OVERWRITE %s.mart.region SELECT * FROM VALUES " + values);
  }

  SmallStar publications(Publication... declared) {
    this.publications = List.of(declared);
    return this;
  }

  /** The fact's amount is a measure. */
  SmallStar measured() {
    return this.limited(Limits.NONE);
  }

  /** The fact's amount is a measure, and the fact may change so much. */
  SmallStar limited(Limits limits) {
    this.publications =
        this.publications.stream()
            .map(
                each ->
                    each.name().equals("fact")
                        ? new Publication(
                            each.name(),
                            each.star(),
                            each.mart(),
                            each.orderBy(),
                            each.types(),
                            each.live(),
                            List.of("amount"),
                            limits)
                        : each)
            .toList();
    return this;
  }

  SmallStar requireReconciled(Reconciliation reconciliation) {
    this.reconciliations = List.of(reconciliation);
    this.requireReconciled = List.of(this.name);
    return this;
  }

  SmallStar keep(int generations) {
    this.keep = generations;
    return this;
  }

  SmallStar path(Engine.WritePath way) {
    this.path = way;
    return this;
  }

  SmallStar connector(String catalog) {
    this.path = Engine.WritePath.CONNECTOR;
    this.connector = catalog;
    return this;
  }

  SmallStar s3(Engine.S3 store) {
    this.s3 = store;
    return this;
  }

  RunContext context() {
    return this.context(Instant.parse("2026-03-02T00:00:00Z"));
  }

  RunContext context(Instant asOf) {
    Engine engine =
        TestEngine.of(
            this.lake,
            this.server,
            this.s3,
            new Engine.Publish(this.path, this.connector, this.keep, this.requireReconciled),
            Path.of("."));
    Model model =
        new Model(List.of(), List.of(), List.of(), this.reconciliations, this.publications);
    return new RunContext("run-" + RUNS.incrementAndGet(), asOf, this.lake, engine, model);
  }

  Published publish() {
    return PublishStep.run(this.context(), this.name);
  }

  /** Rows of a query, a line each, with {@code %s} for the star's database. */
  List<String> query(String text) {
    try (ClickHouse clickHouse = ClickHouse.connect(this.server)) {
      return clickHouse.rows(text.replace("%s", this.name)).stream()
          .map(row -> String.join("|", row.stream().map(SmallStar::shown).toList()))
          .toList();
    }
  }

  private static String shown(@Nullable String value) {
    return Objects.requireNonNullElse(value, "NULL");
  }

  void execute(String text) {
    try (ClickHouse clickHouse = ClickHouse.connect(this.server)) {
      clickHouse.execute(text.replace("%s", this.name));
    }
  }
}
