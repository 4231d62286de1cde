package io.veralake.spec;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Reads single values that are more than texts. */
final class Scalars {
  private Scalars() {}

  /** Whether the key holds a word of {@code type}. */
  static boolean isWord(Node node, String key, Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .anyMatch(constant -> Words.of(constant).equals(node.text(key, "")));
  }

  /** A word of {@code type}, in lower case with dashes; {@code otherwise} if it is missing. */
  static <E extends Enum<E>> E word(Node node, String key, Class<E> type, E otherwise) {
    return word(node, key, List.of(type.getEnumConstants()), otherwise);
  }

  /** One of {@code allowed}; {@code otherwise} if it is missing. */
  private static <E extends Enum<E>> E word(Node node, String key, List<E> allowed, E otherwise) {
    String text = node.text(key, Words.of(otherwise));
    for (E constant : allowed) {
      if (Words.of(constant).equals(text)) {
        return constant;
      }
    }
    List<String> words = allowed.stream().map(Words::of).toList();
    String near = Nearest.hint(text, words).map(hint -> "; " + hint).orElse("");
    node.invalid(key, text, Words.either(words) + near);
    return otherwise;
  }

  /** A required word of {@code type}; its first constant if it is missing. */
  static <E extends Enum<E>> E word(Node node, String key, Class<E> type) {
    if (!node.has(key)) {
      node.missing(key);
    }
    return word(node, key, type, type.getEnumConstants()[0]);
  }

  /** A required one of {@code allowed}; the first of them if it is missing. */
  static <E extends Enum<E>> E word(Node node, String key, List<E> allowed) {
    if (!node.has(key)) {
      node.missing(key);
    }
    return word(node, key, allowed, allowed.get(0));
  }

  /** A whole number from {@code least} to {@code most}. */
  static int integer(Node node, String key, int least, int most, int otherwise) {
    String text = node.text(key, Integer.toString(otherwise));
    if (text.matches("-?\\d{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    node.invalid(key, text, "a whole number from " + least + " to " + most);
    return otherwise;
  }

  /** A truth value. */
  static boolean flag(Node node, String key, boolean otherwise) {
    String text = node.text(key, Boolean.toString(otherwise));
    if (!text.equals("true") && !text.equals("false")) {
      node.invalid(key, text, "true or false");
    }
    return text.equals("true");
  }

  /** A duration with its unit. */
  static Duration duration(Node node, String key, Duration otherwise) {
    if (!node.has(key)) {
      return otherwise;
    }
    String text = node.text(key);
    try {
      if (!text.matches("-?[\\d.]*")) {
        Duration duration =
            ConfigValueFactory.fromAnyRef(text).atKey("duration").getDuration("duration");
        if (!duration.isNegative()) {
          return duration;
        }
      }
    } catch (ConfigException e) {
      // reported below
    }
    node.invalid(key, text, "a duration with its unit, such as 5 seconds or 15 minutes");
    return otherwise;
  }
}
