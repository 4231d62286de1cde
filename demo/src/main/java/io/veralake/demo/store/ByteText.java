package io.veralake.demo.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Text that is put together as UTF-8 bytes, without a string in between: envelopes are written by the hundred thousand. */
final class ByteText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MIN = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[1 << 14];
  private int length;
  private long cachedDay = Long.MIN_VALUE;
  private final byte[] cachedDate = new byte[10];

  /** What was written, as an array of its own. */
  byte[] toBytes() {
    return Arrays.copyOf(this.bytes, this.length);
  }

  byte[] array() {
    return this.bytes;
  }

  int length() {
    return this.length;
  }

  void clear() {
    this.length = 0;
  }

  ByteText raw(byte[] value) {
    return raw(value, 0, value.length);
  }

  ByteText raw(byte[] value, int from, int count) {
    room(count);
    System.arraycopy(value, from, this.bytes, this.length, count);
    this.length += count;
    return this;
  }

  ByteText raw(char ascii) {
    room(1);
    this.bytes[this.length++] = (byte) ascii;
    return this;
  }

  /** Appends text that needs no escape. */
  ByteText raw(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return raw(text.substring(i).getBytes(StandardCharsets.UTF_8));
      }
      this.bytes[this.length++] = (byte) c;
    }
    return this;
  }

  ByteText number(long value) {
    if (value == Long.MIN_VALUE) {
      return raw(MIN);
    }
    room(20);
    long rest = value;
    if (rest < 0) {
      this.bytes[this.length++] = '-';
      rest = -rest;
    }
    int digits = 1;
    for (long power = rest; power >= 10; power /= 10) {
      digits++;
    }
    for (int i = this.length + digits - 1; i >= this.length; i--) {
      this.bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    this.length += digits;
    return this;
  }

  /** Appends a number of fixed width with leading zeros. */
  ByteText padded(long value, int width) {
    room(width);
    long rest = value;
    for (int i = this.length + width - 1; i >= this.length; i--) {
      this.bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    this.length += width;
    return this;
  }

  /** Appends hundredths as a plain decimal with two digits. */
  ByteText cents(long value) {
    if (value < 0) {
      raw('-');
    }
    long positive = Math.abs(value);
    return number(positive / 100).raw('.').padded(positive % 100, 2);
  }

  /** Appends a JSON string. */
  ByteText json(String text) {
    raw('"');
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return jsonSlowly(text.substring(i));
      } else if (c == '"' || c == '\\') {
        raw('\\').raw(c);
      } else if (c < ' ') {
        raw("\\u00").raw((char) HEX[c >> 4]).raw((char) HEX[c & 15]);
      } else {
        raw(c);
      }
    }
    return raw('"');
  }

  private ByteText jsonSlowly(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\u000a");
    return raw(escaped.getBytes(StandardCharsets.UTF_8)).raw('"');
  }

  /** Appends the Base64 form of the shortest two's complement, as Kafka Connect writes the unscaled value of a decimal. */
  ByteText decimal(long unscaled) {
    int size = 1;
    while (size < 8 && unscaled >> (size * 8 - 1) != unscaled >> 63) {
      size++;
    }
    byte[] twos = new byte[size];
    for (int i = 0; i < size; i++) {
      twos[size - 1 - i] = (byte) (unscaled >> (8 * i));
    }
    return raw('"').raw(Base64.getEncoder().encode(twos)).raw('"');
  }

  /** Appends {@code yyyy-MM-ddTHH:mm:ss.ffffff} with the given letter between date and time. */
  ByteText time(long micros, char between) {
    long day = Math.floorDiv(micros, StoreCalendar.DAY);
    if (day != this.cachedDay) {
      this.cachedDay = day;
      byte[] date =
          java.time.LocalDate.ofEpochDay(day).toString().getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(date, 0, this.cachedDate, 0, 10);
    }
    long rest = Math.floorMod(micros, StoreCalendar.DAY);
    raw(this.cachedDate).raw(between);
    padded(rest / StoreCalendar.HOUR, 2).raw(':');
    padded(rest / StoreCalendar.MINUTE % 60, 2).raw(':');
    padded(rest / StoreCalendar.SECOND % 60, 2).raw('.');
    return padded(rest % StoreCalendar.SECOND, 6);
  }

  /** Appends the date of an instant. */
  ByteText date(long micros) {
    return time(micros, ' ').cut(16);
  }

  /** Takes the last bytes away. */
  ByteText cut(int count) {
    this.length -= count;
    return this;
  }

  @Override
  public String toString() {
    return new String(this.bytes, 0, this.length, StandardCharsets.UTF_8);
  }

  private void room(int count) {
    if (this.length + count > this.bytes.length) {
      this.bytes =
          Arrays.copyOf(this.bytes, Math.max(this.bytes.length * 2, this.length + count));
    }
  }
}
