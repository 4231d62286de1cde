package io.veralake.publish;

import java.util.List;

/**
 * What the next publication of a star would change for its readers.
 *
 * @param id its name, by which it is approved
 * @param nothing whether readers see it already
 * @param tables the tables, by name
 * @param excesses the limits that it is over: it needs approval
 */
public record PublicationPlan(
    PlanId id, boolean nothing, List<TableChange> tables, List<Excess> excesses) {
  /** Copies the lists. */
  public PublicationPlan {
    tables = List.copyOf(tables);
    excesses = List.copyOf(excesses);
  }
}
