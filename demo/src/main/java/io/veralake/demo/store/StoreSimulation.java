package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plays a store day after day: its change log and dumps as files, its stream with faults, the list of these. The same seed and scale give the same bytes. */
public final class StoreSimulation {
  private final Simulated simulated;
  private final ChangeFiles files;
  private final CatalogFlow catalog;
  private final FaultFlow faulty;
  private final OrderFlow orders;
  private final Journey journey;
  private final DumpFiles dumps = new DumpFiles();
  private final StockFlow stock;
  private final Documents documents;
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
  }

  /** Plays days without writing anything, up to and with {@code last}. */
  public void skipTo(int last) throws IOException {
    while (this.day < last) {
      play(null, StreamSink.NOTHING, event -> {});
    }
  }

  /** The last day played. */
  public int day() {
    return this.day;
  }

  /** Plays the next day. */
  Played play(@Nullable Path input, StreamSink sink, Consumer<ChangeEvent> delivered) throws IOException {
    this.day++;
    Agenda agenda = this.simulated.agenda();
    this.files.open(this.day, input, delivered);
    this.dumps.open(this.day, input);
    this.simulated.stream().open(sink, StoreCalendar.streamCut(this.day));
    if (this.day == 1) {
      this.catalog.snapshot();
      this.stock.initial();
      agenda.runUntil(StoreCalendar.start(1));
      this.orders.open();
      this.journey.plan();
    }
    this.catalog.plan(this.day);
    this.faulty.plan(this.day);
    this.stock.plan(this.day);
    if (input != null) {
      this.documents.write(this.day, input, this.simulated.population());
    }
    agenda.runUntil(StoreCalendar.fileCut(this.day));
    this.files.close();
    this.dumps.close();
    agenda.runUntil(StoreCalendar.streamCut(this.day));
    long envelopes = this.files.envelopes();
    long bytes = this.files.bytes();
    return new Played(envelopes, bytes, this.simulated.faults().of(this.day));
  }

  /** What a day gave. */
  record Played(long envelopes, long bytes, List<Fault> faults) {}

  FaultLog faults() {
    return this.simulated.faults();
  }
}
