package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.veralake.lake.RawColumns;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultTable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * What comes first when the versions of a key are ordered: the source's position, or the time at
 * which the source committed.
 */
enum SourceOrder {
  /** All sources are of one system, whose positions order its rows. */
  POSITION,
  /** Sources are of several systems, which share the clock alone. */
  APPLIED_TIME;

  /** A place in the order: one or three numbers, compared in turn. */
  record Mark(List<Long> numbers) implements Comparable<Mark> {
    Mark {
      numbers = List.copyOf(numbers);
    }

    /** As {@link #toString} writes it. */
    static Mark parse(String text) {
      return new Mark(Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList());
    }

    @Override
    public int compareTo(Mark other) {
      return Arrays.compare(this.numbers.toArray(Long[]::new), other.numbers.toArray(Long[]::new));
    }

    @Override
    public String toString() {
      return this.numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  /** What orders the rows of one key of {@code table}, where that matters. */
  static Optional<SourceOrder> of(VaultTable table, VaultViews views) {
    boolean ordered =
        VaultTables.events(table) || table instanceof Satellite satellite && satellite.versions();
    return ordered
        ? Optional.of(views.orderedByPosition(table) ? POSITION : APPLIED_TIME)
        : Optional.empty();
  }

  /** The value of the table property. */
  String word() {
    return this == POSITION ? "position" : "applied-time";
  }

  /** The place of a staged row of a table with {@code names}. */
  Column mark(VaultNames names) {
    return this == POSITION
        ? place(names.position().stream().map(functions::col).toList())
        : col(names.appliedTime());
  }

  /** {@code mark} as a value to compare {@link #mark} with. */
  Column literal(Mark mark) {
    return this == POSITION
        ? place(mark.numbers().stream().map(functions::lit).toList())
        : timestamp_micros(lit(mark.numbers().get(0)));
  }

  private static Column place(List<Column> numbers) {
    return struct(numbers.get(0).as("major"), numbers.get(1).as("minor"), numbers.get(2).as("row"));
  }

  /**
   * All raw rows that aren't before {@code mark}, with few others, in a form from which whole files
   * can be left out.
   */
  Column rawNotBefore(Mark mark) {
    return this == APPLIED_TIME
        ? col(RawColumns.COMMIT_TIME).geq(this.literal(mark))
        : col(RawColumns.POSITION).getField("major").geq(lit(mark.numbers().get(0)));
  }
}
