package io.veralake.run;

import io.veralake.lake.DataException;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.spark.SparkCatalog;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens the Spark session of a run. */
final class Sessions {
  private static final String SQLITE = "jdbc:sqlite:";

  private Sessions() {}

  /**
   * A session on the configured catalog. What {@code spark-submit} was told (master, memory, {@code
   * --conf}) goes before the engine's configuration; without {@code spark-submit} the master is
   * this machine.
   */
  static SparkSession open(Engine engine, String name) {
    SparkConf submitted = new SparkConf();
    SparkSession.Builder builder = SparkSession.builder().appName("veralake " + name);
    if (!submitted.contains("spark.master")) {
      builder.master("local[*]").config("spark.ui.enabled", "false");
    }
    builder
        .config("spark.sql.session.timeZone", "UTC")
        // Steps have a session each and no jars of their own: they may share one class loader, and
        // with it what Spark compiled for one of them.
        .config("spark.sql.artifact.isolation.enabled", "false")
        .config(
            "spark.sql.extensions",
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
    String catalog = "spark.sql.catalog." + engine.catalog().name();
    builder.config(catalog, "org.apache.iceberg.spark.SparkCatalog");
    CatalogProperties.iceberg(engine)
        .forEach((key, value) -> builder.config(catalog + "." + key, value));
    CatalogProperties.hadoop(engine)
        .forEach((key, value) -> builder.config("spark.hadoop." + key, value));
    for (Map.Entry<String, String> setting : engine.spark().entrySet()) {
      if (!submitted.contains(setting.getKey())) {
        builder.config(setting.getKey(), setting.getValue());
      }
    }
    return builder.getOrCreate();
  }

  /**
   * The session's Iceberg catalog; throws DataException with what to look at if it can't be opened.
   */
  static Catalog catalog(SparkSession spark, Engine engine) {
    Engine.Catalog configured = engine.catalog();
    try {
      makeFolder(configured);
      return ((SparkCatalog) spark.sessionState().catalogManager().catalog(configured.name()))
          .icebergCatalog();
    } catch (RuntimeException | IOException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new DataException(
          "Cannot open the catalog %s at %s: %s (is the server there, do veralake.catalog.uri, user and password fit?)"
              .formatted(
                  configured.name(),
                  configured.uri().isEmpty() ? configured.warehouse() : configured.uri(),
                  root.getMessage()),
          e);
    }
  }

  /** SQLite makes its file, but not the folder that it lies in. */
  private static void makeFolder(Engine.Catalog catalog) throws IOException {
    if (catalog.uri().startsWith(SQLITE)) {
      String file = catalog.uri().substring(SQLITE.length()).replaceFirst("[?].*", "");
      Path folder = Path.of(file).toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
    }
  }
}
