package io.veralake.run;

import io.veralake.catalog.Catalogs;
import io.veralake.lake.DataException;
import io.veralake.spec.Engine;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;

/** The configured catalog, opened without Spark. */
final class LakeCatalog implements AutoCloseable {
  private static final String SQLITE = "jdbc:sqlite:";

  private final Catalog catalog;

  private LakeCatalog(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Opens it and asks it something, so that what it needs is known to be there.
   *
   * @throws DataException if that fails, with what to look at
   */
  static LakeCatalog open(Engine engine) {
    Engine.Catalog configured = engine.catalog();
    try {
      makeFolder(configured);
      Catalog catalog =
          Catalogs.open(
              configured.name(),
              CatalogProperties.iceberg(engine),
              CatalogProperties.hadoopConfiguration(engine));
      if (catalog instanceof SupportsNamespaces namespaces) {
        namespaces.namespaceExists(Namespace.of("ops"));
      }
      return new LakeCatalog(catalog);
    } catch (RuntimeException | IOException e) {
      throw new DataException(
          "Cannot open the catalog %s at %s: %s (check that its server runs, and veralake.catalog: uri, user, password, warehouse)"
              .formatted(
                  configured.name(),
                  configured.uri().isEmpty() ? configured.warehouse() : configured.uri(),
                  Failure.text(e)),
          e);
    }
  }

  /** Whether nobody has made the configured catalog yet, as far as that can be seen from here. */
  static boolean missing(Engine engine) {
    String uri = engine.catalog().uri();
    return uri.startsWith(SQLITE) && !Files.exists(file(uri));
  }

  /** The catalog. */
  Catalog iceberg() {
    return this.catalog;
  }

  @Override
  public void close() {
    if (this.catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** SQLite makes its file, but not the folder that it lies in. */
  private static void makeFolder(Engine.Catalog catalog) throws IOException {
    if (catalog.uri().startsWith(SQLITE)) {
      Path folder = file(catalog.uri()).getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
    }
  }

  private static Path file(String uri) {
    return Path.of(uri.substring(SQLITE.length()).replaceFirst("[?].*", "")).toAbsolutePath();
  }
}
