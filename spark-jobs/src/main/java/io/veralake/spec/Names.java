package io.veralake.spec;

import java.util.regex.Pattern;

/** Rule for names of tables and columns. */
final class Names {
  /** The rule in words. */
  static final String ALLOWED =
      "lower-case letters, digits and underscores, beginning with a letter, at most 60";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,59}");

  private Names() {}

  /** Whether {@code name} keeps the rule. */
  static boolean valid(String name) {
    return NAME.matcher(name).matches();
  }
}
