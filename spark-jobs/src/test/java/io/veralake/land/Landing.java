package io.veralake.land;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestEngine;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.Column;
import io.veralake.spec.Connection;
import io.veralake.spec.ConnectorModes;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.Engine;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.LandTable.OnLoss;
import io.veralake.spec.Secret;
import io.veralake.spec.ValueOrigin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Contexts and models for landing tests. */
final class Landing {
  private Landing() {}

  static RunContext context(Lake lake, Path input, String runId) {
    return Models.context(lake, input, runId, Models.asOf(), Models.EMPTY);
  }

  static RunContext context(Lake lake, Path input, String runId, String kafka) {
    return new RunContext(
        runId, Models.asOf(), lake, TestEngine.of(lake, input, "MD5", kafka), Models.EMPTY);
  }

  /** With a server that dumps are read from. */
  static RunContext context(Lake lake, Path input, String runId, Connection connection) {
    return new RunContext(
        runId, Models.asOf(), lake, TestEngine.of(lake, input, connection), Models.EMPTY);
  }

  /** With a Kafka broker and a registry. */
  static RunContext context(Lake lake, Path input, String runId, String kafka, String registry) {
    Engine engine = TestEngine.of(lake, input, "MD5", kafka);
    Connection connection =
        new Connection("registry", registry, "", Secret.NONE, Map.of("X-Test", "1"));
    return new RunContext(
        runId,
        Models.asOf(),
        lake,
        TestEngine.with(engine, Map.of("registry", connection)),
        Models.EMPTY);
  }

  /** {@code table}, with schemas from the registry. */
  static LandTable registered(LandTable table, int digits) {
    return table.with(
        new ChangeEvents(new ChangeEvents.Registry("registry", "", digits), false, ""));
  }

  static LandTable topics(String name, LandSource.Topics topics) {
    return Models.source(name, LandTable.Format.DEBEZIUM_JSON, topics, "shop");
  }

  static LandTable debezium(String name, String path) {
    return Models.debezium(name, path, "shop");
  }

  static LandTable documents(String name, String path) {
    return Models.files(name, LandTable.Format.JSON_LINES, path, "documents");
  }

  static LandTable csv(String name, String path, List<Column> columns, String orderBy) {
    return new LandTable(
        name,
        LandTable.Format.CSV,
        new LandSource.Folder(path),
        "erp",
        ValueOrigin.constant("erp"),
        List.of(),
        columns,
        orderBy.isEmpty() ? List.of() : List.of(orderBy),
        orderBy.isEmpty() ? ValueOrigin.SOURCE : ValueOrigin.column(orderBy),
        ValueOrigin.RUN,
        CsvDialect.DEFAULT);
  }

  /** The same table with declared columns. */
  static LandTable columns(LandTable table, List<Column> columns) {
    return new LandTable(
        table.name(),
        table.format(),
        table.source(),
        table.system(),
        table.recordSource(),
        table.key(),
        columns,
        table.orderBy(),
        table.commitTime(),
        table.loadTime(),
        table.csv());
  }

  /** Topics whose records bring their schemas. */
  static LandTable topics(
      String name, LandTable.Format format, LandSource.Topics topics, OnLoss onLoss) {
    return new LandTable(
        name,
        format,
        topics,
        "shop",
        ValueOrigin.constant("shop"),
        List.of(),
        List.of(),
        List.of(),
        ValueOrigin.SOURCE,
        ValueOrigin.RUN,
        CsvDialect.DEFAULT,
        null,
        onLoss,
        Map.of(),
        ChangeEvents.PLAIN);
  }

  /** Topics whose records have no schema. */
  static LandTable topics(
      String name, LandSource.Topics topics, List<Column> columns, ConnectorModes modes) {
    return Models.events(name, topics, columns, modes, ChangeEvents.PLAIN);
  }
}
