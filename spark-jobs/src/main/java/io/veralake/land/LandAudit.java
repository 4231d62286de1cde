package io.veralake.land;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The audit of a landing: what became of the records, why some were dropped, and how complete and
 * how late what the source offered was.
 *
 * @param landed the counts
 * @param tombstones duplicates that only repeat the delete before them
 * @param twice duplicates of a record of the same batch
 * @param known duplicates of a record that was landed before
 * @param first the lowest place in the source's order; null if no row was read
 * @param last the highest
 * @param latestCommit the latest commit time that was read; null if no row was read
 * @param asOf the instant up to which the run spoke
 * @param doubts what may be a loss and may be none, in words
 * @param repeated files that have the content of another one, in words
 * @param behind records that the source had and that were left for a later batch; -1: not known
 */
public record LandAudit(
    Landed landed,
    long tombstones,
    long twice,
    long known,
    @Nullable SourceOrder first,
    @Nullable SourceOrder last,
    @Nullable Instant latestCommit,
    Instant asOf,
    List<String> doubts,
    List<String> repeated,
    long behind) {
  /** Checks that the kinds of duplicates add up. */
  public LandAudit {
    doubts = List.copyOf(doubts);
    repeated = List.copyOf(repeated);
    if (tombstones + twice + known != landed.duplicate()) {
      throw new IllegalArgumentException(
          "Invalid counts of %s: %d duplicates (tombstones %d + in the batch %d + landed before %d)"
              .formatted(landed.table(), landed.duplicate(), tombstones, twice, known));
    }
  }

  /** How long before the run's instant the source's latest commit was; empty if no row was read. */
  public Optional<Duration> lag() {
    return Optional.ofNullable(this.latestCommit)
        .map(latest -> Duration.between(latest, this.asOf));
  }

  /** Of a source that offered nothing. */
  static LandAudit nothing(String table, Instant asOf, List<String> doubts) {
    return new LandAudit(
        Landed.nothing(table), 0, 0, 0, null, null, null, asOf, doubts, List.of(), -1);
  }

  /** The audit of both, one after the other. */
  LandAudit plus(LandAudit later) {
    return new LandAudit(
        this.landed.plus(later.landed),
        this.tombstones + later.tombstones,
        this.twice + later.twice,
        this.known + later.known,
        extreme(this.first, later.first, Comparator.reverseOrder()),
        extreme(this.last, later.last, Comparator.naturalOrder()),
        extreme(this.latestCommit, later.latestCommit, Comparator.naturalOrder()),
        this.asOf,
        joined(this.doubts, later.doubts),
        joined(this.repeated, later.repeated),
        later.behind);
  }

  private static <T> @Nullable T extreme(@Nullable T a, @Nullable T b, Comparator<T> order) {
    return a == null || (b != null && order.compare(b, a) > 0) ? b : a;
  }

  private static List<String> joined(List<String> a, List<String> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }
}
