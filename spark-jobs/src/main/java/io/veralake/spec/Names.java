package io.veralake.spec;

import java.util.regex.Pattern;

/** Rule for names of tables and columns. */
final class Names {
  /** The rule in words. */
  static final String ALLOWED =
      "lower-case letters, digits and underscores, beginning with a letter, at most 60";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,59}");

  private static final Pattern OF_SOURCE = Pattern.compile("_?[a-z][a-z0-9_]{0,58}");

  /** The rule for columns of the vault, which other tools may have named, in words. */
  static final String OF_VAULT_ALLOWED =
      "letters, digits and underscores, beginning with a letter, at most 60";

  private static final Pattern OF_VAULT = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,59}");

  private Names() {}

  /** Whether {@code name} keeps the rule for columns of the vault. */
  static boolean ofVault(String name) {
    return OF_VAULT.matcher(name).matches();
  }

  /** Whether {@code name} keeps the rule, or begins with the underscore that other tools' do. */
  static boolean ofSource(String name) {
    return valid(name) || OF_SOURCE.matcher(name).matches();
  }

  /** Whether {@code name} keeps the rule. */
  static boolean valid(String name) {
    return NAME.matcher(name).matches();
  }
}
