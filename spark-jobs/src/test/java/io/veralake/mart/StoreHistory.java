package io.veralake.mart;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A random life of a small store, written into a vault night by night, and beside it what the marts
 * must show, in plain Java over lists.
 */
final class StoreHistory {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant EVER = Instant.EPOCH;
  private static final List<String> REGIONS = List.of("north", "south", "east");
  private static final List<String> STATES = List.of("new", "paid", "shipped", "cancelled");

  private record Version(Instant at, long sequence, @Nullable List<?> values) {}

  private record Span(
      Instant from, @Nullable Instant to, @Nullable List<?> values, Instant applied) {
    boolean holds(Instant time) {
      return !time.isBefore(this.from) && (this.to == null || time.isBefore(this.to));
    }
  }

  private record Line(long order, int number, long product, long seller) {}

  private final StoreVault vault;
  private final Random random;
  private final Map<Long, List<Version>> customers = new TreeMap<>();
  private final Map<Long, List<Version>> descriptions = new TreeMap<>();
  private final Map<Long, List<Version>> prices = new TreeMap<>();
  private final Map<Long, List<Version>> orders = new TreeMap<>();
  private final Map<Long, List<Version>> states = new TreeMap<>();
  private final Map<Long, Long> buyers = new TreeMap<>();
  private final Map<Line, List<Version>> lines =
      new TreeMap<>(Comparator.comparing(Line::toString));
  private long sequence;
  private int day;

  StoreHistory(StoreVault vault, long seed) {
    this.vault = vault;
    this.random = new Random(seed);
  }

  /** One more night of changes, some of them late, in the vault. */
  void night(int changes) {
    this.day++;
    for (int i = 0; i < changes; i++) {
      this.change();
    }
    this.vault.flush();
  }

  private void change() {
    Instant now =
        this.time(this.random.nextInt(8) == 0 ? this.random.nextInt(this.day) + 1 : this.day);
    long customer = 1 + this.random.nextInt(4);
    long product = 1 + this.random.nextInt(4);
    long order = 1 + this.random.nextInt(4 + 3 * this.day);
    switch (this.random.nextInt(10)) {
      case 0 ->
          this.customer(
              customer,
              now,
              this.random.nextInt(5) == 0
                  ? null
                  : List.of(this.pick(REGIONS), this.pick(List.of("basic", "gold"))));
      case 1 -> this.product(product, now);
      case 2 -> this.price(product, now, new BigDecimal(this.random.nextInt(3) + 1 + ".50"));
      case 3 -> this.status(order, now, this.pick(STATES));
      case 4 -> this.deleteOrder(order, now);
      case 5, 6 -> this.order(order, customer, now);
      default ->
          this.line(
              new Line(order, 1 + this.random.nextInt(2), product, 1 + this.random.nextInt(2)),
              now);
    }
  }

  private void customer(long id, Instant at, @Nullable List<String> values) {
    add(this.customers, id, new Version(at, this.sequence++, values));
    if (values == null) {
      this.vault.customerDeleted(id, at);
    } else {
      this.vault.customer(id, values.get(0), values.get(1), at);
    }
  }

  private void product(long id, Instant at) {
    String title = this.pick(List.of("Lamp", "Chair"));
    add(this.descriptions, id, new Version(at, this.sequence++, List.of(title)));
    this.vault.product(id, title, "home", at);
  }

  private void price(long id, Instant at, BigDecimal price) {
    add(this.prices, id, new Version(at, this.sequence++, List.of(price)));
    this.vault.price(id, price.toString(), at);
  }

  private void order(long id, long customer, Instant at) {
    long buyer = this.buyers.computeIfAbsent(id, key -> customer);
    Instant orderTime = this.random.nextInt(3) == 0 ? at : START.plusSeconds(id % 9 * 86400 + 3600);
    String region = this.pick(REGIONS);
    add(this.orders, id, new Version(at, this.sequence++, List.of(orderTime, region)));
    this.vault.order(id, buyer, orderTime, region, at);
  }

  private void status(long id, Instant at, String status) {
    add(this.states, id, new Version(at, this.sequence++, List.of(status)));
    this.vault.status(id, status, at);
  }

  private void deleteOrder(long id, Instant at) {
    add(this.orders, id, new Version(at, this.sequence, null));
    add(this.states, id, new Version(at, this.sequence++, null));
    this.vault.orderDeleted(id, at);
  }

  /** A line may get another product or seller: the old one goes. */
  private void line(Line line, Instant at) {
    for (Line other : new ArrayList<>(this.lines.keySet())) {
      if (other.order() == line.order() && other.number() == line.number() && !other.equals(line)) {
        // As late as can be, so that no late version brings a second row of the line back.
        Instant gone = Instant.parse("2026-12-31T00:00:00Z");
        add(this.lines, other, new Version(gone, this.sequence++, null));
        this.vault.lineDeleted(
            other.order(), other.number(), other.product(), other.seller(), gone);
      }
    }
    boolean deleted = this.random.nextInt(6) == 0;
    int quantity = 1 + this.random.nextInt(3);
    String price = this.random.nextInt(3) + 1 + ".25";
    add(
        this.lines,
        line,
        new Version(
            at, this.sequence++, deleted ? null : List.of(quantity, new BigDecimal(price))));
    if (deleted) {
      this.vault.lineDeleted(line.order(), line.number(), line.product(), line.seller(), at);
    } else {
      this.vault.line(
          line.order(), line.number(), line.product(), line.seller(), quantity, price, at);
    }
  }

  /** customer_id, region, segment, effective_from, effective_to. */
  List<String> dimCustomer() {
    List<String> rows = new ArrayList<>(List.of(row(-1, "unknown", "unknown", EVER, null)));
    this.customers.forEach(
        (id, versions) ->
            known(spans(versions))
                .forEach(
                    span ->
                        rows.add(
                            row(
                                id,
                                span.values().get(0),
                                span.values().get(1),
                                span.from(),
                                span.to()))));
    return sorted(rows);
  }

  /** product_id, title, price, effective_from, effective_to. */
  List<String> dimProduct() {
    List<String> rows = new ArrayList<>(List.of(row(-1, "unknown", null, EVER, null)));
    this.descriptions
        .keySet()
        .forEach(
            id ->
                this.productSpans(id)
                    .forEach(
                        span ->
                            rows.add(
                                row(
                                    id,
                                    span.values().get(0),
                                    span.values().get(1),
                                    span.from(),
                                    span.to()))));
    return sorted(rows);
  }

  private List<Span> productSpans(long id) {
    List<Span> titles = spans(this.descriptions.getOrDefault(id, List.of()));
    List<Span> prices = spans(this.prices.getOrDefault(id, List.of()));
    TreeSet<Instant> starts = new TreeSet<>();
    titles.forEach(span -> starts.add(span.from()));
    prices.forEach(span -> starts.add(span.from()));
    List<Span> result = new ArrayList<>();
    for (Instant from : starts) {
      Span title = titles.stream().filter(span -> span.holds(from)).findFirst().orElse(null);
      if (title != null) {
        Object price =
            prices.stream()
                .filter(span -> span.holds(from))
                .findFirst()
                .map(span -> (Object) span.values().get(0))
                .orElse(null);
        result.add(
            new Span(
                result.isEmpty() ? EVER : from,
                starts.higher(from),
                Arrays.asList(title.values().get(0), price),
                from));
      }
    }
    return result;
  }

  /**
   * order_id, line_number, order_date, customer_id, customer's version, product_id, product's
   * version, region, status, quantity, amount, revenue, last_change_time.
   */
  List<String> factSales() {
    List<String> rows = new ArrayList<>();
    this.facts(rows, new ArrayList<>());
    return sorted(rows);
  }

  /** order_date, product_id, seller_id, region, orders, quantity, revenue. */
  List<String> aggDailySales() {
    List<Object[]> facts = new ArrayList<>();
    this.facts(new ArrayList<>(), facts);
    Map<String, Object[]> sums = new TreeMap<>();
    Map<String, Set<Object>> orders = new TreeMap<>();
    for (Object[] fact : facts) {
      String group = row(fact[1], fact[2], fact[3], fact[4]);
      Object[] sum = sums.computeIfAbsent(group, key -> new Object[] {0, new BigDecimal("0.00")});
      sum[0] = (int) sum[0] + (int) fact[5];
      sum[1] = ((BigDecimal) sum[1]).add((BigDecimal) fact[6]);
      orders.computeIfAbsent(group, key -> new HashSet<>()).add(fact[0]);
    }
    return sums.entrySet().stream()
        .map(
            sum ->
                sum.getKey()
                    + ","
                    + row(orders.get(sum.getKey()).size(), sum.getValue()[0], sum.getValue()[1]))
        .sorted()
        .toList();
  }

  private void facts(List<String> rows, List<Object[]> sold) {
    this.lines.forEach(
        (line, versions) -> {
          Span now = current(versions);
          Span order = current(this.orders.getOrDefault(line.order(), List.of()));
          if (now == null || order == null) {
            return;
          }
          Span state = current(this.states.getOrDefault(line.order(), List.of()));
          Instant time = (Instant) order.values().get(0);
          LocalDate date = LocalDate.ofInstant(time, ZoneOffset.UTC);
          long customer = this.buyers.get(line.order());
          Object status = state == null ? null : state.values().get(0);
          BigDecimal amount =
              ((BigDecimal) now.values().get(1))
                  .multiply(BigDecimal.valueOf((int) now.values().get(0)));
          boolean cancelled = Objects.equals(status, "cancelled");
          BigDecimal revenue = cancelled ? new BigDecimal("0.00") : amount;
          Instant changed =
              max(now.applied(), max(order.applied(), state == null ? EVER : state.applied()));
          rows.add(
              row(
                  line.order(),
                  line.number(),
                  date,
                  customer,
                  version(known(spans(this.customers.getOrDefault(customer, List.of()))), time),
                  line.product(),
                  version(this.productSpans(line.product()), time),
                  order.values().get(1),
                  status,
                  now.values().get(0),
                  amount,
                  revenue,
                  changed));
          if (!cancelled) {
            sold.add(
                new Object[] {
                  line.order(),
                  date,
                  line.product(),
                  line.seller(),
                  order.values().get(1),
                  now.values().get(0),
                  revenue
                });
          }
        });
  }

  private static Instant version(List<Span> spans, Instant time) {
    return spans.stream()
        .filter(span -> span.holds(time))
        .map(Span::from)
        .findFirst()
        .orElse(Instant.parse("1971-01-01T00:00:00Z"));
  }

  private static @Nullable Span current(List<Version> versions) {
    List<Span> spans = spans(versions);
    Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
    return last == null || last.values() == null ? null : last;
  }

  /** Versions that aren't deleted; the very first one holds since ever. */
  private static List<Span> known(List<Span> spans) {
    List<Span> result = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      if (span.values() != null) {
        result.add(new Span(i == 0 ? EVER : span.from(), span.to(), span.values(), span.applied()));
      }
    }
    return result;
  }

  private static List<Span> spans(List<Version> versions) {
    List<Version> ordered =
        versions.stream()
            .sorted(Comparator.comparing(Version::at).thenComparing(Version::sequence))
            .toList();
    List<Version> changes = new ArrayList<>();
    for (Version version : ordered) {
      if (changes.isEmpty()
          || !Objects.equals(changes.get(changes.size() - 1).values(), version.values())) {
        changes.add(version);
      }
    }
    List<Span> result = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Instant to = i + 1 < changes.size() ? changes.get(i + 1).at() : null;
      if (!changes.get(i).at().equals(to)) {
        result.add(new Span(changes.get(i).at(), to, changes.get(i).values(), changes.get(i).at()));
      }
    }
    return result;
  }

  private Instant time(int ofDay) {
    return START.plusSeconds((ofDay - 1) * 86400L + this.random.nextInt(24) * 3600L);
  }

  private <T> T pick(List<T> list) {
    return list.get(this.random.nextInt(list.size()));
  }

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static <K> void add(Map<K, List<Version>> map, K key, Version version) {
    map.computeIfAbsent(key, any -> new ArrayList<>()).add(version);
  }

  private static String row(@Nullable Object... values) {
    return String.join(",", Arrays.stream(values).map(StoreHistory::text).toList());
  }

  private static String text(@Nullable Object value) {
    return value instanceof Instant instant
        ? java.sql.Timestamp.from(instant).toString()
        : String.valueOf(value);
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }
}
