package io.veralake.vault;

import io.veralake.spec.VaultNames;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Counts staged rows one by one, and gathers their keys. */
final class StagedTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final UTF8String TRUNCATE = UTF8String.fromString(Staging.TRUNCATE);
  private static final UTF8String FILTERED = UTF8String.fromString(Staging.FILTERED);

  private final int op;
  private final int known;
  private final int ghost;
  private final int unread;
  private final int held;
  private final int key;
  private final boolean text;
  private final int[] place;

  private long keyed;
  private long skipped;
  private long unreadable;
  private long unsent;
  private long truncates;
  private long ghosted;
  private long filtered;
  private long @Nullable [] first;
  private long @Nullable [] last;
  private final List<byte[]> keys = new ArrayList<>();

  /**
   * Of no row yet.
   *
   * @param type the rows' columns
   * @param key the column whose values are gathered, of bytes or text; empty: none is
   * @param order what orders the rows, where that matters
   */
  StagedTally(StructType type, Optional<String> key, Optional<SourceOrder> order, Staging staging) {
    this.op = type.fieldIndex(Staging.OP);
    this.known = type.fieldIndex(Staging.KEYED);
    this.ghost = type.fieldIndex(Staging.GHOSTED);
    this.unread = type.fieldIndex(Staging.UNREADABLE);
    this.held = type.fieldIndex(FlatRows.UNSENT);
    this.key = key.map(type::fieldIndex).orElse(-1);
    this.text = this.key >= 0 && type.apply(this.key).dataType() instanceof StringType;
    VaultNames names = staging.names();
    List<String> columns =
        order
            .map(o -> o == SourceOrder.POSITION ? names.position() : List.of(names.appliedTime()))
            .orElse(List.of());
    this.place = columns.stream().mapToInt(type::fieldIndex).toArray();
  }

  /** With {@code row}. */
  StagedTally with(InternalRow row) {
    UTF8String operation = row.getUTF8String(this.op);
    boolean truncate = TRUNCATE.equals(operation);
    boolean named = row.getBoolean(this.known);
    boolean ghosts = is(row, this.ghost);
    boolean left = FILTERED.equals(operation);
    this.truncates += truncate ? 1 : 0;
    this.ghosted += ghosts ? 1 : 0;
    this.filtered += left ? 1 : 0;
    this.unsent += is(row, this.held) ? 1 : 0;
    this.unreadable += row.isNullAt(this.unread) ? 0 : row.getInt(this.unread);
    if (!truncate) {
      this.keyed += named ? 1 : 0;
      this.skipped += named || left || ghosts ? 0 : 1;
    }
    if (named || truncate) {
      this.widen(this.place(row));
    }
    if (named && this.key >= 0 && !row.isNullAt(this.key)) {
      this.keys.add(this.text ? row.getUTF8String(this.key).getBytes() : row.getBinary(this.key));
    }
    return this;
  }

  /** With what {@code other} counted. */
  StagedTally with(StagedTally other) {
    this.keyed += other.keyed;
    this.skipped += other.skipped;
    this.unreadable += other.unreadable;
    this.unsent += other.unsent;
    this.truncates += other.truncates;
    this.ghosted += other.ghosted;
    this.filtered += other.filtered;
    this.widen(other.first);
    this.widen(other.last);
    this.keys.addAll(other.keys);
    return this;
  }

  /** The counts. */
  StagedRows.Counts counts() {
    return new StagedRows.Counts(
        this.keyed,
        this.skipped,
        this.unreadable,
        this.unsent,
        this.truncates,
        this.ghosted,
        this.filtered,
        mark(this.first),
        mark(this.last));
  }

  /** The keys of the rows that name one, as often as they do. */
  List<byte[]> keys() {
    return java.util.Collections.unmodifiableList(this.keys);
  }

  private static boolean is(InternalRow row, int column) {
    return !row.isNullAt(column) && row.getBoolean(column);
  }

  private long @Nullable [] place(InternalRow row) {
    long[] result = new long[this.place.length];
    for (int i = 0; i < result.length; i++) {
      if (row.isNullAt(this.place[i])) {
        return null;
      }
      result[i] = row.getLong(this.place[i]);
    }
    return result.length == 0 ? null : result;
  }

  private void widen(long @Nullable [] place) {
    if (place == null) {
      return;
    }
    if (this.first == null || Arrays.compare(place, this.first) < 0) {
      this.first = place;
    }
    if (this.last == null || Arrays.compare(place, this.last) > 0) {
      this.last = place;
    }
  }

  private static Optional<SourceOrder.Mark> mark(long @Nullable [] place) {
    return Optional.ofNullable(place)
        .map(numbers -> new SourceOrder.Mark(Arrays.stream(numbers).boxed().toList()));
  }
}
