package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonToken;
import io.veralake.spec.LandTable;
import io.veralake.spec.LandTable.OnLoss;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Reads Debezium's change events in Avro: a datum behind a zero and the number of its schema, as
 * converters with a registry write it, or a datum alone, as it is in container files.
 */
public final class AvroEnvelopeDecoder implements RecordDecoder {
  private final StructType rowType;
  private final OnLoss onLoss;
  private final boolean documents;
  private final @Nullable KnownSchemas known;
  private final Map<Long, Layout> layouts = new HashMap<>();
  private final AvroTokens tokens = new AvroTokens();
  private @Nullable Layout last;
  private long lastId;

  /** A schema, prepared. */
  private record Layout(AvroType type, @Nullable RowReader rows) {}

  private AvroEnvelopeDecoder(LandTable table, StructType rowType, @Nullable KnownSchemas known) {
    this.rowType = rowType;
    this.onLoss = table.onLoss();
    this.documents = table.events().documents();
    this.known = known;
  }

  /** Of records that name schemas of {@code known}, for {@code table} with such rows. */
  public static RecordDecoder of(LandTable table, StructType rowType, KnownSchemas known) {
    return new AvroEnvelopeDecoder(table, rowType, known);
  }

  /** Of data of {@code schema} alone. */
  public static RecordDecoder of(LandTable table, StructType rowType, Schema schema) {
    AvroEnvelopeDecoder decoder = new AvroEnvelopeDecoder(table, rowType, null);
    try {
      decoder.last = decoder.layout(schema);
      return decoder;
    } catch (BadRecordException e) {
      return (buffer, from, to) -> {
        throw e;
      };
    }
  }

  /**
   * The type of rows in envelopes of the schema {@code text}; empty if it can't be read or isn't
   * one of a change.
   */
  public static Optional<StructType> rowType(String text) {
    try {
      Schema schema = AvroSchemaText.parse(text);
      return EnvelopeSchema.of(AvroSchemas.connect(schema), OnLoss.ACCEPT).rowType();
    } catch (BadRecordException e) {
      return Optional.empty();
    }
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    return this.decode(null, buffer, from, to);
  }

  @Override
  public Change decode(byte @Nullable [] key, byte[] buffer, int from, int to)
      throws BadRecordException {
    if (!this.documents) {
      RowReader rows = this.open(buffer, from, to).rows;
      return this.read(
          buffer, to, () -> new EnvelopePayload(this.tokens, Objects.requireNonNull(rows)).read());
    }
    DocumentEvent event = new DocumentEvent();
    if (key != null) {
      this.open(key, 0, key.length);
      this.read(
          key,
          key.length,
          () -> {
            event.key(this.tokens);
            return event;
          });
    }
    this.open(buffer, from, to);
    this.read(
        buffer,
        to,
        () -> {
          event.value(this.tokens);
          return event;
        });
    return event.change(this.rowType);
  }

  /** Reads one datum. */
  private interface Reading<T> {
    T read() throws IOException, BadRecordException;
  }

  private Layout open(byte[] buffer, int from, int to) throws BadRecordException {
    Layout layout;
    int start = from;
    if (this.known == null) {
      layout = Objects.requireNonNull(this.last);
    } else {
      layout = this.layout(this.known, this.known.id(buffer, from, to));
      start = from + this.known.prefix();
    }
    this.tokens.read(layout.type, buffer, from, start, to);
    return layout;
  }

  private <T> T read(byte[] buffer, int to, Reading<T> reading) throws BadRecordException {
    try {
      if (this.tokens.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException("Invalid envelope: its schema is no record");
      }
      T result = reading.read();
      if (this.tokens.at() != to) {
        throw new BadRecordException(
            this.tokens.where() + "more after the envelope (one a record, of the schema it names)");
      }
      return result;
    } catch (IOException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()));
    }
  }

  private Layout layout(KnownSchemas schemas, long id) throws BadRecordException {
    if (this.last != null && this.lastId == id) {
      return this.last;
    }
    Layout layout = this.layouts.get(id);
    if (layout == null) {
      layout = this.layout(AvroSchemaText.parse(schemas.text(id)));
      this.layouts.put(id, layout);
    }
    this.last = layout;
    this.lastId = id;
    return layout;
  }

  private Layout layout(Schema schema) throws BadRecordException {
    if (this.documents) {
      return new Layout(AvroType.of(schema), null);
    }
    EnvelopeSchema envelope = EnvelopeSchema.of(AvroSchemas.connect(schema), this.onLoss);
    return new Layout(AvroType.of(schema), new RowReader(envelope, this.rowType));
  }
}
