package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.spec.LandTable.OnLoss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What the schema of one envelope declares.
 *
 * @param columns columns of the rows before and after; empty if the schema isn't one of a change
 * @param change whether it is the schema of a change
 */
public record EnvelopeSchema(List<SourceColumn> columns, boolean change) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the list. */
  public EnvelopeSchema {
    columns = List.copyOf(columns);
  }

  /**
   * Reads a schema; {@code onLoss} says what to do about values that the connector made less exact.
   *
   * @throws BadRecordException if it is no JSON or has an unknown type
   */
  public static EnvelopeSchema parse(byte[] text, OnLoss onLoss) throws BadRecordException {
    return of(tree(text), onLoss);
  }

  /** The same of a schema that was read already. */
  static EnvelopeSchema of(JsonNode schema, OnLoss onLoss) throws BadRecordException {
    for (JsonNode field : schema.path("fields")) {
      if (field.path("field").asText().equals("after") && field.path("fields").isArray()) {
        List<SourceColumn> columns = new ArrayList<>();
        for (JsonNode column : field.path("fields")) {
          columns.add(ConnectTypes.column(column, onLoss));
        }
        return new EnvelopeSchema(columns, true);
      }
    }
    return new EnvelopeSchema(List.of(), false);
  }

  /**
   * The row's type, all columns nullable; empty if the schema can't be read or isn't one of a
   * change.
   */
  public static Optional<StructType> rowType(byte[] text) {
    try {
      return parse(text, OnLoss.ACCEPT).rowType();
    } catch (BadRecordException e) {
      return Optional.empty();
    }
  }

  /** The row's type, all columns nullable; empty if the schema isn't one of a change. */
  Optional<StructType> rowType() {
    return this.change
        ? Optional.of(
            new StructType(
                this.columns.stream()
                    .filter(c -> ColumnTypes.nameable(c.name()))
                    .map(c -> DataTypes.createStructField(c.name(), c.type(), true))
                    .toArray(StructField[]::new)))
        : Optional.empty();
  }

  private static JsonNode tree(byte[] text) throws BadRecordException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BadRecordException("Invalid JSON in the schema: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadRecordException("Invalid JSON in the schema: " + e.getMessage());
    }
  }
}
