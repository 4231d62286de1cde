package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Generation;
import io.veralake.publish.Ledger.Pointer;
import java.util.List;

/**
 * Tells what a publication would change; changes nothing that anybody reads. What it told is kept
 * in {@code ops.plans}, so that an approval that comes too late can say what differs.
 */
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
      if (plan.isDone()) {
        return new PublicationPlan(plan.id(), true, List.of(), List.of());
      }
      PublicationPlan shown = Gate.full(context, plan, plan.tables(pointers));
      new PlanLog(context).write(PlanLog.State.PLANNED, plan, shown);
      return shown;
    }
  }
}
