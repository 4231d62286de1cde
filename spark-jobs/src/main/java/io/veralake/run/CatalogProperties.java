package io.veralake.run;

import io.veralake.land.files.FileIoFileSystem;
import io.veralake.spec.Engine;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** The configured catalog and object store in the words of Iceberg, Spark and Hadoop. */
final class CatalogProperties {
  private static final String BUSY_TIMEOUT = "busy_timeout=";

  private CatalogProperties() {}

  /** Iceberg's catalog properties. */
  static Map<String, String> iceberg(Engine engine) {
    Engine.Catalog catalog = engine.catalog();
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("type", catalog.type().name().toLowerCase(Locale.ROOT));
    properties.put("warehouse", catalog.warehouse());
    switch (catalog.type()) {
      case JDBC -> {
        properties.put("uri", patient(catalog.uri()));
        properties.put("jdbc.schema-version", "V1");
        put(properties, "jdbc.user", catalog.user());
        put(properties, "jdbc.password", catalog.password().value());
      }
      case REST -> properties.put("uri", catalog.uri());
      case HADOOP -> {}
    }
    // Steps run side by side, each on a session of its own: what one committed the next must see.
    properties.put("cache-enabled", "false");
    properties.putAll(fileAccess(engine));
    return properties;
  }

  /** Who reads and writes the tables' files, and with what. */
  private static Map<String, String> fileAccess(Engine engine) {
    Map<String, String> properties = new LinkedHashMap<>();
    if (engine.catalog().io() == Engine.FileAccess.HADOOP) {
      // A REST catalog would otherwise choose Iceberg's own S3 client for s3a: paths.
      properties.put("io-impl", "org.apache.iceberg.hadoop.HadoopFileIO");
    } else {
      Engine.S3 s3 = engine.s3();
      properties.put("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
      put(properties, "s3.endpoint", s3.endpoint());
      put(properties, "client.region", s3.region());
      properties.put("s3.path-style-access", Boolean.toString(s3.pathStyle()));
      put(properties, "s3.access-key-id", s3.accessKey().value());
      put(properties, "s3.secret-access-key", s3.secretKey().value());
    }
    properties.putAll(engine.catalog().properties());
    return properties;
  }

  /**
   * Hadoop's settings for {@code s3a:} and {@code s3:} paths; the latter are read by Iceberg's own
   * client if the tables are.
   */
  static Map<String, String> hadoop(Engine engine) {
    Engine.S3 s3 = engine.s3();
    Map<String, String> properties = new LinkedHashMap<>();
    if (engine.catalog().readsS3()) {
      properties.putAll(FileIoFileSystem.settings("s3", fileAccess(engine)));
    } else {
      properties.put("fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
    }
    put(properties, "fs.s3a.endpoint", s3.endpoint());
    put(properties, "fs.s3a.endpoint.region", s3.region());
    properties.put("fs.s3a.path.style.access", Boolean.toString(s3.pathStyle()));
    put(properties, "fs.s3a.access.key", s3.accessKey().value());
    put(properties, "fs.s3a.secret.key", s3.secretKey().value());
    if (s3.endpoint().startsWith("http:")) {
      properties.put("fs.s3a.connection.ssl.enabled", "false");
    }
    return properties;
  }

  /** A Hadoop configuration with {@link #hadoop}. */
  static Configuration hadoopConfiguration(Engine engine) {
    Configuration configuration = new Configuration();
    hadoop(engine).forEach(configuration::set);
    return configuration;
  }

  /** SQLite lets one writer in at a time: the others are to wait instead of failing at once. */
  private static String patient(String uri) {
    if (!uri.startsWith("jdbc:sqlite:") || uri.contains(BUSY_TIMEOUT)) {
      return uri;
    }
    return uri + (uri.contains("?") ? "&" : "?") + BUSY_TIMEOUT + "60000";
  }

  private static void put(Map<String, String> properties, String key, String value) {
    if (!value.isEmpty()) {
      properties.put(key, value);
    }
  }
}
