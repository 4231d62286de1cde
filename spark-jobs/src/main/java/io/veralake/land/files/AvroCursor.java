package io.veralake.land.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding from an array, without ever asking for more memory than the array
 * has bytes. A value that is well-formed but can't be landed is noted as a {@link #problem}, and
 * reading goes on: only so is it known where the datum ends.
 */
public final class AvroCursor {
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private @Nullable String problem;

  /** Says that the bytes are no datum of the schema. */
  public static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenException(String message) {
      super(message);
    }
  }

  /** Goes to the bytes from {@code from} to before {@code to}. */
  public AvroCursor over(byte[] buffer, int from, int to) {
    this.bytes = buffer;
    this.at = from;
    this.end = to;
    this.problem = null;
    return this;
  }

  /** The bytes that it goes over, and others. */
  byte[] buffer() {
    return this.bytes;
  }

  /** The next byte's place. */
  public int at() {
    return this.at;
  }

  /** Whether all bytes were read. */
  public boolean ended() {
    return this.at >= this.end;
  }

  /** Notes why a value can't be landed; the first one counts. */
  public void problem(String reason) {
    if (this.problem == null) {
      this.problem = reason;
    }
  }

  /** The first value's problem since the last call of this; null if there is none. */
  @Nullable String takeProblem() {
    String found = this.problem;
    this.problem = null;
    return found;
  }

  /** A truth value. */
  public boolean bool() throws BrokenException {
    byte value = this.bytes[this.skip(1)];
    if (value != 0 && value != 1) {
      throw new BrokenException("Invalid truth value: " + value + " (0 or 1)");
    }
    return value == 1;
  }

  /** An integer of 32 bits. */
  public int int32() throws BrokenException {
    long value = this.int64();
    if (value != (int) value) {
      throw new BrokenException("Invalid int: " + value + " (32 bits)");
    }
    return (int) value;
  }

  /** An integer of 64 bits. */
  public long int64() throws BrokenException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = this.bytes[this.skip(1)];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new BrokenException("Invalid integer (at most ten bytes)");
  }

  /** A number of 32 bits. */
  public float float32() throws BrokenException {
    return ByteBuffer.wrap(this.bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(this.skip(4));
  }

  /** A number of 64 bits. */
  public double float64() throws BrokenException {
    return ByteBuffer.wrap(this.bytes).order(ByteOrder.LITTLE_ENDIAN).getDouble(this.skip(8));
  }

  /** As many bytes as the number before them says. */
  public byte[] bytes() throws BrokenException {
    return this.fixed(this.length());
  }

  /** {@code length} bytes. */
  public byte[] fixed(int length) throws BrokenException {
    int from = this.skip(length);
    byte[] value = new byte[length];
    System.arraycopy(this.bytes, from, value, 0, length);
    return value;
  }

  /**
   * The number of items in the next block of an array or map; 0 at its end.
   *
   * @param smallest bytes that an item takes at least
   */
  public long items(int smallest) throws BrokenException {
    long count = this.int64();
    if (count < 0) {
      this.int64();
      count = -count;
    }
    // An item of no bytes may be repeated as often as one likes, but not so that it fills memory.
    long most = smallest == 0 ? 1 << 10 : (this.end - this.at) / smallest;
    if (count < 0 || count > most) {
      throw new BrokenException("Invalid number of items: " + count + " (" + most + " could be)");
    }
    return count;
  }

  /** Passes over as many bytes as the number before them says. */
  void skipBytes() throws BrokenException {
    this.skip(this.length());
  }

  /** Passes over {@code length} bytes; returns the place of the first. */
  int skip(int length) throws BrokenException {
    int from = this.at;
    if (length > this.end - from) {
      throw new BrokenException(
          "Missing bytes: " + length + " (" + (this.end - from) + " are there)");
    }
    this.at = from + length;
    return from;
  }

  private int length() throws BrokenException {
    long length = this.int64();
    if (length < 0 || length > this.end - this.at) {
      throw new BrokenException(
          "Invalid length: " + length + " (" + (this.end - this.at) + " bytes are there)");
    }
    return (int) length;
  }
}
