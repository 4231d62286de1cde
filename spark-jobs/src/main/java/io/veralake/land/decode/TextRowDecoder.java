package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows whose values are texts, as a database itself writes them: nothing is rounded on the
 * way, and a value that isn't exactly of its column's type is refused.
 */
public final class TextRowDecoder implements RecordDecoder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int width;
  private final Bound[] columns;
  private final long[] position;
  private final long commitTime;

  private record Bound(
      String name,
      int target,
      DataType type,
      DataType held,
      @Nullable UnaryOperator<Object> widen) {}

  /** For rows below {@code header}, into a raw table of {@code rowType}. */
  public TextRowDecoder(LandTable table, DumpHeader header, StructType rowType) {
    this.width = rowType.size();
    this.position = header.position().stream().mapToLong(Long::longValue).toArray();
    this.commitTime = header.commitTime();
    StructType types = header.rowType(table);
    this.columns = new Bound[types.size()];
    for (int i = 0; i < this.columns.length; i++) {
      String name = types.fieldNames()[i];
      DataType type = types.apply(i).dataType();
      int target = rowType.fieldIndex(name);
      DataType held = rowType.apply(target).dataType();
      this.columns[i] =
          new Bound(name, target, type, held, ColumnTypes.widening(type, held).orElse(null));
    }
  }

  /** The row of {@code texts}, one a column. */
  public Change decode(@Nullable String[] texts) throws BadRecordException {
    @Nullable Object[] row = new Object[this.width];
    for (int i = 0; i < this.columns.length; i++) {
      String text = texts[i];
      if (text != null) {
        Bound column = this.columns[i];
        row[column.target] = value(column, text);
      }
    }
    return Change.ofDump(row, this.position, this.commitTime);
  }

  /**
   * The row of {@code texts} with the columns {@code names} alone; null if one of them is missing
   * or can't be read.
   */
  public @Nullable Object @Nullable [] only(List<String> names, @Nullable String[] texts) {
    @Nullable Object[] row = new Object[this.width];
    int found = 0;
    for (int i = 0; i < this.columns.length; i++) {
      Bound column = this.columns[i];
      String text = texts[i];
      if (names.contains(column.name) && text != null) {
        try {
          row[column.target] = value(column, text);
          found++;
        } catch (BadRecordException e) {
          return null;
        }
      }
    }
    return found == names.size() ? row : null;
  }

  /** {@code texts} as the JSON object that {@link #decode(byte[], int, int)} reads. */
  public byte[] bytes(@Nullable String[] texts) {
    ObjectNode node = JSON.createObjectNode();
    for (int i = 0; i < this.columns.length; i++) {
      node.put(this.columns[i].name, texts[i]);
    }
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The number that Spark holds for {@code text}, a value of {@code type}, whole or a time. */
  public static long number(String type, String text) throws BadRecordException {
    return ((Number) DatabaseTexts.read(DataType.fromDDL(type), text)).longValue();
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    try {
      JsonNode node = JSON.readTree(buffer, from, to - from);
      @Nullable String[] texts = new String[this.columns.length];
      for (int i = 0; i < texts.length; i++) {
        JsonNode text = node.path(this.columns[i].name);
        texts[i] = text.isTextual() ? text.asText() : null;
      }
      return this.decode(texts);
    } catch (IOException e) {
      throw new BadRecordException("Invalid row of a dump: " + e.getMessage());
    }
  }

  private static Object value(Bound column, String text) throws BadRecordException {
    if (column.widen == null) {
      throw new BadRecordException(
          "Cannot land column %s: its type is %s (the table holds %s)"
              .formatted(column.name, column.type.sql(), column.held.sql()));
    }
    try {
      return Objects.requireNonNull(column.widen.apply(DatabaseTexts.read(column.type, text)));
    } catch (BadRecordException e) {
      throw new BadRecordException("Cannot land column " + column.name + ": " + e.getMessage());
    }
  }
}
