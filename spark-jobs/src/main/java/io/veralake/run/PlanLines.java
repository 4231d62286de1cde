package io.veralake.run;

import io.veralake.publish.PublicationPlan;
import io.veralake.publish.TableChange;
import io.veralake.publish.TableChange.PartitionChange;
import io.veralake.publish.TableChange.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a plan says, for people. */
final class PlanLines {
  private static final int PARTITIONS = 5;

  private PlanLines() {}

  static List<String> of(PublicationPlan plan) {
    List<String> lines = new ArrayList<>();
    long generation = plan.id().generation();
    if (plan.nothing()) {
      lines.add(
          "  plan %s: nothing to publish, readers see generation %d"
              .formatted(plan.id(), generation));
      return lines;
    }
    lines.add(
        "  plan %s: %s"
            .formatted(
                plan.id(),
                generation == 0
                    ? "the first publication of " + plan.id().star()
                    : "what follows generation " + generation + " of " + plan.id().star()));
    plan.tables().stream()
        .filter(table -> !table.isEmpty())
        .forEach(table -> lines.addAll(table(table)));
    List<String> same =
        plan.tables().stream().filter(TableChange::isEmpty).map(TableChange::name).toList();
    if (!same.isEmpty()) {
      lines.add("  unchanged: " + String.join(", ", same));
    }
    if (!plan.excesses().isEmpty()) {
      lines.add("  over its limits, to be published only with --approve " + plan.id() + ":");
      plan.excesses().forEach(excess -> lines.add("    " + excess));
    }
    return lines;
  }

  private static List<String> table(TableChange table) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "  %s: %s%s; %s",
            table.name(),
            rows(table.before(), table.after()),
            table.rows() == null
                ? ""
                : String.format(
                    Locale.ROOT,
                    " (%,d added, %,d removed, %,d changed)",
                    table.rows().added(),
                    table.rows().removed(),
                    table.rows().changed()),
            partitions(table)));
    List<String> measures = List.copyOf(table.after().totals().keySet());
    for (String measure : measures) {
      lines.add(
          String.format(
              Locale.ROOT,
              "    %-28s %,22f %,22f %+,20f",
              measure,
              total(table.before(), measure),
              total(table.after(), measure),
              table.delta(measure)));
    }
    if (table.partitions().size() > 1 || table.after().partitions() > 1) {
      table.partitions().stream()
          .limit(PARTITIONS)
          .forEach(partition -> lines.add("      " + partition(partition, measures)));
      if (table.partitions().size() > PARTITIONS) {
        lines.add(
            String.format(
                Locale.ROOT, "      and %,d more", table.partitions().size() - PARTITIONS));
      }
    }
    return lines;
  }

  private static String partitions(TableChange table) {
    int touched = table.partitions().size();
    int all = Math.max(table.before().partitions(), table.after().partitions());
    String text =
        String.format(Locale.ROOT, "%,d of %,d partition%s", touched, all, all == 1 ? "" : "s");
    return table.emptied() == 0
        ? text
        : text + String.format(Locale.ROOT, ", %,d emptied", table.emptied());
  }

  private static String partition(PartitionChange partition, List<String> measures) {
    return String.join("/", partition.name())
        + ": "
        + rows(partition.before(), partition.after())
        + measures.stream()
            .map(
                measure ->
                    String.format(Locale.ROOT, ", %s %+,f", measure, partition.delta(measure)))
            .collect(Collectors.joining());
  }

  private static String rows(Side before, Side after) {
    return before.rows() == after.rows()
        ? String.format(Locale.ROOT, "%,d rows", after.rows())
        : String.format(Locale.ROOT, "%,d → %,d rows", before.rows(), after.rows());
  }

  private static BigDecimal total(Side side, String measure) {
    return side.totals().getOrDefault(measure, BigDecimal.ZERO);
  }
}
