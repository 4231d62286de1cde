package io.veralake.land.decode;

import org.jspecify.annotations.Nullable;

/**
 * A decoder whose own mistakes cost one record: what it throws unexpectedly becomes that record's
 * reason, and the night goes on.
 */
public final class CarefulDecoder implements RecordDecoder {
  /** How such reasons begin. */
  public static final String REASON = "Cannot read the record";

  private final RecordDecoder decoder;

  /** Around {@code decoder}. */
  public CarefulDecoder(RecordDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    return this.decode(null, buffer, from, to);
  }

  @Override
  public Change decode(byte @Nullable [] key, byte[] buffer, int from, int to)
      throws BadRecordException {
    try {
      return this.decoder.decode(key, buffer, from, to);
    } catch (RuntimeException | StackOverflowError e) {
      throw new BadRecordException(
          REASON + ": " + e + " (a mistake of Veralake: report it; replay the record afterwards)");
    }
  }
}
