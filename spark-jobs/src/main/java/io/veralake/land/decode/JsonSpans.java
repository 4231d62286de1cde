package io.veralake.land.decode;

import java.util.Arrays;

/**
 * Finds the schema and the payload of a line's value without reading them. Schemas make up most of
 * a line and are almost always those of the line before: a schema that begins with the bytes of the
 * last one is passed over by one comparison of memory.
 */
final class JsonSpans {
  private static final byte[] KEY = {'k', 'e', 'y'};
  private static final byte[] VALUE = {'v', 'a', 'l', 'u', 'e'};
  private static final byte[] SCHEMA = {'s', 'c', 'h', 'e', 'm', 'a'};
  private static final byte[] PAYLOAD = {'p', 'a', 'y', 'l', 'o', 'a', 'd'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private byte[] lastKeySchema = new byte[0];
  private byte[] lastValueSchema = new byte[0];
  private byte[] buffer = new byte[0];
  private int from;
  private int end;
  private int at;
  private int schemaFrom;
  private int schemaTo;
  private int payloadFrom;
  private int payloadTo;
  private boolean tombstone;
  private final boolean schemaOnly;
  private boolean done;

  /** Finds schema and payload. */
  JsonSpans() {
    this(false);
  }

  private JsonSpans(boolean schemaOnly) {
    this.schemaOnly = schemaOnly;
  }

  /** Stops behind the value's schema; what follows is not looked at. */
  static JsonSpans ofSchemas() {
    return new JsonSpans(true);
  }

  /** Scans one line. Afterwards the spans tell where things are. */
  void scan(byte[] line, int lineFrom, int lineTo) throws BadRecordException {
    this.buffer = line;
    this.from = lineFrom;
    this.end = lineTo;
    this.at = lineFrom;
    this.schemaFrom = this.schemaTo = this.payloadFrom = this.payloadTo = -1;
    this.tombstone = false;
    this.done = false;
    this.space();
    if (this.nullHere()) {
      this.tombstone = true;
      this.at += 4;
    } else {
      this.members(Place.LINE);
    }
    this.space();
    if (this.at < this.end && !this.done) {
      throw this.unexpected("the end of the line");
    }
  }

  /** Whether the value is null. */
  boolean tombstone() {
    return this.tombstone;
  }

  /** Where the value's schema begins, -1 if it has none. */
  int schemaFrom() {
    return this.schemaFrom;
  }

  /** Where the value's schema ends. */
  int schemaTo() {
    return this.schemaTo;
  }

  /** Where the value's payload begins, -1 if it has none. */
  int payloadFrom() {
    return this.payloadFrom;
  }

  /** Where the value's payload ends. */
  int payloadTo() {
    return this.payloadTo;
  }

  /** Whether the value's schema has the same bytes as {@code schema}. */
  boolean schemaIs(byte[] schema) {
    return Arrays.equals(this.buffer, this.schemaFrom, this.schemaTo, schema, 0, schema.length);
  }

  /** A copy of the value's schema. */
  byte[] schema() {
    return Arrays.copyOfRange(this.buffer, this.schemaFrom, this.schemaTo);
  }

  private enum Place {
    LINE,
    KEY,
    VALUE
  }

  private void members(Place place) throws BadRecordException {
    this.expect('{');
    this.space();
    if (this.peek() == '}') {
      this.at++;
      return;
    }
    while (true) {
      this.space();
      int nameFrom = this.at + 1;
      this.string();
      int nameTo = this.at - 1;
      this.space();
      this.expect(':');
      this.space();
      this.member(place, nameFrom, nameTo);
      if (this.done) {
        return;
      }
      this.space();
      if (this.peek() == '}') {
        this.at++;
        return;
      }
      this.expect(',');
    }
  }

  private void member(Place place, int nameFrom, int nameTo) throws BadRecordException {
    if (place == Place.LINE && this.is(nameFrom, nameTo, KEY)) {
      if (this.peek() == '{') {
        this.members(Place.KEY);
      } else {
        this.skip();
      }
    } else if (place == Place.LINE && this.is(nameFrom, nameTo, VALUE)) {
      if (this.nullHere()) {
        this.tombstone = true;
        this.at += 4;
      } else {
        this.members(Place.VALUE);
      }
    } else if (this.is(nameFrom, nameTo, SCHEMA)) {
      this.schema(place);
    } else if (place != Place.KEY && this.is(nameFrom, nameTo, PAYLOAD)) {
      this.payload();
    } else {
      this.skip();
    }
  }

  private void payload() throws BadRecordException {
    if (this.nullHere()) {
      this.tombstone = true;
      this.at += 4;
      return;
    }
    this.payloadFrom = this.at;
    this.skip();
    this.payloadTo = this.at;
  }

  private void schema(Place place) throws BadRecordException {
    int start = this.at;
    byte[] last = place == Place.KEY ? this.lastKeySchema : this.lastValueSchema;
    if (last.length > 0
        && start + last.length < this.end
        && Arrays.equals(this.buffer, start, start + last.length, last, 0, last.length)) {
      this.at = start + last.length;
    } else {
      this.skip();
      byte[] copy = Arrays.copyOfRange(this.buffer, start, this.at);
      if (place == Place.KEY) {
        this.lastKeySchema = copy;
      } else {
        this.lastValueSchema = copy;
      }
    }
    if (place != Place.KEY && this.buffer[start] == '{') {
      this.schemaFrom = start;
      this.schemaTo = this.at;
      this.done = this.schemaOnly;
    }
  }

  /** Passes over one value. Only its extent is found: whoever reads the value checks it. */
  private void skip() throws BadRecordException {
    int first = this.peek();
    if (first == '"') {
      this.string();
    } else if (first == '{' || first == '[') {
      this.nested();
    } else {
      this.scalar();
    }
  }

  private void nested() throws BadRecordException {
    int depth = 0;
    while (this.at < this.end) {
      byte c = this.buffer[this.at];
      if (c == '"') {
        this.string();
        continue;
      }
      this.at++;
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth == 0) {
          return;
        }
      }
    }
    this.peek();
  }

  private void scalar() throws BadRecordException {
    int start = this.at;
    while (this.at < this.end && ",}] \t\r".indexOf(this.buffer[this.at]) < 0) {
      this.at++;
    }
    if (this.at == start) {
      throw this.unexpected("a value");
    }
  }

  private void string() throws BadRecordException {
    this.expect('"');
    byte[] bytes = this.buffer;
    int limit = this.end;
    int i = this.at;
    while (i < limit) {
      byte c = bytes[i++];
      if (c == '"') {
        this.at = i;
        return;
      }
      if (c == '\\') {
        i++;
      }
    }
    this.at = limit;
    this.peek();
  }

  private boolean is(int nameFrom, int nameTo, byte[] name) {
    return Arrays.equals(this.buffer, nameFrom, nameTo, name, 0, name.length);
  }

  private boolean nullHere() {
    return this.at + 4 <= this.end && Arrays.equals(this.buffer, this.at, this.at + 4, NULL, 0, 4);
  }

  private void space() {
    while (this.at < this.end && this.buffer[this.at] <= ' ' && this.buffer[this.at] >= 0) {
      this.at++;
    }
  }

  private int peek() throws BadRecordException {
    if (this.at >= this.end) {
      throw new BadRecordException(
          "Invalid JSON at byte " + (this.end - this.from) + ": the line ends too early");
    }
    return this.buffer[this.at];
  }

  private void expect(char wanted) throws BadRecordException {
    if (this.peek() != wanted) {
      throw this.unexpected("'" + wanted + "'");
    }
    this.at++;
  }

  private BadRecordException unexpected(String wanted) {
    String found =
        this.at < this.end ? "'" + (char) (this.buffer[this.at] & 0xFF) + "'" : "the end";
    return new BadRecordException(
        "Invalid JSON at byte "
            + (this.at - this.from)
            + ": "
            + found
            + " (expected "
            + wanted
            + ")");
  }
}
