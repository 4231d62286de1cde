package io.veralake.run;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Tells how far a run is: a line for each step that has ended, and on a terminal a last line with
 * what is running.
 */
final class Progress {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final int steps;
  private final Set<String> running = new LinkedHashSet<>();
  private int ended;

  Progress(PrintWriter out, boolean terminal, int steps) {
    this.out = out;
    this.terminal = terminal;
    this.steps = steps;
  }

  /** A step has started. */
  synchronized void started(String step) {
    this.running.add(step);
    this.draw();
  }

  /** A step has ended. */
  synchronized void ended(String step, String outcome, Duration took) {
    this.running.remove(step);
    this.ended++;
    this.line(
        String.format(
            Locale.ROOT, "  %-32s %-58s %6.1f s", step, outcome, took.toMillis() / 1000.0));
    this.draw();
  }

  /** A line of its own. */
  synchronized void line(String text) {
    if (this.terminal) {
      this.out.print(CLEAR_LINE);
    }
    this.out.println(text);
    this.out.flush();
  }

  private void draw() {
    if (this.terminal) {
      this.out.print(CLEAR_LINE);
      if (!this.running.isEmpty()) {
        this.out.print(
            "  " + this.ended + "/" + this.steps + " · " + String.join(", ", this.running));
      }
      this.out.flush();
    }
  }
}
