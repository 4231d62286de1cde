package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The store buys from suppliers. The ERP dumps lines of purchase orders that changed, in CSV, and
 * all suppliers every evening, in JSON: one that isn't there any more is gone.
 */
final class PurchaseFlow {
  private static final int PER_DAY = 40;
  private static final int CANCELLED = 120;
  private static final int SHORT = 100;
  private static final int LEAVING = 5;
  private static final String HEADER =
      "po_number,line_number,supplier_id,product_id,warehouse_id,quantity,unit_cost,status,updated_at\n";

  /** A supplier as the ERP knows it. */
  private record Supplier(String name, String country, int leadDays) {}

  /** A line of a purchase order as it stands. */
  private static final class Line {
    private final List<String> key;
    private final String cost;
    private int quantity;

    Line(List<String> key, String cost, int quantity) {
      this.key = key;
      this.cost = cost;
      this.quantity = quantity;
    }
  }

  /** A state of a line, to be dumped. */
  private record Change(Line line, int quantity, String status, long changed) {}

  private final Agenda agenda;
  private final Population population;
  private final SplittableRandom random;
  private final double scale;
  private final TreeMap<Integer, Supplier> suppliers = new TreeMap<>();
  private final TreeMap<Integer, Supplier> dumped = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long nextOrder = 4_500_001;
  private long last;

  PurchaseFlow(Simulated simulated, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.population = simulated.population();
    this.scale = simulated.scale();
    this.random = random;
    List<String> countries = List.of("DE", "PL", "CN", "IT", "VN");
    for (int id = 1; id <= 12; id++) {
      String country = countries.get(random.nextInt(countries.size()));
      this.suppliers.put(id, new Supplier("Supplier " + id, country, random.nextInt(2, 40)));
    }
  }

  /** Plans a day's purchases; suppliers change their terms, one leaves and comes back. */
  void plan(int day) {
    long orders = Math.max(4, Math.round(PER_DAY * this.scale));
    for (long i = 0; i < orders; i++) {
      long time = this.random.nextLong(StoreCalendar.HOUR, 20 * StoreCalendar.HOUR);
      this.agenda.at(StoreCalendar.start(day) + time, this::order);
    }
    this.agenda.at(StoreCalendar.start(day) + 12 * StoreCalendar.HOUR, () -> changeTerms(day));
  }

  private void changeTerms(int day) {
    int id = 1 + this.random.nextInt(4);
    Supplier supplier = this.suppliers.get(id);
    if (day > 1 && supplier != null) {
      int days = supplier.leadDays() + 1 + this.random.nextInt(5);
      this.suppliers.put(id, new Supplier(supplier.name(), supplier.country(), days));
    }
    if (day == 2) {
      this.suppliers.remove(LEAVING);
      this.suppliers.remove(LEAVING + 1);
      this.suppliers.put(13, new Supplier("Łódź Cables", "PL", 5));
    } else if (day == 3) {
      this.suppliers.put(LEAVING, new Supplier("Supplier " + LEAVING, "DE", 3));
    }
  }

  private void order() {
    String number = "PO-" + this.nextOrder++;
    List<Integer> ids = List.copyOf(this.suppliers.keySet());
    String supplier = ids.get(this.random.nextInt(ids.size())).toString();
    List<Line> lines = new ArrayList<>();
    int count = 1 + this.random.nextInt(4);
    for (int i = 1; i <= count; i++) {
      int product = 1 + this.random.nextInt(this.population.knownProducts());
      int warehouse = 1 + this.random.nextInt(StockFlow.WAREHOUSES);
      Object[] sold = this.population.products().get(product - 1);
      long cost = (Long) sold[Population.PRODUCT_PRICE] * 6 / 10;
      List<String> key =
          List.of(
              supplier,
              Integer.toString(product),
              Integer.toString(warehouse),
              number,
              Integer.toString(i));
      lines.add(
          new Line(key, new ByteText().cents(cost).toString(), 10 * this.random.nextInt(1, 30)));
    }
    change(lines, "open");
    if (this.random.nextInt(1000) < CANCELLED) {
      this.agenda.in(hours(1, 10), () -> change(lines, "cancelled"));
    } else {
      this.agenda.in(hours(1, 5), () -> change(lines, "confirmed"));
      this.agenda.in(hours(8, 40), () -> receive(lines));
    }
  }

  private void receive(List<Line> lines) {
    for (Line line : lines) {
      if (this.random.nextInt(1000) < SHORT) {
        line.quantity -= 5;
      }
    }
    change(lines, "received");
  }

  private void change(List<Line> lines, String status) {
    for (Line line : lines) {
      this.last = Math.max(this.agenda.now(), this.last + 1);
      this.changes.add(new Change(line, line.quantity, status, this.last));
    }
  }

  /** Writes the evening's dumps; without {@code input} nothing is written. */
  void write(int day, @Nullable Path input, Delivered delivered) throws IOException {
    String orders = "erp/purchase_orders/" + StoreCalendar.date(day) + ".csv";
    try (var out = new InputFile(input, orders, StoreCalendar.fileCut(day))) {
      out.text().raw(HEADER);
      for (Change change : this.changes) {
        line(change, delivered, out.text());
        out.drain();
      }
    }
    this.changes.clear();
    long evening = StoreCalendar.start(day) + 22 * StoreCalendar.HOUR;
    String all = "erp/suppliers/" + StoreCalendar.date(day) + ".json";
    try (var out = new InputFile(input, all, evening)) {
      suppliers(evening, delivered, out.text());
    }
  }

  private static void line(Change change, Delivered delivered, ByteText out) {
    List<String> key = change.line().key;
    String quantity = Integer.toString(change.quantity());
    delivered.row(
        "erp_purchase_orders",
        key,
        change.changed(),
        List.of(quantity, change.line().cost, change.status()));
    out.raw(key.get(3)).raw(',').raw(key.get(4)).raw(',');
    out.raw(String.join(",", key.subList(0, 3))).raw(',').raw(quantity).raw(',');
    out.raw(change.line().cost).raw(',').raw(change.status()).raw(',');
    out.time(change.changed(), ' ').raw('\n');
  }

  private void suppliers(long time, Delivered delivered, ByteText out) {
    for (Integer id : this.dumped.keySet()) {
      if (!this.suppliers.containsKey(id)) {
        delivered.row("erp_suppliers", List.of(id.toString()), time, null);
      }
    }
    this.dumped.clear();
    this.dumped.putAll(this.suppliers);
    String between = "[\n";
    for (var entry : this.suppliers.entrySet()) {
      Supplier supplier = entry.getValue();
      String days = Integer.toString(supplier.leadDays());
      delivered.row(
          "erp_suppliers",
          List.of(entry.getKey().toString()),
          time,
          List.of(supplier.name(), supplier.country(), days));
      out.raw(between).raw(" {\"id\": ").number(entry.getKey()).raw(", \"name\": ");
      out.json(supplier.name()).raw(", \"address\": {\"country\": ").json(supplier.country());
      out.raw("}, \"lead_days\": ").raw(days).raw('}');
      between = ",\n";
    }
    out.raw("\n]\n");
  }

  private long hours(int from, int to) {
    return this.random.nextLong(from * StoreCalendar.HOUR, to * StoreCalendar.HOUR);
  }
}
