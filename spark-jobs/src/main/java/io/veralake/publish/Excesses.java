package io.veralake.publish;

import io.veralake.publish.TableChange.PartitionChange;
import io.veralake.publish.TableChange.RowChange;
import io.veralake.spec.Limits;
import io.veralake.spec.Limits.Limit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds a change of a table against the table's limits. */
final class Excesses {
  private static final int NAMED = 5;

  private final TableChange change;
  private final List<Excess> found = new ArrayList<>();

  private Excesses(TableChange change) {
    this.change = change;
  }

  /** The limits that {@code change} is over. A table of which readers see no row has none. */
  static List<Excess> of(TableChange change, Limits limits) {
    if (change.first()) {
      return List.of();
    }
    Excesses excesses = new Excesses(change);
    if (limits.ofRows()) {
      excesses.rows(limits, Objects.requireNonNull(change.rows()));
    }
    long before = change.before().partitions();
    List<PartitionChange> touched = change.partitions();
    excesses.count("partitions", limits.partitions(), touched.size(), before, "partitions touched");
    excesses.count(
        "partitions-emptied",
        limits.emptied(),
        change.emptied(),
        before,
        "partitions emptied"
            + touched.stream()
                .filter(PartitionChange::isEmptied)
                .limit(NAMED)
                .map(partition -> String.join("/", partition.name()))
                .filter(name -> !name.isEmpty())
                .sorted()
                .collect(Collectors.joining(", ", " [", "]"))
                .replace(" []", ""));
    new TreeMap<>(limits.measures()).forEach(excesses::measure);
    return excesses.found;
  }

  private void rows(Limits limits, RowChange rows) {
    long before = this.change.before().rows();
    this.count(
        "rows",
        limits.rows(),
        rows.added() + rows.removed() + rows.changed(),
        before,
        "rows added, removed or changed");
    this.count("rows-added", limits.added(), rows.added(), before, "rows added");
    this.count("rows-removed", limits.removed(), rows.removed(), before, "rows removed");
    this.count("rows-changed", limits.changed(), rows.changed(), before, "rows changed");
  }

  private void count(String key, @Nullable Limit limit, long count, long whole, String what) {
    BigDecimal number = BigDecimal.valueOf(count);
    if (limit != null && limit.isExceeded(number, BigDecimal.valueOf(whole))) {
      this.add(
          key,
          limit,
          String.format(
              Locale.ROOT,
              "%,d %s%s",
              count,
              count == 1 ? what.replaceFirst("^(row|partition)s", "$1") : what,
              share(number, BigDecimal.valueOf(whole), "%,.0f")));
    }
  }

  /** A measure that readers don't have yet isn't limited. */
  private void measure(String measure, Limit limit) {
    BigDecimal whole = this.change.before().totals().get(measure);
    BigDecimal moved = this.change.moved(measure);
    if (whole != null && limit.isExceeded(moved, whole.abs())) {
      String digits = "%,." + Math.max(0, whole.scale()) + "f";
      this.add(
          "measures." + measure,
          limit,
          String.format(
              Locale.ROOT,
              "%s moves by " + digits + "%s, in all by %+,." + Math.max(0, whole.scale()) + "f",
              measure,
              moved,
              share(moved, whole.abs(), digits),
              this.change.delta(measure)));
    }
  }

  private static String share(BigDecimal part, BigDecimal whole, String digits) {
    return whole.signum() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            ", %s %% of " + digits,
            part.movePointRight(2).divide(whole, 2, RoundingMode.HALF_UP).toPlainString(),
            whole);
  }

  private void add(String key, Limit limit, String text) {
    this.found.add(new Excess(this.change.name(), key + " = " + limit, text));
  }
}
