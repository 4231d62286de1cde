package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.spec.LandTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way from the decoder, which knows columns by the names that records have for them,
 * to columns by the names of today. Earlier names are columns of their own behind the others until
 * then.
 */
final class RenamedRows implements Serializable {
  private static final long serialVersionUID = 1;

  /** A column under an earlier name. */
  private record Earlier(String old, int from, String name, int to) implements Serializable {}

  private final List<Earlier> columns = new ArrayList<>();
  private final StructType sent;
  private final int width;

  /**
   * Of {@code table}.
   *
   * @param sent the columns that the records declare, a struct a schema
   * @param today the columns by the names of today
   */
  RenamedRows(LandTable table, List<StructType> sent, StructType today) {
    TreeSet<String> names = new TreeSet<>();
    sent.forEach(type -> names.addAll(Arrays.asList(type.fieldNames())));
    List<String> known = Arrays.asList(today.fieldNames());
    StructType wide = today;
    for (String name : table.renamedFrom().keySet()) {
      int to = known.indexOf(name);
      for (String old : table.renamedFrom().getOrDefault(name, List.of())) {
        if (to >= 0 && names.contains(old)) {
          this.columns.add(new Earlier(old, wide.size(), name, to));
          wide = wide.add(old, today.apply(to).dataType(), true);
        }
      }
    }
    this.sent = wide;
    this.width = today.size();
  }

  /** What decoders make. */
  StructType sent() {
    return this.sent;
  }

  /** {@code change} by the names of today. */
  Change change(Change change) throws BadRecordException {
    return this.columns.isEmpty()
        ? change
        : change.with(this.row(change.before()), this.row(change.after()));
  }

  /** {@code row} by the names of today. */
  @Nullable Object @Nullable [] row(@Nullable Object @Nullable [] row) throws BadRecordException {
    if (row == null || this.columns.isEmpty()) {
      return row;
    }
    @Nullable Object[] today = Arrays.copyOf(row, this.width);
    for (Earlier column : this.columns) {
      Object value = row[column.from];
      if (value != null
          && today[column.to] != null
          && !Objects.deepEquals(value, today[column.to])) {
        throw new BadRecordException(
            "Invalid columns %s and %s: different values (renamed-from says that they are one column)"
                .formatted(column.old, column.name));
      }
      today[column.to] = value == null ? today[column.to] : value;
    }
    return today;
  }
}
