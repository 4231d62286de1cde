package io.veralake.land.decode;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** Avro schemas as others wrote them: in files, in a registry, in the header of a container. */
public final class AvroSchemaText {
  private AvroSchemaText() {}

  /**
   * Reads the schema {@code text}; names are taken as they are, and defaults needn't fit.
   *
   * @throws BadRecordException if it is none: no JSON, a type that nothing defines, a name twice
   */
  public static Schema parse(String text) throws BadRecordException {
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
    } catch (RuntimeException e) {
      // Avro has exceptions of its own for most broken schemas, and leaves others (a reference to a
      // type that isn't there, a size that is none) to whatever they run into.
      throw new BadRecordException("Invalid Avro schema: " + e.getMessage());
    }
  }
}
