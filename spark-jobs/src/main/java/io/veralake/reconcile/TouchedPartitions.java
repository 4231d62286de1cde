package io.veralake.reconcile;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.Lake;
import io.veralake.spec.ColumnType;
import io.veralake.spec.ColumnType.Kind;
import io.veralake.spec.Reconciliation;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** Finds the partitions in which anything can have changed since the last reconciliation. */
final class TouchedPartitions {
  private final Reconciliation reconciliation;
  private final Shape shape;
  private final Table mart;

  TouchedPartitions(Lake lake, Reconciliation reconciliation, Shape shape) {
    this.reconciliation = reconciliation;
    this.shape = shape;
    this.mart = lake.table("mart." + reconciliation.mart().name());
  }

  /**
   * Texts of the partitions whose files the mart changed, of those with rows that the stream
   * received, and of those that were left open; null if it can't be told: all.
   */
  @Nullable Set<@Nullable String> since(
      Previous previous, long snapshot, ClickHouse clickHouse, long latency) {
    Set<@Nullable String> touched = this.changed(previous.snapshot(), snapshot);
    if (touched == null) {
      return null;
    }
    touched.addAll(previous.open());
    StreamSql sql = new StreamSql(this.reconciliation, this.shape);
    for (List<@Nullable String> row :
        clickHouse.rows(sql.partitionsSince(previous.asOf() - latency))) {
      touched.add(row.get(0));
    }
    return touched;
  }

  private @Nullable Set<@Nullable String> changed(long after, long upTo) {
    if (this.mart.snapshot(after) == null || !SnapshotUtil.isAncestorOf(this.mart, upTo, after)) {
      return null;
    }
    Set<@Nullable String> partitions = new HashSet<>();
    for (Snapshot snapshot :
        SnapshotUtil.ancestorsBetween(upTo, after, id -> this.mart.snapshot(id))) {
      SnapshotChanges changes = SnapshotChanges.builderFor(this.mart).snapshot(snapshot).build();
      boolean listed =
          snapshot.operation().equals(DataOperations.REPLACE)
              || this.add(changes.addedDataFiles(), partitions)
                  && this.add(changes.removedDataFiles(), partitions);
      if (!listed) {
        return null;
      }
    }
    return partitions;
  }

  private boolean add(Iterable<DataFile> files, Set<@Nullable String> partitions) {
    for (DataFile file : files) {
      PartitionSpec spec = Objects.requireNonNull(this.mart.specs().get(file.specId()));
      int place = this.place(spec);
      if (place < 0) {
        return false;
      }
      Object value = file.partition().get(place, Object.class);
      if (!this.addTexts(spec.fields().get(place), value, partitions)) {
        return false;
      }
    }
    return true;
  }

  private int place(PartitionSpec spec) {
    for (int i = 0; i < spec.fields().size(); i++) {
      PartitionField field = spec.fields().get(i);
      String column = spec.schema().findColumnName(field.sourceId());
      if (this.reconciliation.partition().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Adds the values that the partition column can have in a file; false if they can't be listed.
   */
  private boolean addTexts(
      PartitionField field, @Nullable Object value, Set<@Nullable String> partitions) {
    ColumnType type = this.shape.values().get(0).type();
    if (value == null) {
      partitions.add(null);
      return true;
    }
    if (field.transform().isIdentity()) {
      return addText(type, value, partitions);
    }
    if (type.kind() != Kind.DATE) {
      return false;
    }
    int ordinal = ((Number) value).intValue();
    switch (field.transform().toString()) {
      case "day" -> partitions.add(LocalDate.ofEpochDay(ordinal).toString());
      case "month" -> {
        YearMonth month = YearMonth.of(1970, 1).plusMonths(ordinal);
        for (int day = 1; day <= month.lengthOfMonth(); day++) {
          partitions.add(month.atDay(day).toString());
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean addText(ColumnType type, Object value, Set<@Nullable String> partitions) {
    switch (type.kind()) {
      case DATE -> partitions.add(LocalDate.ofEpochDay(((Number) value).intValue()).toString());
      case INT, BIGINT, BOOLEAN, STRING -> partitions.add(value.toString());
      case FLOAT, DOUBLE, DECIMAL, BINARY, TIMESTAMP -> {
        return false;
      }
    }
    return true;
  }
}
