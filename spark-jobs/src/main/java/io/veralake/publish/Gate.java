package io.veralake.publish;

import io.veralake.lake.GateException;
import io.veralake.lake.RunContext;
import io.veralake.publish.PlanLog.State;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets a publication pass that stays within its tables' limits, or that somebody approved. */
final class Gate {
  private final RunContext context;
  private final StarPlan plan;
  private final @Nullable PlanId approved;
  private final PlanLog log;

  Gate(RunContext context, StarPlan plan, @Nullable PlanId approved) {
    this.context = context;
    this.plan = plan;
    this.approved = approved;
    this.log = new PlanLog(context);
  }

  /** Stops if something else was approved than what readers see already. */
  void passDone() {
    if (this.approved != null && !this.approved.equals(this.plan.doneId())) {
      this.stopOther(
          this.approved,
          "readers see generation " + this.plan.current().number() + ", and nothing is new");
    }
  }

  /** Stops if {@code tables} are over limits and nobody approved them, or another plan. */
  void pass(List<PlannedTable> tables) {
    PlanId id = this.plan.id();
    if (this.approved != null) {
      if (!this.approved.equals(id)) {
        this.stopOther(this.approved, "now it is " + id);
      }
      this.log.write(State.APPROVED, this.plan, full(this.context, this.plan, tables));
      return;
    }
    List<Excess> excesses = new ArrayList<>();
    for (PlannedTable table : tables) {
      TableChanges changes = new TableChanges(table);
      boolean rows = table.publication().limits().ofRows();
      excesses.addAll(
          Excesses.of(
              changes.with(
                  rows ? new RowChanges(this.context.lake(), table).in(changes.touched()) : null),
              table.publication().limits()));
    }
    if (!excesses.isEmpty()) {
      this.log.write(State.STOPPED, this.plan, full(this.context, this.plan, tables));
      throw new GateException(this.message(excesses));
    }
  }

  /** The plan with all its figures. */
  static PublicationPlan full(RunContext context, StarPlan plan, List<PlannedTable> tables) {
    List<TableChange> changes = new ArrayList<>();
    List<Excess> excesses = new ArrayList<>();
    for (PlannedTable table : tables) {
      TableChanges found = new TableChanges(table);
      TableChange change = found.with(new RowChanges(context.lake(), table).in(found.touched()));
      changes.add(change);
      excesses.addAll(Excesses.of(change, table.publication().limits()));
    }
    return new PublicationPlan(plan.id(), false, changes, excesses);
  }

  private String message(List<Excess> excesses) {
    PlanId id = this.plan.id();
    return "Stopped before publishing star %s: plan %s is over %s\n%s\n"
            .formatted(
                id.star(),
                id,
                excesses.size() == 1 ? "a limit" : excesses.size() + " limits",
                excesses.stream().map(excess -> "  " + excess).collect(Collectors.joining("\n")))
        + "Nothing changed in ClickHouse, readers see %s. To publish exactly this: veralake publish --only %s --as-of %s --approve %s (veralake plan publish shows all of it). Else put right what is behind it, or the limits in models/publish, and run again"
            .formatted(
                id.generation() == 0 ? "nothing yet" : "generation " + id.generation(),
                id.star(),
                this.context.asOf(),
                id);
  }

  private void stopOther(PlanId other, String now) {
    List<String> differences = this.log.differences(other, this.plan);
    throw new GateException(
        "Stopped before publishing star %s: approved was plan %s, %s\n%s\nNothing changed in ClickHouse. Look at veralake plan publish, and approve what it shows"
            .formatted(
                this.plan.id().star(),
                other,
                now,
                differences.stream()
                    .map(difference -> "  " + difference)
                    .collect(Collectors.joining("\n"))));
  }
}
