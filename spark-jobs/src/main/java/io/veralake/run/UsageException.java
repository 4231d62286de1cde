package io.veralake.run;

/** The command line is wrong in a way that only the model, or a calendar, can tell. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With what is wrong and what is allowed. */
  UsageException(String message) {
    super(message);
  }
}
