package io.veralake.land.decode;

/**
 * A record can't be landed; the message is the reason that the quarantine keeps. Has no stack
 * trace: it speaks about data, not about code.
 */
public final class BadRecordException extends Exception {
  /** With a whole reason. */
  public BadRecordException(String reason) {
    super(reason, null, false, false);
  }
}
