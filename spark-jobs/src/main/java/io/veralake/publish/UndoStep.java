package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Generation;
import io.veralake.publish.Ledger.Moment;

/**
 * Gives readers the generation before the current one again, watermark included; the next
 * publication goes forward from there.
 */
public final class UndoStep {
  private UndoStep() {}

  /** Undoes the last publication of {@code name}. */
  public static Published run(RunContext context, String name) {
    Star star = Star.of(context.model(), name, context.engine().clickhouse().cluster());
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      Ledger ledger = new Ledger(clickHouse, star);
      Generation current = ledger.exists() ? ledger.current() : Generation.NONE;
      if (current.number() == 0) {
        throw new DataException("Cannot undo star " + name + ": it was never published");
      }
      if (!ledger.generations().containsKey(current.parent())) {
        throw new DataException(
            "Cannot undo star "
                + name
                + ": generation "
                + current.number()
                + " has no earlier one that is kept (engine.publish.keep-generations = "
                + context.engine().publish().keepGenerations()
                + ")");
      }
      ledger.switchTo(current.parent(), new Moment(context.runId(), context.asOf()), "undo");
      return new Published(name, current.parent(), 0, 0, 0, true);
    }
  }
}
