package io.veralake.land;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are sorted by the numbers at {@code places}, without those whose {@code content} one
 * before them at the same place has.
 */
final class DistinctRows implements Iterator<InternalRow> {
  private final Iterator<InternalRow> rows;
  private final int[] places;
  private final int[] content;
  private final DataType[] types;
  private final List<InternalRow> group = new ArrayList<>();
  private final LongConsumer dropped;
  private @Nullable InternalRow ready;
  private long repeats;
  private boolean told;

  /** {@code dropped} is told once, at the end, how many rows were left out. */
  DistinctRows(
      Iterator<InternalRow> rows,
      StructType type,
      int[] places,
      int[] content,
      LongConsumer dropped) {
    this.rows = rows;
    this.dropped = dropped;
    this.places = places;
    this.content = content;
    this.types = new DataType[content.length];
    for (int i = 0; i < content.length; i++) {
      this.types[i] = type.apply(content[i]).dataType();
    }
  }

  @Override
  public boolean hasNext() {
    while (this.ready == null && this.rows.hasNext()) {
      InternalRow row = this.rows.next();
      if (!this.group.isEmpty() && !this.samePlace(row, this.group.get(0))) {
        this.group.clear();
      }
      if (this.repeats(row)) {
        this.repeats++;
      } else {
        this.ready = row.copy();
        this.group.add(this.ready);
      }
    }
    if (this.ready == null && !this.told) {
      this.told = true;
      this.dropped.accept(this.repeats);
    }
    return this.ready != null;
  }

  @Override
  public InternalRow next() {
    if (!this.hasNext()) {
      throw new NoSuchElementException();
    }
    InternalRow row = Objects.requireNonNull(this.ready);
    this.ready = null;
    return row;
  }

  private boolean repeats(InternalRow row) {
    for (InternalRow other : this.group) {
      if (this.sameContent(row, other)) {
        return true;
      }
    }
    return false;
  }

  private boolean samePlace(InternalRow a, InternalRow b) {
    for (int place : this.places) {
      if (a.getLong(place) != b.getLong(place)) {
        return false;
      }
    }
    return true;
  }

  /** Equal values have equal bytes in Spark's unsafe rows. */
  private boolean sameContent(InternalRow a, InternalRow b) {
    for (int i = 0; i < this.content.length; i++) {
      int column = this.content[i];
      if (!Objects.equals(a.get(column, this.types[i]), b.get(column, this.types[i]))) {
        return false;
      }
    }
    return true;
  }
}
