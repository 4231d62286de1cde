package io.veralake.demo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ERP's dumps: CSV files of the rows that changed, four a day, and warehouses now and then.
 * Some rows come twice, some after later ones, and two a day are not what the header promises.
 */
final class DumpFiles {
  private static final int SEGMENTS = 4;
  private static final String INITIAL = "initial";

  private record Row(long product, int warehouse, int quantity, long changed) {}

  private record Warehouse(int id, String name, String region, long changed) {}

  private final List<Row> early = new ArrayList<>();
  private boolean closed = true;
  private Delivered delivered = Delivered.NOTHING;
  private @Nullable Path root;
  private @Nullable InputFile file;
  private @Nullable Row waiting;
  private String segment = "";
  private int day;
  private long rows;
  private int broken;
  private long last;

  /** Begins the files of a day; without {@code input} nothing is written. */
  void open(int day, @Nullable Path input, Delivered listener) throws IOException {
    this.day = day;
    this.root = input;
    this.closed = false;
    this.broken = 0;
    this.rows = 0;
    this.delivered = listener;
    warehouses();
    for (Row row : this.early) {
      write(row);
    }
    this.early.clear();
  }

  /** Dumps a stock level and gives the instant of its change. */
  long stock(long product, int warehouse, int quantity, long now) {
    this.last = Math.max(now, this.last + 1);
    Row row = new Row(product, warehouse, quantity, this.last);
    if (this.closed) {
      this.early.add(row);
    } else {
      try {
        write(row);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return this.last;
  }

  private void write(Row row) throws IOException {
    this.delivered.stock(row.product(), row.warehouse(), row.quantity(), row.changed());
    this.delivered.row(
        "erp_stock",
        List.of(Long.toString(row.product()), Integer.toString(row.warehouse())),
        row.changed(),
        List.of(Integer.toString(row.quantity())));
    Path input = this.root;
    if (input == null) {
      return;
    }
    String name = segment(row.changed());
    InputFile target = this.file;
    if (target == null || !name.equals(this.segment)) {
      endFile();
      long share = name.equals(INITIAL) ? 1 : Long.parseLong(name) + 1;
      long time = StoreCalendar.start(this.day) + share * StoreCalendar.DAY / SEGMENTS;
      target =
          new InputFile(
              input, "erp/stock/" + StoreCalendar.date(this.day) + "-" + name + ".csv", time);
      target.text().raw("product_id,warehouse_id,quantity,updated_at\n");
      this.file = target;
      this.segment = name;
    }
    this.rows++;
    if (this.rows % 97 == 0 && this.waiting == null) {
      this.waiting = row;
      return;
    }
    line(row, target.text());
    if (this.rows % 89 == 0) {
      line(row, target.text());
    }
    if (this.rows % 17 == 0) {
      release(target);
    }
    target.drain();
  }

  private String segment(long changed) {
    long sinceMidnight = changed - StoreCalendar.start(this.day);
    if (sinceMidnight < 0) {
      return INITIAL;
    }
    return Long.toString(Math.min(SEGMENTS - 1, sinceMidnight / (StoreCalendar.DAY / SEGMENTS)));
  }

  private void release(InputFile target) {
    Row row = this.waiting;
    if (row != null) {
      line(row, target.text());
      this.waiting = null;
    }
  }

  private static void line(Row row, ByteText out) {
    out.number(row.product()).raw(',').number(row.warehouse()).raw(',').number(row.quantity());
    out.raw(',').time(row.changed(), ' ').raw('\n');
  }

  /** Ends the day's files. */
  void close() throws IOException {
    endFile();
    this.segment = "";
    this.closed = true;
  }

  private void endFile() throws IOException {
    InputFile target = this.file;
    if (target == null) {
      return;
    }
    release(target);
    if (this.segment.equals("1")) {
      target.text().raw("17,2,many,").time(StoreCalendar.start(this.day), ' ').raw('\n');
      this.broken++;
    } else if (this.segment.equals("2")) {
      target.text().raw("18,3\n");
      this.broken++;
    }
    target.close();
    this.file = null;
  }

  private void warehouses() throws IOException {
    long known = StoreCalendar.start(1) - 4 * StoreCalendar.HOUR;
    switch (this.day) {
      case 1 ->
          warehouses(
              List.of(
                  new Warehouse(1, "Central", "north", known),
                  new Warehouse(2, "Harbour, gate 4", "west", known),
                  new Warehouse(3, "The \"old\" mill", "south", known),
                  new Warehouse(4, "Airport", "east", known)));
      case 2 ->
          warehouses(
              List.of(
                  new Warehouse(
                      2,
                      "Harbour, gate 5",
                      "west",
                      StoreCalendar.start(2) + 19 * StoreCalendar.HOUR / 2)));
      default -> {}
    }
  }

  private void warehouses(List<Warehouse> rows) throws IOException {
    long time = StoreCalendar.start(this.day) + StoreCalendar.DAY / 2;
    try (var out =
        new InputFile(this.root, "erp/warehouses/" + StoreCalendar.date(this.day) + ".csv", time)) {
      out.text().raw("warehouse_id,name,region,updated_at\n");
      for (Warehouse row : rows) {
        this.delivered.row(
            "erp_warehouses",
            List.of(Integer.toString(row.id())),
            row.changed(),
            List.of(row.name(), row.region()));
        boolean plain = row.name().indexOf(',') < 0 && row.name().indexOf('"') < 0;
        String name = plain ? row.name() : '"' + row.name().replace("\"", "\"\"") + '"';
        out.text().number(row.id()).raw(',').raw(name).raw(',').raw(row.region());
        out.text().raw(',').time(row.changed(), ' ').raw('\n');
      }
    }
  }

  /** Lines written since the day's files were opened that aren't what the header promises. */
  int broken() {
    return this.broken;
  }
}
