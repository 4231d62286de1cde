package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.veralake.spec.DocumentField;
import io.veralake.spec.JsonPath;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Values inside documents. */
public final class DocumentFields {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long DAY = 86_400_000_000L;

  private DocumentFields() {}

  /**
   * The value of {@code field} in {@code document} as a number that orders: microseconds since the
   * epoch if it is a time.
   *
   * @throws BadRecordException if it is missing, null, or not of its type
   */
  public static long number(byte[] document, DocumentField field) throws BadRecordException {
    try {
      return number(text(document, field.path()), field);
    } catch (BadRecordException e) {
      throw new BadRecordException("Invalid value at " + field.path() + ": " + e.getMessage());
    }
  }

  /** The scalar at {@code path} in {@code document}, as it is written. */
  public static String text(byte[] document, JsonPath path) throws BadRecordException {
    try (JsonParser parser = JSON.createParser(document)) {
      JsonToken token = parser.nextToken();
      for (JsonPath.Step step : path.steps()) {
        token = token == null ? null : down(parser, step);
      }
      if (token == null || token == JsonToken.VALUE_NULL) {
        throw new BadRecordException("missing (the model needs it)");
      }
      if (!token.isScalarValue()) {
        throw new BadRecordException("an object or an array (a text or a number)");
      }
      return parser.getText();
    } catch (JsonProcessingException e) {
      throw EnvelopeDecoder.invalid(e, 0);
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON: " + e.getMessage());
    }
  }

  /** Goes to what {@code step} leads to; null if nothing is there. */
  private static @Nullable JsonToken down(JsonParser parser, JsonPath.Step step)
      throws IOException {
    String name = step.name();
    if (name != null) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        if (found) {
          return value;
        }
        parser.skipChildren();
      }
      return null;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY || step.index() < 0) {
      return null;
    }
    for (int i = 0; ; i++) {
      JsonToken value = parser.nextToken();
      if (value == JsonToken.END_ARRAY || i == step.index()) {
        return value == JsonToken.END_ARRAY ? null : value;
      }
      parser.skipChildren();
    }
  }

  private static long number(String text, DocumentField field) throws BadRecordException {
    return switch (field.type()) {
      case TIMESTAMP -> Times.instant(text);
      case DATE -> Times.day(text) * DAY;
      case BIGINT -> whole(text, 0);
      case EPOCH_SECONDS -> instant(whole(text, 6), text);
      case EPOCH_MILLIS -> instant(whole(text, 3), text);
      case EPOCH_MICROS -> instant(whole(text, 0), text);
    };
  }

  /** The number times ten to the {@code digits}, which must be whole. */
  private static long whole(String text, int digits) throws BadRecordException {
    try {
      if (text.length() <= 40 && text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d{1,2})?")) {
        return new BigDecimal(text).scaleByPowerOfTen(digits).longValueExact();
      }
    } catch (ArithmeticException e) {
      // told below
    }
    String allowed = digits == 0 ? "a whole number" : "a number of whole microseconds";
    throw new BadRecordException(text + " (" + allowed + ")");
  }

  private static long instant(long micros, String text) throws BadRecordException {
    if (micros < Times.FIRST || micros > Times.LAST) {
      throw new BadRecordException(text + " (an instant of the years 1 to 9999; is type right?)");
    }
    return micros;
  }
}
