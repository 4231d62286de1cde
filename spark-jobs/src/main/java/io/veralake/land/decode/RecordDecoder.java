package io.veralake.land.decode;

import org.jspecify.annotations.Nullable;

/** Reads the records of one format. Not thread-safe: each task has its own. */
public interface RecordDecoder {
  /**
   * What the record in {@code buffer} from {@code from} to before {@code to} says; values are
   * copied out of the buffer.
   *
   * @throws BadRecordException with the reason, if it can't be landed
   */
  Change decode(byte[] buffer, int from, int to) throws BadRecordException;

  /**
   * The same of a record that has a key beside it, which only some formats look at.
   *
   * @param key null: it has none
   */
  default Change decode(byte @Nullable [] key, byte[] buffer, int from, int to)
      throws BadRecordException {
    return this.decode(buffer, from, to);
  }
}
