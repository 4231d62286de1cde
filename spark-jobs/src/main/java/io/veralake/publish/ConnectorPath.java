package io.veralake.publish;

import io.veralake.lake.DataException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.functions;

/**
 * Spark writes through a catalog of the session, as the ClickHouse Spark connector gives one.
 * Nothing of the connector is needed to compile: the catalog's class comes with the session's
 * configuration.
 */
final class ConnectorPath implements WritePath {
  private static final String ADVICE =
      "add --packages com.clickhouse.spark:clickhouse-spark-runtime-<spark>_2.13:<version>, or use"
          + " engine.publish.write-path = push";

  private final String catalog;

  ConnectorPath(String catalog) {
    this.catalog = catalog;
  }

  @Override
  public void write(Load load) {
    SparkSession spark = load.lake().spark();
    this.check(spark);
    String table = "`" + this.catalog + "`.`" + load.star().data() + "`.`" + load.staging() + "`";
    try {
      load.rows()
          .withColumn(DataTable.VERSION, functions.lit(load.version()))
          .writeTo(table)
          .append();
    } catch (NoSuchTableException e) {
      throw new DataException(
          "Missing table "
              + table
              + " in the Spark catalog "
              + this.catalog
              + " (it must show the ClickHouse server of engine.clickhouse.url: check "
              + this.key()
              + ".host and .http_port)",
          e);
    }
  }

  private String key() {
    return "spark.sql.catalog." + this.catalog;
  }

  private void check(SparkSession spark) {
    String name = this.catalog.isEmpty() ? "clickhouse" : this.catalog;
    String implementation = this.catalog.isEmpty() ? "" : spark.conf().get(this.key(), "");
    if (implementation.isEmpty()) {
      throw new DataException(
          "Missing Spark catalog for write-path = connector: "
              + this.catalog
              + " (set engine.publish.connector-catalog = "
              + name
              + ", spark.sql.catalog."
              + name
              + " = com.clickhouse.spark.ClickHouseCatalog, spark.sql.catalog."
              + name
              + ".host, .http_port, .user, .password, and "
              + ADVICE
              + ")");
    }
    try {
      Class.forName(implementation, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new DataException(
          "Missing class of the Spark catalog "
              + this.catalog
              + ": "
              + implementation
              + " ("
              + ADVICE
              + ")",
          e);
    }
  }
}
