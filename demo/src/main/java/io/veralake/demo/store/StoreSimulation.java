package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Plays a store day after day: its change log and dumps as files, its stream with faults, the list
 * of these. The same seed and scale give the same bytes.
 */
public final class StoreSimulation {
  private final Simulated simulated;
  private final ChangeFiles files;
  private final CatalogFlow catalog;
  private final FaultFlow faulty;
  private final OrderFlow orders;
  private final Journey journey;
  private final DumpFiles dumps = new DumpFiles();
  private final SettlementFile settlements = new SettlementFile();
  private final StockFlow stock;
  private final Documents documents;
  private final AccountFlow accounts;
  private final AssortmentFlow assortment;
  private final PurchaseFlow purchases;
  private int day;

  /**
   * A store on the eve of 2026-03-01.
   *
   * @param seed decides everything that is random
   * @param scale its size; 1 is about three thousand orders a day
   */
  public StoreSimulation(long seed, double scale) {
    var random = new SplittableRandom(seed);
    var agenda = new Agenda();
    this.files = new ChangeFiles(seed);
    var log = new ChangeLog(agenda, random.split(), this.files);
    var stream = new StreamConsumer(random.split());
    var population = new Population(random.split(), scale);
    this.simulated = new Simulated(scale, agenda, log, stream, new FaultLog(), population);
    var desk = new OrderDesk(agenda, log, stream);
    this.orders = new OrderFlow(agenda, desk, population, random.split(), scale);
    this.catalog = new CatalogFlow(this.simulated, random.split());
    this.faulty = new FaultFlow(this.simulated, desk, this.orders, random.split());
    this.journey = new Journey(this.simulated, desk);
    this.stock = new StockFlow(this.simulated, this.dumps, random.split());
    this.documents = new Documents(seed, scale);
    var payments = new PaymentFlow(this.simulated, this.settlements, random.split());
    desk.tell(payments);
    desk.tell(new DeliveryFlow(this.simulated, random.split()));
    desk.tell(new ReturnFlow(this.simulated, payments, random.split()));
    this.accounts = new AccountFlow(this.simulated, random.split());
    this.assortment = new AssortmentFlow(this.simulated, random.split());
    this.purchases = new PurchaseFlow(this.simulated, random.split());
  }

  /** Plays days without writing anything, up to and with {@code last}. */
  void skipTo(int last, Delivered delivered) throws IOException {
    while (this.day < last) {
      play(null, StreamSink.NOTHING, delivered);
    }
  }

  /** Plays the next day, and writes its files if there is an input's root. */
  Played play(@Nullable Path input, StreamSink sink, Delivered delivered) throws IOException {
    this.day++;
    Agenda agenda = this.simulated.agenda();
    this.files.open(this.day, input, delivered);
    this.dumps.open(this.day, input, delivered);
    this.simulated.stream().open(sink, StoreCalendar.streamCut(this.day));
    if (this.day == 1) {
      this.catalog.snapshot(this.accounts.rows());
      this.stock.initial();
      agenda.runUntil(StoreCalendar.start(1));
      this.orders.open();
      this.journey.plan();
    }
    this.catalog.plan(this.day);
    this.faulty.plan(this.day);
    this.stock.plan(this.day);
    this.accounts.plan(this.day);
    this.assortment.plan(this.day);
    this.purchases.plan(this.day);
    agenda.runUntil(StoreCalendar.fileCut(this.day));
    this.files.close();
    this.dumps.close();
    this.settlements.write(this.day, input, delivered);
    this.purchases.write(this.day, input, delivered);
    agenda.runUntil(StoreCalendar.streamCut(this.day));
    int broken = this.files.broken() + this.dumps.broken();
    broken += this.documents.write(this.day, input, this.simulated.population(), delivered);
    List<Fault> faults = this.simulated.faults().of(this.day);
    return new Played(this.files.envelopes(), this.files.bytes(), broken, faults);
  }

  /**
   * What a day gave.
   *
   * @param envelopes lines of the change log
   * @param bytes of the change log
   * @param broken lines of all files that can't be read as what they should be
   * @param faults that the day's night must find first
   */
  record Played(long envelopes, long bytes, int broken, List<Fault> faults) {}
}
