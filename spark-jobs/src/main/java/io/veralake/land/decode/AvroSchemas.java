package io.veralake.land.decode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Avro schemas as Kafka Connect's converters write them ({@code connect.name}, {@code
 * connect.parameters}…), turned back into the schemas that Connect's JSON has: one column has one
 * type whichever way it came.
 */
final class AvroSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";

  /** Precision that converters write for a decimal that has none. */
  private static final int NO_PRECISION = 64;

  private AvroSchemas() {}

  /** The schema of an envelope in Connect's form: its fields, and those of the rows in it. */
  static ObjectNode connect(Schema envelope) throws BadRecordException {
    ObjectNode struct = JSON.createObjectNode();
    struct.put("type", "struct");
    struct.put("name", name(envelope));
    if (envelope.getType() == Schema.Type.RECORD) {
      ArrayNode fields = struct.putArray("fields");
      for (Schema.Field field : envelope.getFields()) {
        ObjectNode member = field(field);
        Schema type = value(field.schema());
        if (type.getType() == Schema.Type.RECORD) {
          ArrayNode columns = member.putArray("fields");
          for (Schema.Field column : type.getFields()) {
            columns.add(field(column));
          }
        }
        fields.add(member);
      }
    }
    return struct;
  }

  private static ObjectNode field(Schema.Field field) throws BadRecordException {
    Schema type = value(field.schema());
    ObjectNode node = type(type);
    node.put("field", field.name());
    node.put("optional", field.schema().isNullable());
    boolean none = !field.hasDefaultValue() || field.defaultVal() == Schema.NULL_VALUE;
    if (!none || type.getObjectProp("connect.default") != null) {
      node.put("default", true);
    }
    return node;
  }

  /** What a union holds beside null. */
  private static Schema value(Schema schema) {
    return schema.getType() == Schema.Type.UNION
        ? schema.getTypes().stream()
            .filter(branch -> branch.getType() != Schema.Type.NULL)
            .reduce((a, b) -> schema)
            .orElse(schema)
        : schema;
  }

  private static ObjectNode type(Schema schema) throws BadRecordException {
    ObjectNode node = JSON.createObjectNode();
    node.put("type", physical(schema));
    node.put("name", name(schema));
    if (schema.getType() == Schema.Type.ARRAY) {
      node.set("items", type(value(schema.getElementType())));
    }
    ObjectNode parameters = node.putObject("parameters");
    if (schema.getObjectProp("connect.parameters") instanceof Map<?, ?> given) {
      given.forEach((key, value) -> parameters.put(String.valueOf(key), String.valueOf(value)));
    }
    if (node.path("name").asText().equals(DECIMAL)) {
      decimal(schema, parameters);
    }
    return node;
  }

  private static void decimal(Schema schema, ObjectNode parameters) {
    if (!parameters.has("scale") && schema.getObjectProp("scale") instanceof Number scale) {
      parameters.put("scale", scale.toString());
    }
    if (!parameters.has("connect.decimal.precision")
        && schema.getObjectProp("precision") instanceof Number precision
        && precision.intValue() != NO_PRECISION) {
      parameters.put("connect.decimal.precision", precision.toString());
    }
  }

  private static String name(Schema schema) {
    String name = schema.getProp("connect.name");
    if (name != null) {
      return name;
    }
    String logical = schema.getProp("logicalType");
    return switch (logical == null ? "" : logical) {
      case "decimal" -> DECIMAL;
      case "date" -> "org.apache.kafka.connect.data.Date";
      case "time-millis" -> "org.apache.kafka.connect.data.Time";
      case "timestamp-millis" -> "org.apache.kafka.connect.data.Timestamp";
      default -> "";
    };
  }

  private static String physical(Schema schema) throws BadRecordException {
    return switch (schema.getType()) {
      case BOOLEAN -> "boolean";
      case INT -> "int32";
      case LONG -> "int64";
      case FLOAT -> "float32";
      case DOUBLE -> "float64";
      case STRING, ENUM -> "string";
      case BYTES, FIXED -> "bytes";
      case ARRAY -> "array";
      case MAP -> "map";
      case RECORD -> "struct";
      case UNION, NULL ->
          throw new BadRecordException(
              "Invalid Avro schema: " + schema + " (one type, or one type and null)");
    };
  }
}
