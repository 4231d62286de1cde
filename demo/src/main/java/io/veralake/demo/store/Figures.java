package io.veralake.demo.store;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Books of what is counted over many facts: segments, campaigns, the way to an order, cover. */
final class Figures {
  private static final int COVER_DAYS = 28;

  private final Truth truth;

  Figures(Truth truth) {
    this.truth = truth;
  }

  /** Writes all of them into a folder. */
  void write(Path folder) throws IOException {
    LocalDate day = day();
    var book = new MartBook("data_day", "day");
    book.row(day);
    book.write(folder);
    new Attribution(this.truth).write(folder);
    new Segments(this.truth, day).book().write(folder);
    funnel().write(folder);
    cover(day).write(folder);
  }

  /** The day of the last change of a sale. */
  private LocalDate day() {
    long last =
        Sale.all(this.truth).stream()
            .mapToLong(sale -> sale.lastChange(this.truth))
            .max()
            .orElseThrow();
    return LocalDate.parse(MartBook.date(last));
  }

  /** Customers at each step, and pieces. */
  private static final class Way {
    private final Set<Long> viewers = new TreeSet<>();
    private final Set<Long> carters = new TreeSet<>();
    private final Set<Long> buyers = new TreeSet<>();
    private final Set<Long> returners = new TreeSet<>();
    private long bought;
    private long returned;
  }

  private MartBook funnel() {
    Map<List<Object>, Way> ways = new TreeMap<>(Comparator.comparing(Object::toString));
    for (EventFacts.Event event : new EventFacts(this.truth).events()) {
      boolean cart = event.type().equals("cart");
      if (cart || event.type().equals("browse") || event.type().equals("search")) {
        Way way = way(ways, MartBook.date(EventFacts.micros(event.time())), event.product());
        (cart ? way.carters : way.viewers).add(event.customer());
      }
    }
    for (Sale sale : Sale.all(this.truth)) {
      if (!sale.cancelled()) {
        Way way = way(ways, MartBook.date(sale.time()), sale.product());
        way.buyers.add(sale.customer());
        way.bought += sale.quantity();
      }
    }
    this.returned(ways);
    var book =
        new MartBook(
            "agg_order_funnel",
            "date product_id viewers carters buyers returners units_bought units_returned");
    ways.forEach(
        (key, way) ->
            book.row(
                key.get(0),
                key.get(1),
                way.viewers.size(),
                way.carters.size(),
                way.buyers.size(),
                way.returners.size(),
                way.bought,
                way.returned));
    return book;
  }

  private void returned(Map<List<Object>, Way> ways) {
    OrderFacts orders = new OrderFacts(this.truth);
    for (List<Long> key : this.truth.keys(SourceTable.RETURNS)) {
      @Nullable Object[] row = this.truth.now(SourceTable.RETURNS, key.get(0), 0);
      if (row == null || "rejected".equals(row[7])) {
        continue;
      }
      long id = (Long) Objects.requireNonNull(row[1]);
      @Nullable Object[] order = this.truth.now(SourceTable.ORDERS, id, 0);
      if (order != null) {
        long product = (Long) Objects.requireNonNull(row[3]);
        Way way = way(ways, MartBook.date(order[Order.TIME]), product);
        way.returners.add(orders.customer(id));
        way.returned += (Integer) Objects.requireNonNull(row[5]);
      }
    }
  }

  private static Way way(Map<List<Object>, Way> ways, String date, long product) {
    return ways.computeIfAbsent(List.of(date, product), any -> new Way());
  }

  /** What is known of a product's supply. */
  private static final class Supply {
    private long onHand;
    private int warehouses;
    private int empty;
    private long onOrder;
    private @Nullable Integer lead;
    private final Map<LocalDate, Long> sold = new HashMap<>();

    /** Pieces sold in the days up to one. */
    long sold(LocalDate day) {
      long sum = 0;
      for (int i = 0; i < COVER_DAYS; i++) {
        sum += this.sold.getOrDefault(day.minusDays(i), 0L);
      }
      return sum;
    }

    /** The first day after one on which another number was sold in the days up to it. */
    @Nullable LocalDate until(LocalDate day) {
      for (int i = 1; i <= COVER_DAYS; i++) {
        if (sold(day.plusDays(i)) != sold(day)) {
          return day.plusDays(i);
        }
      }
      return null;
    }
  }

  private MartBook cover(LocalDate day) {
    Map<Long, Supply> supplies = new TreeMap<>();
    this.truth
        .stock()
        .forEach(
            (key, level) -> {
              Supply supply = supplies.computeIfAbsent(key.get(0), any -> new Supply());
              supply.onHand += level.quantity();
              supply.warehouses++;
              supply.empty += level.quantity() <= 0 ? 1 : 0;
            });
    for (Sale sale : Sale.all(this.truth)) {
      Supply supply = supplies.get(sale.product());
      if (supply != null && !sale.cancelled()) {
        LocalDate date = LocalDate.parse(MartBook.date(sale.time()));
        supply.sold.merge(date, (long) sale.quantity(), Long::sum);
      }
    }
    this.ordered(supplies);
    var book =
        new MartBook(
            "agg_stock_cover",
            "product_id on_hand warehouses empty_warehouses on_order lead_days sold_28_days cover_days risk stands_until");
    supplies.forEach(
        (product, supply) -> {
          long sold = supply.sold(day);
          BigDecimal cover =
              sold == 0
                  ? null
                  : BigDecimal.valueOf(supply.onHand * COVER_DAYS)
                      .divide(BigDecimal.valueOf(sold), 1, RoundingMode.HALF_UP);
          book.row(
              product,
              supply.onHand,
              supply.warehouses,
              supply.empty,
              supply.onOrder,
              supply.lead,
              sold,
              cover,
              risk(supply, cover),
              supply.until(day));
        });
    return book;
  }

  private void ordered(Map<Long, Supply> supplies) {
    for (List<String> key : this.truth.rows("erp_purchase_orders").keySet()) {
      Supply supply = supplies.get(Long.valueOf(key.get(1)));
      if (supply == null) {
        continue;
      }
      List<String> line = Objects.requireNonNull(this.truth.last("erp_purchase_orders", key));
      if (line.get(2).equals("open") || line.get(2).equals("confirmed")) {
        supply.onOrder += Long.parseLong(line.get(0));
      }
      List<String> supplier = this.truth.last("erp_suppliers", List.of(key.get(0)));
      if (supplier != null) {
        int days = Integer.parseInt(supplier.get(2));
        supply.lead = supply.lead == null ? days : Math.min(supply.lead, days);
      }
    }
  }

  private static String risk(Supply supply, @Nullable BigDecimal cover) {
    if (supply.onHand <= 0) {
      return "out";
    }
    if (cover == null) {
      return "none";
    }
    int lead = supply.lead == null ? 14 : supply.lead;
    return cover.compareTo(BigDecimal.valueOf(lead)) < 0
        ? "high"
        : cover.compareTo(BigDecimal.valueOf(2L * lead)) < 0 ? "medium" : "low";
  }
}
