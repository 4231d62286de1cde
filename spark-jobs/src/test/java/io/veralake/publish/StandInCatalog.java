package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.RowBinary;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Engine;
import io.veralake.spec.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A small Spark catalog over ClickHouse in the place of the ClickHouse Spark connector's: appends
 * only.
 */
public final class StandInCatalog implements TableCatalog {
  private String name = "";
  private Engine.ClickHouseServer server = new Engine.ClickHouseServer("", "", Secret.NONE, "");

  @Override
  public void initialize(String catalog, CaseInsensitiveStringMap options) {
    this.name = catalog;
    this.server = new Engine.ClickHouseServer(options.get("url"), "default", Secret.NONE, "");
  }

  @Override
  public String name() {
    return this.name;
  }

  @Override
  public Table loadTable(Identifier identifier) throws NoSuchTableException {
    List<Column> columns = new ArrayList<>();
    List<String> notNull = new ArrayList<>();
    try (ClickHouse clickHouse = ClickHouse.connect(this.server)) {
      for (List<String> row :
          clickHouse.rows(
              "SELECT name, type FROM system.columns WHERE database = '%s' AND table = '%s' ORDER BY position"
                  .formatted(identifier.namespace()[0], identifier.name()))) {
        String type = row.get(1).replaceAll("LowCardinality\\((.*)\\)", "$1");
        if (!type.startsWith("Nullable(")) {
          notNull.add(row.get(0));
        }
        columns.add(new Column(row.get(0), type(type.replaceAll("Nullable\\((.*)\\)", "$1"))));
      }
    }
    if (columns.isEmpty()) {
      throw new NoSuchTableException(identifier);
    }
    String table = "`" + identifier.namespace()[0] + "`.`" + identifier.name() + "`";
    return new StandInTable(this.server, table, columns, notNull);
  }

  private static ColumnType type(String clickHouse) {
    String word =
        switch (clickHouse) {
          case "Bool" -> "boolean";
          case "Int32" -> "int";
          case "Int64", "UInt64" -> "bigint";
          case "Float32" -> "float";
          case "Float64" -> "double";
          case "Date32" -> "date";
          case "DateTime64(6, 'UTC')" -> "timestamp";
          default -> clickHouse.toLowerCase(Locale.ROOT);
        };
    return ColumnType.parse(word).orElseThrow();
  }

  private record StandInTable(
      Engine.ClickHouseServer server, String name, List<Column> declared, List<String> notNull)
      implements SupportsWrite {
    @Override
    public StructType schema() {
      StructType schema = new StructType();
      for (Column column : this.declared) {
        // as the connector sees ClickHouse's String: text, whatever is in it
        schema =
            schema.add(column.name(), column.type().sql(), !this.notNull.contains(column.name()));
      }
      return schema;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_WRITE);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
      List<String> order = List.of(info.schema().fieldNames());
      List<Column> sorted = new ArrayList<>();
      for (String wanted : order) {
        this.declared.stream().filter(column -> column.name().equals(wanted)).forEach(sorted::add);
      }
      return new WriteBuilder() {
        @Override
        public org.apache.spark.sql.connector.write.Write build() {
          return new StandInWrite(new Factory(server, name, sorted, notNull));
        }
      };
    }
  }

  private record StandInWrite(Factory factory)
      implements org.apache.spark.sql.connector.write.Write, BatchWrite {
    @Override
    public BatchWrite toBatch() {
      return this;
    }

    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
      return this.factory;
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {}

    @Override
    public void abort(WriterCommitMessage[] messages) {}
  }

  private record Factory(
      Engine.ClickHouseServer server, String table, List<Column> columns, List<String> notNull)
      implements DataWriterFactory {
    Factory {
      columns = new ArrayList<>(columns);
      notNull = new ArrayList<>(notNull);
    }

    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      RowBinary rows = new RowBinary(this.columns, this.notNull);
      return new DataWriter<>() {
        @Override
        public void write(InternalRow row) {
          rows.add(row);
        }

        @Override
        public WriterCommitMessage commit() {
          try (ClickHouse clickHouse = ClickHouse.connect(server)) {
            clickHouse.insert(
                table, columns.stream().map(Column::name).toList(), "RowBinary", "", rows::writeTo);
          }
          return new Done();
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
      };
    }
  }

  private record Done() implements WriterCommitMessage {}

  @Override
  public Identifier[] listTables(String[] namespace) {
    return new Identifier[0];
  }

  @Override
  public Table alterTable(Identifier identifier, TableChange... changes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean dropTable(Identifier identifier) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void renameTable(Identifier from, Identifier to) {
    throw new UnsupportedOperationException();
  }
}
