package io.veralake.land.decode;

import io.veralake.spec.CsvDialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one CSV record. A quote counts only where a field begins; inside quotes, two stand
 * for one, and line ends and delimiters are text.
 */
final class CsvRecord {
  private CsvRecord() {}

  /** Where records of {@code dialect} end. */
  static RecordEnd end(CsvDialect dialect) {
    byte quote = (byte) dialect.quote();
    byte delimiter = (byte) dialect.delimiter();
    return (buffer, from, to) -> {
      State state = State.BEGIN;
      for (int at = from; at < to; at++) {
        byte c = buffer[at];
        if (state == State.QUOTED) {
          state = c == quote ? State.CLOSED : State.QUOTED;
        } else if (c == '\n') {
          return at;
        } else if (c == quote && state != State.PLAIN) {
          state = State.QUOTED;
        } else {
          state = c == delimiter ? State.BEGIN : State.PLAIN;
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
    CLOSED
  }

  /** The fields; null for those that stand for null. */
  static List<@Nullable String> fields(CsvDialect dialect, byte[] buffer, int from, int to)
      throws BadRecordException {
    List<@Nullable String> fields = new ArrayList<>();
    int at = from;
    while (true) {
      if (at < to && buffer[at] == dialect.quote()) {
        at = quoted(dialect, buffer, at, to, fields);
      } else {
        int end = at;
        while (end < to && buffer[end] != dialect.delimiter()) {
          end++;
        }
        String text = new String(buffer, at, end - at, StandardCharsets.UTF_8);
        fields.add(text.equals(dialect.nullText()) ? null : text);
        at = end;
      }
      if (at >= to) {
        return fields;
      }
      at++;
    }
  }

  private static int quoted(
      CsvDialect dialect, byte[] buffer, int start, int to, List<@Nullable String> fields)
      throws BadRecordException {
    byte quote = (byte) dialect.quote();
    boolean doubled = false;
    int at = start + 1;
    while (at < to) {
      if (buffer[at] != quote) {
        at++;
      } else if (at + 1 < to && buffer[at + 1] == quote) {
        doubled = true;
        at += 2;
      } else {
        break;
      }
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
    fields.add(doubled ? text.replace(one + one, one) : text);
    return at + 1;
  }
}
