package io.veralake.lake;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of every raw table. A raw table has {@code before} and {@code after}, structs of the
 * source's columns, and the metadata below. Stages that read raw tables see each source column
 * {@code c} as {@code coalesce(after.c, before.c)} chosen by row, not by field: {@code after} if it
 * is there, else {@code before}.
 */
public final class RawColumns {
  /**
   * What happened, as Debezium says it: {@code c} insert, {@code u} update, {@code d} delete,
   * {@code r} read in a snapshot or a file, {@code t} truncate. String, never null.
   */
  public static final String OP = "_op";

  /** The row before the change; null where there was none or the source doesn't say. Struct. */
  public static final String BEFORE = "before";

  /** The row after the change; null for a delete. Struct. */
  public static final String AFTER = "after";

  /**
   * Columns whose values the source didn't send although they have one ({@code before.<name>} for
   * one of the row before); null if none. Array of string.
   */
  public static final String UNAVAILABLE = "_unavailable";

  /**
   * Place in the source's order: struct of {@code major}, {@code minor}, {@code row}, all bigint,
   * compared in that order, never null.
   */
  public static final String POSITION = "_position";

  /** When the change was committed at its source. Timestamp, never null. */
  public static final String COMMIT_TIME = "_commit_time";

  /** Where the row says it comes from. String, never null. */
  public static final String RECORD_SOURCE = "_record_source";

  /**
   * When the vault is to say that it learned of the row; null: the run's {@code --as-of}.
   * Timestamp.
   */
  public static final String LOAD_TIME = "_load_time";

  /**
   * URL of the file that the row was landed from ({@code _file} is a name of Iceberg's own).
   * String.
   */
  public static final String FILE = "_source_file";

  /** Number of the record in its file, from 1. Bigint. */
  public static final String ROW = "_source_row";

  /** The run that landed the row. String. */
  public static final String BATCH = "_batch";

  /**
   * Of the table of a stage that joins, which else is like a raw one: whether the row waits for a
   * partner; then it isn't there for those who read. Boolean, never null.
   */
  public static final String WAITING = "_waiting";

  /** Type of {@link #POSITION}. */
  public static final StructType POSITION_TYPE =
      new StructType()
          .add("major", DataTypes.LongType, false)
          .add("minor", DataTypes.LongType, false)
          .add("row", DataTypes.LongType, false);

  private RawColumns() {}
}
