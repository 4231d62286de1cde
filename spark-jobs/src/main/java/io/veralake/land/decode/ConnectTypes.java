package io.veralake.land.decode;

import com.fasterxml.jackson.databind.JsonNode;
import io.veralake.spec.LandTable.OnLoss;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * The type that each Connect type lands as. By the schema's name if it is known, else by its
 * physical type: integers int or bigint, bytes binary, arrays arrays, maps and structs JSON text.
 *
 * <p>Decimals keep precision and scale; without a precision it is 38; over 38 digits, or with a
 * negative scale, the exact text is kept, as it is for decimals of variable scale. Timestamps with
 * a zone are instants; those without stay local ({@code timestamp_ntz}). Spark and Iceberg have no
 * time of day: it is text with as many decimals as declared. Durations stay numbers.
 */
final class ConnectTypes {
  private record Mapped(DataType type, ValueReader reader) {}

  private static final Map<String, Mapped> NAMED =
      Map.ofEntries(
          named("io.debezium.time.Date", DataTypes.DateType, ConnectValues::days),
          named("org.apache.kafka.connect.data.Date", DataTypes.DateType, ConnectValues::days),
          named("io.debezium.time.IsoDate", DataTypes.DateType, ConnectValues::isoDate),
          named("io.debezium.time.Timestamp", local(), p -> ConnectValues.timestamp(p, 1000, 1)),
          named(
              "org.apache.kafka.connect.data.Timestamp",
              local(),
              p -> ConnectValues.timestamp(p, 1000, 1)),
          named("io.debezium.time.MicroTimestamp", local(), p -> ConnectValues.timestamp(p, 1, 1)),
          named(
              "io.debezium.time.NanoTimestamp", local(), p -> ConnectValues.timestamp(p, 1, 1000)),
          named("io.debezium.time.IsoTimestamp", local(), ConnectValues::isoTimestamp),
          named(
              "io.debezium.time.ZonedTimestamp",
              DataTypes.TimestampType,
              ConnectValues::isoTimestamp),
          named("io.debezium.time.Time", text(), p -> ConnectValues.timeOfDay(p, 3)),
          named("org.apache.kafka.connect.data.Time", text(), p -> ConnectValues.timeOfDay(p, 3)),
          named("io.debezium.time.MicroTime", text(), p -> ConnectValues.timeOfDay(p, 6)),
          named("io.debezium.time.NanoTime", text(), p -> ConnectValues.timeOfDay(p, 9)),
          named("io.debezium.time.IsoTime", text(), ConnectValues::isoTime),
          named("io.debezium.time.MicroDuration", DataTypes.LongType, ConnectValues::duration),
          named("io.debezium.time.NanoDuration", DataTypes.LongType, ConnectValues::duration),
          named("io.debezium.data.VariableScaleDecimal", text(), ConnectValues::variableDecimal));

  private ConnectTypes() {}

  /** The column that {@code field} of a struct schema declares. */
  static SourceColumn column(JsonNode field, OnLoss onLoss) throws BadRecordException {
    Mapped mapped = mapped(field);
    boolean wraps = onLoss != OnLoss.ACCEPT && UpstreamLoss.wraps(field);
    ValueReader reader = wraps ? ConnectValues::unsigned : mapped.reader;
    String loss = onLoss == OnLoss.ACCEPT ? "" : UpstreamLoss.of(field);
    return new SourceColumn(
        field.path("field").asText(),
        mapped.type,
        !field.path("optional").asBoolean(false) && !field.has("default"),
        loss.isEmpty() ? reader : ConnectValues.refusing(loss));
  }

  private static Mapped mapped(JsonNode schema) throws BadRecordException {
    String name = schema.path("name").asText("");
    if (name.equals("org.apache.kafka.connect.data.Decimal")) {
      return decimal(schema.path("parameters"));
    }
    Mapped known = NAMED.get(name);
    return known == null ? physical(schema) : known;
  }

  private static Mapped physical(JsonNode schema) throws BadRecordException {
    String type = schema.path("type").asText();
    return switch (type) {
      case "boolean" -> new Mapped(DataTypes.BooleanType, ConnectValues::bool);
      case "int8", "int16", "int32" -> new Mapped(DataTypes.IntegerType, ConnectValues::int32);
      case "int64" -> new Mapped(DataTypes.LongType, ConnectValues::int64);
      case "float", "float32" -> new Mapped(DataTypes.FloatType, ConnectValues::float32);
      case "double", "float64" -> new Mapped(DataTypes.DoubleType, ConnectValues::float64);
      case "string" -> new Mapped(text(), ConnectValues::string);
      case "bytes" -> new Mapped(DataTypes.BinaryType, ConnectValues::bytes);
      case "array" -> {
        Mapped item = mapped(schema.path("items"));
        yield new Mapped(
            DataTypes.createArrayType(item.type, true), p -> ConnectValues.array(p, item.reader));
      }
      case "map", "struct" -> new Mapped(text(), ConnectValues::json);
      default ->
          throw new BadRecordException(
              "Invalid type in the envelope's schema: \"" + type + "\" (a type of Kafka Connect)");
    };
  }

  private static Mapped decimal(JsonNode parameters) {
    int scale = parameters.path("scale").asInt(0);
    int precision =
        Math.max(
            parameters.path("connect.decimal.precision").asInt(DecimalType.MAX_PRECISION()), scale);
    if (scale < 0 || precision > DecimalType.MAX_PRECISION()) {
      return new Mapped(text(), p -> ConnectValues.decimalText(p, scale));
    }
    return new Mapped(
        DataTypes.createDecimalType(precision, scale),
        p -> ConnectValues.decimal(p, precision, scale));
  }

  private static Map.Entry<String, Mapped> named(String name, DataType type, ValueReader reader) {
    return Map.entry(name, new Mapped(type, reader));
  }

  private static DataType local() {
    return DataTypes.TimestampNTZType;
  }

  private static DataType text() {
    return DataTypes.StringType;
  }
}
