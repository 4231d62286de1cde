package io.veralake.publish;

import io.veralake.clickhouse.CanonicalText.Sums;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.RunContext;
import io.veralake.publish.ChangedPartitions.MartPartitions;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.Ledger.Pointer;
import io.veralake.publish.Verification.Content;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * One table on its way into a new generation: which partitions change, their rows in a private
 * table, verified, then attached.
 */
final class StagedTable {
  private final RunContext context;
  private final Star star;
  private final Publication publication;
  private final Entry wanted;
  private final long version;
  private final String staging;
  private final Map<List<String>, Pointer> pointers = new LinkedHashMap<>();
  private int loadedPartitions;
  private long loadedRows;

  StagedTable(RunContext context, Star star, Publication publication, Entry wanted, long version) {
    this.context = context;
    this.star = star;
    this.publication = publication;
    this.wanted = wanted;
    this.version = version;
    this.staging =
        Star.stagingPrefix(publication) + context.runId().replaceAll("[^A-Za-z0-9]", "_");
  }

  String name() {
    return this.publication.name();
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

  /**
   * Loads and verifies what differs from {@code current}, the table's part of the generation that
   * readers see, whose pointers are among {@code before}.
   */
  void load(ClickHouse clickHouse, WritePath path, @Nullable Entry current, List<Pointer> before) {
    Map<List<String>, Pointer> kept = this.intact(clickHouse, before);
    boolean sameTable = current != null && current.dataTable().equals(this.wanted.dataTable());
    ChangedPartitions changed = this.changed(sameTable ? current : null, kept, before);
    this.pointers.putAll(kept);
    if (changed.whole()) {
      this.pointers.clear();
    } else {
      changed.partitions().forEach(this.pointers::remove);
      if (changed.partitions().isEmpty()) {
        return;
      }
    }
    Load load = this.load(changed);
    Verification verification = new Verification(load);
    Map<List<String>, Content> truth = new HashMap<>(verification.truth(load));
    if (!changed.whole()) {
      this.keepEqual(truth, kept);
      load = load.only(truth.keySet());
    }
    if (truth.isEmpty()) {
      return;
    }
    new DataTable(this.star, this.publication)
        .createStaging(clickHouse, this.staging, this.version);
    path.write(load);
    Map<List<String>, Content> staged = verification.staged(clickHouse, load);
    verification.check(truth, staged, load);
    staged.forEach(
        (partition, content) -> {
          this.pointers.put(
              partition,
              new Pointer(
                  this.wanted.dataTable(), partition, this.version, content.id(), content.sums()));
          this.loadedRows += content.sums().count();
        });
    this.loadedPartitions = staged.size();
  }

  /** Partitions whose files were rewritten with the same rows need no load. */
  private void keepEqual(Map<List<String>, Content> truth, Map<List<String>, Pointer> kept) {
    truth
        .entrySet()
        .removeIf(
            entry -> {
              Pointer pointer = kept.get(entry.getKey());
              boolean equal = pointer != null && pointer.sums().equals(entry.getValue().sums());
              if (equal) {
                this.pointers.put(entry.getKey(), pointer);
              }
              return equal;
            });
  }

  private ChangedPartitions changed(
      @Nullable Entry current, Map<List<String>, Pointer> kept, List<Pointer> before) {
    if (current == null) {
      return ChangedPartitions.WHOLE;
    }
    Table table = this.context.lake().table("mart." + this.publication.mart().name());
    MartPartitions mart =
        new MartPartitions(
            this.publication.mart().partitionBy(),
            new PartitionText(this.publication.mart()),
            table.schema()::findColumnName);
    ChangedPartitions changed =
        ChangedPartitions.between(table, current.snapshot(), this.wanted.snapshot(), mart);
    if (changed.whole()) {
      return changed;
    }
    Set<List<String>> all = new HashSet<>(changed.partitions());
    before.stream()
        .filter(pointer -> pointer.dataTable().equals(this.wanted.dataTable()))
        .map(Pointer::partition)
        .filter(partition -> !kept.containsKey(partition))
        .forEach(all::add);
    return new ChangedPartitions(false, all);
  }

  /** Pointers of this table whose partitions still have the rows that they were published with. */
  private Map<List<String>, Pointer> intact(ClickHouse clickHouse, List<Pointer> before) {
    Map<String, Long> rows = new HashMap<>();
    for (List<@Nullable String> row :
        clickHouse.rows(
            "SELECT partition_id, sum(rows) FROM system.parts WHERE active AND database = "
                + Sql.literal(this.star.data())
                + " AND table = "
                + Sql.literal(this.wanted.dataTable())
                + " GROUP BY partition_id")) {
      rows.put(
          Objects.requireNonNull(row.get(0)), Long.valueOf(Objects.requireNonNull(row.get(1))));
    }
    Map<List<String>, Pointer> intact = new LinkedHashMap<>();
    for (Pointer pointer : before) {
      Sums sums = pointer.sums();
      if (pointer.dataTable().equals(this.wanted.dataTable())
          && Objects.equals(rows.get(pointer.partitionId()), sums.count())) {
        intact.put(pointer.partition(), pointer);
      }
    }
    return intact;
  }

  private Load load(ChangedPartitions changed) {
    return new Load(
        this.context.lake(),
        this.star,
        this.publication,
        this.staging,
        this.wanted.snapshot(),
        changed.partitions(),
        changed.whole(),
        this.version);
  }

  /** Puts the verified rows beside the ones that readers see; no view shows them yet. */
  void attach(ClickHouse clickHouse) {
    if (this.loadedPartitions == 0) {
      return;
    }
    clickHouse.execute(
        "ALTER TABLE "
            + this.star.inData(this.wanted.dataTable())
            + this.star.onCluster()
            + " ATTACH PARTITION ALL FROM "
            + this.star.inData(this.staging));
    new Leftovers(clickHouse, this.star, new Ledger(clickHouse, this.star)).drop(this.staging);
  }
}
