package io.veralake.demo.store;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A strict and plain JSON reader, for tests: maps, lists, strings, numbers, booleans, null. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Reads a whole text. */
  static @Nullable Object read(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (json.at != text.length()) {
      throw json.invalid();
    }
    return value;
  }

  /** Follows names and indexes into a value. */
  static @Nullable Object at(@Nullable Object value, Object... path) {
    Object found = value;
    for (Object step : path) {
      found =
          found instanceof List<?> list ? list.get((Integer) step) : ((Map<?, ?>) found).get(step);
    }
    return found;
  }

  /** The value with names and types but without what it says: for a comparison of shapes. */
  static String shape(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ":" + shape(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::shape).collect(Collectors.joining(",", "[", "]"));
    }
    return value == null ? "null" : value.getClass().getSimpleName();
  }

  private @Nullable Object value() {
    space();
    return switch (this.text.charAt(this.at)) {
      case '{' -> object();
      case '[' -> list();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    this.at++;
    space();
    if (this.text.charAt(this.at) == '}') {
      this.at++;
      return map;
    }
    while (true) {
      space();
      String name = string();
      space();
      expect(':');
      map.put(name, value());
      space();
      if (this.text.charAt(this.at) == '}') {
        this.at++;
        return map;
      }
      expect(',');
    }
  }

  private List<@Nullable Object> list() {
    List<@Nullable Object> list = new ArrayList<>();
    this.at++;
    space();
    if (this.text.charAt(this.at) == ']') {
      this.at++;
      return list;
    }
    while (true) {
      list.add(value());
      space();
      if (this.text.charAt(this.at) == ']') {
        this.at++;
        return list;
      }
      expect(',');
    }
  }

  private String string() {
    expect('"');
    StringBuilder read = new StringBuilder();
    while (this.text.charAt(this.at) != '"') {
      char c = this.text.charAt(this.at++);
      if (c < ' ') {
        throw invalid();
      }
      read.append(c == '\\' ? escaped() : c);
    }
    this.at++;
    return read.toString();
  }

  private char escaped() {
    char c = this.text.charAt(this.at++);
    if (c == 'u') {
      this.at += 4;
      return (char) Integer.parseInt(this.text.substring(this.at - 4, this.at), 16);
    }
    int index = "\"\\/bfnrt".indexOf(c);
    if (index < 0) {
      throw invalid();
    }
    return "\"\\/\b\f\n\r\t".charAt(index);
  }

  private BigDecimal number() {
    int from = this.at;
    while (this.at < this.text.length()
        && "+-.eE0123456789".indexOf(this.text.charAt(this.at)) >= 0) {
      this.at++;
    }
    return new BigDecimal(this.text.substring(from, this.at));
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!this.text.startsWith(word, this.at)) {
      throw invalid();
    }
    this.at += word.length();
    return value;
  }

  private void space() {
    while (this.at < this.text.length() && " \t\r\n".indexOf(this.text.charAt(this.at)) >= 0) {
      this.at++;
    }
  }

  private void expect(char c) {
    if (this.text.charAt(this.at) != c) {
      throw invalid();
    }
    this.at++;
  }

  private IllegalArgumentException invalid() {
    return new IllegalArgumentException("Invalid JSON at " + this.at + ": " + this.text);
  }
}
