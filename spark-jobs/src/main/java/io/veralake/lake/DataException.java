package io.veralake.lake;

/**
 * The data, or a server or a file that should give them, break what the model declares: the run
 * fails (exit 1). The message says what, where, and what to do.
 */
public final class DataException extends RuntimeException {
  /** With a whole message. */
  public DataException(String message) {
    super(message);
  }

  /** With a whole message and what led to it. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
