package io.veralake.reconcile;

import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * One row that the stream and the truth don't agree on, and why.
 *
 * @param cause why
 * @param evidence what the cause was decided by, a phrase
 * @param key the key as JSON
 * @param streamed what the stream shows; null if it shows nothing that counts
 * @param corrected what is true; null if nothing is
 * @param columns names of the columns that differ, if both sides are there
 * @param elsewhere of a phantom: the partition in which its key should be by what the vault knows,
 *     to look there; null if there is none
 */
record Finding(
    Cause cause,
    String evidence,
    String key,
    @Nullable Shown streamed,
    @Nullable Shown corrected,
    List<String> columns,
    @Nullable String elsewhere) {
  /**
   * One side of a finding.
   *
   * @param partition where the row is counted
   * @param json its values as JSON
   * @param measures what it adds to each measure of the ledger, in the order of {@link
   *     Shape#measureNames}
   */
  record Shown(@Nullable String partition, String json, List<BigDecimal> measures) {
    Row row() {
      return RowFactory.create(
          this.partition,
          this.json,
          this.measures.stream().map(value -> value.setScale(Shape.LEDGER_SCALE)).toArray());
    }
  }

  /** Type of every sum in the ledger. */
  static final DataType AMOUNT = DataTypes.createDecimalType(38, Shape.LEDGER_SCALE);

  private static final StructType SHOWN =
      new StructType()
          .add("partition", DataTypes.StringType, true)
          .add("json", DataTypes.StringType, false)
          .add("measures", DataTypes.createArrayType(AMOUNT, false), false);

  /** How Spark carries it. */
  static final StructType TYPE =
      new StructType()
          .add("cause", DataTypes.StringType, false)
          .add("evidence", DataTypes.StringType, false)
          .add("key", DataTypes.StringType, false)
          .add("streamed", SHOWN, true)
          .add("corrected", SHOWN, true)
          .add("columns", DataTypes.createArrayType(DataTypes.StringType, false), false)
          .add("elsewhere", DataTypes.StringType, true);

  /** As {@link #TYPE}. */
  Row row() {
    return RowFactory.create(
        this.cause.name(),
        this.evidence,
        this.key,
        this.streamed == null ? null : this.streamed.row(),
        this.corrected == null ? null : this.corrected.row(),
        this.columns.toArray(),
        this.elsewhere);
  }
}
