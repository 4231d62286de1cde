package io.veralake.demo.store;

import io.veralake.demo.store.Fault.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The ERP's stock levels: dumped as rows that changed, streamed with faults of its own. */
final class StockFlow {
  /** Warehouse that no system knows. */
  static final int PHANTOM_WAREHOUSE = 99;

  static final int WAREHOUSES = 4;
  private static final int CHANGES_PER_DAY = 4000;
  private static final double FAULTS_PER_DAY = 2;
  private static final int PIECES_FOR_BOXES = 10_000;
  private static final List<String> QUANTITY = List.of("quantity");

  /** A product's stock in a warehouse. */
  private static final class Level {
    private final long product;
    private final int warehouse;
    private int quantity;
    private long changed;
    private long ingest;
    private long received;
    private boolean frozen;
    private boolean muted;

    Level(long product, int warehouse) {
      this.product = product;
      this.warehouse = warehouse;
    }
  }

  private final Agenda agenda;
  private final StreamConsumer stream;
  private final FaultLog faults;
  private final Population population;
  private final DumpFiles files;
  private final SplittableRandom random;
  private final double scale;
  private final List<Level> levels = new ArrayList<>();
  private int stocked;
  private int fresh;
  private long phantoms;

  StockFlow(Simulated simulated, DumpFiles files, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.stream = simulated.stream();
    this.faults = simulated.faults();
    this.population = simulated.population();
    this.scale = simulated.scale();
    this.files = files;
    this.random = random;
  }

  /** Writes what the ERP holds on the eve of the first day, all but the newest products. */
  void initial() {
    int products = this.population.products().size();
    int later = (int) Math.max(8, 10 * this.scale);
    while (this.stocked < products - later) {
      this.stocked++;
      for (int warehouse = 1; warehouse <= WAREHOUSES; warehouse++) {
        set(new Level(this.stocked, warehouse), this.random.nextInt(5, 400));
      }
    }
  }

  /** Plans a day's changes and faults; products that came since get their first stock. */
  void plan(int day) {
    double pause = StoreCalendar.DAY / (CHANGES_PER_DAY * this.scale);
    if (day == 1) {
      next(pause);
    }
    this.agenda.at(StoreCalendar.start(day) + 65 * StoreCalendar.MINUTE, () -> planFirst(day));
    int each = (int) Math.max(1, Math.round(FAULTS_PER_DAY * this.scale));
    for (int i = 0; i < each; i++) {
      at(day, this::duplicate);
      at(day, this::stale);
      at(day, this::outOfOrder);
      at(day, this::wrongValue);
      at(day, this::neverExisted);
    }
    long evening = StoreCalendar.start(day) + 23 * StoreCalendar.HOUR + 58 * StoreCalendar.MINUTE;
    this.agenda.at(evening, this::change);
    this.agenda.at(evening + 3 * StoreCalendar.MINUTE, this::change);
    this.agenda.at(evening + 6 * StoreCalendar.MINUTE, this::change);
  }

  private void planFirst(int day) {
    for (Level level : firstLevels()) {
      int turn = this.fresh++ % 8;
      level.frozen = turn < 2;
      if (turn == 0) {
        at(day, () -> missing(level));
      } else if (turn == 1) {
        long evening = StoreCalendar.start(day) + 22 * StoreCalendar.HOUR;
        this.agenda.at(evening + between(0, 100 * StoreCalendar.MINUTE), () -> late(level));
      } else {
        at(day, () -> set(level, this.random.nextInt(5, 400)));
      }
    }
  }

  private List<Level> firstLevels() {
    List<Level> first = new ArrayList<>();
    while (this.stocked < this.population.knownProducts()) {
      this.stocked++;
      for (int warehouse = 1; warehouse <= WAREHOUSES; warehouse++) {
        first.add(new Level(this.stocked, warehouse));
      }
    }
    return first;
  }

  private void next(double pause) {
    long gap =
        (long) Math.min(-Math.log(1 - this.random.nextDouble()) * pause, 2 * StoreCalendar.HOUR);
    this.agenda.in(
        1 + gap,
        () -> {
          change();
          next(pause);
        });
  }

  private void change() {
    Level level = any();
    set(level, other(level));
  }

  /** Sets a level, in the dump and in the stream. */
  private void set(Level level, int quantity) {
    if (level.changed == 0) {
      this.levels.add(level);
    }
    level.quantity = quantity;
    level.changed = this.files.stock(level.product, level.warehouse, quantity, this.agenda.now());
    if (!level.muted) {
      long received = this.stream.arrival(level.changed, level.received);
      deliver(level, quantity, level.changed, received);
    }
  }

  private void deliver(Level level, int quantity, long commit, long received) {
    if (level.ingest == 0) {
      level.ingest = this.stream.nextIngest();
    }
    level.received = received;
    this.stream.write(
        new StockRow(level.product, level.warehouse, level.ingest, quantity, commit, received));
  }

  private int other(Level level) {
    int sold = this.random.nextInt(1, 12);
    return level.quantity >= sold
        ? level.quantity - sold
        : level.quantity + this.random.nextInt(50, 200);
  }

  private Level any() {
    Level level = this.levels.get(this.random.nextInt(this.levels.size()));
    while (level.frozen) {
      level = this.levels.get(this.random.nextInt(this.levels.size()));
    }
    return level;
  }

  /** A level to which nothing else will happen. */
  private Level take() {
    Level level = any();
    level.frozen = true;
    return level;
  }

  private void missing(Level level) {
    level.muted = true;
    set(level, this.random.nextInt(5, 400));
    report(level, Cause.MISSING, List.of(), 0);
  }

  private void late(Level level) {
    level.muted = true;
    set(level, this.random.nextInt(5, 400));
    long midnight = StoreCalendar.start(StoreCalendar.day(this.agenda.now()) + 1);
    long received = midnight + between(30, 240) * StoreCalendar.SECOND;
    deliver(level, level.quantity, level.changed, received);
    report(level, Cause.LATE, List.of(), 0);
  }

  private void duplicate() {
    Level level = take();
    set(level, other(level));
    long again = level.received + between(StoreCalendar.SECOND, StoreCalendar.MINUTE);
    this.stream.write(
        new StockRow(
            level.product,
            level.warehouse,
            this.stream.nextIngest(),
            level.quantity,
            level.changed,
            again));
    report(level, Cause.DUPLICATE, List.of(), 2 * level.quantity);
  }

  private void stale() {
    Level level = take();
    int streamed = level.quantity;
    level.muted = true;
    set(level, other(level));
    report(level, Cause.STALE, QUANTITY, streamed);
  }

  private void outOfOrder() {
    Level level = take();
    set(level, other(level));
    int older = level.quantity;
    long commit = level.changed;
    this.agenda.in(
        between(StoreCalendar.MINUTE, StoreCalendar.HOUR),
        () -> {
          set(level, other(level));
          deliver(level, older, commit, level.changed + between(12, 60) * StoreCalendar.SECOND);
          report(level, Cause.OUT_OF_ORDER, QUANTITY, older);
        });
  }

  private void wrongValue() {
    Level level = take();
    level.muted = true;
    set(level, other(level));
    int wrong = level.quantity + PIECES_FOR_BOXES;
    deliver(level, wrong, level.changed, this.stream.arrival(level.changed, level.received));
    report(level, Cause.WRONG_VALUE, QUANTITY, wrong);
  }

  private void neverExisted() {
    Level level = new Level(++this.phantoms, PHANTOM_WAREHOUSE);
    long now = this.agenda.now();
    int quantity = this.random.nextInt(5, 400);
    deliver(level, quantity, now, this.stream.arrival(now, 0));
    report(level, Cause.PHANTOM, List.of(), quantity);
  }

  private void report(Level level, Cause cause, List<String> columns, int streamed) {
    int day = StoreCalendar.day(this.agenda.now());
    String evidence = cause == Cause.PHANTOM ? Fault.NEVER_EXISTED : "";
    this.faults.add(
        new Fault(
            day,
            Fault.STOCK,
            List.of(level.product, (long) level.warehouse),
            cause,
            evidence,
            StoreCalendar.date(day),
            columns,
            Worth.of(level.quantity).minus(Worth.of(streamed))));
  }

  private void at(int day, Runnable script) {
    this.agenda.at(
        StoreCalendar.start(day) + between(30 * StoreCalendar.MINUTE, 20 * StoreCalendar.HOUR),
        script);
  }

  private long between(long from, long to) {
    return this.random.nextLong(from, to);
  }
}
