package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds the table that a change event in JSON names as its source, without reading its rows. All
 * tables that share a source find the same in the same bytes, so that each record has one owner.
 */
public final class SourceTable implements TableFinder {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonSpans spans = new JsonSpans();

  @Override
  public Optional<String> of(byte[] buffer, int from, int to) {
    try {
      this.spans.scan(buffer, from, to);
    } catch (BadRecordException e) {
      return Optional.empty();
    }
    // A schema is passed over faster by its bytes than by its tokens.
    boolean found = this.spans.payloadFrom() >= 0;
    int start = found ? this.spans.payloadFrom() : from;
    int end = found ? this.spans.payloadTo() : to;
    try (JsonParser parser = JSON.createParser(buffer, start, end - start)) {
      return in(parser);
    } catch (IOException | RuntimeException e) {
      // Whoever keeps such records finds out what is wrong with this one.
      return Optional.empty();
    }
  }

  /** The table of the event that {@code parser} stands before. */
  static Optional<String> in(JsonParser parser) throws IOException {
    return parser.nextToken() == JsonToken.START_OBJECT ? envelope(parser) : Optional.empty();
  }

  private static Optional<String> envelope(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      if (object && name.equals("source")) {
        return source(parser);
      }
      if (object && name.equals("value")) {
        return envelope(parser);
      }
      parser.skipChildren();
    }
    return Optional.empty();
  }

  private static Optional<String> source(JsonParser parser) throws IOException {
    String database = "";
    String schema = "";
    String table = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        parser.skipChildren();
        continue;
      }
      switch (name) {
        case "db" -> database = parser.getText();
        case "schema" -> schema = parser.getText();
        case "table", "collection" -> table = parser.getText();
        default -> {}
      }
    }
    String owner = schema.isEmpty() ? database : schema;
    return owner.isEmpty() || table.isEmpty() ? Optional.empty() : Optional.of(owner + "." + table);
  }
}
