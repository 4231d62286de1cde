package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Reads Debezium's change events in JSON with schema, one a line: {@code {"key":…,"value":…}}, or
 * the value alone.
 */
public final class EnvelopeDecoder implements RecordDecoder {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> OPS = Set.of("c", "u", "d", "r", "t");
  private static final int KEPT_SCHEMAS = 1000;

  private final StructType rowType;
  private final JsonSpans spans = new JsonSpans();
  private final Map<ByteBuffer, RowReader> readers = new HashMap<>();
  private byte[] lastSchema = new byte[0];
  private @Nullable RowReader lastReader;

  /** For a table whose rows before and after are {@code rowType}. */
  public EnvelopeDecoder(StructType rowType) {
    this.rowType = rowType;
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
      return new Payload(parser, reader).read();
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
    long at = skipped + Math.max(0, e.getLocation().getByteOffset());
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
      reader = new RowReader(EnvelopeSchema.parse(text), this.rowType);
      if (this.readers.size() < KEPT_SCHEMAS) {
        this.readers.put(key, reader);
      }
    }
    this.lastSchema = text;
    this.lastReader = reader;
    return reader;
  }

  /** One payload while it is read. */
  private static final class Payload {
    private final JsonParser parser;
    private final RowReader reader;
    private final SourcePosition source = new SourcePosition();
    private final List<String> unavailable = new ArrayList<>(0);
    private String op = "";
    private @Nullable Object @Nullable [] before;
    private @Nullable Object @Nullable [] after;

    Payload(JsonParser parser, RowReader reader) {
      this.parser = parser;
      this.reader = reader;
    }

    Change read() throws IOException, BadRecordException {
      if (!this.reader.schema().change()) {
        return this.other();
      }
      while (this.parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = this.parser.currentName();
        boolean none = this.parser.nextToken() == JsonToken.VALUE_NULL;
        if (!none) {
          this.field(name);
        }
      }
      this.check();
      return Change.of(this.op, this.before, this.after, this.unavailable, this.source);
    }

    private void field(String name) throws IOException, BadRecordException {
      switch (name) {
        case "op" -> this.op = this.parser.getText();
        case "before" -> this.before = this.reader.before(this.parser, this.unavailable);
        case "after" -> this.after = this.reader.after(this.parser, this.unavailable);
        case "source" -> this.source.readSource(this.parser);
        case "transaction" -> this.source.readTransaction(this.parser);
        default -> this.parser.skipChildren();
      }
    }

    /** A message, a transaction's marker or a heartbeat; anything else was changed on its way. */
    private Change other() throws IOException, BadRecordException {
      Set<String> names = new HashSet<>();
      String found = "";
      while (this.parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = this.parser.currentName();
        this.parser.nextToken();
        if (name.equals("op")) {
          found = this.parser.getText();
        }
        names.add(name);
        this.parser.skipChildren();
      }
      boolean marker = names.contains("status") && names.contains("event_count");
      boolean heartbeat = names.equals(Set.of("ts_ms"));
      if (found.equals("m") || marker || heartbeat) {
        return Change.OTHER;
      }
      throw new BadRecordException(
          "Missing before, after and op in the payload (a whole Debezium envelope: no unwrapping transformation at the connector)");
    }

    private void check() throws BadRecordException {
      if (!OPS.contains(this.op)) {
        throw new BadRecordException("Invalid op: \"" + this.op + "\" (one of c, u, d, r, t)");
      }
      boolean needsAfter = !this.op.equals("d") && !this.op.equals("t");
      if (needsAfter && this.after == null) {
        throw new BadRecordException("Missing after in an envelope of op " + this.op);
      }
      if (this.op.equals("d") && this.before == null) {
        throw new BadRecordException(
            "Missing before in an envelope of op d (the table's replica identity must send at least the key)");
      }
      this.source.check();
    }
  }
}
