package io.veralake.catalog;

import java.util.Map;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/** Opens Iceberg catalogs from their properties, without Spark. */
public final class Catalogs {
  private Catalogs() {}

  /**
   * Opens a catalog.
   *
   * @param name its name; a JDBC catalog keeps the tables of several names apart
   * @param properties as Iceberg names them: {@code type}, {@code uri}, {@code warehouse}, {@code
   *     io-impl} …
   * @param hadoop a Hadoop {@code Configuration} for file systems that need one, null if none does
   * @throws RuntimeException if the catalog can't be reached
   */
  public static Catalog open(String name, Map<String, String> properties, @Nullable Object hadoop) {
    return CatalogUtil.buildIcebergCatalog(name, properties, hadoop);
  }
}
