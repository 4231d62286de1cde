package io.veralake.run;

import org.jspecify.annotations.Nullable;

/** The operator ended the run before all steps were done. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * With what a step that was running said.
   *
   * @param step null if none was cut short
   */
  StoppedException(@Nullable Throwable step) {
    super("Interrupted: what was committed stays, nothing is half-written; run it again", step);
  }
}
