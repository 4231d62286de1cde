package io.veralake.demo.store;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Books of which campaigns led to orders, what they cost and what they brought. */
final class Attribution {
  private static final long WINDOW = 30 * StoreCalendar.DAY;

  private final Truth truth;
  private final List<EventFacts.Touch> touches;

  Attribution(Truth truth) {
    this.truth = truth;
    this.touches = new EventFacts(truth).touches();
  }

  /** What a campaign did on a day; money is in cents. */
  private static final class Effect {
    private final Set<Long> customers = new TreeSet<>();
    private int touches;
    private int clicks;
    private BigDecimal cost = new BigDecimal("0.00");
    private int firstOrders;
    private long firstRevenue;
    private int lastOrders;
    private long lastRevenue;
  }

  /** Writes both into a folder. */
  void write(Path folder) throws IOException {
    Map<List<String>, Effect> effects = new TreeMap<>(Comparator.comparing(Object::toString));
    for (EventFacts.Touch touch : this.touches) {
      Effect effect = effect(effects, MartBook.date(touch.time()), touch.campaign());
      effect.customers.add(touch.customer());
      effect.touches++;
      effect.clicks += touch.kind().equals("click") ? 1 : 0;
      effect.cost = effect.cost.add(new BigDecimal(touch.cost()));
    }
    attribution(effects).write(folder);
    effectiveness(effects).write(folder);
  }

  private MartBook attribution(Map<List<String>, Effect> effects) {
    var book =
        new MartBook(
            "fact_attribution",
            "order_id order_date order_time customer_id revenue touches first_campaign_id first_touched_at"
                + " last_campaign_id last_touched_at");
    Map<Long, Long> revenue = new TreeMap<>();
    Map<Long, Sale> orders = new TreeMap<>();
    for (Sale sale : Sale.all(this.truth)) {
      if (!sale.cancelled()) {
        revenue.merge(sale.key().get(0), sale.revenue(), Long::sum);
        orders.put(sale.key().get(0), sale);
      }
    }
    orders.forEach(
        (id, order) -> {
          List<EventFacts.Touch> before = before(order);
          if (before.isEmpty()) {
            return;
          }
          EventFacts.Touch first = before.get(0);
          EventFacts.Touch last = before.get(before.size() - 1);
          long worth = revenue.getOrDefault(id, 0L);
          String date = MartBook.date(order.time());
          book.row(
              id,
              date,
              MartBook.time(order.time()),
              order.customer(),
              MartBook.money(worth),
              before.size(),
              first.campaign(),
              MartBook.time(first.time()),
              last.campaign(),
              MartBook.time(last.time()));
          Effect opened = effect(effects, date, first.campaign());
          opened.firstOrders++;
          opened.firstRevenue += worth;
          Effect closed = effect(effects, date, last.campaign());
          closed.lastOrders++;
          closed.lastRevenue += worth;
        });
    return book;
  }

  /** The touches of an order's customer in the thirty days before it. */
  private List<EventFacts.Touch> before(Sale order) {
    return this.touches.stream()
        .filter(touch -> touch.customer() == order.customer())
        .filter(touch -> touch.time() <= order.time() && touch.time() > order.time() - WINDOW)
        .sorted(
            Comparator.comparingLong(EventFacts.Touch::time)
                .thenComparing(EventFacts.Touch::campaign))
        .toList();
  }

  private static Effect effect(Map<List<String>, Effect> effects, String date, String campaign) {
    return effects.computeIfAbsent(List.of(date, campaign), any -> new Effect());
  }

  private static MartBook effectiveness(Map<List<String>, Effect> effects) {
    var book =
        new MartBook(
            "agg_campaign_effectiveness",
            "date campaign_id touches clicks customers cost first_touch_orders first_touch_revenue last_touch_orders"
                + " last_touch_revenue");
    effects.forEach(
        (key, effect) ->
            book.row(
                key.get(0),
                key.get(1),
                effect.touches,
                effect.clicks,
                effect.customers.size(),
                effect.cost,
                effect.firstOrders,
                MartBook.money(effect.firstRevenue),
                effect.lastOrders,
                MartBook.money(effect.lastRevenue)));
    return book;
  }
}
