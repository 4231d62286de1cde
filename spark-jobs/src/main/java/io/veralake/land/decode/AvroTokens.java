package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * One Avro datum as the tokens that its JSON would have, so that whoever reads Connect's values
 * reads both. Nothing is copied or made a text before it is asked for. Bytes are embedded objects.
 */
final class AvroTokens extends TokenParser {
  private static final int DEEPEST = 200;

  private AvroType[] types = new AvroType[8];
  private int[] fields = new int[8];
  private long[] left = new long[8];
  private int depth;
  private boolean named;
  private @Nullable AvroType root;
  private byte[] buffer = new byte[0];
  private int from;
  private int at;
  private int end;

  private int start;
  private int length;
  private long whole;
  private double real;
  private boolean single;
  private @Nullable String text;

  /**
   * Goes before the datum of type {@code type} in {@code bytes}, at {@code begin} in the record
   * that is there from {@code record} to before {@code limit}.
   */
  void read(AvroType type, byte[] bytes, int record, int begin, int limit) {
    this.root = type;
    this.buffer = bytes;
    this.from = record;
    this.at = begin;
    this.end = limit;
    this.depth = 0;
    this.named = false;
    this._currToken = null;
  }

  /** Where the next byte to be read is. */
  int at() {
    return this.at;
  }

  @Override
  public @Nullable JsonToken nextToken() throws IOException {
    JsonToken token = this.depth == 0 ? this.first() : this.inside();
    this._currToken = token;
    return token;
  }

  private @Nullable JsonToken first() throws IOException {
    return this._currToken == null ? this.value(Objects.requireNonNull(this.root)) : null;
  }

  private JsonToken inside() throws IOException {
    int top = this.depth - 1;
    AvroType type = this.types[top];
    if (type.kind() == Schema.Type.RECORD) {
      if (this.named) {
        this.named = false;
        return this.value(type.part(this.fields[top]));
      }
      int next = ++this.fields[top];
      if (next == type.count()) {
        this.depth--;
        return JsonToken.END_OBJECT;
      }
      this.named = true;
      return JsonToken.FIELD_NAME;
    }
    if (this.named) {
      this.named = false;
      return this.value(type.part(0));
    }
    if (this.left[top] == 0) {
      this.left[top] = this.block();
    }
    boolean map = type.kind() == Schema.Type.MAP;
    if (this.left[top] == 0) {
      this.depth--;
      return map ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
    }
    this.left[top]--;
    if (map) {
      this.span();
      this.text = null;
      this.string();
      this.named = true;
      return JsonToken.FIELD_NAME;
    }
    return this.value(type.part(0));
  }

  private JsonToken value(AvroType declared) throws IOException {
    AvroType type = declared;
    if (type.kind() == Schema.Type.UNION) {
      long branch = this.number();
      if (branch < 0 || branch >= type.count()) {
        throw this.invalid("branch " + branch + " of a union of " + type.count());
      }
      type = type.part((int) branch);
    }
    return switch (type.kind()) {
      case NULL -> JsonToken.VALUE_NULL;
      case BOOLEAN -> this.truth();
      case INT -> this.integer();
      case LONG -> {
        this.whole = this.number();
        yield JsonToken.VALUE_NUMBER_INT;
      }
      case FLOAT -> this.real(Float.intBitsToFloat((int) this.fixed(4)), true);
      case DOUBLE -> this.real(Double.longBitsToDouble(this.fixed(8)), false);
      case STRING -> {
        this.span();
        yield this.textual(null);
      }
      case BYTES -> {
        this.span();
        yield JsonToken.VALUE_EMBEDDED_OBJECT;
      }
      case FIXED -> {
        this.take(type.size());
        yield JsonToken.VALUE_EMBEDDED_OBJECT;
      }
      case ENUM -> {
        long symbol = this.number();
        if (symbol < 0 || symbol >= type.symbols()) {
          throw this.invalid("symbol " + symbol + " of an enum of " + type.symbols());
        }
        yield this.textual(type.name((int) symbol));
      }
      case RECORD, ARRAY, MAP -> this.push(type);
      case UNION -> throw this.invalid("a union in a union");
    };
  }

  private JsonToken push(AvroType type) throws IOException {
    if (this.depth == this.types.length) {
      if (this.depth >= DEEPEST) {
        throw this.invalid("more than " + DEEPEST + " levels");
      }
      this.types = Arrays.copyOf(this.types, this.depth * 2);
      this.fields = Arrays.copyOf(this.fields, this.depth * 2);
      this.left = Arrays.copyOf(this.left, this.depth * 2);
    }
    this.types[this.depth] = type;
    this.fields[this.depth] = -1;
    this.left[this.depth] = 0;
    this.depth++;
    return type.kind() == Schema.Type.ARRAY ? JsonToken.START_ARRAY : JsonToken.START_OBJECT;
  }

  /** How many items follow; 0 at the end. Each takes a byte at least, as far as anyone writes. */
  private long block() throws IOException {
    long count = this.number();
    if (count < 0) {
      count = -count;
      this.number();
    }
    if (count < 0 || count > this.end - this.at) {
      throw this.invalid(count + " items in " + (this.end - this.at) + " bytes");
    }
    return count;
  }

  private JsonToken truth() throws IOException {
    this.take(1);
    return switch (this.buffer[this.start]) {
      case 0 -> JsonToken.VALUE_FALSE;
      case 1 -> JsonToken.VALUE_TRUE;
      default -> throw this.invalid("a boolean of " + this.buffer[this.start]);
    };
  }

  private JsonToken integer() throws IOException {
    this.whole = this.number();
    if (this.whole != (int) this.whole) {
      throw this.invalid("an int of " + this.whole);
    }
    return JsonToken.VALUE_NUMBER_INT;
  }

  private JsonToken real(double value, boolean isFloat) {
    this.real = value;
    this.single = isFloat;
    if (Double.isFinite(value)) {
      return JsonToken.VALUE_NUMBER_FLOAT;
    }
    return this.textual(Double.toString(value));
  }

  private JsonToken textual(@Nullable String known) {
    this.text = known;
    return JsonToken.VALUE_STRING;
  }

  private void span() throws IOException {
    long size = this.number();
    if (size < 0 || size > this.end - this.at) {
      throw this.invalid(size + " bytes of " + (this.end - this.at));
    }
    this.take((int) size);
  }

  private void take(int size) throws IOException {
    if (size > this.end - this.at) {
      throw this.invalid("the record ends too early");
    }
    this.start = this.at;
    this.length = size;
    this.at += size;
  }

  private long fixed(int size) throws IOException {
    this.take(size);
    long bits = 0;
    for (int i = size - 1; i >= 0; i--) {
      bits = bits << 8 | this.buffer[this.start + i] & 0xFF;
    }
    return bits;
  }

  private long number() throws IOException {
    long raw = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) {
        throw this.invalid("the record ends too early");
      }
      byte b = this.buffer[this.at++];
      raw |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return raw >>> 1 ^ -(raw & 1);
      }
    }
    throw this.invalid("a number of more than 64 bits");
  }

  private IOException invalid(String what) {
    return new IOException(this.where() + what);
  }

  /** What a message begins with that tells of the next byte. */
  String where() {
    return "Invalid Avro at byte " + (this.at - this.from) + ": ";
  }

  /** The name, once it is the current token. */
  @Override
  public String currentName() {
    AvroType type = this.types[this.depth - 1];
    return type.kind() == Schema.Type.RECORD
        ? type.name(this.fields[this.depth - 1])
        : Objects.requireNonNull(this.text);
  }

  /** The current text, as Spark holds it. */
  UTF8String utf8() throws BadRecordException {
    if (this.text != null) {
      return UTF8String.fromString(this.text);
    }
    Utf8.check(this.buffer, this.start, this.start + this.length);
    return UTF8String.fromBytes(this.getBinaryValue());
  }

  /** The current number; a float as the double of the same value. */
  double real() {
    return this.real;
  }

  @Override
  public String getText() throws IOException {
    return switch (this._currToken) {
      case VALUE_STRING -> this.string();
      case VALUE_NUMBER_INT -> Long.toString(this.whole);
      case VALUE_NUMBER_FLOAT -> this.digits();
      case FIELD_NAME -> this.currentName();
      case VALUE_EMBEDDED_OBJECT -> Base64.getEncoder().encodeToString(this.getBinaryValue());
      default -> this._currToken.asString();
    };
  }

  private String string() throws IOException {
    if (this.text == null) {
      try {
        Utf8.check(this.buffer, this.start, this.start + this.length);
      } catch (BadRecordException e) {
        throw new IOException(e.getMessage(), e);
      }
      this.text = new String(this.buffer, this.start, this.length, StandardCharsets.UTF_8);
    }
    return this.text;
  }

  private String digits() {
    return this.single ? Float.toString((float) this.real) : Double.toString(this.real);
  }

  @Override
  public byte[] getBinaryValue() {
    return Arrays.copyOfRange(this.buffer, this.start, this.start + this.length);
  }

  @Override
  public Object getEmbeddedObject() {
    return this.getBinaryValue();
  }

  @Override
  public long getLongValue() {
    return this.whole;
  }

  @Override
  public NumberType getNumberType() {
    return this._currToken == JsonToken.VALUE_NUMBER_INT ? NumberType.LONG : NumberType.DOUBLE;
  }

  @Override
  public Number getNumberValue() {
    boolean integer = this._currToken == JsonToken.VALUE_NUMBER_INT;
    return integer ? (Number) this.whole : (Number) this.getDecimalValue();
  }

  /** With the digits that its JSON has. */
  @Override
  public BigDecimal getDecimalValue() {
    return new BigDecimal(this.digits());
  }
}
