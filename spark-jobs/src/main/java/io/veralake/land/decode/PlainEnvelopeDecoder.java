package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.veralake.spec.ConnectorModes;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Reads Debezium's change events in JSON without schema, one a line: {@code {"key":…,"value":…}},
 * or the value alone. Columns and their types are the declared ones: a row that has another column,
 * or lacks one, can't be landed.
 */
public final class PlainEnvelopeDecoder implements RecordDecoder {
  private static final JsonFactory JSON = new JsonFactory();

  private final RowReader reader;

  /** For {@code table}, which declares columns and how the connector writes their values. */
  public PlainEnvelopeDecoder(LandTable table, StructType rowType) {
    ConnectorModes modes = Objects.requireNonNull(table.connector());
    List<SourceColumn> columns =
        table.columns().stream()
            .map(
                column -> {
                  DataType type = DataType.fromDDL(column.type().sql());
                  ValueReader values = DeclaredValues.reader(type, modes);
                  return new SourceColumn(column.name(), type, false, values);
                })
            .toList();
    this.reader = RowReader.ofWholeRows(new EnvelopeSchema(columns, true), rowType);
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    Utf8.check(buffer, from, to);
    try (JsonParser parser = JSON.createParser(buffer, from, to - from)) {
      Change change = this.line(parser);
      if (parser.nextToken() != null) {
        throw new BadRecordException(
            "Invalid JSON at byte "
                + parser.currentTokenLocation().getByteOffset()
                + ": more after the envelope (one a line)");
      }
      return change;
    } catch (JsonProcessingException e) {
      throw EnvelopeDecoder.invalid(e, 0);
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON: " + e.getMessage());
    }
  }

  private Change line(JsonParser parser) throws IOException, BadRecordException {
    if (parser.nextToken() == JsonToken.VALUE_NULL) {
      return Change.REPEAT;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadRecordException("Invalid line (an object)");
    }
    JsonToken first = parser.nextToken();
    String name = first == JsonToken.FIELD_NAME ? parser.currentName() : "";
    if (name.equals("key") || name.equals("value")) {
      return this.pair(parser);
    }
    if (name.equals("schema") || name.equals("payload")) {
      throw new BadRecordException(
          "Unexpected schema in the envelope (remove connector from the land model: it describes envelopes without)");
    }
    return new EnvelopePayload(parser, this.reader).readPlain();
  }

  /** The parser stands at the first member's name. */
  private Change pair(JsonParser parser) throws IOException, BadRecordException {
    Change change = null;
    while (parser.currentToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (!name.equals("value")) {
        parser.skipChildren();
      } else if (token == JsonToken.VALUE_NULL) {
        change = Change.REPEAT;
      } else if (token == JsonToken.START_OBJECT) {
        parser.nextToken();
        change = new EnvelopePayload(parser, this.reader).readPlain();
      } else {
        throw new BadRecordException("Invalid value of the line (an object)");
      }
      parser.nextToken();
    }
    if (change == null) {
      throw new BadRecordException("Missing value of the line (an envelope, or null)");
    }
    return change;
  }
}
