package io.veralake.reconcile;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A row of one side in the one form in which rows are compared. Every value is its canonical text,
 * the same in both engines; null stays null.
 *
 * @param side whose row it is
 * @param key texts of the key
 * @param values texts of the compared values, the partition first
 * @param changed microseconds of the commit that the row shows; of a version: since when it holds
 * @param received microseconds at which the stream got it; the lowest number for other sides
 * @param deleted of a version: that it says that the key is gone
 */
record SideRow(
    Side side,
    List<@Nullable String> key,
    List<@Nullable String> values,
    long changed,
    long received,
    boolean deleted) {
  /** Whose row it is. */
  enum Side {
    TRUTH,
    STREAM,
    HISTORY
  }

  /** Stands for a time that isn't given: before every other. */
  static final long NO_TIME = Long.MIN_VALUE;

  private static final ArrayType TEXTS = DataTypes.createArrayType(DataTypes.StringType, true);

  /** How Spark carries it. */
  static final StructType TYPE =
      new StructType()
          .add("side", DataTypes.StringType, false)
          .add("key", TEXTS, false)
          .add("values", TEXTS, false)
          .add("changed", DataTypes.LongType, false)
          .add("received", DataTypes.LongType, false)
          .add("deleted", DataTypes.BooleanType, false);

  /** From {@link #TYPE}. */
  static SideRow of(Row row) {
    return new SideRow(
        Side.valueOf(row.getString(0)),
        row.getList(1),
        row.getList(2),
        row.getLong(3),
        row.getLong(4),
        row.getBoolean(5));
  }

  /** As {@link #TYPE}. */
  Row row() {
    return RowFactory.create(
        this.side.name(),
        this.key.toArray(),
        this.values.toArray(),
        this.changed,
        this.received,
        this.deleted);
  }

  /** The partition that it lies in. */
  @Nullable String partition() {
    return this.values.get(0);
  }
}
