package io.veralake.land;

import io.veralake.land.decode.CsvDecoder;
import io.veralake.land.decode.DocumentDecoder;
import io.veralake.land.decode.EnvelopeDecoder;
import io.veralake.land.decode.EnvelopeSchema;
import io.veralake.land.decode.PlainEnvelopeDecoder;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.decode.RecordEnd;
import io.veralake.spec.LandTable;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;

/**
 * What the formats of files do differently.
 *
 * @param table the table whose files they are
 */
record Format(LandTable table) implements Serializable {
  /** Whether the records bring their schemas. */
  boolean envelopes() {
    return this.table.format() == LandTable.Format.DEBEZIUM_JSON && this.table.connector() == null;
  }

  /**
   * Whether the first record of a file names the columns of the others; such files can't be cut.
   */
  boolean headers() {
    return this.table.format() == LandTable.Format.CSV;
  }

  /** Where records end. */
  RecordEnd recordEnd() {
    return this.headers() ? CsvDecoder.recordEnd(this.table) : RecordEnd.LINE_FEED;
  }

  /**
   * The columns that are there whatever the files hold, then those that each schema or header
   * declares; ones that can't be used are left out.
   */
  List<StructType> rowTypes(List<byte[]> schemas) {
    return Stream.concat(
            Stream.of(this.declared()),
            schemas.stream()
                .map(
                    schema ->
                        this.headers()
                            ? CsvDecoder.rowType(this.table, schema)
                            : EnvelopeSchema.rowType(schema))
                .flatMap(Optional::stream))
        .distinct()
        .toList();
  }

  private StructType declared() {
    return switch (this.table.format()) {
      case DEBEZIUM_JSON, CSV -> CsvDecoder.declaredType(this.table);
      case JSON_LINES -> DocumentDecoder.ROW_TYPE;
    };
  }

  /**
   * A decoder of records into rows of {@code rowType}; of the records below {@code header}, if the
   * format has headers.
   */
  RecordDecoder decoder(StructType rowType, byte[] header) {
    return switch (this.table.format()) {
      case DEBEZIUM_JSON ->
          this.envelopes()
              ? new EnvelopeDecoder(rowType, this.table.onLoss())
              : new PlainEnvelopeDecoder(this.table, rowType);
      case JSON_LINES -> new DocumentDecoder();
      case CSV -> new CsvDecoder(this.table, header, rowType);
    };
  }
}
