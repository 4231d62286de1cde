package io.veralake.land.files;

import io.veralake.land.decode.AvroSchemaText;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.files.AvroCursor.BrokenException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads records of one Avro schema as rows. */
public final class AvroRows implements DatumDecoder {
  private final Schema schema;
  private final int width;
  private final List<AvroType> types = new ArrayList<>();
  private final List<Columns.Bound> columns = new ArrayList<>();
  private @Nullable String broken;

  /** For records of {@code schema} in a raw table of {@code rowType}. */
  public AvroRows(Schema schema, StructType rowType) {
    this.schema = schema;
    this.width = rowType.size();
    try {
      for (Schema.Field field : fields(schema)) {
        AvroType type = AvroType.of(field.schema());
        this.types.add(type);
        this.columns.add(Columns.bound(field.name(), type.type(), rowType));
      }
    } catch (BadRecordException e) {
      this.broken = e.getMessage();
    }
  }

  /** The schema that {@code text} writes; names are taken as they are. */
  public static Schema schema(byte[] text) throws BadRecordException {
    return AvroSchemaText.parse(new String(text, StandardCharsets.UTF_8));
  }

  /** The columns that the schema {@code text} declares; empty if it can't be used. */
  public static Optional<StructType> rowType(byte[] text) {
    try {
      StructType row = new StructType();
      for (Schema.Field field : fields(schema(text))) {
        AvroType type = AvroType.of(field.schema());
        if (type.type() != null) {
          row = row.add(field.name(), Objects.requireNonNull(type.type()));
        }
      }
      return Optional.of(row);
    } catch (BadRecordException e) {
      return Optional.empty();
    }
  }

  @Override
  public Change decode(AvroCursor in) throws BrokenException, BadRecordException {
    if (this.broken != null) {
      AvroSkip.datum(this.schema, in);
      throw new BadRecordException(this.broken);
    }
    @Nullable Object[] row = new Object[this.width];
    String problem = null;
    for (int i = 0; i < this.types.size(); i++) {
      Object value = this.types.get(i).read(in);
      Columns.Bound column = this.columns.get(i);
      String found = in.takeProblem();
      if (found == null && value != null) {
        found = column.refusal();
        if (found == null && column.target() >= 0) {
          row[column.target()] = column.widened(value);
        }
      }
      if (found != null && problem == null) {
        problem = "Cannot land column " + column.name() + ": " + found;
      }
    }
    if (problem != null) {
      throw new BadRecordException(problem);
    }
    return Change.ofFile(row);
  }

  private static List<Schema.Field> fields(Schema schema) throws BadRecordException {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new BadRecordException(
          "Invalid schema of the file: " + schema.getType().getName() + " (a record)");
    }
    Columns.distinct(schema.getFields().stream().map(Schema.Field::name).toList());
    return schema.getFields();
  }
}
