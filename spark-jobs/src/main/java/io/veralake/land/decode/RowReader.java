package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads rows of one envelope schema into the columns of a raw table. */
final class RowReader {
  private static final BitSet NOTHING = new BitSet();

  private final EnvelopeSchema schema;
  private final Bound[] columns;
  private final Map<String, Integer> places = new HashMap<>();
  private final int width;
  private final boolean whole;

  private record Bound(
      SourceColumn source, int target, DataType held, @Nullable UnaryOperator<Object> widen) {}

  RowReader(EnvelopeSchema schema, StructType rowType) {
    this(schema, rowType, false);
  }

  private RowReader(EnvelopeSchema schema, StructType rowType, boolean whole) {
    this.schema = schema;
    this.whole = whole;
    this.width = rowType.size();
    List<String> known = List.of(rowType.fieldNames());
    this.columns = new Bound[schema.columns().size()];
    for (int i = 0; i < this.columns.length; i++) {
      SourceColumn column = schema.columns().get(i);
      this.columns[i] = bound(column, known.indexOf(column.name()), rowType);
      this.places.put(column.name(), i);
    }
  }

  private static Bound bound(SourceColumn column, int target, StructType rowType) {
    if (target < 0) {
      return new Bound(column, target, DataTypes.NullType, null);
    }
    DataType held = rowType.apply(target).dataType();
    Optional<UnaryOperator<Object>> widen =
        column.type().equals(held)
            ? Optional.of(UnaryOperator.identity())
            : ColumnTypes.widening(column.type(), held);
    return new Bound(column, target, held, widen.orElse(null));
  }

  /** For rows that must have each column: no schema says whether one is gone or was left out. */
  static RowReader ofWholeRows(EnvelopeSchema schema, StructType rowType) {
    return new RowReader(schema, rowType, true);
  }

  EnvelopeSchema schema() {
    return this.schema;
  }

  /** The row before, as far as the source sends it: required columns may be missing. */
  @Nullable Object[] before(JsonParser parser, List<String> unavailable)
      throws IOException, BadRecordException {
    return this.row(parser, unavailable, "before.");
  }

  /** The row after. */
  @Nullable Object[] after(JsonParser parser, List<String> unavailable)
      throws IOException, BadRecordException {
    int known = unavailable.size();
    @Nullable Object[] row = this.row(parser, unavailable, "");
    for (Bound column : this.columns) {
      if (column.target >= 0
          && row[column.target] == null
          && column.source.required()
          && !unavailable.subList(known, unavailable.size()).contains(column.source.name())) {
        throw new BadRecordException(
            "Missing value of column " + column.source.name() + " (never null by its schema)");
      }
    }
    return row;
  }

  private @Nullable Object[] row(JsonParser parser, List<String> unavailable, String prefix)
      throws IOException, BadRecordException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadRecordException("Invalid row in the envelope (an object)");
    }
    @Nullable Object[] row = new Object[this.width];
    int guess = 0;
    BitSet seen = this.whole ? new BitSet() : NOTHING;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      int place = this.place(parser.currentName(), guess);
      guess = place + 1;
      if (this.whole) {
        seen.set(place);
      }
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      Bound column = this.columns[place];
      Object value = this.value(parser, column);
      if (value == ValueReader.UNAVAILABLE) {
        unavailable.add(prefix + column.source.name());
      } else {
        row[column.target] = value;
      }
    }
    int missing = seen.nextClearBit(0);
    if (this.whole && missing < this.columns.length) {
      throw new BadRecordException(
          "Missing column "
              + this.columns[missing].source.name()
              + " in the row (the model declares it)");
    }
    return row;
  }

  private int place(String name, int guess) throws BadRecordException {
    if (guess < this.columns.length && this.columns[guess].source.name().equals(name)) {
      return guess;
    }
    Integer place = this.places.get(name);
    if (place == null) {
      String where = this.whole ? "declare it in the land model" : "not in the envelope's schema";
      throw new BadRecordException("Unknown column " + name + " (" + where + ")");
    }
    return place;
  }

  private @Nullable Object value(JsonParser parser, Bound column)
      throws IOException, BadRecordException {
    if (column.target < 0) {
      throw new BadRecordException(
          "Cannot land column "
              + column.source.name()
              + ": its name is none that the table can have (not empty, no control characters, other than by its case from every other)");
    }
    if (column.widen == null) {
      throw new BadRecordException(
          "Cannot land column "
              + column.source.name()
              + ": its type is "
              + column.source.type().sql()
              + " (the table holds "
              + column.held.sql()
              + ")");
    }
    try {
      Object value = column.source.reader().read(parser);
      return value == null || value == ValueReader.UNAVAILABLE ? value : column.widen.apply(value);
    } catch (BadRecordException e) {
      throw new BadRecordException(
          "Cannot land column " + column.source.name() + ": " + e.getMessage());
    }
  }
}
