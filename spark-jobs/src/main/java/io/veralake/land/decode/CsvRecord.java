package io.veralake.land.decode;

import io.veralake.spec.CsvDialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one CSV record. A quote counts only where a field begins; inside quotes, two stand
 * for one, unless there is a character that makes the next one text, and line ends and delimiters
 * are text.
 */
final class CsvRecord {
  private CsvRecord() {}

  /** The unit of text at a place. */
  @FunctionalInterface
  private interface Unit {
    int at(byte[] buffer, int place);
  }

  /** Where records of {@code dialect} end, in an encoding of ASCII's bytes. */
  static RecordEnd end(CsvDialect dialect) {
    // Unsigned: -1 stands for no escape and no quote, and 0xFF is a letter in some encodings.
    return end(dialect, 1, (buffer, place) -> buffer[place] & 0xFF);
  }

  /** Where records of {@code dialect} end in UTF-16 of a byte order. */
  static RecordEnd endOfWide(CsvDialect dialect, boolean little) {
    return end(dialect, 2, (buffer, place) -> RecordEnd.wide(buffer, place, little));
  }

  private static RecordEnd end(CsvDialect dialect, int width, Unit unit) {
    int quote = dialect.quote() == CsvDialect.NONE ? -1 : dialect.quote();
    int escape = dialect.escape() == CsvDialect.NONE ? -1 : dialect.escape();
    int comment = dialect.comment() == CsvDialect.NONE ? -1 : dialect.comment();
    int delimiter = dialect.delimiter();
    return (buffer, from, to) -> {
      State state = State.BEGIN;
      for (int at = from; at <= to - width; at += width) {
        int c = unit.at(buffer, at);
        if (at == from && c == comment) {
          state = State.COMMENT;
        } else if (c == escape && state != State.COMMENT) {
          at += width;
          state = state == State.QUOTED ? State.QUOTED : State.PLAIN;
        } else if (state == State.QUOTED) {
          state = c == quote ? State.CLOSED : State.QUOTED;
        } else if (c == '\n') {
          return at;
        } else if (state != State.COMMENT) {
          boolean opens = c == quote && state != State.PLAIN;
          state = opens ? State.QUOTED : c == delimiter ? State.BEGIN : State.PLAIN;
        }
      }
      return -1;
    };
  }

  private enum State {
    BEGIN,
    PLAIN,
    QUOTED,
    /** After a quote inside quotes: another one goes on, anything else ended the field. */
    CLOSED,
    COMMENT
  }

  /** The fields; null for those that stand for null. */
  static List<@Nullable String> fields(CsvDialect dialect, byte[] buffer, int from, int end)
      throws BadRecordException {
    List<@Nullable String> fields = new ArrayList<>();
    int to = end;
    if (dialect.trailingDelimiter()) {
      if (end == from || buffer[end - 1] != dialect.delimiter()) {
        throw new BadRecordException("Missing delimiter at the end of the record");
      }
      to--;
    }
    int at = from;
    while (true) {
      boolean quoted =
          dialect.quote() != CsvDialect.NONE && at < to && buffer[at] == dialect.quote();
      at =
          quoted ? quoted(dialect, buffer, at, to, fields) : plain(dialect, buffer, at, to, fields);
      if (at >= to) {
        return fields;
      }
      at++;
    }
  }

  private static int plain(
      CsvDialect dialect, byte[] buffer, int start, int to, List<@Nullable String> fields) {
    boolean escaped = false;
    int end = start;
    while (end < to && buffer[end] != dialect.delimiter()) {
      boolean escape = dialect.escape() != CsvDialect.NONE && buffer[end] == dialect.escape();
      escaped |= escape;
      end += escape ? 2 : 1;
    }
    end = Math.min(end, to);
    String text = new String(buffer, start, end - start, StandardCharsets.UTF_8);
    boolean missing = text.equals(dialect.nullText());
    fields.add(missing ? null : escaped ? unescaped(text, dialect.escape()) : text);
    return end;
  }

  private static int quoted(
      CsvDialect dialect, byte[] buffer, int start, int to, List<@Nullable String> fields)
      throws BadRecordException {
    byte quote = (byte) dialect.quote();
    boolean doubles = dialect.escape() == CsvDialect.NONE;
    boolean changed = false;
    int at = start + 1;
    while (at < to) {
      boolean pair =
          doubles
              ? buffer[at] == quote && at + 1 < to && buffer[at + 1] == quote
              : buffer[at] == dialect.escape();
      if (!pair && buffer[at] == quote) {
        break;
      }
      changed |= pair;
      at += pair ? 2 : 1;
    }
    if (at >= to) {
      throw new BadRecordException("Missing quote at the end of field " + (fields.size() + 1));
    }
    if (at + 1 < to && buffer[at + 1] != dialect.delimiter()) {
      throw new BadRecordException(
          "Invalid text after the closing quote of field " + (fields.size() + 1));
    }
    String text = new String(buffer, start + 1, at - start - 1, StandardCharsets.UTF_8);
    String one = String.valueOf(dialect.quote());
    String undone = doubles ? text.replace(one + one, one) : unescaped(text, dialect.escape());
    fields.add(changed ? undone : text);
    return at + 1;
  }

  /** An escape at the very end stands for itself. */
  private static String unescaped(String text, char escape) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      boolean skip = text.charAt(i) == escape && i + 1 < text.length();
      out.append(text.charAt(skip ? ++i : i));
    }
    return out.toString();
  }
}
