package io.veralake.land;

import java.util.List;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of rows, which doesn't tell what changed, is of.
 *
 * @param position the moment in the source's order: three numbers
 * @param commitTime the moment by the source's clock, microseconds since the epoch
 * @param place address of the dump
 * @param maxDeletes it is all that there was; how much of what was there before may be gone, in
 *     percent; negative: it is a part of what there was
 * @param again for a part: condition, on the row after, that holds for all rows of it that may have
 *     been landed before; null: any may
 */
record DumpMoment(
    List<Long> position, long commitTime, String place, int maxDeletes, @Nullable Column again) {
  DumpMoment {
    position = List.copyOf(position);
  }

  /** Whether what isn't in it was deleted. */
  boolean whole() {
    return this.maxDeletes >= 0;
  }
}
