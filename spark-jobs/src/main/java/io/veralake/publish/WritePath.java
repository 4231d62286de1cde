package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.spec.Engine;

/**
 * A way of rows from Iceberg into a staging table. It may write a row twice or not at all when
 * something goes wrong: what counts is the verification afterwards.
 */
interface WritePath {
  /** Brings the rows of {@code load} into its staging table, which is empty. */
  void write(Load load);

  /** The way that is configured. */
  static WritePath of(Engine engine, ClickHouse clickHouse) {
    return switch (engine.publish().writePath()) {
      case PUSH -> new PushPath(clickHouse.server());
      case PULL -> new PullPath(clickHouse, engine.s3());
      case CONNECTOR -> new ConnectorPath(engine.publish().connectorCatalog());
    };
  }
}
