package io.veralake.spec;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration or the model is wrong; its author has to change it. Carries every problem that
 * was found, located.
 */
public final class SpecException extends RuntimeException {
  private final List<String> problems;

  /** One line a problem, each with file and line, in the order of files and lines. */
  public SpecException(List<String> problems) {
    super(problems.stream().collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** The problems, a line each. */
  public List<String> problems() {
    return this.problems;
  }
}
