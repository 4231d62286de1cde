package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.veralake.spec.ConnectorModes;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * Readings of declared types where no schema says what a value is. What isn't exactly of its type
 * in the declared mode is refused.
 */
final class DeclaredValues {
  private DeclaredValues() {}

  /** Reads values of {@code type} as a connector of {@code modes} writes them. */
  static ValueReader reader(DataType type, ConnectorModes modes) {
    if (type instanceof DecimalType decimal) {
      return switch (modes.decimals()) {
        case STRING -> parser -> decimalText(parser, decimal);
        case PRECISE ->
            parser -> ConnectValues.decimal(parser, decimal.precision(), decimal.scale());
        case DOUBLE -> DeclaredValues::refuseDouble;
      };
    }
    if (type.equals(DataTypes.DateType)) {
      return modes.times() == ConnectorModes.Times.ISOSTRING
          ? ConnectValues::isoDate
          : ConnectValues::days;
    }
    if (type.equals(DataTypes.TimestampType)) {
      return parser -> timestamp(parser, modes.times());
    }
    if (type.equals(DataTypes.BinaryType)) {
      return parser -> binary(parser, modes.binaries());
    }
    return simple(type);
  }

  private static ValueReader simple(DataType type) {
    if (type.equals(DataTypes.BooleanType)) {
      return ConnectValues::bool;
    }
    if (type.equals(DataTypes.IntegerType)) {
      return ConnectValues::int32;
    }
    if (type.equals(DataTypes.LongType)) {
      return ConnectValues::int64;
    }
    if (type.equals(DataTypes.FloatType)) {
      return ConnectValues::float32;
    }
    return type.equals(DataTypes.DoubleType) ? ConnectValues::float64 : DeclaredValues::text;
  }

  /** Structured values are kept as JSON text; a number or a truth value is no text. */
  private static Object text(JsonParser parser) throws IOException, BadRecordException {
    return parser.currentToken().isStructStart()
        ? ConnectValues.json(parser)
        : ConnectValues.string(parser);
  }

  private static Object decimalText(JsonParser parser, DecimalType type)
      throws IOException, BadRecordException {
    Object text = ConnectValues.string(parser);
    return text == ValueReader.UNAVAILABLE ? text : TextValues.read(type, text.toString());
  }

  private static Object refuseDouble(JsonParser parser) throws IOException, BadRecordException {
    throw new BadRecordException(
        parser.getText() + " (exact digits: decimal.handling.mode=string or precise)");
  }

  /** A column with a zone is a text in all modes. */
  private static Object timestamp(JsonParser parser, ConnectorModes.Times times)
      throws IOException, BadRecordException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return ConnectValues.isoTimestamp(parser);
    }
    return switch (times) {
      case ISOSTRING ->
          throw new BadRecordException(
              parser.getText() + " (a time as 2026-03-01T23:59:59.999999Z)");
      case MICROSECONDS -> ConnectValues.timestamp(parser, 1, 1);
      case NANOSECONDS -> ConnectValues.timestamp(parser, 1, 1000);
      case CONNECT -> ConnectValues.timestamp(parser, 1000, 1);
    };
  }

  private static Object binary(JsonParser parser, ConnectorModes.Binaries binaries)
      throws IOException, BadRecordException {
    boolean plain =
        binaries == ConnectorModes.Binaries.BYTES || binaries == ConnectorModes.Binaries.BASE64;
    if (plain) {
      return ConnectValues.bytes(parser);
    }
    Object text = ConnectValues.string(parser);
    if (text == ValueReader.UNAVAILABLE) {
      return text;
    }
    boolean hex = binaries == ConnectorModes.Binaries.HEX;
    try {
      return ConnectValues.available(
          hex
              ? HexFormat.of().parseHex(text.toString())
              : Base64.getUrlDecoder().decode(text.toString()));
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(text + (hex ? " (hexadecimal)" : " (Base64 for URLs)"));
    }
  }
}
