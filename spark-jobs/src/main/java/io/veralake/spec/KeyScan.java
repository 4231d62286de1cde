package io.veralake.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the keys of a HOCON text stand. The parser keeps neither their order nor the first of two
 * equal ones, but the order of columns means something and a column that is declared twice is a
 * mistake. Reads only texts that the parser has accepted.
 */
final class KeyScan {
  /** A key that is written twice in one object. */
  record Duplicate(String key, int line, int firstLine) {}

  private static final class Level {
    private final List<String> path;
    private final boolean array;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private int element;
    private String key = "";

    Level(List<String> path, boolean array) {
      this.path = path;
      this.array = array;
    }
  }

  private final String text;
  private final Map<List<String>, Integer> offsets = new LinkedHashMap<>();
  private final List<Duplicate> duplicates = new ArrayList<>();
  private final List<Integer> includes = new ArrayList<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inKey = true;
  private int at;
  private int line = 1;

  private KeyScan(String text) {
    this.text = text;
  }

  /** Scans {@code text}. */
  static KeyScan of(String text) {
    KeyScan scan = new KeyScan(text);
    scan.levels.push(new Level(List.of(), false));
    while (scan.at < text.length()) {
      scan.step();
    }
    return scan;
  }

  /**
   * Place of a key in the order of the text; the end for keys that the text doesn't hold as such.
   * Elements of lists are keys {@code 0}, {@code 1}, ….
   */
  int offset(List<String> path) {
    return this.offsets.getOrDefault(path, Integer.MAX_VALUE);
  }

  /** Keys that are written twice. */
  List<Duplicate> duplicates() {
    return this.duplicates;
  }

  /** Lines with {@code include}. */
  List<Integer> includes() {
    return this.includes;
  }

  private void step() {
    char c = this.text.charAt(this.at);
    if (c == '#' || this.text.startsWith("//", this.at)) {
      int end = this.text.indexOf('\n', this.at);
      this.at = end < 0 ? this.text.length() : end;
    } else if (c == '"') {
      this.quoted();
    } else {
      this.at++;
      this.plain(c);
    }
  }

  private void plain(char c) {
    switch (c) {
      case '\n', ',' -> this.separator(c);
      case '{' -> this.open(false);
      case '[' -> this.open(true);
      case '}', ']' -> this.close();
      case '=', ':' -> this.endKey();
      default -> {
        if (this.inKey) {
          this.word.append(c);
        }
      }
    }
  }

  private void separator(char c) {
    Level level = this.levels.element();
    if (level.array && c == ',') {
      level.element++;
    }
    if (this.inKey && this.word.toString().strip().startsWith("include ")) {
      this.includes.add(this.line);
    }
    this.word.setLength(0);
    this.inKey = !level.array;
    if (c == '\n') {
      this.line++;
    }
  }

  private void open(boolean array) {
    boolean rootBrace = this.inKey && this.word.toString().isBlank() && this.levels.size() == 1;
    if (this.inKey && !rootBrace) {
      this.endKey();
    }
    Level parent = this.levels.element();
    List<String> path = new ArrayList<>(parent.path);
    if (!rootBrace) {
      path.addAll(
          parent.array
              ? List.of(Integer.toString(parent.element))
              : List.of(parent.key.split("\\.")));
    }
    this.levels.push(new Level(path, array));
    this.word.setLength(0);
    this.inKey = !array;
  }

  private void close() {
    if (this.levels.size() > 1) {
      this.levels.pop();
    }
    this.word.setLength(0);
    this.inKey = false;
  }

  private void endKey() {
    if (!this.inKey) {
      return;
    }
    this.inKey = false;
    String written = this.word.toString().strip();
    boolean appends = written.endsWith("+");
    String key = appends ? written.substring(0, written.length() - 1).strip() : written;
    this.word.setLength(0);
    Level level = this.levels.element();
    level.key = key;
    Integer first = level.lines.putIfAbsent(key, this.line);
    if (first != null && !appends) {
      this.duplicates.add(new Duplicate(key, this.line, first));
    }
    List<String> path = new ArrayList<>(level.path);
    for (String element : key.split("\\.")) {
      path.add(element);
      this.offsets.putIfAbsent(List.copyOf(path), this.at);
    }
  }

  private void quoted() {
    boolean triple = this.text.startsWith("\"\"\"", this.at);
    String quote = triple ? "\"\"\"" : "\"";
    int start = this.at + quote.length();
    int end = start;
    while (end < this.text.length() && !this.text.startsWith(quote, end)) {
      end += !triple && this.text.charAt(end) == '\\' ? 2 : 1;
    }
    String content = this.text.substring(start, Math.min(end, this.text.length()));
    if (this.inKey) {
      this.word.append(content);
    }
    this.line += (int) content.chars().filter(c -> c == '\n').count();
    this.at = end + quote.length();
  }
}
