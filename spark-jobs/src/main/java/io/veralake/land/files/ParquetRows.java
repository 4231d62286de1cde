package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.RecordDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one Parquet schema. */
public final class ParquetRows {
  private final int width;
  private final List<ParquetType> types = new ArrayList<>();
  private final List<Columns.Bound> columns = new ArrayList<>();
  private @Nullable String broken;

  /**
   * For rows of {@code schema} in a raw table of {@code rowType}.
   *
   * @param declared the columns that the model declares
   */
  ParquetRows(ParquetSchema schema, StructType declared, StructType rowType) {
    this.width = rowType.size();
    try {
      for (Type field : schema.fields()) {
        ParquetType type = schema.values(field, declared);
        this.types.add(type);
        this.columns.add(Columns.bound(field.getName(), type.type(), rowType));
      }
    } catch (BadRecordException e) {
      this.broken = e.getMessage();
    }
  }

  /** The columns that the schema of the Parquet file {@code bytes} declares; empty if unusable. */
  public static Optional<StructType> rowType(byte[] bytes, StructType declared) {
    try (ParquetFileReader file = open(bytes)) {
      StructType row = new StructType();
      ParquetSchema schema = ParquetSchema.of(file.getFileMetaData());
      for (Type field : schema.fields()) {
        DataType type = schema.values(field, declared).type();
        row = type == null ? row : row.add(field.getName(), type);
      }
      return Optional.of(row);
    } catch (BadRecordException | IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Reads the Parquet files of one row that the quarantine keeps. */
  public static RecordDecoder decoder(StructType declared, StructType rowType) {
    return (buffer, from, to) -> {
      byte[] bytes = Arrays.copyOfRange(buffer, from, to);
      try (ParquetFileReader file = open(bytes)) {
        ParquetSchema schema = ParquetSchema.of(file.getFileMetaData());
        Group row = new ParquetGroups(schema.type(), file.readNextRowGroup()).next();
        return new ParquetRows(schema, declared, rowType).change(row);
      } catch (IOException | RuntimeException e) {
        throw new BadRecordException(
            "A piece of a file that can't be read (send the file again, whole)");
      }
    };
  }

  /** What {@code row} says. */
  Change change(Group row) throws BadRecordException {
    if (this.broken != null) {
      throw new BadRecordException(this.broken);
    }
    @Nullable Object[] values = new Object[this.width];
    for (int i = 0; i < this.types.size(); i++) {
      Columns.Bound column = this.columns.get(i);
      if (row.getFieldRepetitionCount(i) == 0 && this.types.get(i).type() == null) {
        continue;
      }
      try {
        Object value = this.types.get(i).read(row, i, 0);
        if (value != null && column.refusal() != null) {
          throw new BadRecordException(column.refusal());
        }
        if (value != null && column.target() >= 0) {
          values[column.target()] = column.widened(value);
        }
      } catch (BadRecordException e) {
        throw new BadRecordException("Cannot land column " + column.name() + ": " + e.getMessage());
      }
    }
    return Change.ofFile(values);
  }

  private static ParquetFileReader open(byte[] bytes) throws IOException {
    return ParquetFileReader.open(ParquetBytes.of(bytes), ParquetReadOptions.builder().build());
  }
}
