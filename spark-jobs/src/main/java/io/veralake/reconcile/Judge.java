package io.veralake.reconcile;

import io.veralake.lake.DataException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides, key by key, what the stream shows that isn't true, and why. Everything about a key is in
 * its rows: the truth's, the stream's (visible when the books were closed or not), and every
 * version it ever had.
 */
final class Judge implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Comparator<List<@Nullable String>> BY_TEXTS = Judge::compareTexts;

  private final String reconciliation;
  private final Values values;
  private final Printed printed;
  private final Cut cut;

  Judge(String reconciliation, Shape shape, Cut cut) {
    this.reconciliation = reconciliation;
    this.values = new Values(shape);
    this.printed = new Printed(shape);
    this.cut = cut;
  }

  /** Whether the key's rows agree to the letter and none of them is in flight: nothing to judge. */
  boolean isClean(List<SideRow> rows) {
    Key key = this.key(rows);
    if (key.inFlight(this.cut)) {
      return false;
    }
    return key.truth == null
        ? key.visible.isEmpty()
        : key.visible.size() == 1
            && this.values.same(key.visible.get(0).values(), key.truth.values());
  }

  /** Everything to say about one key, whose {@code rows} are of all sides, in any order. */
  List<Finding> findings(List<SideRow> rows) {
    Key key = this.key(rows);
    if (key.inFlight(this.cut)) {
      return this.inFlight(key);
    }
    if (key.truth == null) {
      return this.phantoms(key);
    }
    if (key.visible.isEmpty()) {
      return List.of(this.unseen(key, key.truth));
    }
    return this.changed(key, key.truth);
  }

  private List<Finding> inFlight(Key key) {
    List<Finding> findings = new ArrayList<>();
    for (SideRow row : key.visible) {
      if (row.changed() <= this.cut.watermark()) {
        findings.add(this.finding(Cause.IN_FLIGHT, "", row, null));
      }
    }
    if (key.truth != null && key.truth.changed() <= this.cut.watermark()) {
      findings.add(this.finding(Cause.IN_FLIGHT, "", null, key.truth));
    }
    return findings;
  }

  private List<Finding> phantoms(Key key) {
    List<Finding> findings = new ArrayList<>();
    List<SideRow> visible = new ArrayList<>(key.visible);
    visible.sort(this.latestFirst());
    for (int i = 0; i < visible.size(); i++) {
      SideRow row = visible.get(i);
      findings.add(
          i == 0
              ? elsewhere(
                  this.finding(Cause.PHANTOM, Evidence.phantom(key.versions), row, null),
                  key.versions)
              : this.finding(Cause.DUPLICATE, Evidence.duplicate(visible.size(), row), row, null));
    }
    return findings;
  }

  private Finding unseen(Key key, SideRow truth) {
    if (key.late.isEmpty()) {
      return this.finding(Cause.MISSING, Evidence.missing(truth), null, truth);
    }
    SideRow best = key.late.stream().min(this.closestTo(truth)).orElseThrow();
    List<String> differing = this.values.differing(best.values(), truth.values());
    return this.finding(Cause.LATE, Evidence.late(best, differing), null, truth);
  }

  private List<Finding> changed(Key key, SideRow truth) {
    List<Finding> findings = new ArrayList<>();
    List<SideRow> visible = new ArrayList<>(key.visible);
    visible.sort(this.closestTo(truth));
    SideRow best = visible.get(0);
    if (!this.values.agree(best.values(), truth.values())) {
      findings.add(this.difference(key, best, truth));
    } else if (!this.values.same(best.values(), truth.values())) {
      findings.add(this.finding(Cause.TOLERATED, "", best, truth));
    }
    for (SideRow extra : visible.subList(1, visible.size())) {
      String evidence = Evidence.duplicate(visible.size(), extra);
      findings.add(this.finding(Cause.DUPLICATE, evidence, extra, null));
    }
    return findings;
  }

  private Finding difference(Key key, SideRow shown, SideRow truth) {
    Optional<SideRow> late =
        key.late.stream()
            .filter(row -> this.values.agree(row.values(), truth.values()))
            .min(Comparator.comparingLong(SideRow::received));
    if (late.isPresent()) {
      return this.finding(Cause.LATE, Evidence.late(late.get(), List.of()), shown, truth);
    }
    Optional<Earlier> earlier = Earlier.shownBy(shown, key.versions, this.values);
    if (earlier.isEmpty()) {
      String evidence = Evidence.wrong(key.versions.size());
      return this.finding(Cause.WRONG_VALUE, evidence, shown, truth);
    }
    boolean overwrote =
        shown.received() != SideRow.NO_TIME
            && shown.received() > earlier.get().overtaken() + this.cut.latency();
    return this.finding(
        overwrote ? Cause.OUT_OF_ORDER : Cause.STALE,
        Evidence.earlier(shown, earlier.get()),
        shown,
        truth);
  }

  private Finding finding(
      Cause cause, String evidence, @Nullable SideRow streamed, @Nullable SideRow corrected) {
    SideRow one = streamed == null ? corrected : streamed;
    if (one == null) {
      throw new IllegalStateException("A finding without a row");
    }
    return new Finding(
        cause,
        evidence,
        this.printed.key(one.key()),
        streamed == null ? null : this.printed.shown(streamed),
        corrected == null ? null : this.printed.shown(corrected),
        streamed == null || corrected == null
            ? List.of()
            : this.values.differing(streamed.values(), corrected.values()),
        null);
  }

  private static Finding elsewhere(Finding phantom, List<SideRow> versions) {
    SideRow last = versions.isEmpty() ? null : versions.get(versions.size() - 1);
    return last == null || last.deleted()
        ? phantom
        : new Finding(
            phantom.cause(),
            phantom.evidence(),
            phantom.key(),
            phantom.streamed(),
            phantom.corrected(),
            phantom.columns(),
            last.partition());
  }

  private Comparator<SideRow> closestTo(SideRow truth) {
    return Comparator.<SideRow>comparingInt(
            row -> this.values.differing(row.values(), truth.values()).size())
        .thenComparing(row -> !this.values.same(row.values(), truth.values()))
        .thenComparing(this.latestFirst());
  }

  private Comparator<SideRow> latestFirst() {
    return Comparator.comparingLong(SideRow::changed)
        .thenComparingLong(SideRow::received)
        .reversed()
        .thenComparing(SideRow::values, BY_TEXTS);
  }

  private static int compareTexts(List<@Nullable String> one, List<@Nullable String> other) {
    Comparator<@Nullable String> texts = Comparator.nullsFirst(Comparator.naturalOrder());
    for (int i = 0; i < one.size(); i++) {
      int order = texts.compare(one.get(i), other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private Key key(List<SideRow> rows) {
    SideRow truth = null;
    List<SideRow> visible = new ArrayList<>();
    List<SideRow> late = new ArrayList<>();
    List<SideRow> versions = new ArrayList<>();
    for (SideRow row : rows) {
      switch (row.side()) {
        case TRUTH -> {
          if (truth != null) {
            throw new DataException(
                "Invalid key of reconciliation %s: %s is on more than one row of the mart (a key must identify a row)"
                    .formatted(this.reconciliation, this.printed.key(row.key())));
          }
          truth = row;
        }
        case STREAM -> (row.received() <= this.cut.asOf() ? visible : late).add(row);
        case HISTORY -> versions.add(row);
      }
    }
    versions.sort(Comparator.comparingLong(SideRow::changed));
    return new Key(truth, visible, late, versions);
  }

  /**
   * One key's rows: the true one, those that the stream showed when the books were closed, those
   * that it got later, and the versions by time.
   */
  private record Key(
      @Nullable SideRow truth, List<SideRow> visible, List<SideRow> late, List<SideRow> versions) {
    boolean inFlight(Cut cut) {
      return this.truth != null && this.truth.changed() > cut.watermark()
          || this.visible.stream().anyMatch(row -> row.changed() > cut.watermark())
          || this.late.stream().anyMatch(row -> row.changed() > cut.watermark())
          || this.versions.stream().anyMatch(row -> row.changed() > cut.watermark());
    }
  }
}
