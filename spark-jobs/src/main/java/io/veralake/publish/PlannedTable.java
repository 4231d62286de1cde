package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.RunContext;
import io.veralake.publish.ChangedPartitions.MartPartitions;
import io.veralake.publish.Contents.Content;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.Ledger.Pointer;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What a publication has to do for one table: which partitions are loaded, with what in them, and
 * which stay as they are. Finding it changes nothing. Only partitions whose files changed are read.
 */
final class PlannedTable {
  private final RunContext context;
  private final Star star;
  private final Publication publication;
  private final Entry wanted;
  private final @Nullable Entry current;
  private final Map<List<String>, Pointer> kept = new LinkedHashMap<>();
  private final Map<List<String>, Content> served = new LinkedHashMap<>();
  private final Set<List<String>> damaged = new HashSet<>();
  private Map<List<String>, Content> loads = Map.of();
  private boolean whole;

  private PlannedTable(
      RunContext context,
      Star star,
      Publication publication,
      Entry wanted,
      @Nullable Entry current) {
    this.context = context;
    this.star = star;
    this.publication = publication;
    this.wanted = wanted;
    this.current = current;
  }

  /**
   * What leads from {@code current}, the table's part of the generation that readers see (null:
   * none), whose pointers are among {@code before}, to {@code wanted}. Partitions in {@code wrong}
   * don't serve what they were published with.
   */
  static PlannedTable of(
      RunContext context,
      Star star,
      Publication publication,
      ClickHouse clickHouse,
      Entry wanted,
      @Nullable Entry current,
      List<Pointer> before,
      Set<List<String>> wrong) {
    PlannedTable table = new PlannedTable(context, star, publication, wanted, current);
    table.damaged.addAll(wrong);
    if (current != null) {
      table.serve(
          clickHouse,
          current.dataTable(),
          before.stream()
              .filter(pointer -> pointer.dataTable().equals(current.dataTable()))
              .toList());
    }
    table.compare();
    return table;
  }

  Publication publication() {
    return this.publication;
  }

  Entry wanted() {
    return this.wanted;
  }

  @Nullable Entry current() {
    return this.current;
  }

  /** What readers see, by partition. */
  Map<List<String>, Content> served() {
    return this.served;
  }

  /** Partitions that don't have the rows any more that they were published with. */
  Set<List<String>> damaged() {
    return this.damaged;
  }

  /** Partitions that stay as they are. */
  Map<List<String>, Pointer> kept() {
    return this.kept;
  }

  /** What Iceberg has in the partitions that are to be loaded. */
  Map<List<String>, Content> loads() {
    return this.loads;
  }

  /** What readers would see, by partition. */
  Map<List<String>, Content> coming() {
    Map<List<String>, Content> coming = new LinkedHashMap<>(this.loads);
    this.kept.forEach((partition, pointer) -> coming.put(partition, pointer.content()));
    return coming;
  }

  /** The rows that are to be loaded, as {@code version}, into table {@code staging}. */
  Load load(String staging, long version) {
    return this.load(this.loads.keySet(), staging, version);
  }

  private Load load(Set<List<String>> partitions, String staging, long version) {
    return new Load(
        this.context.lake(),
        this.star,
        this.publication,
        staging,
        this.wanted.snapshot(),
        partitions,
        this.whole,
        version);
  }

  /** Notes what readers see, and keeps for now what is still as it was published. */
  private void serve(ClickHouse clickHouse, String dataTable, List<Pointer> pointers) {
    boolean same = dataTable.equals(this.wanted.dataTable());
    Map<String, Long> rows = this.storedRows(clickHouse, dataTable);
    List<String> summed = this.publication.summed().stream().map(column -> column.name()).toList();
    List<Pointer> unknown = new ArrayList<>();
    for (Pointer pointer : pointers) {
      boolean intact =
          !this.damaged.contains(pointer.partition())
              && Objects.equals(rows.get(pointer.partitionId()), pointer.sums().count());
      if (!intact) {
        this.damaged.add(pointer.partition());
      }
      if (!intact || !pointer.totals().keySet().containsAll(summed)) {
        unknown.add(pointer);
      }
      if (intact) {
        this.served.put(pointer.partition(), pointer.content());
      }
      if (intact && same) {
        this.kept.put(pointer.partition(), pointer);
      }
    }
    this.measure(clickHouse, dataTable, unknown);
  }

  /** Sums what isn't recorded, or isn't there as it was recorded. */
  private void measure(ClickHouse clickHouse, String dataTable, List<Pointer> unknown) {
    if (unknown.isEmpty()) {
      return;
    }
    List<String> columns =
        clickHouse
            .rows(
                "SELECT name FROM system.columns WHERE database = "
                    + Sql.literal(this.star.data())
                    + " AND table = "
                    + Sql.literal(dataTable))
            .stream()
            .map(row -> Objects.requireNonNull(row.get(0)))
            .toList();
    if (columns.isEmpty()) {
      // the table is gone, and all that was in it
      return;
    }
    Map<List<String>, Content> found =
        new Contents(this.publication)
            .totals(
                clickHouse,
                this.star.inData(dataTable),
                columns,
                unknown.stream()
                    .map(pointer -> Sql.literal(pointer.partitionId()))
                    .collect(Collectors.joining(", ", "_partition_id IN (", ")")));
    for (Pointer pointer : unknown) {
      Content content = found.get(pointer.partition());
      if (this.damaged.contains(pointer.partition())) {
        if (content != null) {
          this.served.put(pointer.partition(), content);
        }
      } else if (content != null) {
        Pointer summed = pointer.with(content.totals());
        this.served.put(pointer.partition(), summed.content());
        this.kept.replace(pointer.partition(), summed);
      }
    }
  }

  /** Rows that ClickHouse has, by id of the partition. */
  private Map<String, Long> storedRows(ClickHouse clickHouse, String dataTable) {
    Map<String, Long> rows = new HashMap<>();
    for (List<@Nullable String> row :
        clickHouse.rows(
            "SELECT partition_id, sum(rows) FROM system.parts WHERE active AND database = "
                + Sql.literal(this.star.data())
                + " AND table = "
                + Sql.literal(dataTable)
                + " GROUP BY partition_id")) {
      rows.put(
          Objects.requireNonNull(row.get(0)), Long.valueOf(Objects.requireNonNull(row.get(1))));
    }
    return rows;
  }

  /** Finds what is to be loaded. */
  private void compare() {
    boolean same = this.current != null && this.current.dataTable().equals(this.wanted.dataTable());
    ChangedPartitions changed =
        same ? this.changed(Objects.requireNonNull(this.current)) : ChangedPartitions.WHOLE;
    this.whole = changed.whole();
    Map<List<String>, Pointer> intact = new LinkedHashMap<>(this.kept);
    if (this.whole) {
      this.kept.clear();
    } else {
      changed.partitions().forEach(this.kept::remove);
      if (changed.partitions().isEmpty()) {
        return;
      }
    }
    this.loads =
        new Contents(this.publication).iceberg(this.load(changed.partitions(), "", 0).rows());
    this.keepEqual(intact);
  }

  /** Partitions whose files were rewritten with the same rows need no load. */
  private void keepEqual(Map<List<String>, Pointer> intact) {
    boolean equal =
        this.loads
            .entrySet()
            .removeIf(
                entry -> {
                  Pointer pointer = intact.get(entry.getKey());
                  boolean same = pointer != null && pointer.sums().equals(entry.getValue().sums());
                  if (same) {
                    this.kept.put(entry.getKey(), pointer);
                  }
                  return same;
                });
    this.whole &= !equal;
  }

  private ChangedPartitions changed(Entry from) {
    Table table = this.context.lake().table("mart." + this.publication.mart().name());
    MartPartitions mart =
        new MartPartitions(
            this.publication.mart().partitionBy(),
            new PartitionText(this.publication.mart()),
            table.schema()::findColumnName);
    ChangedPartitions changed =
        ChangedPartitions.between(table, from.snapshot(), this.wanted.snapshot(), mart);
    if (changed.whole()) {
      return changed;
    }
    Set<List<String>> all = new HashSet<>(changed.partitions());
    all.addAll(this.damaged);
    return new ChangedPartitions(false, all);
  }
}
