package io.veralake.spec;

import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads how CSV files are written. */
final class CsvReader {
  private final Node csv;

  /** For the dialect {@code csv}. */
  CsvReader(Node csv) {
    this.csv = csv;
  }

  /** The dialect of a table with {@code columns}. */
  CsvDialect read(List<Column> columns) {
    CsvDialect dialect =
        new CsvDialect(
            this.character("delimiter", ','),
            this.orNone("quote", '"'),
            this.orNone("escape", CsvDialect.NONE),
            this.orNone("comment", CsvDialect.NONE),
            Scalars.flag(this.csv, "header", true),
            Scalars.flag(this.csv, "trailing-delimiter", false),
            this.csv.text("null", ""),
            this.headers(columns),
            this.character("decimal-separator", '.'),
            this.orNone("grouping-separator", CsvDialect.NONE),
            this.format("date-format"),
            this.format("timestamp-format"));
    this.distinct(dialect);
    if (!dialect.header() && !dialect.headers().isEmpty()) {
      this.csv.invalid("headers", "{ … }", "none with header = false");
    }
    this.csv.end();
    return dialect;
  }

  private void distinct(CsvDialect dialect) {
    Set<Character> seen = new HashSet<>(Set.of(dialect.delimiter()));
    this.another("quote", dialect.quote(), seen, "another than the delimiter");
    this.another("escape", dialect.escape(), seen, "another than delimiter and quote");
    this.another("comment", dialect.comment(), seen, "another than delimiter and quote");
    if (dialect.decimalSeparator() == dialect.groupingSeparator()) {
      this.csv.invalid(
          "grouping-separator",
          String.valueOf(dialect.groupingSeparator()),
          "another than decimal-separator");
    }
  }

  private void another(String key, char character, Set<Character> seen, String allowed) {
    if (character != CsvDialect.NONE && !seen.add(character)) {
      this.csv.invalid(key, String.valueOf(character), allowed);
    }
  }

  private Map<String, String> headers(List<Column> columns) {
    Map<String, String> headers = this.csv.textMap("headers");
    List<String> names = columns.stream().map(Column::name).toList();
    Set<String> texts = new HashSet<>();
    headers.forEach(
        (name, text) -> {
          if (!names.contains(name)) {
            this.csv.unknown("headers", "column", name, names);
          }
          if (text.isBlank() || !texts.add(text)) {
            this.csv.invalid("headers", text, "the text of one column of the header, each once");
          }
        });
    return texts.size() == headers.size() ? headers : Map.of();
  }

  private String format(String key) {
    String pattern = this.csv.text(key, "");
    if (pattern.isEmpty() || known(pattern)) {
      return pattern;
    }
    this.csv.invalid(key, pattern, "a pattern such as dd.MM.yyyy or dd.MM.yyyy HH:mm:ss");
    return "";
  }

  private static boolean known(String pattern) {
    try {
      return !DateTimeFormatter.ofPattern(pattern).toString().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private char orNone(String key, char otherwise) {
    boolean none = otherwise == CsvDialect.NONE && !this.csv.has(key);
    if (none || this.csv.text(key, "").equals("none")) {
      return CsvDialect.NONE;
    }
    return this.character(key, otherwise);
  }

  /** Of ASCII: such a character is one byte in every encoding, and no part of another. */
  private char character(String key, char otherwise) {
    String text = this.csv.text(key, String.valueOf(otherwise));
    if (text.length() != 1
        || text.charAt(0) > 126
        || text.equals("\n")
        || text.equals("\r")
        || text.equals("\0")) {
      this.csv.invalid(key, text, "one character");
      return otherwise == CsvDialect.NONE ? '\\' : otherwise;
    }
    return text.charAt(0);
  }
}
