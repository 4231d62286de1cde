package io.veralake.spec;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that differs between two installations ({@code engine.conf}, an environment's file
 * above it).
 *
 * @param environment name of the environment that was chosen
 * @param home folder against which relative paths were resolved; absolute
 * @param input where the land models' relative paths begin: a folder or a URL
 * @param catalog the Iceberg catalog
 * @param s3 the object store; {@code endpoint} empty: not used
 * @param kafka the brokers that topics are read from
 * @param connections further servers that land models read from, by name
 * @param clickhouse the server that marts are published to and the stream is read from
 * @param spark Spark settings, passed on as they are
 * @param hash how hash keys and hashdiffs are made
 * @param naming how the vault's tables and columns are called
 * @param privacy keys that protect sensitive values
 * @param publish how marts are written into ClickHouse
 * @param reports folder for the HTML reports
 * @param maintain what {@code maintain} keeps
 * @param metrics where metrics go
 */
public record Engine(
    String environment,
    Path home,
    String input,
    Catalog catalog,
    S3 s3,
    Kafka kafka,
    Map<String, Connection> connections,
    ClickHouseServer clickhouse,
    Map<String, String> spark,
    HashRules hash,
    VaultNaming naming,
    Privacy privacy,
    Publish publish,
    Path reports,
    Maintain maintain,
    Metrics metrics) {
  /**
   * The catalog.
   *
   * @param name the catalog's name in SQL
   * @param type its kind
   * @param uri JDBC or REST address; unused for Hadoop
   * @param user for JDBC on PostgreSQL
   * @param password for JDBC on PostgreSQL
   * @param warehouse root of all tables: a folder or a URL
   * @param io how files are read and written
   * @param properties further Iceberg catalog properties, passed on as they are
   */
  public record Catalog(
      String name,
      CatalogType type,
      String uri,
      String user,
      Secret password,
      String warehouse,
      FileAccess io,
      Map<String, String> properties) {
    /** Copies the map. */
    public Catalog {
      properties = Map.copyOf(properties);
    }

    /**
     * Whether files at {@code s3:} addresses are read through Iceberg's client too. Not beside a
     * Hadoop catalog, which keeps files of its own there by Hadoop's file system.
     */
    public boolean readsS3() {
      return this.io == FileAccess.S3 && this.type != CatalogType.HADOOP;
    }

    /** Hides the values of {@code properties}, which may hold secrets. */
    @Override
    public String toString() {
      return "Catalog[name=%s, type=%s, uri=%s, user=%s, warehouse=%s, io=%s, properties=%s]"
          .formatted(name, type, uri, user, warehouse, io, new TreeSet<>(properties.keySet()));
    }
  }

  /** Kinds of catalogs. */
  public enum CatalogType {
    JDBC,
    REST,
    HADOOP
  }

  /** Ways to files: Hadoop's file systems (local disk, HDFS, S3A), or Iceberg's own S3 client. */
  public enum FileAccess {
    HADOOP,
    S3
  }

  /**
   * An S3-compatible object store.
   *
   * @param endpoint its URL; empty: none is used, or AWS itself
   * @param region the region
   * @param pathStyle whether buckets are path elements instead of host names
   * @param accessKey the access key id
   * @param secretKey the secret
   */
  public record S3(
      String endpoint, String region, boolean pathStyle, Secret accessKey, Secret secretKey)
      implements Serializable {}

  /**
   * Kafka brokers.
   *
   * @param servers {@code host:port}, separated by commas; empty: none
   * @param properties further settings of the client, passed on as they are
   */
  public record Kafka(String servers, Map<String, String> properties) implements Serializable {
    /** Copies the map. */
    public Kafka {
      properties = Map.copyOf(properties);
    }

    /** Hides the values of {@code properties}, which may hold secrets. */
    @Override
    public String toString() {
      return "Kafka[servers=%s, properties=%s]"
          .formatted(servers, new TreeSet<>(properties.keySet()));
    }
  }

  /**
   * A ClickHouse server.
   *
   * @param url of its HTTP interface
   * @param user account
   * @param password of the account
   * @param cluster name for {@code ON CLUSTER}; empty: a single server
   */
  public record ClickHouseServer(String url, String user, Secret password, String cluster)
      implements Serializable {}

  /**
   * Keys that protect sensitive values.
   *
   * @param hashKey of the keyed hash; empty: none
   * @param encryptionKey of the encryption; empty: none
   */
  public record Privacy(Secret hashKey, Secret encryptionKey) implements Serializable {
    /** No keys. */
    public static final Privacy NONE = new Privacy(Secret.NONE, Secret.NONE);
  }

  /** Write paths into ClickHouse; the word in a configuration is the lower-case name. */
  public enum WritePath {
    /** Spark's tasks send rows through the official client. */
    PUSH,
    /** ClickHouse reads the mart's Parquet files itself. */
    PULL,
    /** Spark writes through a Spark catalog, as the ClickHouse Spark connector gives one. */
    CONNECTOR
  }

  /**
   * How marts are written into ClickHouse.
   *
   * @param writePath the way
   * @param connectorCatalog the Spark catalog for {@link WritePath#CONNECTOR}
   * @param keepGenerations how many earlier generations stay for undo and running readers, at least
   *     one
   * @param requireReconciled stars that may be published only after a reconciliation of the same
   *     night
   */
  public record Publish(
      WritePath writePath,
      String connectorCatalog,
      int keepGenerations,
      List<String> requireReconciled) {
    /** Copies the list. */
    public Publish {
      requireReconciled = List.copyOf(requireReconciled);
    }
  }

  /**
   * What {@code maintain} keeps.
   *
   * @param keepNights how many nights can be read by name; 0: none gets a name
   * @param expireAfter age from which a snapshot that no night and no position needs is dropped
   * @param orphansAfter age from which a file that no snapshot names is removed
   */
  public record Maintain(int keepNights, Duration expireAfter, Duration orphansAfter) {}

  /**
   * Where metrics go when a command has ended.
   *
   * @param file a file in Prometheus' text format; null: none
   * @param push address of a push gateway's group; empty: none
   */
  public record Metrics(@Nullable Path file, String push) {}

  /** Copies the maps. */
  public Engine {
    connections = Map.copyOf(connections);
    spark = Map.copyOf(spark);
  }

  /** Hides the values of {@code spark}, which may hold secrets. */
  @Override
  public String toString() {
    return "Engine[environment=%s, home=%s, input=%s, %s, %s, %s, connections=%s, %s, spark=%s, hash=%s, %s, reports=%s, %s, %s]"
        .formatted(
            environment,
            home,
            input,
            catalog,
            s3,
            kafka,
            new TreeSet<>(connections.keySet()),
            clickhouse,
            new TreeSet<>(spark.keySet()),
            hash,
            publish,
            reports,
            maintain,
            metrics);
  }
}
