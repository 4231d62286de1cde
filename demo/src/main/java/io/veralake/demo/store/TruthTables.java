package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The marts as they should be, a file of tab-separated text each, with a header, sorted by key;
 * null is {@code \N}, times are UTC. Surrogate keys are hashes of the engine and are left out: a
 * fact has the instants at which its customer's and product's versions began instead. The unknown
 * members are left out too.
 */
final class TruthTables {
  private static final String NULL = "\\N";
  private final Truth truth;
  private final Versions versions;

  TruthTables(Truth truth) {
    this.truth = truth;
    this.versions = new Versions(truth);
  }

  /** Writes all tables into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder, "fact_sales", this::sales);
    write(folder, "agg_daily_sales", this::daily);
    write(folder, "stock_level", this::stock);
    write(folder, "dim_customer", this::customers);
    write(folder, "dim_product", this::products);
    write(folder, "dim_seller", this::sellers);
    warehouses().write(folder);
    new OrderFacts(this.truth).write(folder);
    new EventFacts(this.truth).write(folder);
    new StockFacts(this.truth).write(folder);
    new Figures(this.truth).write(folder);
  }

  private static void write(Path folder, String name, Consumer<ByteText> table) throws IOException {
    var out = new ByteText();
    table.accept(out);
    Files.write(folder.resolve(name + ".tsv"), out.toBytes());
  }

  private void eachSale(Consumer<Sale> action) {
    Sale.all(this.truth).forEach(action);
  }

  private void sales(ByteText out) {
    out.raw(
        "order_id\tline_number\torder_date\torder_time\tcustomer_id\tproduct_id\tseller_id\tregion\tchannel\tstatus\tquantity");
    out.raw(
        "\tunit_price\tdiscount\tamount\trevenue\tlast_change_time\tcustomer_from\tproduct_from\n");
    eachSale(sale -> sale(sale, out));
  }

  private void sale(Sale sale, ByteText out) {
    Object[] order = sale.order();
    Object[] line = sale.line();
    out.number(sale.key().get(0)).raw('\t').number(sale.key().get(1)).raw('\t');
    out.date(sale.time()).raw('\t').time(sale.time(), ' ');
    out.raw('\t').number((Long) order[Order.USER]).raw('\t').number((Long) line[Order.PRODUCT]);
    out.raw('\t').number((Long) line[Order.SELLER]).raw('\t').raw((String) order[Order.REGION]);
    out.raw('\t').raw((String) order[Order.CHANNEL]).raw('\t').raw((String) order[Order.STATUS]);
    out.raw('\t').number((Integer) line[Order.QUANTITY]).raw('\t').cents((Long) line[Order.PRICE]);
    out.raw('\t').cents((Long) line[Order.DISCOUNT]).raw('\t').cents(sale.amount());
    out.raw('\t').cents(sale.revenue()).raw('\t').time(sale.lastChange(this.truth), ' ').raw('\t');
    out.raw(text(this.versions.customer((Long) order[Order.USER], sale.time()))).raw('\t');
    out.raw(text(this.versions.product((Long) line[Order.PRODUCT], sale.time()))).raw('\n');
  }

  private void daily(ByteText out) {
    out.raw("order_date\tproduct_id\tseller_id\tregion\torders\tquantity\trevenue\n");
    Map<String, TreeSet<Long>> orders = new TreeMap<>();
    Map<String, Worth> sums = new TreeMap<>();
    eachSale(
        sale -> {
          if (sale.cancelled()) {
            return;
          }
          ByteText key = new ByteText().date(sale.time()).raw('\t');
          key.number((Long) sale.line()[Order.PRODUCT])
              .raw('\t')
              .number((Long) sale.line()[Order.SELLER]);
          String name = key.raw('\t').raw((String) sale.order()[Order.REGION]).toString();
          orders.computeIfAbsent(name, any -> new TreeSet<>()).add(sale.key().get(0));
          Worth worth =
              new Worth((Integer) sale.line()[Order.QUANTITY], sale.amount(), sale.revenue());
          sums.merge(name, worth, Worth::plus);
        });
    sums.forEach(
        (name, worth) -> {
          out.raw(name).raw('\t').number(Objects.requireNonNull(orders.get(name)).size());
          out.raw('\t').number(worth.quantity()).raw('\t').cents(worth.revenue()).raw('\n');
        });
  }

  private void stock(ByteText out) {
    out.raw("product_id\twarehouse_id\tquantity\tlast_change_time\n");
    this.truth
        .stock()
        .forEach(
            (key, level) -> {
              out.number(key.get(0))
                  .raw('\t')
                  .number(key.get(1))
                  .raw('\t')
                  .number(level.quantity());
              out.raw('\t').time(level.changed(), ' ').raw('\n');
            });
  }

  private void customers(ByteText out) {
    out.raw("customer_id\tregion\tsegment\teffective_from\teffective_to\tis_current\n");
    for (List<Long> key : this.truth.keys(SourceTable.USERS)) {
      for (Truth.Span span : this.versions.customers(key.get(0))) {
        out.number(key.get(0)).raw('\t').raw(text(span.row()[Population.USER_REGION])).raw('\t');
        out.raw(text(span.row()[Population.USER_SEGMENT]));
        validity(span, out);
      }
    }
  }

  private void products(ByteText out) {
    out.raw(
        "product_id\tsku\ttitle\tcategory\tbrand\tcolor\tprice\teffective_from\teffective_to\tis_current\n");
    for (List<Long> key : this.truth.keys(SourceTable.PRODUCTS)) {
      for (Truth.Span span : this.versions.products(key.get(0))) {
        out.number(key.get(0));
        for (int column : new int[] {1, Population.PRODUCT_TITLE, 3, 4, Population.PRODUCT_COLOR}) {
          out.raw('\t').raw(text(span.row()[column]));
        }
        out.raw('\t').cents((Long) Objects.requireNonNull(span.row()[Population.PRODUCT_PRICE]));
        validity(span, out);
      }
    }
  }

  private static void validity(Truth.Span span, ByteText out) {
    out.raw('\t').time(span.from(), ' ').raw('\t');
    Long to = span.to();
    if (to == null) {
      out.raw(NULL + "\ttrue\n");
    } else {
      out.time(to, ' ').raw("\tfalse\n");
    }
  }

  private void sellers(ByteText out) {
    out.raw("seller_id\tname\tregion\trating\n");
    for (List<Long> key : this.truth.keys(SourceTable.SELLERS)) {
      Object[] row =
          Sale.full(Objects.requireNonNull(this.truth.now(SourceTable.SELLERS, key.get(0), 0)));
      out.number(key.get(0)).raw('\t').raw((String) row[1]).raw('\t').raw((String) row[2]);
      out.raw('\t').cents((Long) row[Population.SELLER_RATING]).raw('\n');
    }
  }

  private MartBook warehouses() {
    var book = new MartBook("dim_warehouse", "warehouse_id name region");
    TreeSet<Integer> known = new TreeSet<>();
    this.truth.stock().keySet().forEach(key -> known.add(key.get(1).intValue()));
    this.truth
        .rows("erp_purchase_orders")
        .keySet()
        .forEach(key -> known.add(Integer.valueOf(key.get(2))));
    this.truth
        .rows("erp_warehouses")
        .keySet()
        .forEach(key -> known.add(Integer.valueOf(key.get(0))));
    for (Integer id : known) {
      List<String> last = this.truth.last("erp_warehouses", List.of(id.toString()));
      book.row(id, last == null ? "unknown" : last.get(0), last == null ? "unknown" : last.get(1));
    }
    return book;
  }

  private static String text(@Nullable Object value) {
    return value == null ? NULL : (String) value;
  }
}
