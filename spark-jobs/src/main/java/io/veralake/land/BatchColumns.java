package io.veralake.land;

import io.veralake.land.decode.Change;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of a batch while it is landed: what becomes of each record, then those of the raw table,
 * then those of the quarantine.
 */
final class BatchColumns {
  /** What becomes of the record: the code of its {@link Fate}. */
  static final String FATE = "_fate";

  /** Why it can't be landed. */
  static final String REASON = "_reason";

  /** Its bytes, if it can't be landed. */
  static final String BYTES = "_bytes";

  /** Where it begins in its file. */
  static final String OFFSET = "_offset";

  /** When its file was last written, microseconds since the epoch. */
  static final String FILE_TIME = "_file_time";

  /** What else is needed to read it again: the header line of a CSV file. */
  static final String CONTEXT = "_context";

  /** Which binlog it is from, {@link Binlogs#origin}. */
  static final String ORIGIN = "_origin";

  /** When a connector sent it, milliseconds since the epoch; only beside {@link #ORIGIN}. */
  static final String SENT = "_sent";

  /** Place of {@link io.veralake.lake.RawColumns#AFTER}. */
  static final int AFTER = 3;

  /** Place of {@link io.veralake.lake.RawColumns#POSITION}. */
  static final int POSITION = 5;

  /** Place of {@link io.veralake.lake.RawColumns#COMMIT_TIME}. */
  static final int COMMIT_TIME = 6;

  /** How many changes are missing before it, by the numbers of its transaction; null: none. */
  static final String MISSING = "_missing";

  /** Place of {@link #ORIGIN}; {@link #SENT} comes behind it. */
  static final int ORIGIN_PLACE = 17;

  /** Place of {@link #MISSING}. */
  static final int MISSING_PLACE = 19;

  /** How many columns there are. */
  static final int COUNT = 20;

  /** What becomes of a record. */
  enum Fate {
    /** It is a row. */
    ROW(0),
    /** It repeats another record. */
    REPEAT(1),
    /** It is no record of the table. */
    OTHER(2),
    /** It can't be landed. */
    BAD(3);

    private final int code;

    Fate(int code) {
      this.code = code;
    }

    /** The value of {@link #FATE}. */
    int code() {
      return this.code;
    }

    /** The fate of a record that could be decoded. */
    static Fate of(Change.Kind kind) {
      return switch (kind) {
        case ROW -> ROW;
        case REPEAT -> REPEAT;
        case OTHER -> OTHER;
      };
    }
  }

  private BatchColumns() {}

  /** The type of a batch for a raw table of type {@code raw}. */
  static StructType type(StructType raw) {
    StructType type = new StructType().add(FATE, DataTypes.IntegerType, false);
    for (StructField field : raw.fields()) {
      type = type.add(field);
    }
    return type.add(REASON, DataTypes.StringType)
        .add(BYTES, DataTypes.BinaryType)
        .add(OFFSET, DataTypes.LongType)
        .add(FILE_TIME, DataTypes.LongType)
        .add(CONTEXT, DataTypes.BinaryType)
        .add(ORIGIN, DataTypes.StringType)
        .add(SENT, DataTypes.LongType)
        .add(MISSING, DataTypes.LongType);
  }
}
