package io.veralake.vault;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.veralake.lake.DataException;
import io.veralake.spec.ColumnType;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The declared values of one source of a vault table, as columns over its flat rows; checked
 * against the source's columns before anything runs.
 */
final class RowValues {
  /** Working column: when the vault learned of the row, as the source says. */
  static final String LOAD_TIME = "_origin_load_time";

  /** Working column: when the row was committed, as the source says. */
  static final String APPLIED_TIME = "_origin_applied_time";

  /** Working column: where the row comes from, as the source says. */
  static final String RECORD_SOURCE = "_origin_record_source";

  private final Columns key;
  private final Columns payload;
  private final Columns origins;
  private final Set<String> needed;
  private final Map<String, Set<String>> described;

  /**
   * A value.
   *
   * @param name the result's column
   * @param declared how the model calls it
   * @param type its type, as SQL writes it
   * @param expression SQL over the flat row
   * @param unreadable SQL for how many parts of it don't fit their types; empty: 1 if the whole
   *     doesn't fit the type
   */
  record Value(String name, String declared, String type, String expression, String unreadable) {
    /** A value of a declared column's type. */
    static Value of(String name, String declared, ColumnType type, String expression) {
      return new Value(name, declared, type.sql(), expression, "");
    }
  }

  /**
   * Values as columns.
   *
   * @param columns one for each value, of the declared type, named; null where the raw value
   *     doesn't fit the type
   * @param unreadable how many of a row's values don't fit
   */
  record Columns(List<Column> columns, Column unreadable) {}

  private RowValues(
      Columns key,
      Columns payload,
      Columns origins,
      Set<String> needed,
      Map<String, Set<String>> described) {
    this.key = key;
    this.payload = payload;
    this.origins = origins;
    this.needed = needed;
    this.described = described;
  }

  /** Names of the flat rows' columns that all but the payload is made from. */
  Set<String> needed() {
    return this.needed;
  }

  /** Names of the flat rows' columns that the payload is made from, by its column. */
  Map<String, Set<String>> described() {
    return this.described;
  }

  /** Names of the flat rows' columns that anything is made from. */
  Set<String> used() {
    Set<String> used = new TreeSet<>(this.needed);
    this.described.values().forEach(used::addAll);
    return used;
  }

  /** The key's parts. */
  Columns key() {
    return this.key;
  }

  /** What the source says of its rows' bookkeeping, as far as it does. */
  Columns origins() {
    return this.origins;
  }

  /** The payload. */
  Columns payload() {
    return this.payload;
  }

  /**
   * {@code key} and {@code payload} of {@code table} from {@code source}, whose flat rows have the
   * columns of {@code none}, which holds none.
   */
  static RowValues of(
      VaultTable table,
      VaultSource source,
      Dataset<Row> none,
      List<Value> key,
      List<Value> payload) {
    List<Value> origins = origins(source.origins());
    List<Value> values = Stream.of(key, payload, origins).flatMap(List::stream).toList();
    Dataset<Row> analysed = analysed(table, source, none, values);
    List<DataType> types =
        Stream.of(analysed.schema().fields())
            .limit(values.size())
            .map(StructField::dataType)
            .toList();
    List<Set<String>> references = references(analysed, none.columns());
    Map<String, Set<String>> described = new LinkedHashMap<>();
    Set<String> needed = new TreeSet<>();
    for (int i = 0; i < values.size(); i++) {
      int place = i - key.size();
      if (place >= 0 && place < payload.size()) {
        described.put(payload.get(place).name(), references.get(i));
      } else {
        needed.addAll(references.get(i));
      }
    }
    return new RowValues(
        columns(key, types.subList(0, key.size())),
        columns(payload, types.subList(key.size(), key.size() + payload.size())),
        columns(origins, types.subList(key.size() + payload.size(), values.size())),
        needed,
        described);
  }

  private static List<Value> origins(RowOrigins origins) {
    List<Value> result = new ArrayList<>();
    ColumnType timestamp = new ColumnType(ColumnType.Kind.TIMESTAMP, 0, 0);
    if (!origins.loadTime().isEmpty()) {
      result.add(Value.of(LOAD_TIME, "load-time", timestamp, origins.loadTime()));
    }
    if (!origins.appliedTime().isEmpty()) {
      result.add(Value.of(APPLIED_TIME, "applied-time", timestamp, origins.appliedTime()));
    }
    if (!origins.recordSource().isEmpty()) {
      ColumnType string = new ColumnType(ColumnType.Kind.STRING, 0, 0);
      result.add(Value.of(RECORD_SOURCE, "record-source", string, origins.recordSource()));
    }
    return result;
  }

  private static Columns columns(List<Value> values, List<DataType> types) {
    List<Column> columns = new ArrayList<>();
    Column unreadable = lit(0);
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      Column column = expr(value.expression());
      DataType declared = DataType.fromDDL(value.type());
      if (!value.unreadable().isEmpty()) {
        columns.add(column.cast(declared).as(value.name()));
        unreadable = unreadable.plus(expr(value.unreadable()));
      } else if (types.get(i).equals(declared)) {
        columns.add(column.as(value.name()));
      } else {
        Column cast = column.try_cast(declared);
        columns.add(cast.as(value.name()));
        unreadable = unreadable.plus(column.isNotNull().and(cast.isNull()).cast("int"));
      }
    }
    return new Columns(columns, unreadable);
  }

  /**
   * All values, then their casts; analysed at once, and only if that fails one by one, to tell
   * which one is wrong.
   */
  private static Dataset<Row> analysed(
      VaultTable table, VaultSource source, Dataset<Row> none, List<Value> values) {
    List<Column> all = new ArrayList<>();
    try {
      values.forEach(value -> all.add(expr(value.expression()).as("value")));
      values.forEach(value -> all.add(expr(value.expression()).try_cast(value.type()).as("cast")));
      Dataset<Row> analysed = none.select(all.toArray(Column[]::new));
      if (!(analysed.queryExecution().analyzed() instanceof Project)) {
        throw new IllegalArgumentException("an aggregate; a row's values come from that row alone");
      }
      return analysed;
    } catch (Exception e) {
      throw culprit(table, source, none, values, e);
    }
  }

  /** Which of {@code columns} each of the selected expressions reads. */
  private static List<Set<String>> references(Dataset<Row> analysed, String[] columns) {
    Project project = (Project) analysed.queryExecution().analyzed();
    List<Set<String>> result = new ArrayList<>();
    for (NamedExpression expression : CollectionConverters.asJava(project.projectList())) {
      List<String> written = new ArrayList<>();
      CollectionConverters.asJava(((Expression) expression).references().toSeq())
          .forEach(attribute -> written.add(attribute.name()));
      result.add(FlatRows.own(written, columns));
    }
    return result;
  }

  private static DataException culprit(
      VaultTable table, VaultSource source, Dataset<Row> none, List<Value> values, Exception all) {
    for (Value value : values) {
      try {
        none.select(expr(value.expression()).try_cast(value.type()));
      } catch (Exception e) {
        return refused(table, source, value.declared() + " = " + value.expression(), e);
      }
    }
    return refused(table, source, "its columns", all);
  }

  private static DataException refused(
      VaultTable table, VaultSource source, String what, Exception cause) {
    String reason =
        cause instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(cause.getMessage());
    return new DataException(
        "Invalid expression of vault.%s over %s: %s (%s)"
            .formatted(table.name(), source.input(), what, reason.lines().findFirst().orElse("")),
        cause);
  }
}
