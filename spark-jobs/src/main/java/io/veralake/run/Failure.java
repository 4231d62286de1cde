package io.veralake.run;

import io.veralake.catalog.NightRunningException;
import io.veralake.lake.DataException;
import io.veralake.lake.GateException;
import java.util.HashSet;
import java.util.Set;

/** What a failure says to an operator. */
final class Failure {
  private Failure() {}

  /** Whether the failure was made for an operator to read: its message says what to do. */
  static boolean expected(Throwable e) {
    return e instanceof DataException
        || e instanceof GateException
        || e instanceof NightRunningException
        || e instanceof StoppedException;
  }

  /**
   * The message that says most: that of the first failure in the chain that was made for an
   * operator, else kind and first line of the innermost one, which the others wrap.
   */
  static String text(Throwable e) {
    Set<Throwable> seen = new HashSet<>();
    Throwable last = e;
    for (Throwable cause = e; cause != null && seen.add(cause); cause = cause.getCause()) {
      if (expected(cause)) {
        return String.valueOf(cause.getMessage());
      }
      last = cause;
    }
    String message = last.getMessage();
    String kind = last.getClass().getSimpleName();
    return message == null || message.isBlank()
        ? kind
        : kind + ": " + message.strip().lines().findFirst().orElse("");
  }
}
