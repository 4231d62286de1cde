package io.veralake.mart;

import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Mart.Check;
import io.veralake.spec.Mart.Kind;
import io.veralake.spec.Mart.Lookup;
import io.veralake.spec.Mart.PartitionField;
import io.veralake.spec.Mart.Refresh;
import io.veralake.spec.Mart.Severity;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The store's vault and marts. */
final class StoreModel {
  static final Hub CUSTOMER = new Hub("hub_customer", columns("customer_id bigint"), from("shop"));
  static final Hub PRODUCT = new Hub("hub_product", columns("product_id bigint"), from("shop"));
  static final Hub SELLER = new Hub("hub_seller", columns("seller_id bigint"), from("shop"));
  static final Hub ORDER = new Hub("hub_order", columns("order_id bigint"), from("shop"));
  static final Hub WAREHOUSE = new Hub("hub_warehouse", columns("warehouse_id int"), from("erp"));
  static final Link ORDER_CUSTOMER =
      new Link("link_order_customer", ends(ORDER, CUSTOMER), List.of(), true, List.of(), from("shop"));
  static final Link ORDER_LINE =
      new Link("link_order_line", ends(ORDER, PRODUCT, SELLER), columns("line_number int"), true, List.of(), from("shop"));
  static final Link STOCK =
      new Link("link_stock", ends(PRODUCT, WAREHOUSE), List.of(), true, List.of(), from("erp"));
  static final Satellite PROFILE = satellite("sat_customer_profile", CUSTOMER, "region string, segment string");
  static final Satellite DESCRIPTION =
      satellite("sat_product_description", PRODUCT, "sku string, title string, category string, brand string, color string");
  static final Satellite PRICE = satellite("sat_product_price", PRODUCT, "price decimal(12;2)");
  static final Satellite SELLER_SAT = satellite("sat_seller", SELLER, "name string, region string, rating decimal(3;2)");
  static final Satellite ORDER_SAT = satellite("sat_order", ORDER, "order_time timestamp, channel string, region string");
  static final Satellite STATUS = satellite("sat_order_status", ORDER, "status string");
  static final Satellite LINE =
      satellite("sat_order_line", ORDER_LINE, "quantity int, unit_price decimal(12;2), discount decimal(12;2)");
  static final Satellite STOCK_SAT = satellite("sat_stock", STOCK, "quantity int");

  static final List<VaultTable> VAULT =
      List.of(
          CUSTOMER, PRODUCT, SELLER, ORDER, WAREHOUSE, ORDER_CUSTOMER, ORDER_LINE, STOCK, PROFILE, DESCRIPTION, PRICE,
          SELLER_SAT, ORDER_SAT, STATUS, LINE, STOCK_SAT);

  private StoreModel() {}

  static Model model() {
    return new Model(List.of(), VAULT, marts(), List.of(), List.of());
  }

  static Mart mart(String name) {
    return marts().stream().filter(mart -> mart.name().equals(name)).findFirst().orElseThrow();
  }

  static List<Mart> marts() {
    return List.of(
        mart("dim_customer", Kind.DIMENSION,
            "customer_key bigint, customer_id bigint, region string, segment string, effective_from timestamp, effective_to timestamp, is_current boolean",
            List.of("customer_key"), List.of(), List.of("hub_customer", "sat_customer_profile"),
            key("customer_id"), List.of()),
        mart("dim_product", Kind.DIMENSION,
            "product_key bigint, product_id bigint, sku string, title string, category string, brand string, color string, price decimal(12;2), effective_from timestamp, effective_to timestamp, is_current boolean",
            List.of("product_key"), List.of(), List.of("hub_product", "sat_product_description", "sat_product_price"),
            key("product_id"), List.of()),
        mart("dim_seller", Kind.DIMENSION, "seller_id bigint, name string, region string, rating decimal(3;2)",
            List.of("seller_id"), List.of(), List.of("hub_seller", "sat_seller"), key("seller_id"), List.of()),
        mart("dim_date", Kind.DIMENSION,
            "date date, year int, quarter int, month int, month_name string, week int, day int, weekday int, weekday_name string, is_weekend boolean",
            List.of("date"), List.of(), List.of(), key(), List.of()),
        mart("fact_sales", Kind.FACT,
            "order_id bigint, line_number int, order_date date, order_time timestamp, customer_key bigint, customer_id bigint, product_key bigint, product_id bigint, "
                + "seller_id bigint, region string, channel string, status string, quantity int, unit_price decimal(12;2), discount decimal(12;2), amount decimal(14;2), "
                + "revenue decimal(14;2), last_change_time timestamp",
            List.of("order_id", "line_number"),
            List.of(new PartitionField(PartitionField.Transform.DAY, "order_date")),
            List.of("hub_customer", "hub_order", "hub_product", "hub_seller", "link_order_customer", "link_order_line", "sat_order",
                "sat_order_line", "sat_order_status", "dim_customer", "dim_product"),
            new Refresh(List.of("order_id"), Map.of(),
                Map.of("dim_customer", new Lookup(List.of("customer_id"), "order_time"), "dim_product", new Lookup(List.of("product_id"), "order_time"))),
            List.of(
                new Check("customer exists", Severity.STOP,
                    "SELECT t.* FROM this AS t LEFT ANTI JOIN dim_customer AS d ON d.customer_key = t.customer_key"),
                new Check("product exists", Severity.STOP,
                    "SELECT t.* FROM this AS t LEFT ANTI JOIN dim_product AS d ON d.product_key = t.product_key"),
                new Check("quantity positive", Severity.WARN, "SELECT * FROM this WHERE quantity <= 0"))),
        mart("agg_daily_sales", Kind.AGGREGATE,
            "order_date date, product_id bigint, seller_id bigint, region string, orders bigint, quantity bigint, revenue decimal(18;2)",
            List.of("order_date", "product_id", "seller_id", "region"),
            List.of(new PartitionField(PartitionField.Transform.MONTH, "order_date")),
            List.of("fact_sales"), key("order_date"), List.of()),
        mart("stock_level", Kind.FACT, "product_id bigint, warehouse_id int, quantity int, last_change_time timestamp",
            List.of("product_id", "warehouse_id"), List.of(),
            List.of("hub_product", "hub_warehouse", "link_stock", "sat_stock"),
            key("product_id", "warehouse_id"), List.of()));
  }

  private static Mart mart(
      String name, Kind kind, String columns, List<String> grain, List<PartitionField> partitions, List<String> reads, Refresh refresh, List<Check> checks) {
    return new Mart(name, kind, sql(name), columns(columns), grain, partitions, reads, refresh, checks);
  }

  private static Refresh key(String... key) {
    return new Refresh(List.of(key), Map.of(), Map.of());
  }

  private static String sql(String mart) {
    try {
      Path root = Files.exists(Path.of("conf")) ? Path.of("conf") : Path.of("..", "conf");
      return Files.readString(root.resolve("models/mart/" + mart + ".sql"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Satellite satellite(String name, VaultTable parent, String payload) {
    return new Satellite(name, parent, columns(payload), List.of(), from("shop"));
  }

  private static List<Link.End> ends(Hub... hubs) {
    return Arrays.stream(hubs).map(hub -> new Link.End(hub.name().substring(4), hub)).toList();
  }

  private static List<VaultSource> from(String raw) {
    return List.of(new VaultSource(raw, Map.of(), "true"));
  }

  private static List<Column> columns(String text) {
    return Arrays.stream(text.split(",\\s*"))
        .map(column -> column.split(" "))
        .map(parts -> new Column(parts[0], ColumnType.parse(parts[1].replace(';', ',')).orElseThrow()))
        .toList();
  }
}
