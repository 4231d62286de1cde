package io.veralake.land.decode;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** An Avro schema, laid out for reading. */
final class AvroType {
  private static final AvroType[] NONE = new AvroType[0];

  private final Schema.Type kind;
  private AvroType[] parts = NONE;
  private String[] names = new String[0];
  private int size;

  private AvroType(Schema.Type kind) {
    this.kind = kind;
  }

  /** The layout of {@code schema}. */
  static AvroType of(Schema schema) {
    return of(schema, new IdentityHashMap<>());
  }

  private static AvroType of(Schema schema, Map<Schema, AvroType> known) {
    AvroType old = known.get(schema);
    if (old != null) {
      return old;
    }
    AvroType type = new AvroType(schema.getType());
    known.put(schema, type);
    switch (schema.getType()) {
      case RECORD -> {
        type.names = schema.getFields().stream().map(Schema.Field::name).toArray(String[]::new);
        type.parts = all(schema.getFields().stream().map(Schema.Field::schema).toList(), known);
      }
      case UNION -> type.parts = all(schema.getTypes(), known);
      case ARRAY -> type.parts = all(List.of(schema.getElementType()), known);
      case MAP -> type.parts = all(List.of(schema.getValueType()), known);
      case ENUM -> type.names = schema.getEnumSymbols().toArray(String[]::new);
      case FIXED -> type.size = schema.getFixedSize();
      case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
    }
    return type;
  }

  private static AvroType[] all(List<Schema> schemas, Map<Schema, AvroType> known) {
    return schemas.stream().map(schema -> of(schema, known)).toArray(AvroType[]::new);
  }

  Schema.Type kind() {
    return this.kind;
  }

  /** How many fields or branches it has. */
  int count() {
    return this.parts.length;
  }

  /** A field's or branch's type; that of an array's or map's items is the first. */
  AvroType part(int place) {
    return this.parts[place];
  }

  /** A field's name, or an enum's symbol. */
  String name(int place) {
    return this.names[place];
  }

  /** How many symbols an enum has. */
  int symbols() {
    return this.names.length;
  }

  /** Bytes of a value of fixed size. */
  int size() {
    return this.size;
  }
}
