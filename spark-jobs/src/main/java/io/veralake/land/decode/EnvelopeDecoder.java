package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.veralake.spec.LandTable.OnLoss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Reads Debezium's change events in JSON with schema, one a line: {@code {"key":…,"value":…}}, or
 * the value alone.
 */
public final class EnvelopeDecoder implements RecordDecoder {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int KEPT_SCHEMAS = 1000;

  private final StructType rowType;
  private final OnLoss onLoss;
  private final boolean whole;
  private final JsonSpans spans = new JsonSpans();
  private final Map<ByteBuffer, RowReader> readers = new HashMap<>();
  private byte[] lastSchema = new byte[0];
  private @Nullable RowReader lastReader;

  /** For a table whose rows before and after are {@code rowType}. */
  public EnvelopeDecoder(StructType rowType) {
    this(rowType, OnLoss.QUARANTINE);
  }

  /** The same, and what to do about values that the connector made less exact. */
  public EnvelopeDecoder(StructType rowType, OnLoss onLoss) {
    this(rowType, onLoss, false);
  }

  private EnvelopeDecoder(StructType rowType, OnLoss onLoss, boolean whole) {
    this.rowType = rowType;
    this.onLoss = onLoss;
    this.whole = whole;
  }

  /** For a look at records whose rows must have each column of their schemas. */
  static EnvelopeDecoder ofWholeRows(StructType rowType) {
    return new EnvelopeDecoder(rowType, OnLoss.ACCEPT, true);
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    this.spans.scan(buffer, from, to);
    if (this.spans.tombstone()) {
      return Change.REPEAT;
    }
    if (this.spans.schemaFrom() < 0 || this.spans.payloadFrom() < 0) {
      throw new BadRecordException(
          "Missing schema or payload in the envelope (set value.converter.schemas.enable=true at the connector)");
    }
    Utf8.check(buffer, this.spans.payloadFrom(), this.spans.payloadTo());
    RowReader reader = this.reader();
    int start = this.spans.payloadFrom();
    try (JsonParser parser = JSON.createParser(buffer, start, this.spans.payloadTo() - start)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException("Invalid payload of the envelope (an object)");
      }
      return new EnvelopePayload(parser, reader).read();
    } catch (JsonProcessingException e) {
      throw invalid(e, start - from);
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON: " + e.getMessage());
    }
  }

  /**
   * The reason that tells of {@code e}, which was found by a parser that began {@code skipped}
   * bytes behind the record's beginning.
   */
  static BadRecordException invalid(JsonProcessingException e, long skipped) {
    // Limits of the parser, such as that of the depth, have no place.
    long at =
        skipped + (e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset()));
    return new BadRecordException("Invalid JSON at byte " + at + ": " + e.getOriginalMessage());
  }

  private RowReader reader() throws BadRecordException {
    if (this.lastReader != null && this.spans.schemaIs(this.lastSchema)) {
      return this.lastReader;
    }
    byte[] text = this.spans.schema();
    ByteBuffer key = ByteBuffer.wrap(text);
    RowReader reader = this.readers.get(key);
    if (reader == null) {
      EnvelopeSchema schema = EnvelopeSchema.parse(text, this.onLoss);
      reader =
          this.whole
              ? RowReader.ofWholeRows(schema, this.rowType)
              : new RowReader(schema, this.rowType);
      if (this.readers.size() < KEPT_SCHEMAS) {
        this.readers.put(key, reader);
      }
    }
    this.lastSchema = text;
    this.lastReader = reader;
    return reader;
  }
}
