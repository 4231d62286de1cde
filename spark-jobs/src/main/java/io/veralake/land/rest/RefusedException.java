package io.veralake.land.rest;

/** A server refuses a request for good. */
final class RefusedException extends RuntimeException {
  private final int status;

  /** With a whole message. */
  RefusedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** The answer's status. */
  int status() {
    return this.status;
  }
}
