package io.veralake.publish;

import java.util.List;

/**
 * What the next publication of a star would change for its readers.
 *
 * @param id its name, by which it is approved
 * @param nothing whether readers see it already
 * @param tables the tables, by name
 */
public record PublicationPlan(PlanId id, boolean nothing, List<TableChange> tables) {
  /** Copies the list. */
  public PublicationPlan {
    tables = List.copyOf(tables);
  }
}
