package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page tells of one night.
 *
 * @param runId the run
 * @param asOf the instant up to which the books were closed
 * @param reasons every cause, in the order in which the page names them
 * @param books a reconciliation each, the most important first
 * @param checks results of the marts' checks
 * @param publications how publications ended
 */
public record Night(
    String runId,
    Instant asOf,
    List<Reason> reasons,
    List<Book> books,
    List<Check> checks,
    List<Publication> publications) {
  /**
   * How a star's publication ended, or the proof of it.
   *
   * @param good whether all is well
   * @param what what happened
   * @param detail in figures
   */
  public record Publication(boolean good, String what, String detail) {}

  /**
   * A cause.
   *
   * @param word its name in tables
   * @param sentence what happened, for a reader who knows the numbers but not the engine
   * @param meaning how it was told from the others
   */
  public record Reason(String word, String sentence, String meaning) {}

  /**
   * The result of a mart's check.
   *
   * @param mart the mart
   * @param check the check's name
   * @param severity {@code warn} or {@code stop}
   * @param violations rows that violate it
   */
  public record Check(String mart, String check, String severity, long violations) {}

  /**
   * A reconciliation.
   *
   * @param name its name
   * @param mart the mart that is the truth
   * @param partitionColumn the column by which differences are summed
   * @param measures measures in the declared order, the most important first, {@code rows} last
   * @param watermark up to when both sides were compared
   * @param compared rows of the truth that were compared
   * @param inFlight rows that were left out because they changed after the watermark
   * @param counts rows that differ, by cause
   * @param lines the ledger
   * @param examples some of the rows that differ
   * @param trend earlier nights and this one, by time
   * @param unusual causes that stand out from earlier nights
   */
  public record Book(
      String name,
      String mart,
      String partitionColumn,
      List<String> measures,
      Instant watermark,
      long compared,
      long inFlight,
      Map<String, Long> counts,
      List<Line> lines,
      List<Examples> examples,
      List<Point> trend,
      List<Unusual> unusual) {
    /** Rows that differ. */
    long differing() {
      return this.counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The ledger's lines of {@code measure}, by partition. */
    List<Line> lines(String measure) {
      return this.lines.stream()
          .filter(line -> line.measure().equals(measure))
          .sorted(
              Comparator.comparing(
                  Line::partition, Comparator.nullsFirst(Comparator.naturalOrder())))
          .toList();
    }
  }

  /**
   * A cause that was found far more often than in the nights before.
   *
   * @param cause its word
   * @param rate its share in the rows compared, 0 to 1
   * @param usual the median of earlier nights' shares
   * @param nights how many they are
   */
  public record Unusual(String cause, double rate, double usual, long nights) {}

  /**
   * A line of the ledger.
   *
   * @param partition the partition
   * @param measure the measure
   * @param streamed what the stream showed
   * @param causes contribution of each cause
   * @param corrected what is true
   * @param previous what was true the night before; null if the partition is new
   */
  public record Line(
      @Nullable String partition,
      String measure,
      BigDecimal streamed,
      Map<String, BigDecimal> causes,
      BigDecimal corrected,
      @Nullable BigDecimal previous) {
    /** What the stream was off by. */
    BigDecimal difference() {
      return this.corrected.subtract(this.streamed);
    }
  }

  /**
   * Some rows of one partition that differ for the same cause.
   *
   * @param partition the partition
   * @param cause the cause
   * @param count how many there are in all
   * @param rows the weightiest
   */
  public record Examples(
      @Nullable String partition, String cause, long count, List<Example> rows) {}

  /**
   * A row that differs.
   *
   * @param key its key
   * @param columns columns that differ
   * @param streamed what the stream shows; null if nothing
   * @param corrected what is true; null if nothing
   * @param evidence what the cause was decided by
   */
  public record Example(
      Map<String, String> key,
      List<String> columns,
      @Nullable Map<String, String> streamed,
      @Nullable Map<String, String> corrected,
      String evidence) {}

  /**
   * One night of a book's most important measure.
   *
   * @param asOf the night
   * @param streamed what the stream showed
   * @param corrected what is true
   * @param differing rows that differed
   */
  public record Point(Instant asOf, BigDecimal streamed, BigDecimal corrected, long differing) {}
}
