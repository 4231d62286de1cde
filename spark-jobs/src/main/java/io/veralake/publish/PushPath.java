package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.ClickHouseType;
import io.veralake.clickhouse.RowBinary;
import io.veralake.clickhouse.Sql;
import io.veralake.spec.Column;
import io.veralake.spec.Engine;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.classic.Dataset;

/**
 * Spark's tasks send rows in chunks through the official client. A task that is repeated sends the
 * same chunks with the same deduplication tokens, which the staging table ignores: the rows of a
 * task come straight from its files, in their order.
 */
final class PushPath implements WritePath {
  private static final int CHUNK_BYTES = 48 << 20;
  private static final int CHUNK_ROWS = 900_000;

  private final Engine.ClickHouseServer server;
  private final VoidFunction<Integer> afterInsert;

  PushPath(Engine.ClickHouseServer server) {
    this(server, task -> {});
  }

  /** With something to happen in a task after each of its inserts: for tests. */
  PushPath(Engine.ClickHouseServer server, VoidFunction<Integer> afterInsert) {
    this.server = server;
    this.afterInsert = afterInsert;
  }

  @Override
  public void write(Load load) {
    DataTable table = new DataTable(load.star(), load.publication());
    Target target =
        new Target(
            this.server,
            load.stagingName(),
            List.copyOf(load.columns()),
            List.copyOf(table.notNull()),
            table.converts());
    VoidFunction<Integer> hook = this.afterInsert;
    ((Dataset<?>) load.rows())
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .foreachPartition(rows -> target.send(rows, hook));
  }

  /**
   * What a task knows.
   *
   * @param server the server
   * @param table quoted name of the staging table
   * @param columns the mart's columns
   * @param notNull those whose type is not nullable
   * @param converts whether the server must convert values to declared types
   */
  private record Target(
      Engine.ClickHouseServer server,
      String table,
      List<Column> columns,
      List<String> notNull,
      boolean converts)
      implements Serializable {
    void send(Iterator<InternalRow> rows, VoidFunction<Integer> hook) throws Exception {
      if (!rows.hasNext()) {
        return;
      }
      int task = TaskContext.getPartitionId();
      RowBinary buffer = new RowBinary(this.columns, this.notNull);
      try (ClickHouse clickHouse = ClickHouse.connect(this.server)) {
        for (int chunk = 0; rows.hasNext(); chunk++) {
          while (rows.hasNext() && buffer.size() < CHUNK_BYTES && buffer.rows() < CHUNK_ROWS) {
            buffer.add(rows.next());
          }
          this.insert(clickHouse, this.table + ":" + task + ":" + chunk, buffer);
          buffer.clear();
          hook.call(task);
        }
      }
    }

    private void insert(ClickHouse clickHouse, String token, RowBinary buffer) {
      List<String> names = this.columns.stream().map(Column::name).toList();
      if (!this.converts) {
        clickHouse.insert(this.table, names, "RowBinary", token, buffer::writeTo);
        return;
      }
      String structure =
          this.columns.stream()
              .map(
                  column ->
                      Sql.identifier(column.name())
                          + " "
                          + ClickHouseType.of(column.type(), !this.notNull.contains(column.name())))
              .collect(Collectors.joining(", "));
      String quoted = Sql.identifiers(names);
      clickHouse.insert(
          this.table
              + " ("
              + quoted
              + ") SELECT "
              + quoted
              + " FROM input("
              + Sql.literal(structure)
              + ")",
          List.of(),
          "RowBinary",
          token,
          buffer::writeTo);
    }
  }
}
