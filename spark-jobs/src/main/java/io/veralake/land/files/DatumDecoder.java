package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.files.AvroCursor.BrokenException;
import java.io.Serializable;
import org.apache.avro.Schema;
import org.apache.spark.sql.types.StructType;

/** Reads the data of one Avro schema. Not thread-safe: each task has its own. */
public interface DatumDecoder {
  /**
   * What the next datum says. The cursor is behind it then, whether it can be landed or not.
   *
   * @throws BadRecordException with the reason, if it can't be landed
   * @throws BrokenException if it is no datum of the schema; where it ends isn't known then
   */
  Change decode(AvroCursor in) throws BrokenException, BadRecordException;

  /** Makes decoders of the data of a schema into rows of a type. */
  @FunctionalInterface
  interface Factory extends Serializable {
    /** A decoder of data of {@code schema}. */
    DatumDecoder of(Schema schema, StructType rowType);
  }
}
