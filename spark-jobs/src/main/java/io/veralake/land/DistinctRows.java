package io.veralake.land;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
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
  private final Counts counts;
  private @Nullable InternalRow ready;
  private @Nullable InternalRow tied;
  private int ties;
  private int deletes;
  private int creates;
  private long allTies;
  private long repeats;
  private boolean told;

  /** What is told once, at the end. */
  @FunctionalInterface
  interface Counts {
    /**
     * Takes both.
     *
     * @param repeats rows that were left out
     * @param ties changes that have one place and aren't equal, but for a changed key's two halves
     */
    void note(long repeats, long ties);
  }

  /** {@code places} are the three numbers of a row's place, and its hash. */
  DistinctRows(
      Iterator<InternalRow> rows, StructType type, int[] places, int[] content, Counts counts) {
    this.rows = rows;
    this.counts = counts;
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
        this.tie(this.ready);
      }
    }
    if (this.ready == null && !this.told) {
      this.told = true;
      this.endTies();
      this.counts.note(this.repeats, this.allTies);
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

  private void tie(InternalRow row) {
    if (this.tied == null || !this.same(row, this.tied, this.places.length - 1)) {
      this.endTies();
      this.tied = row;
    }
    String op = row.getUTF8String(this.content[0]).toString();
    // Rows of a snapshot have its place.
    this.ties += op.equals("r") ? 0 : 1;
    this.deletes += op.equals("d") ? 1 : 0;
    this.creates += op.equals("c") ? 1 : 0;
  }

  private void endTies() {
    boolean key = this.ties == 2 && this.deletes == 1 && this.creates == 1;
    this.allTies += this.ties > 1 && !key ? this.ties : 0;
    this.ties = 0;
    this.deletes = 0;
    this.creates = 0;
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
    return this.same(a, b, this.places.length);
  }

  private boolean same(InternalRow a, InternalRow b, int numbers) {
    for (int i = 0; i < numbers; i++) {
      if (a.getLong(this.places[i]) != b.getLong(this.places[i])) {
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
