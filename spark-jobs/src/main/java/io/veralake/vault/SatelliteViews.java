package io.veralake.vault;

import io.veralake.lake.Lake;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Satellite;
import org.apache.spark.sql.catalyst.analysis.NoSuchViewException;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.ViewCatalog;

/**
 * The history and current views of satellites as views of the catalog, for readers other than
 * Veralake. A catalog without views has none.
 */
final class SatelliteViews {
  private final Lake lake;
  private final VaultViews views;

  SatelliteViews(Lake lake, VaultViews views) {
    this.lake = lake;
    this.views = views;
  }

  /** Makes the views of {@code satellite}, or makes them again if their text is another one. */
  void ensure(Satellite satellite) {
    String rows = this.lake.sqlName(VaultTables.name(satellite));
    this.ensure(satellite.name() + VaultViews.HISTORY, this.views.history(satellite, rows));
    this.ensure(satellite.name() + VaultViews.CURRENT, this.views.current(satellite, rows));
  }

  private void ensure(String view, String text) {
    CatalogPlugin plugin =
        this.lake.spark().sessionState().catalogManager().catalog(this.lake.catalog());
    if (!(plugin instanceof ViewCatalog catalog) || this.isThere(catalog, view, text)) {
      return;
    }
    try {
      String name = this.lake.sqlName("vault." + view);
      this.lake.spark().sql("CREATE OR REPLACE VIEW " + name + " AS " + text);
    } catch (UnsupportedOperationException e) {
      // Iceberg's Spark catalog says that it has views even if the catalog behind it has none.
    }
  }

  private boolean isThere(ViewCatalog catalog, String view, String text) {
    try {
      return catalog
          .loadView(Identifier.of(new String[] {"vault"}, view))
          .query()
          .strip()
          .equals(text.strip());
    } catch (NoSuchViewException e) {
      return false;
    }
  }
}
