package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Looks at rows key by key. */
final class KeyGroups {
  private KeyGroups() {}

  /** What becomes of the rows of one key. */
  interface GroupFunction extends Serializable {
    List<Row> apply(List<SideRow> group);
  }

  /**
   * {@code rows} ({@link SideRow#TYPE}) brought together by key, each group replaced by rows of
   * {@code type}.
   */
  static Dataset<Row> map(Dataset<Row> rows, GroupFunction function, StructType type) {
    MapPartitionsFunction<Row, Row> grouped = sorted -> new Groups(sorted, function);
    return rows.repartition(col("key"))
        .sortWithinPartitions(col("key"))
        .mapPartitions(grouped, Encoders.row(type));
  }

  private static final class Groups implements Iterator<Row> {
    private final Iterator<Row> sorted;
    private final GroupFunction function;
    private final Deque<Row> ready = new ArrayDeque<>();
    private @Nullable SideRow ahead;

    Groups(Iterator<Row> sorted, GroupFunction function) {
      this.sorted = sorted;
      this.function = function;
      this.ahead = this.advance();
    }

    @Override
    public boolean hasNext() {
      while (this.ready.isEmpty() && this.ahead != null) {
        this.ready.addAll(this.function.apply(this.group(this.ahead)));
      }
      return !this.ready.isEmpty();
    }

    @Override
    public Row next() {
      var unused = this.hasNext();
      return this.ready.remove();
    }

    private List<SideRow> group(SideRow first) {
      List<SideRow> group = new ArrayList<>();
      SideRow row = first;
      while (row != null && row.key().equals(first.key())) {
        group.add(row);
        row = this.advance();
      }
      this.ahead = row;
      return group;
    }

    private @Nullable SideRow advance() {
      return this.sorted.hasNext() ? SideRow.of(this.sorted.next()) : null;
    }
  }
}
