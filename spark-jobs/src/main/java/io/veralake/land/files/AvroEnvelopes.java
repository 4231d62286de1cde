package io.veralake.land.files;

import io.veralake.land.decode.AvroEnvelopeDecoder;
import io.veralake.land.decode.AvroTables;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.OneTableDecoder;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.files.AvroCursor.BrokenException;
import io.veralake.spec.LandTable;
import org.apache.avro.Schema;
import org.apache.spark.sql.types.StructType;

/** Reads change events of one Avro schema. */
public final class AvroEnvelopes implements DatumDecoder {
  private final Schema schema;
  private final RecordDecoder decoder;

  /** For events of {@code schema} and a raw table of {@code rowType}, which {@code table} says. */
  public AvroEnvelopes(LandTable table, Schema schema, StructType rowType) {
    this.schema = schema;
    this.decoder =
        OneTableDecoder.of(
            AvroEnvelopeDecoder.of(table, rowType, schema), table.events(), AvroTables.of(schema));
  }

  /** Tells events of {@code table} from others, and reads none: they are repeats. */
  public static DatumDecoder.Factory looking(String table) {
    return (schema, rowType) -> new AvroEnvelopes(schema, look(AvroTables.of(schema), table));
  }

  private AvroEnvelopes(Schema schema, RecordDecoder decoder) {
    this.schema = schema;
    this.decoder = decoder;
  }

  private static RecordDecoder look(AvroTables tables, String table) {
    return (buffer, from, to) ->
        tables.of(buffer, from, to).map(table::equals).orElse(false) ? Change.REPEAT : Change.OTHER;
  }

  @Override
  public Change decode(AvroCursor in) throws BrokenException, BadRecordException {
    int from = in.at();
    // Before any value is looked at: wherever reading it ends, the next event is found.
    AvroSkip.datum(this.schema, in);
    return this.decoder.decode(in.buffer(), from, in.at());
  }
}
