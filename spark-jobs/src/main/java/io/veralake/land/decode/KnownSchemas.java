package io.veralake.land.decode;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The schemas of a batch's records, which name them by number.
 *
 * @param texts schemas by number; what isn't there, the registry doesn't have
 * @param digits bytes of a number, 4 or 8
 * @param registry what to call it where a schema is missing
 */
public record KnownSchemas(Map<Long, String> texts, int digits, String registry)
    implements Serializable {
  /** Copies the map. */
  public KnownSchemas {
    texts = new TreeMap<>(texts);
  }

  /** Bytes before the datum. */
  int prefix() {
    return 1 + this.digits;
  }

  /**
   * The number of the schema of the record in {@code buffer}.
   *
   * @throws BadRecordException if it names none
   */
  long id(byte[] buffer, int from, int to) throws BadRecordException {
    return id(buffer, from, to, this.digits);
  }

  /** The same, of numbers of {@code digits} bytes. */
  public static long id(byte[] buffer, int from, int to, int digits) throws BadRecordException {
    if (to - from <= digits || buffer[from] != 0) {
      throw new BadRecordException(
          "Missing schema of the record: it doesn't begin with a zero and a number of "
              + digits
              + " bytes (an Avro converter with a registry writes them)");
    }
    long id = 0;
    for (int i = 1; i <= digits; i++) {
      id = id << 8 | buffer[from + i] & 0xFF;
    }
    return id;
  }

  /** The schema {@code id}. */
  String text(long id) throws BadRecordException {
    String text = this.texts.get(id);
    if (text == null) {
      throw new BadRecordException(
          "Unknown schema " + id + " (one that " + this.registry + " has)");
    }
    return text;
  }
}
