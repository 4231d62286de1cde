package io.veralake.lake;

import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;

/**
 * How finely rows of a raw table are parted by commit time. Tables are parted by days; rows that
 * are so thin that each day would be a tiny file (a first dump with years of history) lie in
 * months, years or one partition, under another partition spec of the same table.
 */
public enum TimeGrain {
  /** A partition a day. */
  DAY,
  /** A partition a month. */
  MONTH,
  /** A partition a year. */
  YEAR,
  /** One partition. */
  NONE;

  /**
   * So few partitions are fine however little they hold, and can all be open for writing at once.
   */
  public static final int FEW = 8;

  /** A partition that holds so many rows is worth a file of its own. */
  private static final long THICK = 10_000;

  /** The finest grain that doesn't cut {@code rows} of {@code days} into tiny files. */
  public static TimeGrain of(Days days, long rows) {
    for (TimeGrain grain : values()) {
      int partitions = days.partitions(grain);
      if (partitions <= FEW || rows / partitions >= THICK) {
        return grain;
      }
    }
    return NONE;
  }

  /** Parts new rows of {@code table} by days if they aren't: one that an earlier version made. */
  public static void ensureDays(Table table) {
    if (table.spec().isUnpartitioned()) {
      table.updateSpec().addField(DAY.term()).commit();
    }
  }

  /** Id of the table's partition spec of this grain, which is added to it if it isn't there. */
  public int spec(Table table) {
    for (PartitionSpec spec : table.specs().values()) {
      if (this.is(spec)) {
        return spec.specId();
      }
    }
    UpdatePartitionSpec update = table.updateSpec();
    table.spec().fields().forEach(field -> update.removeField(field.name()));
    if (this != NONE) {
      update.addField(this.term());
    }
    update.addNonDefaultSpec().commit();
    table.refresh();
    return this.spec(table);
  }

  private boolean is(PartitionSpec spec) {
    if (this == NONE) {
      return spec.isUnpartitioned();
    }
    PartitionField field = spec.fields().size() == 1 ? spec.fields().get(0) : null;
    return field != null
        && field.transform().toString().equals(this.name().toLowerCase(java.util.Locale.ROOT))
        && RawColumns.COMMIT_TIME.equals(spec.schema().findColumnName(field.sourceId()));
  }

  private Term term() {
    return switch (this) {
      case DAY -> Expressions.day(RawColumns.COMMIT_TIME);
      case MONTH -> Expressions.month(RawColumns.COMMIT_TIME);
      case YEAR -> Expressions.year(RawColumns.COMMIT_TIME);
      case NONE -> throw new IllegalArgumentException("No term of " + this);
    };
  }
}
