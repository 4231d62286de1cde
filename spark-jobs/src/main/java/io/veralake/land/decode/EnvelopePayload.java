package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One payload while it is read: the parser stands at its beginning, or at one of its fields. */
final class EnvelopePayload {
  private static final Set<String> OPS = Set.of("c", "u", "d", "r", "t");

  private final JsonParser parser;
  private final RowReader reader;
  private final SourcePosition source = new SourcePosition();
  private final List<String> unavailable = new ArrayList<>(0);
  private String op = "";
  private @Nullable Object @Nullable [] before;
  private @Nullable Object @Nullable [] after;

  EnvelopePayload(JsonParser parser, RowReader reader) {
    this.parser = parser;
    this.reader = reader;
  }

  /** Reads a payload of which the schema says what it is. */
  Change read() throws IOException, BadRecordException {
    if (!this.reader.schema().change()) {
      return this.other();
    }
    while (this.parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = this.parser.currentName();
      boolean none = this.parser.nextToken() == JsonToken.VALUE_NULL;
      if (!none) {
        this.field(name);
      }
    }
    return this.change();
  }

  /** Reads a payload, from its first field's name on, that says itself what it is. */
  Change readPlain() throws IOException, BadRecordException {
    Set<String> names = new HashSet<>();
    JsonToken token = this.parser.currentToken();
    for (; token == JsonToken.FIELD_NAME; token = this.parser.nextToken()) {
      String name = this.parser.currentName();
      names.add(name);
      boolean none = this.parser.nextToken() == JsonToken.VALUE_NULL;
      if (!none) {
        this.field(name);
      }
    }
    return isOther(this.op, names) ? Change.OTHER : this.change();
  }

  private void field(String name) throws IOException, BadRecordException {
    switch (name) {
      case "op" -> this.op = this.parser.getText();
      case "before" -> this.before = this.reader.before(this.parser, this.unavailable);
      case "after" -> this.after = this.reader.after(this.parser, this.unavailable);
      case "source" -> this.source.readSource(this.parser);
      case "transaction" -> this.source.readTransaction(this.parser);
      case "ts_ms" -> this.source.readSent(this.parser);
      default -> this.parser.skipChildren();
    }
  }

  private Change other() throws IOException, BadRecordException {
    Set<String> names = new HashSet<>();
    String found = "";
    while (this.parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = this.parser.currentName();
      this.parser.nextToken();
      if (name.equals("op")) {
        found = this.parser.getText();
      }
      names.add(name);
      this.parser.skipChildren();
    }
    if (isOther(found, names)) {
      return Change.OTHER;
    }
    throw new BadRecordException(
        "Missing before, after and op in the payload (a whole Debezium envelope: no unwrapping transformation at the connector)");
  }

  /** A message, a transaction's marker or a heartbeat; anything else was changed on its way. */
  static boolean isOther(String op, Set<String> names) {
    boolean marker = names.contains("status") && names.contains("event_count");
    boolean heartbeat = names.equals(Set.of("ts_ms"));
    return op.equals("m") || marker || heartbeat;
  }

  private Change change() throws BadRecordException {
    if (!OPS.contains(this.op)) {
      throw new BadRecordException("Invalid op: \"" + this.op + "\" (one of c, u, d, r, t)");
    }
    boolean needsAfter = !this.op.equals("d") && !this.op.equals("t");
    if (needsAfter && this.after == null) {
      throw new BadRecordException("Missing after in an envelope of op " + this.op);
    }
    if (this.op.equals("d") && this.before == null) {
      throw new BadRecordException(
          "Missing before in an envelope of op d (the table's replica identity must send at least the key)");
    }
    this.source.check();
    return Change.of(this.op, this.before, this.after, this.unavailable, this.source);
  }
}
