package io.veralake.land;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.TimeGrain;
import io.veralake.land.decode.ColumnTypes;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Raw tables: made from what the sources send, and changed as the sources change. */
final class RawTable {
  /** Columns, besides the rows before and after. */
  private static final StructType METADATA =
      new StructType()
          .add(RawColumns.UNAVAILABLE, DataTypes.createArrayType(DataTypes.StringType))
          .add(
              RawColumns.POSITION,
              new StructType()
                  .add("major", DataTypes.LongType)
                  .add("minor", DataTypes.LongType)
                  .add("row", DataTypes.LongType))
          .add(RawColumns.COMMIT_TIME, DataTypes.TimestampType)
          .add(RawColumns.RECORD_SOURCE, DataTypes.StringType)
          .add(RawColumns.LOAD_TIME, DataTypes.TimestampType)
          .add(RawColumns.FILE, DataTypes.StringType)
          .add(RawColumns.ROW, DataTypes.LongType)
          .add(RawColumns.BATCH, DataTypes.StringType);

  /** Table property, followed by a schema's id: the batch that it came with, and its time. */
  private static final String SCHEMA = "veralake.schema.";

  private RawTable() {}

  /** All columns of a raw table whose rows are {@code rowType}. */
  static StructType type(StructType rowType) {
    StructType type =
        new StructType()
            .add(RawColumns.OP, DataTypes.StringType)
            .add(RawColumns.BEFORE, rowType)
            .add(RawColumns.AFTER, rowType);
    for (StructField field : METADATA.fields()) {
      type = type.add(field);
    }
    return type;
  }

  /**
   * Makes the table, or renames, adds and widens columns so that it can hold rows of each of {@code
   * wanted}, in their order, as far as types allow; returns its row type. Which of its schemas came
   * with which {@code batch} is noted in the table's properties, since snapshots may be dropped.
   */
  static StructType ensure(
      Lake lake, String name, RenamedColumns renamed, List<StructType> wanted, String batch) {
    boolean there = lake.exists(name);
    if (there) {
      rename(lake, name, renamed, batch);
    }
    StructType held = there ? rowType(lake, name) : new StructType();
    StructType next = held;
    for (StructType type : wanted) {
      next = ColumnTypes.union(next, type);
    }
    if (!there) {
      create(lake, name, next);
      note(lake.table(name).updateProperties(), 0, batch).commit();
    } else {
      TimeGrain.ensureDays(lake.table(name));
      if (!next.equals(held)) {
        evolve(lake.table(name), held, next, batch);
        lake.spark().catalog().refreshTable(lake.sqlName(name));
      }
    }
    return next;
  }

  private static StructType rowType(Lake lake, String name) {
    StructType type = lake.rows(name).schema();
    return (StructType) type.apply(RawColumns.AFTER).dataType();
  }

  /** Almost each row has its own place and time: dictionaries of them would be built in vain. */
  private static void create(Lake lake, String name, StructType rowType) {
    lake.spark()
        .sql(
            """
            CREATE TABLE %s (%s) USING iceberg PARTITIONED BY (days(_commit_time)) TBLPROPERTIES (
              'format-version' = '2',
              'write.target-file-size-bytes' = '134217728',
              'write.distribution-mode' = 'none',
              'write.parquet.dict-encoding-enabled.column._position.major' = 'false',
              'write.parquet.dict-encoding-enabled.column._position.row' = 'false',
              'write.parquet.dict-encoding-enabled.column._commit_time' = 'false',
              'write.parquet.dict-encoding-enabled.column._source_row' = 'false',
              'write.metadata.metrics.column._position.major' = 'full',
              'write.metadata.metrics.column._position.minor' = 'full',
              'write.metadata.metrics.column._commit_time' = 'full',
              'write.metadata.metrics.column._batch' = 'truncate(64)')
            """
                .formatted(lake.sqlName(name), type(rowType).toDDL()));
  }

  private static UpdateProperties note(UpdateProperties update, int schema, String batch) {
    return update.set(SCHEMA + schema, batch);
  }

  /** By the column's id: rows that are there already have it under the new name too. */
  private static void rename(Lake lake, String name, RenamedColumns renamed, String batch) {
    Table table = lake.table(name);
    List<String> held =
        table.schema().findType(RawColumns.AFTER).asStructType().fields().stream()
            .map(Types.NestedField::name)
            .toList();
    Map<String, String> due = renamed.due(name, held);
    if (due.isEmpty()) {
      return;
    }
    Transaction both = table.newTransaction();
    UpdateSchema update = both.updateSchema();
    for (String row : List.of(RawColumns.BEFORE, RawColumns.AFTER)) {
      due.forEach((old, today) -> update.renameColumn(row + "." + old, today));
    }
    update.commit();
    note(both.updateProperties(), both.table().schema().schemaId(), batch).commit();
    both.commitTransaction();
    lake.spark().catalog().refreshTable(lake.sqlName(name));
  }

  private static void evolve(Table table, StructType held, StructType next, String batch) {
    Transaction both = table.newTransaction();
    UpdateSchema update = both.updateSchema();
    for (String row : List.of(RawColumns.BEFORE, RawColumns.AFTER)) {
      evolve(update, row, held, next);
    }
    update.commit();
    note(both.updateProperties(), both.table().schema().schemaId(), batch).commit();
    both.commitTransaction();
  }

  private static void evolve(UpdateSchema update, String parent, StructType held, StructType next) {
    List<String> known = List.of(held.fieldNames());
    for (StructField field : next.fields()) {
      if (!known.contains(field.name())) {
        update.addColumn(parent, field.name(), SparkSchemaUtil.convert(field.dataType()));
      } else {
        DataType before = held.apply(field.name()).dataType();
        widen(update, parent + "." + field.name(), before, field.dataType());
      }
    }
  }

  private static void widen(UpdateSchema update, String column, DataType held, DataType next) {
    if (held.equals(next)) {
      return;
    }
    if (held instanceof StructType before && next instanceof StructType after) {
      evolve(update, column, before, after);
    } else if (held instanceof ArrayType before && next instanceof ArrayType after) {
      widen(update, column + ".element", before.elementType(), after.elementType());
    } else {
      update.updateColumn(column, SparkSchemaUtil.convert(next).asPrimitiveType());
    }
  }
}
