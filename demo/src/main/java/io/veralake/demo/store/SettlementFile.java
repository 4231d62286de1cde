package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The payment gateway's file, one a day: what it moved, in its own dialect. A line that is disputed
 * comes again with another kind.
 */
final class SettlementFile {
  private record Line(
      long reference, long payment, String kind, long amount, long fee, long settled) {}

  private final List<Line> lines = new ArrayList<>();
  private long nextReference = 70_000_001;

  /** Books a movement of money, in cents, and gives its reference. */
  long add(long payment, String kind, long amount, long fee, long now) {
    long reference = this.nextReference++;
    change(reference, payment, kind, amount, fee, now);
    return reference;
  }

  /** Says what a movement has become. */
  void change(long reference, long payment, String kind, long amount, long fee, long now) {
    long second = now - Math.floorMod(now, StoreCalendar.SECOND);
    this.lines.add(new Line(reference, payment, kind, amount, fee, second));
  }

  /** Writes what was booked since the day before; without {@code input} nothing is written. */
  void write(int day, @Nullable Path input, Delivered delivered) throws IOException {
    for (Line line : this.lines) {
      delivered.row(
          "pay_settlements",
          List.of(Long.toString(line.payment()), Long.toString(line.reference())),
          line.settled(),
          List.of(
              line.kind(),
              new ByteText().cents(line.amount()).toString(),
              new ByteText().cents(line.fee()).toString()));
    }
    String name = "payments/settlements/" + StoreCalendar.date(day) + ".csv";
    try (var out = new InputFile(input, name, StoreCalendar.fileCut(day))) {
      out.text().raw("# Settlement of ").raw(StoreCalendar.date(day).toString()).raw('\n');
      out.text().raw("Reference;Payment;Kind;Amount;Fee;Currency;Settled at\n");
      for (Line line : this.lines) {
        line(line, out.text());
        out.drain();
      }
    }
    this.lines.clear();
  }

  private static void line(Line line, ByteText out) {
    out.number(line.reference()).raw(';').number(line.payment()).raw(';').raw(line.kind());
    out.raw(';').raw(comma(line.amount())).raw(';').raw(comma(line.fee())).raw(";EUR;");
    out.time(line.settled(), ' ').cut(7).raw('\n');
  }

  private static String comma(long cents) {
    return new ByteText().cents(cents).toString().replace('.', ',');
  }
}
