package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Generation;
import io.veralake.publish.Ledger.Pointer;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves that ClickHouse serves what Iceberg holds: rows, checksum over all columns and totals of
 * each partition, computed anew on both sides, through the views that readers use. The result is in
 * {@code recon.verification}; partitions that differ are loaded again by the next publication.
 */
public final class VerifyStep {
  private final RunContext context;
  private final Star star;
  private final ClickHouse clickHouse;
  private final Ledger ledger;

  private VerifyStep(RunContext context, Star star, ClickHouse clickHouse) {
    this.context = context;
    this.star = star;
    this.clickHouse = clickHouse;
    this.ledger = new Ledger(clickHouse, star);
  }

  /**
   * Verifies all partitions of the generation {@code number} (null: the one that readers see) of
   * star {@code name}; with a non-empty {@code only}, of the tables named there.
   */
  public static Verified all(
      RunContext context, String name, List<String> only, @Nullable Long number) {
    Star star = Star.of(context.model(), name, context.engine().clickhouse().cluster());
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      VerifyStep step = new VerifyStep(context, star, clickHouse);
      Generation generation = Generations.find(step.ledger, name, number);
      boolean shown = generation.number() == step.ledger.current().number();
      List<Verified.Table> tables = new ArrayList<>();
      for (Publication publication : star.publications()) {
        if (only.isEmpty() || only.contains(publication.name())) {
          tables.add(step.proof(generation, publication).of(shown, null));
        }
      }
      return step.settle(new Verified(name, generation.number(), tables), "all");
    }
  }

  /**
   * Verifies what the last publication of star {@code name} loaded or emptied, unless that was
   * done.
   */
  public static Verified published(RunContext context, String name) {
    Star star = Star.of(context.model(), name, context.engine().clickhouse().cluster());
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      VerifyStep step = new VerifyStep(context, star, clickHouse);
      Generation generation = step.ledger.current();
      Set<String> done = new VerificationLog(context, name).tables(generation.number());
      List<Pointer> now = step.ledger.pointers(generation.number());
      List<Pointer> before = step.ledger.pointers(generation.parent());
      List<Verified.Table> tables = new ArrayList<>();
      for (Publication publication : star.publications()) {
        if (!done.contains(publication.name())) {
          tables.add(
              step.proof(generation, publication)
                  .of(true, step.touched(publication, generation, now, before)));
        }
      }
      Verified verified = new Verified(name, generation.number(), tables);
      return tables.isEmpty() ? verified : step.settle(verified, "published");
    }
  }

  /** Partitions that were loaded for {@code generation}, and those that it no longer has. */
  private Set<List<String>> touched(
      Publication publication, Generation generation, List<Pointer> now, List<Pointer> before) {
    String table = Objects.requireNonNull(generation.entries().get(publication.name())).dataTable();
    Set<List<String>> touched = new HashSet<>();
    Set<List<String>> kept = new HashSet<>();
    for (Pointer pointer : now) {
      if (pointer.dataTable().equals(table)) {
        (pointer.version() == generation.number() ? touched : kept).add(pointer.partition());
      }
    }
    for (Pointer pointer : before) {
      if (pointer.dataTable().equals(table) && !kept.contains(pointer.partition())) {
        touched.add(pointer.partition());
      }
    }
    return touched;
  }

  private TableProof proof(Generation generation, Publication publication) {
    return new TableProof(this.context, this.star, this.clickHouse, generation, publication);
  }

  private Verified settle(Verified verified, String scope) {
    new VerificationLog(this.context, this.star.name()).write(verified, scope);
    return verified;
  }
}
