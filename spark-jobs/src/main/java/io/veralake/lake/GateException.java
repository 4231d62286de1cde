package io.veralake.lake;

/**
 * A declared gate stops the run before anything becomes visible (exit 3): a violated invariant, a
 * correction over its threshold.
 */
public final class GateException extends RuntimeException {
  /** With a whole message: which gate, what was found, what is allowed, what to do. */
  public GateException(String message) {
    super(message);
  }
}
