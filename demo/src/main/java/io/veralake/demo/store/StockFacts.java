package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Book of the stock by day. */
final class StockFacts {
  private final Truth truth;
  private final Versions versions;

  StockFacts(Truth truth) {
    this.truth = truth;
    this.versions = new Versions(truth);
  }

  /** Writes it into a folder. */
  void write(Path folder) throws IOException {
    daily().write(folder);
  }

  private record Level(int quantity, long changed) {}

  private MartBook daily() {
    var book =
        new MartBook(
            "fact_daily_stock",
            "product_id warehouse_id stock_date opening_quantity closing_quantity lowest_quantity highest_quantity"
                + " quantity_change changes last_change_time product_from");
    for (List<String> key : this.truth.rows("erp_stock").keySet()) {
      Map<String, List<Level>> days = new TreeMap<>();
      for (Level level : levels(key)) {
        days.computeIfAbsent(MartBook.date(level.changed()), any -> new ArrayList<>()).add(level);
      }
      List<Integer> before = new ArrayList<>();
      days.forEach(
          (day, levels) -> {
            Level last = levels.get(levels.size() - 1);
            int opening = before.isEmpty() ? 0 : before.get(0);
            List<Integer> seen = new ArrayList<>(before);
            levels.forEach(level -> seen.add(level.quantity()));
            book.row(
                key.get(0),
                key.get(1),
                day,
                opening,
                last.quantity(),
                Collections.min(seen),
                Collections.max(seen),
                last.quantity() - opening,
                levels.size(),
                MartBook.time(last.changed()),
                this.versions.product(Long.parseLong(key.get(0)), last.changed()));
            before.clear();
            before.add(last.quantity());
          });
    }
    return book;
  }

  /** What a warehouse had of a product, each quantity that differs from the one before. */
  private List<Level> levels(List<String> key) {
    List<Truth.Row> rows =
        new ArrayList<>(Objects.requireNonNull(this.truth.rows("erp_stock").get(key)));
    rows.sort(Comparator.comparingLong(Truth.Row::order));
    List<Level> levels = new ArrayList<>();
    for (Truth.Row row : rows) {
      int quantity = Integer.parseInt(Objects.requireNonNull(row.values()).get(0));
      if (levels.isEmpty() || levels.get(levels.size() - 1).quantity() != quantity) {
        levels.add(new Level(quantity, row.order()));
      }
    }
    return levels;
  }
}
