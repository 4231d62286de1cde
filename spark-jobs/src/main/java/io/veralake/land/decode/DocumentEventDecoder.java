package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Reads MongoDB's change events in JSON, with schema or without: an envelope, beside it its key, or
 * both in one line.
 */
public final class DocumentEventDecoder implements RecordDecoder {
  /** The row type of all tables of such events. */
  public static final StructType ROW_TYPE = DocumentEvent.ROW_TYPE;

  private static final JsonFactory JSON = new JsonFactory();

  private final StructType rowType;

  /** For a table whose rows before and after are {@code rowType}. */
  public DocumentEventDecoder(StructType rowType) {
    this.rowType = rowType;
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    return this.decode(null, buffer, from, to);
  }

  @Override
  public Change decode(byte @Nullable [] key, byte[] buffer, int from, int to)
      throws BadRecordException {
    DocumentEvent event = new DocumentEvent();
    if (key != null) {
      read(key, 0, key.length, event::key);
    }
    read(buffer, from, to, event::value);
    return event.change(this.rowType);
  }

  /** Reads one part of an event. */
  private interface Part {
    void read(JsonParser parser) throws IOException, BadRecordException;
  }

  private static void read(byte[] buffer, int from, int to, Part part) throws BadRecordException {
    Utf8.check(buffer, from, to);
    try (JsonParser parser = JSON.createParser(buffer, from, to - from)) {
      parser.nextToken();
      part.read(parser);
      if (parser.nextToken() != null) {
        throw new BadRecordException(
            "Invalid JSON at byte "
                + parser.currentTokenLocation().getByteOffset()
                + ": more after the envelope (one a line)");
      }
    } catch (JsonProcessingException e) {
      throw EnvelopeDecoder.invalid(e, 0);
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON: " + e.getMessage());
    }
  }
}
