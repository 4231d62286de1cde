package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.veralake.lake.DataException;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What the rows of a dump have in common. Kept with each row that can't be landed, so that it can
 * be read again.
 *
 * @param columns the columns, in the order of their values
 * @param position the moment of the dump in its source's order: three numbers
 * @param commitTime the moment by the source's clock, microseconds since the epoch
 */
public record DumpHeader(List<Column> columns, List<Long> position, long commitTime)
    implements Serializable {
  /** Of rows that bring their own. */
  public static final DumpHeader NONE = new DumpHeader(List.of(), List.of(0L, 0L, 0L), 0);

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A column.
   *
   * @param name its name
   * @param type the type that it lands as unless the model declares another, as Spark's DDL
   */
  public record Column(String name, String type) implements Serializable {}

  /** Copies the lists. */
  public DumpHeader {
    columns = List.copyOf(columns);
    position = List.copyOf(position);
  }

  /** What {@link #bytes} wrote. */
  public static DumpHeader parse(byte[] bytes) {
    try {
      JsonNode node = JSON.readTree(bytes);
      List<Column> columns = new ArrayList<>();
      node.path("columns")
          .forEach(
              column ->
                  columns.add(
                      new Column(column.path("name").asText(), column.path("type").asText())));
      List<Long> position = new ArrayList<>();
      node.path("position").forEach(number -> position.add(number.asLong()));
      return new DumpHeader(columns, position, node.path("commit-time").asLong());
    } catch (IOException e) {
      throw new DataException(
          "Invalid description of a dump: " + new String(bytes, StandardCharsets.UTF_8), e);
    }
  }

  /** This as JSON. */
  public byte[] bytes() {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode all = node.putArray("columns");
    this.columns.forEach(
        column -> all.addObject().put("name", column.name()).put("type", column.type()));
    ArrayNode numbers = node.putArray("position");
    this.position.forEach(numbers::add);
    node.put("commit-time", this.commitTime);
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The columns as they land, with the types that {@code table} declares. */
  public StructType rowType(LandTable table) {
    StructType type = new StructType();
    for (Column column : this.columns) {
      type = type.add(column.name(), DataType.fromDDL(declared(table, column)));
    }
    return type;
  }

  private static String declared(LandTable table, Column column) {
    Optional<String> declared =
        table.columns().stream()
            .filter(known -> known.name().equals(column.name()))
            .map(known -> known.type().sql())
            .findFirst();
    return declared.orElse(column.type());
  }
}
