package io.veralake.run;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.flag.Flag;
import io.veralake.flag.FlagTables;
import io.veralake.spec.Configured;
import io.veralake.spec.Mart;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes down that a figure is doubted, and shows what became of it. */
final class FlagCommand {
  private static final int LISTED = 50;

  private final Options options;
  private final PrintWriter out;

  FlagCommand(Options options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  /** Flags a figure for the next night. */
  void add(Flag flag) {
    Configured read = this.options.read();
    FigureNames names = new FigureNames(read.model());
    Mart mart = names.mart(flag.mart());
    names.columns(mart, flag.key().keySet());
    names.columns(mart, flag.seen().keySet());
    names.figure(
        mart, !flag.key().isEmpty(), !flag.partition().isEmpty(), !flag.measure().isEmpty());
    try (ClickHouse clickHouse = connect(read)) {
      new FlagTables(clickHouse).add(flag);
    }
    this.out.println("Flagged: " + flag.id() + " (the next night answers; veralake flag --list)");
  }

  /** Shows the latest flags, with their answers. */
  void list() {
    try (ClickHouse clickHouse = connect(this.options.read())) {
      for (FlagTables.Told told : new FlagTables(clickHouse).latest(LISTED)) {
        Flag flag = told.flag();
        this.out.println(
            "%s  %s  %s  %s"
                .formatted(
                    flag.id(),
                    flag.flaggedAt().truncatedTo(ChronoUnit.SECONDS),
                    told.state(),
                    figure(flag)));
        if (!flag.doubt().isEmpty()) {
          this.out.println("  asked by " + flag.reader() + ": " + line(flag.doubt()));
        }
        if (!told.answer().isEmpty()) {
          this.out.println("  " + line(told.answer()));
        }
      }
    }
  }

  private static String figure(Flag flag) {
    String what =
        flag.ofPartition()
            ? flag.measure() + " of " + flag.partition()
            : flag.key().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    return line(flag.mart() + " " + what);
  }

  /** What anybody may have written into the table, on one line. */
  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static ClickHouse connect(Configured read) {
    if (read.engine().clickhouse().url().isEmpty()) {
      throw new UsageException("Flags are kept in ClickHouse, and engine.clickhouse.url is empty");
    }
    Servers.checkClickHouse(read.engine());
    return ClickHouse.connect(read.engine().clickhouse());
  }
}
