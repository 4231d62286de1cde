package io.veralake.vault;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.veralake.lake.DataException;
import io.veralake.spec.ColumnType;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/** The declared values of one source of a vault table, as columns over its flat rows; checked against the source's columns before anything runs. */
final class RowValues {
  private final VaultTable table;
  private final VaultSource source;
  private final Dataset<Row> flat;

  /** Values of {@code table} from {@code source}, whose flat rows are {@code flat}. */
  RowValues(VaultTable table, VaultSource source, Dataset<Row> flat) {
    this.table = table;
    this.source = source;
    this.flat = flat;
  }

  /**
   * A value.
   *
   * @param name the result's column
   * @param type its type
   * @param expression SQL over the flat row
   */
  record Value(String name, ColumnType type, String expression) {}

  /**
   * Values as columns.
   *
   * @param columns one for each value, of the declared type, named; null where the raw value doesn't fit the type
   * @param unreadable how many of a row's values don't fit
   */
  record Columns(List<Column> columns, Column unreadable) {}

  /** The rows that the source's condition takes. */
  Column condition() {
    this.typeOf("where", this.source.where());
    return expr("(" + this.source.where() + ")");
  }

  /** {@code values} as columns. */
  Columns columns(List<Value> values) {
    List<Column> columns = new ArrayList<>();
    Column unreadable = lit(0);
    for (Value value : values) {
      DataType found = this.typeOf("column " + value.name(), value.expression());
      Column column = expr(value.expression());
      DataType declared = DataType.fromDDL(value.type().sql());
      if (found.equals(declared)) {
        columns.add(column.as(value.name()));
      } else {
        Column cast = column.try_cast(declared);
        columns.add(cast.as(value.name()));
        unreadable =
            unreadable.plus(column.isNotNull().and(cast.isNull()).cast("int"));
      }
    }
    return new Columns(columns, unreadable);
  }

  private DataType typeOf(String what, String expression) {
    try {
      return this.flat.selectExpr("(" + expression + ") AS value").schema().apply(0).dataType();
    } catch (Exception e) {
      throw this.refused(what, expression, e);
    }
  }

  private DataException refused(String what, String expression, Exception cause) {
    String reason =
        cause instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(cause.getMessage());
    return new DataException(
        "Cannot load vault.%s from raw.%s: %s = %s is not an expression over the raw row's columns: %s"
            .formatted(
                this.table.name(),
                this.source.from(),
                what,
                expression,
                Optional.ofNullable(reason).map(text -> text.lines().findFirst().orElse("")).orElse("")),
        cause);
  }
}
