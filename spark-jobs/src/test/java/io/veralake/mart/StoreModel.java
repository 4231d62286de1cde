package io.veralake.mart;

import io.veralake.fixture.TestEngine;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.ModelReader;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The store's model, as {@code conf} declares it. */
final class StoreModel {
  static final Model MODEL =
      ModelReader.read(
              Files.exists(Path.of("conf")) ? Path.of("conf") : Path.of("..", "conf"),
              "local",
              TestEngine.STORE_KEYS)
          .model();
  static final Hub CUSTOMER = (Hub) table("hub_customer");
  static final Hub PRODUCT = (Hub) table("hub_product");
  static final Hub SELLER = (Hub) table("hub_seller");
  static final Hub ORDER = (Hub) table("hub_order");
  static final Hub WAREHOUSE = (Hub) table("hub_warehouse");
  static final Link ORDER_CUSTOMER = (Link) table("link_order_customer");
  static final Link ORDER_LINE = (Link) table("link_order_line");
  static final Link STOCK = (Link) table("link_stock");
  static final Satellite PROFILE = (Satellite) table("sat_customer_profile");
  static final Satellite DESCRIPTION = (Satellite) table("sat_product_description");
  static final Satellite PRICE = (Satellite) table("sat_product_price");
  static final Satellite SELLER_SAT = (Satellite) table("sat_seller");
  static final Satellite ORDER_SAT = (Satellite) table("sat_order");
  static final Satellite STATUS = (Satellite) table("sat_order_status");
  static final Satellite LINE = (Satellite) table("sat_order_line");
  static final Satellite STOCK_SAT = (Satellite) table("sat_stock");

  /** The marts around sales, each after those that it reads. */
  static final List<Mart> SALES =
      MODEL.marts().stream()
          .filter(
              mart ->
                  Set.of(
                          "dim_customer",
                          "dim_product",
                          "dim_seller",
                          "dim_date",
                          "fact_sales",
                          "agg_daily_sales",
                          "stock_level")
                      .contains(mart.name()))
          .toList();

  /** The vault tables that they read. */
  static final List<VaultTable> VAULT =
      MODEL.vault().stream()
          .filter(table -> SALES.stream().anyMatch(mart -> mart.reads().contains(table.name())))
          .toList();

  private StoreModel() {}

  static Mart mart(String name) {
    return MODEL.marts().stream()
        .filter(mart -> mart.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static VaultTable table(String name) {
    return MODEL.vault().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
