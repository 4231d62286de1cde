package io.veralake.spec;

import java.util.List;
import java.util.Locale;

/** How constants are written in models. */
final class Words {
  private Words() {}

  /** {@code SOME_WORD} as {@code some-word}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code a, b or c}. */
  static String either(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
