package io.veralake.reconcile;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Restates every measure of every compared partition: what the stream showed, what each cause
 * contributed, what is true.
 */
final class Ledger {
  /**
   * A line.
   *
   * @param partition the partition's text
   * @param measure the measure's name
   * @param streamed what the stream showed, rows in flight left out
   * @param causes contributions by cause; {@code streamed + Σ = corrected}
   * @param corrected what is true, rows in flight left out
   * @param inFlight rows of either side that were left out
   */
  record Line(
      @Nullable String partition,
      String measure,
      BigDecimal streamed,
      Map<Cause, BigDecimal> causes,
      BigDecimal corrected,
      long inFlight) {}

  private record Place(@Nullable String partition, int measure) {}

  private final Shape shape;
  private final Map<Place, Map<Cause, BigDecimal>> added = new HashMap<>();
  private final Map<Place, BigDecimal> streamedInFlight = new HashMap<>();
  private final Map<Place, BigDecimal> correctedInFlight = new HashMap<>();

  Ledger(Shape shape, List<Tally> tallies) {
    this.shape = shape;
    for (Tally tally : tallies) {
      this.add(tally.cause(), tally.streamed(), true);
      this.add(tally.cause(), tally.corrected(), false);
    }
  }

  /**
   * The lines, by partition and measure.
   *
   * @throws Unbalanced if a line doesn't add up: the sums that the engines measured and the rows
   *     that were judged don't tell the same
   */
  List<Line> lines(Map<@Nullable String, Sums> streamed, Map<@Nullable String, Sums> corrected) {
    Set<@Nullable String> partitions = new HashSet<>(streamed.keySet());
    partitions.addAll(corrected.keySet());
    this.checkPlaces(partitions);
    List<String> measures = this.shape.measureNames();
    Sums none = Sums.none(this.shape);
    return partitions.stream()
        .sorted(Comparator.nullsFirst(Comparator.naturalOrder()))
        .flatMap(
            partition ->
                IntStream.range(0, measures.size())
                    .mapToObj(
                        measure ->
                            this.line(
                                new Place(partition, measure),
                                streamed.getOrDefault(partition, none),
                                corrected.getOrDefault(partition, none))))
        .toList();
  }

  private void checkPlaces(Set<@Nullable String> measured) {
    for (Place place : this.added.keySet()) {
      if (!measured.contains(place.partition())) {
        throw new Unbalanced(
            "Unbalanced ledger: nothing was measured of partition " + place.partition());
      }
    }
  }

  private Line line(Place place, Sums streamed, Sums corrected) {
    String name = this.shape.measureNames().get(place.measure());
    BigDecimal shown =
        streamed
            .measures()
            .get(place.measure())
            .subtract(this.streamedInFlight.getOrDefault(place, BigDecimal.ZERO));
    BigDecimal truth =
        corrected
            .measures()
            .get(place.measure())
            .subtract(this.correctedInFlight.getOrDefault(place, BigDecimal.ZERO));
    Map<Cause, BigDecimal> causes = this.added.getOrDefault(place, Map.of());
    BigDecimal sum = causes.values().stream().reduce(shown, BigDecimal::add);
    if (sum.compareTo(truth) != 0) {
      throw new Unbalanced(
          "Unbalanced ledger: partition %s, %s: streamed %s + causes %s = %s <> corrected %s"
              .formatted(place.partition(), name, shown, causes, sum, truth));
    }
    Place rows = new Place(place.partition(), 0);
    long inFlight =
        streamed.inFlight()
            + corrected.inFlight()
            + this.streamedInFlight.getOrDefault(rows, BigDecimal.ZERO).longValueExact()
            + this.correctedInFlight.getOrDefault(rows, BigDecimal.ZERO).longValueExact();
    return new Line(place.partition(), name, shown, causes, truth, inFlight);
  }

  private void add(Cause cause, Tally.@Nullable Side side, boolean streamed) {
    for (int i = 0; side != null && i < side.sums().size(); i++) {
      Place place = new Place(side.partition(), i);
      BigDecimal total = side.sums().get(i);
      if (cause == Cause.IN_FLIGHT) {
        (streamed ? this.streamedInFlight : this.correctedInFlight)
            .merge(place, total, BigDecimal::add);
      } else {
        this.added
            .computeIfAbsent(place, any -> new EnumMap<>(Cause.class))
            .merge(cause, streamed ? total.negate() : total, BigDecimal::add);
      }
    }
  }

  /** Totals over all partitions, by measure. */
  static Map<String, Reconciled.Restated> totals(List<Line> lines) {
    Map<String, Reconciled.Restated> totals = new TreeMap<>();
    for (Line line : lines) {
      totals.merge(
          line.measure(),
          new Reconciled.Restated(line.streamed(), line.corrected(), line.causes()),
          Ledger::plus);
    }
    return totals;
  }

  private static Reconciled.Restated plus(Reconciled.Restated one, Reconciled.Restated other) {
    Map<Cause, BigDecimal> causes = new EnumMap<>(Cause.class);
    causes.putAll(one.causes());
    other.causes().forEach((cause, amount) -> causes.merge(cause, amount, BigDecimal::add));
    return new Reconciled.Restated(
        one.streamed().add(other.streamed()), one.corrected().add(other.corrected()), causes);
  }

  /** What the engines measured and what the rows tell don't add up. */
  static final class Unbalanced extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unbalanced(String message) {
      super(message);
    }
  }
}
