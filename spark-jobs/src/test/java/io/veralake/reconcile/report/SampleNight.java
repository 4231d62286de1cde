package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A night of a made-up shop, the same every time. */
final class SampleNight {
  private static final List<String> CAUSES =
      List.of("missing", "late", "duplicate", "phantom", "stale", "out-of-order", "wrong-value");
  private static final int[] SIGNS = {1, 1, -1, -1, -1, 1, 1};

  private final Random random = new Random(7);

  /** The night. */
  static Night night() {
    return new SampleNight().build();
  }

  private Night build() {
    List<Night.Reason> reasons =
        CAUSES.stream()
            .map(
                cause ->
                    new Night.Reason(
                        cause, "What " + cause + " says", "How " + cause + " was told"))
            .toList();
    return new Night(
        "2026-03-04-7f3a",
        Instant.parse("2026-03-04T00:00:00Z"),
        reasons,
        List.of(this.book("sales", 3, 380_000), this.book("stock", 6, 9_000)),
        List.of(
            new Night.Check("fact_sales", "grain", "stop", 0),
            new Night.Check("fact_sales", "amount", "stop", 0),
            new Night.Check("dim_customer", "fresh <b>", "warn", 2)),
        List.of(
            new Night.Publication(
                false,
                "Not published: plan mart-3-0123456789ab is over its limits",
                "fact_sales: 12 rows removed")));
  }

  private Night.Book book(String name, int partitions, int size) {
    List<Night.Line> lines = new ArrayList<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    List<Night.Examples> examples = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      String partition = LocalDate.of(2026, 3, 1).plusDays(i).toString();
      BigDecimal previous = i == partitions - 1 ? null : this.amount(size);
      lines.add(this.line(partition, "revenue", size, previous));
      lines.add(this.line(partition, "rows", size / 40, previous));
      for (String cause : CAUSES) {
        long count = 3 + this.random.nextInt(40);
        counts.merge(cause, count, Long::sum);
        examples.add(this.examples(partition, cause, count));
      }
    }
    return new Night.Book(
        name,
        "fact_" + name,
        "order_date",
        List.of("revenue", "rows"),
        Instant.parse("2026-03-03T23:59:55Z"),
        45_120,
        17,
        counts,
        lines,
        examples,
        List.of(
            this.point("2026-03-02T00:00:00Z", size, 0.012),
            this.point("2026-03-03T00:00:00Z", size, -0.004),
            this.point("2026-03-04T00:00:00Z", size, 0.007)),
        List.of(new Night.Unusual("late", 0.0123, 0.00004, 28)));
  }

  private Night.Point point(String asOf, int size, double off) {
    BigDecimal streamed = this.amount(size);
    return new Night.Point(
        Instant.parse(asOf),
        streamed,
        streamed.add(
            streamed.multiply(BigDecimal.valueOf(off)).setScale(2, java.math.RoundingMode.UP)),
        100);
  }

  private Night.Line line(
      String partition, String measure, int size, @Nullable BigDecimal previous) {
    BigDecimal streamed = this.amount(size);
    Map<String, BigDecimal> causes = new LinkedHashMap<>();
    BigDecimal corrected = streamed;
    for (int i = 0; i < CAUSES.size(); i++) {
      BigDecimal amount =
          BigDecimal.valueOf(this.random.nextInt(size) * (long) SIGNS[i], 2)
              .setScale(measure.equals("rows") ? 0 : 2, java.math.RoundingMode.DOWN);
      causes.put(CAUSES.get(i), amount);
      corrected = corrected.add(amount);
    }
    return new Night.Line(partition, measure, streamed, causes, corrected, previous);
  }

  private Night.Examples examples(String partition, String cause, long count) {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("order_id", Integer.toString(this.random.nextInt(90_000)));
    key.put("line_number", "1");
    boolean changed = SIGNS.length > 0 && CAUSES.indexOf(cause) > 3;
    Map<String, String> streamed = Map.of("revenue", "20.00", "status", "<placed>");
    Map<String, String> corrected = Map.of("revenue", "0.00", "status", "cancelled");
    return new Night.Examples(
        partition,
        cause,
        count,
        List.of(
            new Night.Example(
                key,
                changed ? List.of("status", "revenue") : List.of(),
                cause.equals("missing") ? null : streamed,
                cause.equals("phantom") ? null : corrected,
                "equals the version of 2026-03-03T10:00:00Z, overtaken 2026-03-03T11:00:00Z")));
  }

  private BigDecimal amount(int size) {
    return BigDecimal.valueOf(size * 90L + this.random.nextInt(size), 2);
  }
}
