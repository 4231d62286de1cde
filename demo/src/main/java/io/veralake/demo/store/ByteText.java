package io.veralake.demo.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Text that is put together as UTF-8 bytes, without a string in between: envelopes are written by
 * the hundred thousand.
 */
final class ByteText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MIN = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] TENS = new byte[100];
  private static final byte[] ONES = new byte[100];

  static {
    for (int i = 0; i < 100; i++) {
      TENS[i] = (byte) ('0' + i / 10);
      ONES[i] = (byte) ('0' + i % 10);
    }
  }

  private final byte[] digits = new byte[20];
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
    long rest = Math.abs(value);
    int at = this.digits.length;
    while (rest >= 100) {
      long hundreds = rest / 100;
      int pair = (int) (rest - hundreds * 100);
      this.digits[--at] = ONES[pair];
      this.digits[--at] = TENS[pair];
      rest = hundreds;
    }
    this.digits[--at] = ONES[(int) rest];
    if (rest >= 10) {
      this.digits[--at] = TENS[(int) rest];
    }
    if (value < 0) {
      this.digits[--at] = '-';
    }
    return raw(this.digits, at, this.digits.length - at);
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
    room(text.length() + 2);
    this.bytes[this.length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return jsonSlowly(text.substring(i));
      } else if (c == '"' || c == '\\') {
        raw('\\').raw(c);
      } else if (c < ' ') {
        raw("\\u00").raw((char) HEX[c >> 4]).raw((char) HEX[c & 15]);
      } else {
        room(text.length() - i + 1);
        this.bytes[this.length++] = (byte) c;
      }
    }
    return raw('"');
  }

  private ByteText jsonSlowly(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\u000a");
    return raw(escaped.getBytes(StandardCharsets.UTF_8)).raw('"');
  }

  /**
   * Appends the Base64 form of the shortest two's complement, as Kafka Connect writes the unscaled
   * value of a decimal.
   */
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
      this.bytes = Arrays.copyOf(this.bytes, Math.max(this.bytes.length * 2, this.length + count));
    }
  }
}
