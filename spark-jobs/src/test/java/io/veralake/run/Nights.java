package io.veralake.run;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.Configured;
import io.veralake.spec.Engine;
import io.veralake.spec.Model;
import io.veralake.spec.ModelReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Whole nights in this JVM, as the command line runs them, on a session of their own that is
 * configured by the engine's configuration alone. It shares nothing with other tests' sessions but
 * Spark's context.
 */
final class Nights implements AutoCloseable {
  private final SparkSession shared = TestLake.session();
  private final Path conf;
  private final String environment;
  private final SparkSession spark;
  private final Engine engine;
  private final Model model;

  /**
   * Opens the session.
   *
   * @param conf configuration folder
   * @param variables the environment in which it is read
   */
  Nights(Path conf, String environment, Map<String, String> variables) {
    this.conf = conf;
    this.environment = environment;
    Configured configured = this.read(variables);
    this.engine = configured.engine();
    this.model = configured.model();
    CatalogProperties.hadoop(this.engine)
        .forEach(this.shared.sparkContext().hadoopConfiguration()::set);
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    this.spark = Sessions.open(this.engine, "nights");
  }

  /** Runs a night on the configuration as {@code variables} make it; returns what it printed. */
  String night(Instant asOf, Map<String, String> variables) {
    Configured configured = this.read(variables);
    StringWriter printed = new StringWriter();
    Job job =
        new Job("nightly", configured, asOf, InstantSource.system(), new PrintWriter(printed));
    new Night(job, new Steps(configured.model(), EnumSet.allOf(Stage.class), List.of()))
        .runOn(this.spark);
    return printed.toString();
  }

  Lake lake() {
    return new Lake(this.spark, this.engine.catalog().name());
  }

  Engine engine() {
    return this.engine;
  }

  Model model() {
    return this.model;
  }

  private Configured read(Map<String, String> variables) {
    return ModelReader.read(this.conf, this.environment, variables);
  }

  @Override
  public void close() {
    SparkSession.clearActiveSession();
    SparkSession.setDefaultSession(this.shared);
  }
}
