package io.veralake.land;

import io.veralake.lake.Lake;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** What a raw table says that its source holds, worked out one row after the other. */
final class DumpedRows {
  private DumpedRows() {}

  /** The last version of each {@code id} that isn't deleted: its other columns as texts. */
  static TreeMap<Long, String> current(Lake lake, String table) {
    List<Row> rows =
        lake
            .spark()
            .sql(
                """
                select op, r.*, p.major, p.minor, p.row
                from (select _op op, coalesce(after, before) r, _position p from %s.raw.%s)"""
                    .formatted(lake.catalog(), table))
            .collectAsList()
            .stream()
            .sorted(
                Comparator.<Row>comparingLong(row -> row.getLong(row.length() - 3))
                    .thenComparing(row -> row.getLong(row.length() - 2))
                    .thenComparing(row -> row.getLong(row.length() - 1)))
            .toList();
    TreeMap<Long, String> current = new TreeMap<>();
    for (Row row : rows) {
      Long id = ((Number) row.get(1)).longValue();
      if (row.getString(0).equals("d")) {
        if (current.remove(id) == null) {
          throw new AssertionError("deleted what wasn't there: " + row);
        }
      } else {
        StringBuilder text = new StringBuilder();
        for (int i = 2; i < row.length() - 3; i++) {
          text.append(i > 2 ? "|" : "").append(row.get(i));
        }
        current.put(id, text.toString());
      }
    }
    return current;
  }
}
