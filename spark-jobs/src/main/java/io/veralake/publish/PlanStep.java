package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Generation;
import io.veralake.publish.Ledger.Pointer;
import java.util.ArrayList;
import java.util.List;

/** Tells what a publication would change; changes nothing. */
public final class PlanStep {
  private PlanStep() {}

  /** What publishing {@code name} now would change for readers of ClickHouse. */
  public static PublicationPlan run(RunContext context, String name) {
    Star star = Star.of(context.model(), name, context.engine().clickhouse().cluster());
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      Ledger ledger = new Ledger(clickHouse, star);
      Generation current = ledger.exists() ? ledger.current() : Generation.NONE;
      StarPlan plan = StarPlan.after(current, context, star, clickHouse);
      List<Pointer> pointers =
          current.number() == 0 ? List.of() : ledger.pointers(current.number());
      List<TableChange> changes = new ArrayList<>();
      if (!plan.isDone()) {
        for (PlannedTable table : plan.tables(pointers)) {
          TableChanges found = new TableChanges(table);
          changes.add(found.with(new RowChanges(context.lake(), table).in(found.touched())));
        }
      }
      return new PublicationPlan(plan.id(), plan.isDone(), changes);
    }
  }
}
