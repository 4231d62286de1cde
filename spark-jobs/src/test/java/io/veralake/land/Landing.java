package io.veralake.land;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.Engine;
import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Secret;
import io.veralake.spec.ValueOrigin;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Contexts and models for landing tests. */
final class Landing {
  private Landing() {}

  static RunContext context(Lake lake, Path input, String runId) {
    Engine engine =
        new Engine(
            "test",
            input,
            input.toString(),
            new Engine.Catalog(
                lake.catalog(),
                Engine.CatalogType.JDBC,
                "",
                "",
                Secret.NONE,
                "",
                Engine.FileAccess.HADOOP,
                Map.of()),
            new Engine.S3("", "", true, Secret.NONE, Secret.NONE),
            new Engine.ClickHouseServer("", "", Secret.NONE, ""),
            Map.of(),
            "MD5",
            new Engine.Publish(Engine.WritePath.PUSH, "", 1, List.of()),
            input);
    return new RunContext(
        runId,
        Instant.parse("2026-03-02T00:00:00Z"),
        lake,
        engine,
        new Model(List.of(), List.of(), List.of(), List.of(), List.of()));
  }

  static LandTable debezium(String name, String path) {
    return new LandTable(
        name,
        LandTable.Format.DEBEZIUM_JSON,
        path,
        "shop",
        ValueOrigin.constant("shop"),
        List.of(),
        List.of(),
        List.of(),
        ValueOrigin.SOURCE,
        ValueOrigin.RUN,
        CsvDialect.DEFAULT);
  }

  static LandTable documents(String name, String path) {
    return new LandTable(
        name,
        LandTable.Format.JSON_LINES,
        path,
        "documents",
        ValueOrigin.constant("documents"),
        List.of(),
        List.of(),
        List.of(),
        ValueOrigin.SOURCE,
        ValueOrigin.RUN,
        CsvDialect.DEFAULT);
  }

  static LandTable csv(String name, String path, List<Column> columns, String orderBy) {
    return new LandTable(
        name,
        LandTable.Format.CSV,
        path,
        "erp",
        ValueOrigin.constant("erp"),
        List.of(),
        columns,
        orderBy.isEmpty() ? List.of() : List.of(orderBy),
        orderBy.isEmpty() ? ValueOrigin.SOURCE : ValueOrigin.column(orderBy),
        ValueOrigin.RUN,
        CsvDialect.DEFAULT);
  }
}
