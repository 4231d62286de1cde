package io.veralake.land.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/**
 * Collects the different schemas of envelopes, in the order of their first appearance. Only a
 * schema that one of its records can be read by counts: what a broken record declares must not
 * become a column. Payloads are read until then, and not after it. Where events of several tables
 * are among each other, only a record that names the wanted one counts.
 */
public final class EnvelopeSchemas implements SchemaFinder {
  private final JsonSpans spans = JsonSpans.ofSchemas();
  private final SourceTable source = new SourceTable();
  private final String table;
  private final List<byte[]> found = new ArrayList<>();

  /** Those of {@code table}; empty: of all. */
  public EnvelopeSchemas(String table) {
    this.table = table;
  }

  @Override
  public void add(byte[] buffer, int from, int to) {
    try {
      this.spans.scan(buffer, from, to);
    } catch (BadRecordException e) {
      return;
    }
    if (this.spans.schemaFrom() < 0) {
      return;
    }
    for (int i = this.found.size() - 1; i >= 0; i--) {
      if (this.spans.schemaIs(this.found.get(i))) {
        return;
      }
    }
    byte[] schema = this.spans.schema();
    boolean wanted =
        this.table.isEmpty()
            || this.source.of(buffer, from, to).map(this.table::equals).orElse(false);
    if (wanted && readable(schema, buffer, from, to)) {
      this.found.add(schema);
    }
  }

  /** Whether the line can be read by its own schema, as a row that has each of its columns. */
  private static boolean readable(byte[] schema, byte[] buffer, int from, int to) {
    Optional<StructType> own = EnvelopeSchema.rowType(schema);
    if (own.isEmpty()) {
      return false;
    }
    try {
      EnvelopeDecoder.ofWholeRows(own.get()).decode(buffer, from, to);
      return true;
    } catch (BadRecordException e) {
      return false;
    }
  }

  @Override
  public List<byte[]> found() {
    return this.found;
  }
}
