package io.veralake.land.files;

import io.veralake.land.files.AvroCursor.BrokenException;
import org.apache.avro.Schema;

/** Passes over data that nobody wants. */
final class AvroSkip {
  private static final int DEEPEST = 1000;

  private AvroSkip() {}

  /** Goes behind a datum of {@code schema}. */
  static void datum(Schema schema, AvroCursor in) throws BrokenException {
    datum(schema, in, 0);
  }

  private static void datum(Schema schema, AvroCursor in, int depth) throws BrokenException {
    if (depth > DEEPEST) {
      throw new BrokenException("Invalid datum: nested deeper than " + DEEPEST);
    }
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> in.bool();
      case INT -> in.int32();
      case ENUM -> symbol(schema, in);
      case LONG -> in.int64();
      case FLOAT -> in.skip(4);
      case DOUBLE -> in.skip(8);
      case BYTES, STRING -> in.skipBytes();
      case FIXED -> in.skip(schema.getFixedSize());
      case UNION -> datum(branch(schema, in), in, depth + 1);
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          datum(field.schema(), in, depth + 1);
        }
      }
      case ARRAY -> {
        int least = least(schema.getElementType());
        for (long left = in.items(least); left > 0; left = in.items(least)) {
          for (long i = 0; i < left; i++) {
            datum(schema.getElementType(), in, depth + 1);
          }
        }
      }
      case MAP -> {
        for (long left = in.items(1); left > 0; left = in.items(1)) {
          for (long i = 0; i < left; i++) {
            in.skipBytes();
            datum(schema.getValueType(), in, depth + 1);
          }
        }
      }
    }
  }

  /** How many bytes a datum takes at least: 0 or 1. */
  static int least(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> 0;
      case FIXED -> Math.min(1, schema.getFixedSize());
      case RECORD ->
          schema.getFields().stream()
                  .allMatch(field -> field.schema().getType() == Schema.Type.NULL)
              ? 0
              : 1;
      default -> 1;
    };
  }

  /** The branch of a union that the next number names. */
  static Schema branch(Schema union, AvroCursor in) throws BrokenException {
    return union.getTypes().get(index(in, union.getTypes().size(), "branch of a union"));
  }

  /** The symbol of an enum that the next number names. */
  static String symbol(Schema schema, AvroCursor in) throws BrokenException {
    return schema.getEnumSymbols().get(index(in, schema.getEnumSymbols().size(), "symbol"));
  }

  /** A number from 0 to before {@code count}. */
  static int index(AvroCursor in, int count, String what) throws BrokenException {
    int index = in.int32();
    if (index < 0 || index >= count) {
      throw new BrokenException("Invalid " + what + ": " + index + " (there are " + count + ")");
    }
    return index;
  }
}
