package io.veralake.publish;

import io.veralake.publish.Contents.Content;
import io.veralake.publish.TableChange.PartitionChange;
import io.veralake.publish.TableChange.RowChange;
import io.veralake.publish.TableChange.Side;
import io.veralake.spec.Publication;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what a planned table changes for its readers. */
final class TableChanges {
  private final PlannedTable plan;
  private final Map<List<String>, Content> coming;
  private final Set<List<String>> touched = new LinkedHashSet<>();

  TableChanges(PlannedTable plan) {
    this.plan = plan;
    this.coming = plan.coming();
    Set<List<String>> all = new LinkedHashSet<>(plan.served().keySet());
    all.addAll(this.coming.keySet());
    all.addAll(plan.damaged());
    for (List<String> partition : all) {
      Content before = plan.served().get(partition);
      Content after = this.coming.get(partition);
      if (before == null || after == null || !before.sums().equals(after.sums())) {
        this.touched.add(partition);
      }
    }
  }

  /** Partitions in which anything changes for readers. */
  Set<List<String>> touched() {
    return this.touched;
  }

  /** The change, with {@code rows} that it touches. */
  TableChange with(@Nullable RowChange rows) {
    Publication publication = this.plan.publication();
    Side before = this.side(this.plan.served().values());
    List<PartitionChange> partitions = new ArrayList<>();
    for (List<String> partition : this.touched) {
      partitions.add(
          new PartitionChange(
              partition,
              this.side(one(this.plan.served().get(partition))),
              this.side(one(this.coming.get(partition)))));
    }
    partitions.sort(this.largestFirst());
    return new TableChange(
        publication.name(),
        publication.mart().name(),
        before.rows() == 0,
        this.plan.loads().size(),
        before,
        this.side(this.coming.values()),
        rows,
        partitions);
  }

  private Comparator<PartitionChange> largestFirst() {
    Comparator<PartitionChange> order = Comparator.comparing(change -> 0);
    for (String measure : this.plan.publication().measures()) {
      order = order.thenComparing(change -> change.delta(measure).abs(), Comparator.reverseOrder());
    }
    return order
        .thenComparing(
            change -> Math.abs(change.after().rows() - change.before().rows()),
            Comparator.reverseOrder())
        .thenComparing(change -> String.join("/", change.name()), Comparator.reverseOrder());
  }

  private static List<Content> one(@Nullable Content content) {
    return content == null ? List.of() : List.of(content);
  }

  /** The measures' totals: 0 without rows, missing for a measure that readers don't have yet. */
  private Side side(Collection<Content> contents) {
    Map<String, BigDecimal> totals = new LinkedHashMap<>();
    for (String measure : this.plan.publication().measures()) {
      if (contents.stream().allMatch(content -> content.totals().containsKey(measure))) {
        totals.put(
            measure,
            contents.stream()
                .map(content -> Objects.requireNonNull(content.totals().get(measure)))
                .reduce(BigDecimal.ZERO, BigDecimal::add));
      }
    }
    return new Side(
        (int) contents.stream().filter(content -> content.sums().count() > 0).count(),
        contents.stream().mapToLong(content -> content.sums().count()).sum(),
        totals);
  }
}
