package io.veralake.land;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Records broken in all the ways in which files get broken: cut, in wrong encodings, nested without
 * end, with numbers and dates out of all ranges, with names twice, with noise. None holds a line
 * feed, none is empty.
 */
final class Mutants {
  private static final List<String> STRANGE =
      List.of(
          "NaN",
          "-Infinity",
          "1e999999999",
          "-1E-999999999",
          "9223372036854775808",
          "-9223372036854775809",
          "9223372036854775807",
          "0x1F",
          "00012",
          "1.",
          ".5",
          "+7",
          "--1",
          "nul",
          "truE",
          "undefined",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\u00\"",
          "\"\\x\"",
          "\"\u0000\"",
          "'single'",
          "{}",
          "[]",
          "[[[]]]",
          "{\"\":{\"\":null}}",
          "\"9999-99-99\"",
          "\"-290308-01-01T00:00:00Z\"",
          "\"AQ\"",
          "\"%%%\"",
          "\"__debezium_unavailable_value\"",
          "/* */1",
          "\u00a0",
          "\ufeff");
  private static final byte[][] WRONG = {
    {(byte) 0xC0, (byte) 0xAF},
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
    {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
    {(byte) 0xE4},
    {(byte) 0x80},
    {0},
    {(byte) 0xFF, (byte) 0xFE},
    {(byte) 0xFF},
    {'\r'},
    {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}
  };

  private final Random random;

  Mutants(Random random) {
    this.random = random;
  }

  /** {@code record}, broken in one to three ways. */
  byte[] of(byte[] record) {
    byte[] mutant = record;
    for (int i = this.random.nextInt(3); i >= 0; i--) {
      mutant = this.once(mutant);
    }
    for (int i = 0; i < mutant.length; i++) {
      mutant[i] = mutant[i] == '\n' ? (byte) ' ' : mutant[i];
    }
    return mutant.length == 0 || Arrays.equals(mutant, new byte[] {'\r'})
        ? new byte[] {'?'}
        : mutant;
  }

  private byte[] once(byte[] record) {
    int at = this.random.nextInt(record.length + 1);
    return switch (this.random.nextInt(15)) {
      case 0 -> Arrays.copyOf(record, at);
      case 1 -> Arrays.copyOfRange(record, at, record.length);
      case 2 -> this.flipped(record);
      case 3 -> spliced(record, at, at, WRONG[this.random.nextInt(WRONG.length)]);
      case 4 -> this.noise(1 + this.random.nextInt(64));
      case 5 -> spliced(record, at, at, this.noise(1 + this.random.nextInt(8)));
      case 6 -> spliced(record, at, at, this.nested());
      case 7, 8, 9, 10 -> this.valueReplaced(record, at);
      case 11 -> this.valueReplaced(record, at, "9".repeat(1 + this.random.nextInt(2000)));
      case 12 -> this.nameTwice(record, at);
      case 13 -> {
        int until = Math.min(record.length, at + this.random.nextInt(200));
        yield spliced(record, at, at, Arrays.copyOfRange(record, at, until));
      }
      default ->
          spliced(record, at, Math.min(record.length, at + this.random.nextInt(40)), new byte[0]);
    };
  }

  private byte[] flipped(byte[] record) {
    byte[] mutant = record.clone();
    for (int i = this.random.nextInt(4); i >= 0 && mutant.length > 0; i--) {
      mutant[this.random.nextInt(mutant.length)] ^= (byte) (1 << this.random.nextInt(8));
    }
    return mutant;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    this.random.nextBytes(noise);
    return noise;
  }

  private byte[] nested() {
    int depth = this.random.nextInt(50) == 0 ? 100_000 : 1 + this.random.nextInt(3000);
    String open = this.random.nextBoolean() ? "[" : "{\"a\":";
    return bytes(open.repeat(depth));
  }

  private byte[] valueReplaced(byte[] record, int at) {
    return this.valueReplaced(record, at, STRANGE.get(this.random.nextInt(STRANGE.size())));
  }

  /**
   * Replaces what stands between a colon or comma behind {@code at} and the next comma or brace.
   */
  private byte[] valueReplaced(byte[] record, int at, String value) {
    int from = at;
    while (from < record.length && record[from] != ':' && record[from] != ',') {
      from++;
    }
    int to = from + 1;
    while (to < record.length && ",}]".indexOf(record[to]) < 0) {
      to++;
    }
    return from >= record.length
        ? spliced(record, at, at, bytes(value))
        : spliced(record, from + 1, Math.min(to, record.length), bytes(value));
  }

  /** Repeats a member of an object, with another value behind it. */
  private byte[] nameTwice(byte[] record, int at) {
    int comma = at;
    while (comma < record.length && record[comma] != ',') {
      comma++;
    }
    int end = comma + 1;
    while (end < record.length && record[end] != ',' && record[end] != '}') {
      end++;
    }
    return comma >= record.length
        ? spliced(record, at, at, bytes(",\"a\":1,\"a\":2"))
        : spliced(
            record, comma, comma, Arrays.copyOfRange(record, comma, Math.min(end, record.length)));
  }

  private static byte[] spliced(byte[] record, int from, int to, byte[] with) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(record.length + with.length);
    out.write(record, 0, from);
    out.writeBytes(with);
    out.write(record, to, record.length - to);
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
