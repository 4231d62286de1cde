package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Replaces values of JSON documents, by their paths; all else stays byte for byte. A path goes
 * through arrays, into each of their elements, and meets a name as often as it is there.
 */
public final class DocumentMask {
  private static final JsonFactory JSON = new JsonFactory();

  /** A step of paths: what is below each name, and what replaces the values that end there. */
  private static final class Step {
    private final Map<String, Step> below = new HashMap<>();
    private @Nullable UnaryOperator<byte @Nullable []> replace;
  }

  private final Step root = new Step();

  /**
   * Lets {@code replace} replace the values at {@code path} ({@code $.a.b}). It is given a string's
   * characters in UTF-8, or the text of another value as it is written, and answers the text of the
   * string that is to stand there, or null for a null. A null is left as it is.
   */
  public void at(String path, UnaryOperator<byte @Nullable []> replace) {
    Step step = this.root;
    for (String name : path.substring(2).split("\\.", -1)) {
      step = step.below.computeIfAbsent(name, any -> new Step());
    }
    step.replace = replace;
  }

  /**
   * {@code document} with the values replaced.
   *
   * @throws BadRecordException if it is not JSON
   */
  public byte[] apply(byte[] document) throws BadRecordException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(document.length + 128);
    try (JsonParser parser = JSON.createParser(document)) {
      int copied = 0;
      parser.nextToken();
      copied = this.value(parser, this.root, document, copied, out);
      out.write(document, copied, document.length - copied);
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON (a document)");
    }
    return out.toByteArray();
  }

  /** Goes through the value at which the parser stands; says up to where it was copied. */
  private int value(
      JsonParser parser, Step step, byte[] document, int from, ByteArrayOutputStream out)
      throws IOException {
    int copied = from;
    JsonToken token = parser.currentToken();
    UnaryOperator<byte @Nullable []> replace = step.replace;
    if (token == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        copied = this.value(parser, step, document, copied, out);
      }
    } else if (replace != null && token != JsonToken.VALUE_NULL) {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      byte[] plain = plain(parser, token, document, start);
      int end = (int) parser.currentLocation().getByteOffset();
      out.write(document, copied, start - copied);
      out.write(text(replace.apply(plain)));
      copied = end;
    } else if (token == JsonToken.START_OBJECT && step.below.isEmpty()) {
      parser.skipChildren();
    } else if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        Step next = step.below.getOrDefault(parser.currentName(), NONE);
        parser.nextToken();
        copied = this.value(parser, next, document, copied, out);
      }
    }
    return copied;
  }

  private static final Step NONE = new Step();

  private static byte[] plain(JsonParser parser, JsonToken token, byte[] document, int start)
      throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText().getBytes(StandardCharsets.UTF_8);
    }
    parser.skipChildren();
    if (token.isNumeric()) {
      return parser.getText().getBytes(StandardCharsets.UTF_8);
    }
    return Arrays.copyOfRange(document, start, (int) parser.currentLocation().getByteOffset());
  }

  private static byte[] text(byte @Nullable [] value) {
    if (value == null) {
      return "null".getBytes(StandardCharsets.UTF_8);
    }
    String quoted =
        '"'
            + new String(
                JsonStringEncoder.getInstance()
                    .quoteAsString(new String(value, StandardCharsets.UTF_8)))
            + '"';
    return quoted.getBytes(StandardCharsets.UTF_8);
  }
}
