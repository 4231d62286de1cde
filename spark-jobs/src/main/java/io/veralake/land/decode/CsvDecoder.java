package io.veralake.land.decode;

import io.veralake.spec.Column;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.LandTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records below one header line of a CSV file. Declared columns are typed strictly;
 * columns that the header adds are text.
 */
public final class CsvDecoder implements RecordDecoder {
  private final CsvDialect dialect;
  private final LocalTexts texts;
  private final int width;
  private final List<Bound> columns = new ArrayList<>();
  private @Nullable String broken;

  private record Bound(
      String name,
      int target,
      DataType type,
      DataType held,
      @Nullable UnaryOperator<Object> widen) {}

  /**
   * For the file of {@code table} that begins with {@code header}, into a raw table of {@code
   * rowType}.
   */
  public CsvDecoder(LandTable table, byte[] header, StructType rowType) {
    this.dialect = table.csv();
    this.texts = new LocalTexts(table.csv());
    this.width = rowType.size();
    try {
      StructType types = headerType(table, header);
      for (String name : names(table, header)) {
        DataType type = types.apply(name).dataType();
        int target = rowType.fieldIndex(name);
        DataType held = rowType.apply(target).dataType();
        this.columns.add(
            new Bound(name, target, type, held, ColumnTypes.widening(type, held).orElse(null)));
      }
    } catch (BadRecordException e) {
      this.broken = e.getMessage();
    }
  }

  /** Where records of {@code table} end, in an encoding of ASCII's bytes. */
  public static RecordEnd recordEnd(LandTable table) {
    return CsvRecord.end(table.csv());
  }

  /** Where records of {@code table} end in UTF-16 of a byte order. */
  public static RecordEnd wideRecordEnd(LandTable table, boolean little) {
    return CsvRecord.endOfWide(table.csv(), little);
  }

  /** The declared columns of {@code table}. */
  public static StructType declaredType(LandTable table) {
    StructType type = new StructType();
    for (Column column : table.columns()) {
      type = type.add(column.name(), DataType.fromDDL(column.type().sql()));
    }
    return type;
  }

  /**
   * The declared columns of {@code table} and those that {@code header} adds; empty if the header
   * can't be used.
   */
  public static Optional<StructType> rowType(LandTable table, byte[] header) {
    try {
      return Optional.of(headerType(table, header));
    } catch (BadRecordException e) {
      return Optional.empty();
    }
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    if (this.broken != null) {
      throw new BadRecordException(this.broken);
    }
    Utf8.check(buffer, from, to);
    List<@Nullable String> fields = CsvRecord.fields(this.dialect, buffer, from, to);
    if (fields.size() != this.columns.size()) {
      throw new BadRecordException(
          "Invalid number of fields: "
              + fields.size()
              + " ("
              + (this.dialect.header() ? "the header has " : "the model has ")
              + this.columns.size()
              + ")");
    }
    @Nullable Object[] row = new Object[this.width];
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      if (field != null) {
        Bound column = this.columns.get(i);
        row[column.target] = this.value(column, field);
      }
    }
    return Change.ofFile(row);
  }

  private Object value(Bound column, String text) throws BadRecordException {
    if (column.widen == null) {
      throw new BadRecordException(
          "Cannot land column "
              + column.name
              + ": its type is "
              + column.type.sql()
              + " (the table holds "
              + column.held.sql()
              + ")");
    }
    try {
      return column.widen.apply(this.texts.read(column.type, text));
    } catch (BadRecordException e) {
      throw new BadRecordException("Cannot land column " + column.name + ": " + e.getMessage());
    }
  }

  private static StructType headerType(LandTable table, byte[] header) throws BadRecordException {
    StructType declared = declaredType(table);
    List<String> names = names(table, header);
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new BadRecordException("Invalid header: column " + name + " twice (once each)");
      }
    }
    for (String name : declared.fieldNames()) {
      if (!names.contains(name)) {
        throw new BadRecordException(
            "Missing column " + name + " in the header: " + String.join(", ", names));
      }
    }
    StructType type = declared;
    for (String name : names) {
      if (!List.of(declared.fieldNames()).contains(name)) {
        type = type.add(name, DataTypes.StringType);
      }
    }
    return type;
  }

  private static List<String> names(LandTable table, byte[] header) throws BadRecordException {
    CsvDialect dialect = table.csv();
    if (!dialect.header()) {
      return table.columns().stream().map(Column::name).toList();
    }
    Utf8.check(header, 0, header.length);
    Map<String, String> columns = new HashMap<>();
    dialect.headers().forEach((column, text) -> columns.put(text, column));
    Map<String, String> declared = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    table.columns().forEach(column -> declared.put(column.name(), column.name()));
    List<String> names = new ArrayList<>();
    for (String name : CsvRecord.fields(dialect, header, 0, header.length)) {
      if (name == null || name.isBlank()) {
        throw new BadRecordException(
            "Invalid header: column " + (names.size() + 1) + " has no name");
      }
      // Columns are told apart whatever their case, here as in SQL.
      names.add(columns.getOrDefault(name, declared.getOrDefault(name, name)));
    }
    return names;
  }
}
