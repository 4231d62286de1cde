package io.veralake.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads ClickHouse's format TabSeparated. */
final class TabSeparated {
  private TabSeparated() {}

  /** Values by row and column, unescaped; null for {@code \N}. */
  static List<List<@Nullable String>> rows(byte[] body) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    String text = new String(body, StandardCharsets.UTF_8);
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      String line = text.substring(start, end < 0 ? text.length() : end);
      List<@Nullable String> row = new ArrayList<>();
      for (String field : line.split("\t", -1)) {
        row.add(field.equals("\\N") ? null : unescaped(field));
      }
      rows.add(row);
      start = end < 0 ? text.length() : end + 1;
    }
    return rows;
  }

  private static String unescaped(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    StringBuilder plain = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 1 < field.length()) {
        i++;
        plain.append(meaning(field.charAt(i)));
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static char meaning(char escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case 'n' -> '\n';
      case 't' -> '\t';
      case '0' -> '\0';
      default -> escaped;
    };
  }
}
