package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * One change event of Debezium's connector for MongoDB while it is read: documents are texts
 * (extended JSON), and a delete may say no more than the record's key.
 */
final class DocumentEvent {
  /** The key of a document as extended JSON, as the connector writes it. */
  static final String ID = "_id";

  /** The row type of tables of such events. */
  static final StructType ROW_TYPE =
      new StructType()
          .add(ID, DataTypes.StringType)
          .add(DocumentDecoder.DOCUMENT, DataTypes.StringType);

  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> OPS = Set.of("c", "u", "d", "r");
  private static final int KEY = 1;
  private static final int VALUE = 2;

  private final SourcePosition source = new SourcePosition();
  private final Set<String> names = new HashSet<>();
  private final List<String> removed = new ArrayList<>(0);
  private final List<DocumentUpdate.Cut> cuts = new ArrayList<>(0);
  private String op = "";
  private @Nullable String id;
  private @Nullable String before;
  private @Nullable String after;
  private @Nullable String updated;
  private boolean described;
  private boolean none;

  /** Reads a value: an envelope, with or without schema, or a line with a key and a value. */
  void value(JsonParser parser) throws IOException, BadRecordException {
    this.object(parser, VALUE);
  }

  /** Reads a key, with or without schema. */
  void key(JsonParser parser) throws IOException, BadRecordException {
    this.object(parser, KEY);
  }

  private void object(JsonParser parser, int part) throws IOException, BadRecordException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      this.none |= part == VALUE;
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadRecordException("Invalid envelope or key (an object)");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (name) {
        case "schema" -> parser.skipChildren();
        case "key" -> this.object(parser, KEY);
        case "value" -> this.object(parser, VALUE);
        case "payload" -> this.object(parser, part);
        default -> {
          this.names.add(name);
          if (part == KEY) {
            this.id = name.equals("id") ? text(parser, "id") : this.id;
          } else if (token != JsonToken.VALUE_NULL) {
            this.field(name, parser);
          }
        }
      }
    }
  }

  private void field(String name, JsonParser parser) throws IOException, BadRecordException {
    switch (name) {
      case "op" -> this.op = parser.getText();
      case "before" -> this.before = text(parser, name);
      case "after" -> this.after = text(parser, name);
      case "source" -> this.source.readSource(parser);
      case "transaction" -> this.source.readTransaction(parser);
      case "updateDescription" -> this.description(parser);
      default -> parser.skipChildren();
    }
  }

  private void description(JsonParser parser) throws IOException, BadRecordException {
    this.described = true;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (name) {
        case "updatedFields" -> this.updated = text(parser, name);
        case "removedFields" -> {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            this.removed.add(text(parser, name));
          }
        }
        case "truncatedArrays" -> {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            this.cuts.add(cut(parser));
          }
        }
        default -> parser.skipChildren();
      }
    }
  }

  private static DocumentUpdate.Cut cut(JsonParser parser) throws IOException, BadRecordException {
    String path = "";
    int size = -1;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("field")) {
        path = text(parser, name);
      } else if (name.equals("size")) {
        size = (Integer) ConnectValues.int32(parser);
      } else {
        parser.skipChildren();
      }
    }
    return new DocumentUpdate.Cut(path, size);
  }

  private static String text(JsonParser parser, String name)
      throws IOException, BadRecordException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadRecordException(
          "Invalid "
              + name
              + " in the envelope (a text: documents = true is for the events of MongoDB)");
    }
    return parser.getText();
  }

  /** What was read, for a table whose rows are {@code rowType}. */
  Change change(StructType rowType) throws BadRecordException {
    if (this.none) {
      return Change.REPEAT;
    }
    if (EnvelopePayload.isOther(this.op, this.names)) {
      return Change.OTHER;
    }
    if (!OPS.contains(this.op)) {
      throw new BadRecordException("Invalid op: \"" + this.op + "\" (one of c, u, d, r)");
    }
    this.source.check();
    boolean delete = this.op.equals("d");
    String now = delete ? null : this.after();
    String key = this.key(now);
    List<String> unsent = List.of();
    if (delete && this.before == null) {
      unsent = List.of("before." + DocumentDecoder.DOCUMENT);
    }
    return Change.of(
        this.op,
        delete || this.before != null ? row(rowType, key, this.before) : null,
        delete ? null : row(rowType, key, now),
        unsent,
        this.source);
  }

  private String after() throws BadRecordException {
    if (this.after != null) {
      return this.after;
    }
    if (!this.described) {
      throw new BadRecordException("Missing after in an envelope of op " + this.op);
    }
    if (this.before == null) {
      throw new BadRecordException(
          "Missing document after an update: there is only what it changed (capture.mode = change_streams_update_full_with_pre_image, or another that sends whole documents)");
    }
    return DocumentUpdate.apply(this.before, this.removed, this.updated, this.cuts);
  }

  private String key(@Nullable String now) throws BadRecordException {
    if (this.id != null) {
      return this.id;
    }
    String document = now == null ? this.before : now;
    if (document == null) {
      throw new BadRecordException(
          "Missing key of a deleted document (the record's key, or a pre-image)");
    }
    try (JsonParser parser = JSON.createParser(document)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(ID);
        parser.nextToken();
        if (found) {
          StringWriter written = new StringWriter();
          try (JsonGenerator generator = JSON.createGenerator(written)) {
            generator.copyCurrentStructureExact(parser);
          }
          return written.toString();
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON in the document: " + e.getMessage());
    }
    throw new BadRecordException("Missing _id in the document (or a key of the record)");
  }

  private static @Nullable Object[] row(StructType rowType, String id, @Nullable String document)
      throws BadRecordException {
    @Nullable Object[] row = new Object[rowType.size()];
    row[rowType.fieldIndex(ID)] = UTF8String.fromString(id);
    if (document != null) {
      check(document);
      row[rowType.fieldIndex(DocumentDecoder.DOCUMENT)] = UTF8String.fromString(document);
    }
    return row;
  }

  private static void check(String document) throws BadRecordException {
    try (JsonParser parser = JSON.createParser(document)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadRecordException("Invalid document in the envelope (a JSON object)");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new BadRecordException("Invalid document in the envelope: more after the object");
      }
    } catch (JsonProcessingException e) {
      throw new BadRecordException(
          "Invalid JSON in the document: " + String.valueOf(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON in the document: " + e.getMessage());
    }
  }
}
