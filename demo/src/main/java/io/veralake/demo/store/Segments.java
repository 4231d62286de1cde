package io.veralake.demo.store;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Book of the customers' recency, frequency and monetary value, day by day if need be. */
final class Segments {
  private static final int YEAR = 365;
  private static final int FORESIGHT = 400;

  private final Truth truth;
  private final LocalDate day;

  /** As of {@code day}. */
  Segments(Truth truth, LocalDate day) {
    this.truth = truth;
    this.day = day;
  }

  private record Bought(LocalDate date, long revenue) {}

  /** What is said of a customer on some day. */
  private record Said(
      LocalDate first,
      LocalDate last,
      int orders,
      int ofYear,
      long revenue,
      int recency,
      int frequency,
      int monetary,
      String segment) {}

  /** The book. */
  MartBook book() {
    var book =
        new MartBook(
            "agg_customer_segments",
            "customer_id first_order_date last_order_date orders orders_365_days revenue_365_days recency_score"
                + " frequency_score monetary_score segment stands_until");
    Map<Long, Map<Long, Bought>> orders = new TreeMap<>();
    for (Sale sale : Sale.all(this.truth)) {
      if (!sale.cancelled()) {
        LocalDate date = LocalDate.parse(MartBook.date(sale.time()));
        orders
            .computeIfAbsent(sale.customer(), any -> new TreeMap<>())
            .merge(
                sale.key().get(0),
                new Bought(date, sale.revenue()),
                (a, b) -> new Bought(a.date(), a.revenue() + b.revenue()));
      }
    }
    orders.forEach(
        (customer, bought) -> {
          List<Bought> all = new ArrayList<>(bought.values());
          Said said = said(all, this.day);
          book.row(
              customer,
              said.first(),
              said.last(),
              said.orders(),
              said.ofYear(),
              MartBook.money(said.revenue()),
              said.recency(),
              said.frequency(),
              said.monetary(),
              said.segment(),
              until(all, said));
        });
    return book;
  }

  /** The first day on which something else is said, tried out day after day. */
  private @Nullable LocalDate until(List<Bought> all, Said said) {
    for (int i = 1; i <= FORESIGHT; i++) {
      if (!said(all, this.day.plusDays(i)).equals(said)) {
        return this.day.plusDays(i);
      }
    }
    return null;
  }

  private static Said said(List<Bought> all, LocalDate day) {
    List<Bought> known = all.stream().filter(one -> !one.date().isAfter(day)).toList();
    List<Bought> ofYear =
        known.stream().filter(one -> one.date().isAfter(day.minusDays(YEAR))).toList();
    LocalDate first =
        known.stream().map(Bought::date).min(LocalDate::compareTo).orElse(LocalDate.MAX);
    LocalDate last =
        known.stream().map(Bought::date).max(LocalDate::compareTo).orElse(LocalDate.MIN);
    long revenue = ofYear.stream().mapToLong(Bought::revenue).sum();
    long ago = day.toEpochDay() - last.toEpochDay();
    int recency =
        1 + (ago <= 180 ? 1 : 0) + (ago <= 90 ? 1 : 0) + (ago <= 60 ? 1 : 0) + (ago <= 30 ? 1 : 0);
    int n = ofYear.size();
    int frequency = 1 + (n > 1 ? 1 : 0) + (n > 2 ? 1 : 0) + (n > 5 ? 1 : 0) + (n > 11 ? 1 : 0);
    int monetary = 1;
    for (long limit : new long[] {100_00, 400_00, 1000_00, 2000_00}) {
      monetary += revenue >= limit ? 1 : 0;
    }
    String segment = segment(recency, frequency, n, known.size());
    return new Said(first, last, known.size(), n, revenue, recency, frequency, monetary, segment);
  }

  private static String segment(int recency, int frequency, int ofYear, int ever) {
    if (ofYear == 0) {
      return "lapsed";
    }
    if (recency > 3) {
      return frequency > 3
          ? "champions"
          : frequency == 3 ? "loyal" : ever == 1 ? "new" : "promising";
    }
    if (recency == 3) {
      return frequency > 2 ? "loyal" : "cooling";
    }
    return frequency > 2 ? "at-risk" : "hibernating";
  }
}
