package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value, whose first token is the parser's current one and not null, into Spark's
 * internal form.
 */
@FunctionalInterface
interface ValueReader {
  /** Stands for a value that the source didn't send although there is one. */
  Object UNAVAILABLE = new Object();

  /**
   * The value; {@link #UNAVAILABLE} if the source didn't send it.
   *
   * @throws BadRecordException if the value is not of its declared type, or Spark can't hold it
   *     exactly; the message is the value and what is allowed
   */
  @Nullable Object read(JsonParser parser) throws IOException, BadRecordException;
}
