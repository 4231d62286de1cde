package io.veralake.lake.lookup;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys, each a string of bytes, that can be looked up by many threads at once. Made for hashes: it
 * tells keys apart by their first and last eight bytes before it compares them whole. It travels as
 * its bytes alone; each JVM that receives it builds its table once.
 */
final class KeySet implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final byte[] bytes;
  private final int[] ends;
  private transient volatile @Nullable Table table;
  private transient long @Nullable [] sorted;

  /** Marks of all keys by slot, 0 for an empty slot, and the key's number beside it. */
  private record Table(long[] marks, int[] numbers, int shift) {}

  /** The keys in {@code keys}; equal ones count once. */
  KeySet(List<byte[]> keys) {
    int length = Math.toIntExact(keys.stream().mapToLong(key -> key.length).sum());
    this.bytes = new byte[length];
    this.ends = new int[keys.size()];
    int end = 0;
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = keys.get(i);
      System.arraycopy(key, 0, this.bytes, end, key.length);
      end += key.length;
      this.ends[i] = end;
    }
  }

  /** Whether there is no key. */
  boolean isEmpty() {
    return this.ends.length == 0;
  }

  /**
   * A number that equal keys share and that few others do, never 0: of the {@code length} bytes
   * from {@code from} on.
   */
  static long mark(byte[] source, int from, int length) {
    long mark;
    if (length >= Long.BYTES) {
      long first = (long) LITTLE.get(source, from);
      long last = (long) LITTLE.get(source, from + length - Long.BYTES);
      mark = first ^ Long.rotateLeft(last * MIX, 32);
    } else {
      mark = length;
      for (int i = from; i < from + length; i++) {
        mark = mark << Byte.SIZE | source[i] & 0xFF;
      }
    }
    return mark == 0 ? 1 : mark;
  }

  /** Whether a key may have {@code mark}: false if none has. */
  boolean mayHold(long mark) {
    Table all = this.table();
    long[] marks = all.marks();
    int slot = slot(mark, all.shift());
    while (marks[slot] != 0) {
      if (marks[slot] == mark) {
        return true;
      }
      slot = slot + 1 & marks.length - 1;
    }
    return false;
  }

  /** Whether {@code key} is one of the keys. */
  boolean holds(byte[] key) {
    Table all = this.table();
    long mark = mark(key, 0, key.length);
    int slot = slot(mark, all.shift());
    while (all.marks()[slot] != 0) {
      if (all.marks()[slot] == mark && this.equal(all.numbers()[slot], key)) {
        return true;
      }
      slot = slot + 1 & all.marks().length - 1;
    }
    return false;
  }

  /**
   * Whether a key may lie between two bounds, both included, in the order of unsigned bytes; only
   * the first eight bytes are looked at.
   */
  boolean mayHoldBetween(byte[] lower, byte[] upper) {
    long[] all = this.sorted();
    int place = Arrays.binarySearch(all, prefix(lower, 0, lower.length));
    int first = place < 0 ? -place - 1 : place;
    return first < all.length && all[first] <= prefix(upper, 0, upper.length);
  }

  private synchronized long[] sorted() {
    long[] result = this.sorted;
    if (result == null) {
      result = new long[this.ends.length];
      for (int i = 0; i < result.length; i++) {
        int from = this.start(i);
        result[i] = prefix(this.bytes, from, this.ends[i] - from);
      }
      Arrays.sort(result);
      this.sorted = result;
    }
    return result;
  }

  /** The first eight bytes as a number that sorts as unsigned bytes do; zeros where they end. */
  private static long prefix(byte[] source, int from, int length) {
    long prefix = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      prefix = prefix << Byte.SIZE | (i < length ? source[from + i] & 0xFF : 0);
    }
    return prefix ^ Long.MIN_VALUE;
  }

  private Table table() {
    Table result = this.table;
    if (result == null) {
      synchronized (this) {
        result = this.table;
        if (result == null) {
          result = this.build();
          this.table = result;
        }
      }
    }
    return result;
  }

  private Table build() {
    int size = Integer.highestOneBit(Math.max(this.ends.length, 1)) << 2;
    int shift = Long.SIZE - Integer.numberOfTrailingZeros(size);
    long[] marks = new long[size];
    int[] numbers = new int[size];
    for (int i = 0; i < this.ends.length; i++) {
      int from = this.start(i);
      byte[] key = Arrays.copyOfRange(this.bytes, from, this.ends[i]);
      long mark = mark(key, 0, key.length);
      int slot = slot(mark, shift);
      while (marks[slot] != 0 && !(marks[slot] == mark && this.equal(numbers[slot], key))) {
        slot = slot + 1 & size - 1;
      }
      marks[slot] = mark;
      numbers[slot] = i;
    }
    return new Table(marks, numbers, shift);
  }

  private static int slot(long mark, int shift) {
    return (int) (mark * MIX >>> shift);
  }

  private boolean equal(int number, byte[] key) {
    return Arrays.equals(this.bytes, this.start(number), this.ends[number], key, 0, key.length);
  }

  private int start(int number) {
    return number == 0 ? 0 : this.ends[number - 1];
  }
}
