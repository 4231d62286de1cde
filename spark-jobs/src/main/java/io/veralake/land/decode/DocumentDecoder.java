package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Keeps JSON documents, one a line, as they are written; only checks that they are JSON objects.
 */
public final class DocumentDecoder implements RecordDecoder {
  /** The one column. */
  public static final String DOCUMENT = "document";

  /** The row type of all tables of documents. */
  public static final StructType ROW_TYPE = new StructType().add(DOCUMENT, DataTypes.StringType);

  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    Utf8.check(buffer, from, to);
    try (JsonParser parser = JSON.createParser(buffer, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException("Invalid document (a JSON object)");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new BadRecordException(
            "Invalid JSON at byte "
                + parser.currentTokenLocation().getByteOffset()
                + ": more after the document (one a line)");
      }
    } catch (JsonProcessingException e) {
      throw EnvelopeDecoder.invalid(e, 0);
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON: " + e.getMessage());
    }
    return Change.ofFile(new Object[] {UTF8String.fromBytes(Arrays.copyOfRange(buffer, from, to))});
  }
}
