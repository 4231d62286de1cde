package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.RunContext;
import io.veralake.publish.Contents.Content;
import io.veralake.publish.Ledger.Pointer;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One table on its way into a new generation: the rows that change in a private table, verified,
 * then attached.
 */
final class StagedTable {
  private final Star star;
  private final PlannedTable plan;
  private final long version;
  private final String staging;
  private final Map<List<String>, Pointer> pointers;
  private int loadedPartitions;
  private long loadedRows;

  StagedTable(RunContext context, Star star, PlannedTable plan, long version) {
    this.star = star;
    this.plan = plan;
    this.version = version;
    this.staging =
        Star.stagingPrefix(plan.publication()) + context.runId().replaceAll("[^A-Za-z0-9]", "_");
    this.pointers = new LinkedHashMap<>(plan.kept());
  }

  String name() {
    return this.plan.publication().name();
  }

  int loadedPartitions() {
    return this.loadedPartitions;
  }

  long loadedRows() {
    return this.loadedRows;
  }

  /** Pointers of the new generation, by partition. */
  List<Pointer> pointers() {
    List<Pointer> sorted = new ArrayList<>(this.pointers.values());
    sorted.sort(Comparator.comparing(pointer -> String.join("\u0001", pointer.partition())));
    return sorted;
  }

  /** Loads and verifies what is planned. */
  void load(ClickHouse clickHouse, WritePath path) {
    if (this.plan.loads().isEmpty()) {
      return;
    }
    Publication publication = this.plan.publication();
    Load load = this.plan.load(this.staging, this.version);
    new DataTable(this.star, publication).createStaging(clickHouse, this.staging, this.version);
    path.write(load);
    Map<List<String>, Content> staged =
        new Contents(publication).clickHouse(clickHouse, load.stagingName(), "true");
    Verification.check(this.plan.loads(), staged, load);
    staged.forEach(
        (partition, content) -> {
          this.pointers.put(
              partition,
              new Pointer(
                  this.plan.wanted().dataTable(),
                  partition,
                  this.version,
                  content.id(),
                  content.sums(),
                  content.totals()));
          this.loadedRows += content.sums().count();
        });
    this.loadedPartitions = staged.size();
  }

  /** Puts the verified rows beside the ones that readers see; no view shows them yet. */
  void attach(ClickHouse clickHouse) {
    if (this.loadedPartitions == 0) {
      return;
    }
    clickHouse.execute(
        "ALTER TABLE "
            + this.star.inData(this.plan.wanted().dataTable())
            + this.star.onCluster()
            + " ATTACH PARTITION ALL FROM "
            + this.star.inData(this.staging));
    new Leftovers(clickHouse, this.star, new Ledger(clickHouse, this.star)).drop(this.staging);
  }
}
