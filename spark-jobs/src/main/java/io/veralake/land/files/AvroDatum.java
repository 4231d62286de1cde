package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.files.AvroCursor.BrokenException;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads single data of one Avro schema, as the quarantine keeps them. */
public final class AvroDatum implements RecordDecoder {
  private final AvroCursor cursor = new AvroCursor();
  private @Nullable DatumDecoder decoder;
  private @Nullable String broken;

  /** For data of the schema that {@code schema} writes; empty: there is none. */
  public AvroDatum(byte[] schema, StructType rowType, DatumDecoder.Factory decoders) {
    try {
      if (schema.length == 0) {
        throw new BadRecordException(
            "A piece of a file that can't be read (send the file again, whole)");
      }
      this.decoder = decoders.of(AvroRows.schema(schema), rowType);
    } catch (BadRecordException e) {
      this.broken = e.getMessage();
    }
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    if (this.decoder == null) {
      throw new BadRecordException(String.valueOf(this.broken));
    }
    try {
      Change change = this.decoder.decode(this.cursor.over(buffer, from, to));
      if (!this.cursor.ended()) {
        throw new BadRecordException("Invalid datum: more behind it");
      }
      return change;
    } catch (BrokenException e) {
      throw new BadRecordException("Invalid datum: " + e.getMessage());
    }
  }
}
