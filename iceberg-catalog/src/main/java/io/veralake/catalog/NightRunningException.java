package io.veralake.catalog;

/** Another run holds the lock of the lake. */
public final class NightRunningException extends RuntimeException {
  /** With a message that names the other run. */
  public NightRunningException(String message) {
    super(message);
  }
}
