package io.veralake.land.decode;

/** Reads the records of one format. Not thread-safe: each task has its own. */
public interface RecordDecoder {
  /**
   * What the record in {@code buffer} from {@code from} to before {@code to} says; values are
   * copied out of the buffer.
   *
   * @throws BadRecordException with the reason, if it can't be landed
   */
  Change decode(byte[] buffer, int from, int to) throws BadRecordException;
}
