package io.veralake.mart;

import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.Mart.PartitionField;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.DistributionMode;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.DataType;

/** Columns, partitions and layout of a mart's table, as the mart is declared now. */
final class TableShape {
  private final Lake lake;
  private final Mart mart;
  private final String name;

  TableShape(Lake lake, Mart mart) {
    this.lake = lake;
    this.mart = mart;
    this.name = MartTable.name(mart.name());
  }

  /**
   * Creates the table, empty, or brings it to the declared columns and partitions; a column that
   * comes is null, and one whose type changes is emptied, until the table is written.
   */
  void ensure() {
    if (!this.lake.exists(this.name)) {
      this.create();
      return;
    }
    Table table = this.lake.table(this.name);
    boolean same =
        columns(table).equals(this.mart.columns().stream().map(TableShape::described).toList())
            && partitions(table).equals(this.partitions());
    if (!same) {
      this.evolve(table);
      this.lake.spark().catalog().refreshTable(this.lake.sqlName(this.name));
    }
  }

  private void create() {
    String columns =
        this.mart.columns().stream()
            .map(column -> "`" + column.name() + "` " + column.type().sql())
            .collect(Collectors.joining(", "));
    String partitions = String.join(", ", this.partitions());
    this.lake.spark().sql("CREATE NAMESPACE IF NOT EXISTS " + this.lake.sqlName("mart"));
    this.lake
        .spark()
        .sql(
            "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg %s TBLPROPERTIES ('%s' = '%s')"
                .formatted(
                    this.lake.sqlName(this.name),
                    columns,
                    partitions.isEmpty() ? "" : "PARTITIONED BY (" + partitions + ")",
                    TableProperties.WRITE_DISTRIBUTION_MODE,
                    partitions.isEmpty()
                        ? DistributionMode.NONE.modeName()
                        : DistributionMode.HASH.modeName()));
  }

  private void evolve(Table table) {
    Transaction change = table.newTransaction();
    UpdateSchema added = change.updateSchema();
    for (Column column : this.mart.columns()) {
      Types.NestedField there = table.schema().findField(column.name());
      if (there != null && !there.type().equals(type(column))) {
        added.deleteColumn(column.name());
      }
      if (there == null || !there.type().equals(type(column))) {
        added.addColumn(column.name(), type(column));
      }
    }
    added.commit();
    this.repartition(change);
    UpdateSchema ordered = change.updateSchema();
    List<String> declared = this.mart.columns().stream().map(Column::name).toList();
    table.schema().columns().stream()
        .map(Types.NestedField::name)
        .filter(column -> !declared.contains(column))
        .forEach(ordered::deleteColumn);
    ordered.moveFirst(declared.get(0));
    for (int i = 1; i < declared.size(); i++) {
      ordered.moveAfter(declared.get(i), declared.get(i - 1));
    }
    ordered.commit();
    change.commitTransaction();
  }

  private void repartition(Transaction change) {
    Table table = change.table();
    if (partitions(table).equals(this.partitions())) {
      return;
    }
    UpdatePartitionSpec update = change.updateSpec();
    table.spec().fields().stream()
        .filter(field -> !field.transform().isVoid())
        .forEach(field -> update.removeField(field.name()));
    this.mart.partitionBy().forEach(field -> update.addField(term(field)));
    update.commit();
  }

  private List<String> partitions() {
    return this.mart.partitionBy().stream()
        .map(
            field ->
                switch (field.transform()) {
                  case IDENTITY -> "`" + field.column() + "`";
                  case DAY -> "days(`" + field.column() + "`)";
                  case MONTH -> "months(`" + field.column() + "`)";
                })
        .toList();
  }

  private static List<String> partitions(Table table) {
    return table.spec().fields().stream()
        .filter(field -> !field.transform().isVoid())
        .map(
            field -> {
              String column = "`" + table.schema().findColumnName(field.sourceId()) + "`";
              return field.transform().isIdentity()
                  ? column
                  : field.transform() + "s(" + column + ")";
            })
        .toList();
  }

  private static Term term(PartitionField field) {
    return switch (field.transform()) {
      case IDENTITY -> Expressions.ref(field.column());
      case DAY -> Expressions.day(field.column());
      case MONTH -> Expressions.month(field.column());
    };
  }

  private static List<String> columns(Table table) {
    return table.schema().columns().stream()
        .map(field -> field.name() + " " + field.type())
        .toList();
  }

  private static String described(Column column) {
    return column.name() + " " + type(column);
  }

  private static Type type(Column column) {
    return SparkSchemaUtil.convert(DataType.fromDDL(column.type().sql()));
  }
}
