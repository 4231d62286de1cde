package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The simulated store's commands: {@code init}, {@code day}, {@code check}, {@code truth}. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = "Plays a store: its change log as files, its imperfect stream in ClickHouse.",
    subcommands = {
      StoreCommand.Init.class,
      StoreCommand.Day.class,
      StoreCommand.Check.class,
      StoreCommand.TruthOf.class
    })
public final class StoreCommand {
  private StoreCommand() {}

  /** Options of every store command. */
  static final class Place {
    @Option(
        names = "--dir",
        required = true,
        description =
            "Folder of the store: input/ is the engine's input, faults/ the list it doesn't see.")
    Path dir = Path.of("");

    @Option(
        names = "--clickhouse",
        description =
            "URL of the ClickHouse server for the stream, for example http://127.0.0.1:8123.")
    @Nullable String clickhouse;

    Path input() {
      return this.dir.resolve("input");
    }

    Path faults() {
      return this.dir.resolve("faults");
    }
  }

  /** What decides a store. */
  static final class Seed {
    @Option(
        names = "--seed",
        defaultValue = "7",
        description = "Decides all that is random (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
        names = "--scale",
        defaultValue = "1",
        description = "Size; 1 is 3 000 orders a day (default: ${DEFAULT-VALUE}).")
    double scale;
  }

  /** Makes the stream's tables, empty. */
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description = "Makes the stream's tables, empty.")
  static final class Init implements Callable<Integer> {
    @Mixin Place place = new Place();

    @Override
    public Integer call() throws IOException {
      Files.createDirectories(this.place.input());
      String url = this.place.clickhouse;
      if (url != null) {
        try (var tables = new StreamTables(new ClickHouseHttp(url))) {
          tables.drop();
          tables.create();
        }
      }
      return 0;
    }
  }

  /** Writes a day's files and stream rows. */
  @Command(
      name = "day",
      mixinStandardHelpOptions = true,
      description = "Writes a day's files and stream rows; a rerun replaces them.")
  static final class Day implements Callable<Integer> {
    @Mixin Place place = new Place();
    @Mixin Seed seed = new Seed();

    @Parameters(index = "0", description = "The day, from 1 (2026-03-01).")
    int day;

    @Override
    public Integer call() throws IOException {
      long began = System.nanoTime();
      var simulation = new StoreSimulation(this.seed.seed, this.seed.scale);
      simulation.skipTo(this.day - 1, Delivered.NOTHING);
      StoreSimulation.Played played = play(simulation);
      FaultFiles.write(this.place.faults(), this.day, played.faults());
      System.out.printf(
          Locale.ROOT,
          "day %d (%s): %,d envelopes, %,d MB, %d broken lines, %d faults, %.1f s%n",
          this.day,
          StoreCalendar.date(this.day),
          played.envelopes(),
          played.bytes() >> 20,
          played.broken(),
          played.faults().size(),
          (System.nanoTime() - began) / 1e9);
      return 0;
    }

    private StoreSimulation.Played play(StoreSimulation simulation) throws IOException {
      Path input = this.place.input();
      String url = this.place.clickhouse;
      if (url == null) {
        return simulation.play(input, StreamSink.NOTHING, Delivered.NOTHING);
      }
      try (var tables = new StreamTables(new ClickHouseHttp(url))) {
        tables.create();
        long from =
            this.day == 1 ? StoreCalendar.start(-365) : StoreCalendar.streamCut(this.day - 1);
        tables.clear(from, StoreCalendar.streamCut(this.day));
        return simulation.play(input, tables, Delivered.NOTHING);
      }
    }
  }

  /** Compares what the reconciliation found with the list of faults. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Compares what the reconciliation found with the list of faults; exit code 1 if they differ.")
  static final class Check implements Callable<Integer> {
    private static final int SHOWN = 50;

    @Mixin Place place = new Place();

    @Override
    public Integer call() throws IOException {
      String url = this.place.clickhouse;
      if (url == null) {
        throw new StoreException(
            "Missing option: --clickhouse (the server with recon.discrepancy)");
      }
      var check = new FaultCheck(new ClickHouseHttp(url), FaultFiles.read(this.place.faults()));
      List<String> problems = check.run();
      System.out.print(check.table());
      problems.stream().limit(SHOWN).forEach(problem -> System.out.println("  " + problem));
      System.out.println(
          problems.isEmpty()
              ? "All faults found, nothing else reported, sums equal to the cent."
              : problems.size() + " differences");
      return problems.isEmpty() ? 0 : 1;
    }
  }

  /** Writes the marts and the vault as they should be. */
  @Command(
      name = "truth",
      mixinStandardHelpOptions = true,
      description =
          "Writes the marts, and in vault/ the vault, as they should be after a day's files, as tab-separated text.")
  static final class TruthOf implements Callable<Integer> {
    @Mixin Seed seed = new Seed();

    @Option(names = "--day", required = true, description = "The last day whose files are known.")
    int day;

    @Option(names = "--out", required = true, description = "Folder to write to.")
    Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
      var truth = new Truth();
      new StoreSimulation(this.seed.seed, this.seed.scale).skipTo(this.day, truth);
      new TruthTables(truth).write(this.out);
      new VaultBooks(truth, this.day).write(this.out.resolve("vault"));
      return 0;
    }
  }
}
