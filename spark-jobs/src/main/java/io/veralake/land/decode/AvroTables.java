package io.veralake.land.decode;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Finds the table that a change event in Avro names as its source. */
public final class AvroTables implements TableFinder {
  private final @Nullable KnownSchemas known;
  private final Map<Long, AvroType> types = new HashMap<>();
  private final AvroTokens tokens = new AvroTokens();
  private final @Nullable AvroType only;

  private AvroTables(@Nullable KnownSchemas known, @Nullable AvroType only) {
    this.known = known;
    this.only = only;
  }

  /** Of records that name schemas of {@code known}. */
  public static AvroTables of(KnownSchemas known) {
    return new AvroTables(known, null);
  }

  /** Of data of {@code schema} alone. */
  public static AvroTables of(Schema schema) {
    return new AvroTables(null, AvroType.of(schema));
  }

  @Override
  public Optional<String> of(byte[] buffer, int from, int to) {
    try {
      if (this.known == null) {
        this.tokens.read(Objects.requireNonNull(this.only), buffer, from, from, to);
      } else {
        AvroType type = this.type(this.known, this.known.id(buffer, from, to));
        this.tokens.read(type, buffer, from, from + this.known.prefix(), to);
      }
      return SourceTable.in(this.tokens);
    } catch (BadRecordException | IOException | RuntimeException e) {
      // Whoever keeps such records finds out what is wrong with this one.
      return Optional.empty();
    }
  }

  private AvroType type(KnownSchemas schemas, long id) throws BadRecordException {
    AvroType type = this.types.get(id);
    if (type == null) {
      type = AvroType.of(AvroSchemaText.parse(schemas.text(id)));
      this.types.put(id, type);
    }
    return type;
  }
}
