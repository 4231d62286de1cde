package io.veralake.run;

import io.veralake.spec.Engine;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens the Spark session of a run. */
final class Sessions {
  /** Without a user interface nobody looks at what ended: Spark would keep the last thousand. */
  private static final Map<String, String> UNSEEN =
      Map.of(
          "spark.ui.retainedJobs", "20",
          "spark.ui.retainedStages", "20",
          "spark.ui.retainedTasks", "200",
          "spark.sql.ui.retainedExecutions", "5");

  private Sessions() {}

  /** A session on this machine that understands SQL and reads no table. */
  static SparkSession alone(String name) {
    return SparkSession.builder()
        .appName("veralake " + name)
        .master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate();
  }

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
      UNSEEN.forEach(builder::config);
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
}
