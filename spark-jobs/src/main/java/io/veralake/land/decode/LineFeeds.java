package io.veralake.land.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for line feeds eight bytes at a time: lines with schemas are long. */
final class LineFeeds {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FEEDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private LineFeeds() {}

  /** The first line feed from {@code from} to before {@code to}, -1 if there is none. */
  static int find(byte[] buffer, int from, int to) {
    int at = from;
    for (; at <= to - 8; at += 8) {
      long word = (long) WORD.get(buffer, at) ^ FEEDS;
      // A zero byte borrows: the lowest high bit that is set marks the first line feed.
      long zeros = (word - ONES) & ~word & HIGH;
      if (zeros != 0) {
        return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    for (; at < to; at++) {
      if (buffer[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  /** Whether all bytes are ASCII. */
  static boolean ascii(byte[] buffer, int from, int to) {
    int at = from;
    for (; at <= to - 8; at += 8) {
      if (((long) WORD.get(buffer, at) & HIGH) != 0) {
        return false;
      }
    }
    for (; at < to; at++) {
      if (buffer[at] < 0) {
        return false;
      }
    }
    return true;
  }
}
