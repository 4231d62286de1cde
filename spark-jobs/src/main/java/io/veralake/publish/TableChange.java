package io.veralake.publish;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a publication changes of one table for its readers.
 *
 * @param name the table's public name
 * @param mart the mart
 * @param first whether readers see no row of it yet
 * @param loads partitions that are to be loaded
 * @param before what readers see
 * @param after what they would see
 * @param rows how many rows that concerns; null if it wasn't asked for
 * @param partitions the partitions in which anything changes, the largest change first
 */
public record TableChange(
    String name,
    String mart,
    boolean first,
    int loads,
    Side before,
    Side after,
    @Nullable RowChange rows,
    List<PartitionChange> partitions) {
  /**
   * The table, or a partition of it, before or after.
   *
   * @param partitions number of partitions with rows
   * @param rows number of rows
   * @param totals by measure; of those that the table has
   */
  public record Side(int partitions, long rows, Map<String, BigDecimal> totals) {
    /** Without rows. */
    public static final Side NONE = new Side(0, 0, Map.of());

    /** Copies the map. */
    public Side {
      totals = new LinkedHashMap<>(totals);
    }
  }

  /**
   * How many rows are touched; keys tell which is which.
   *
   * @param added rows with a new key
   * @param removed rows whose key is gone
   * @param changed rows of which a value differs
   */
  public record RowChange(long added, long removed, long changed) {}

  /**
   * A partition in which something changes.
   *
   * @param name its name; empty for a table of one partition
   * @param before what readers see
   * @param after what they would see
   */
  public record PartitionChange(List<String> name, Side before, Side after) {
    /** Whether it would lose all its rows. */
    public boolean isEmptied() {
      return this.before.rows() > 0 && this.after.rows() == 0;
    }

    /** How far the total of {@code measure} moves. */
    public BigDecimal delta(String measure) {
      return total(this.after, measure).subtract(total(this.before, measure));
    }
  }

  /** Copies the list; checks that the rows add up. */
  public TableChange {
    partitions = List.copyOf(partitions);
    if (rows != null && after.rows() - before.rows() != rows.added() - rows.removed()) {
      throw new IllegalArgumentException(
          "Invalid change of rows: " + before.rows() + " to " + after.rows() + " by " + rows);
    }
  }

  static BigDecimal total(Side side, String measure) {
    return side.totals().getOrDefault(measure, BigDecimal.ZERO);
  }

  /** How far the total of {@code measure} moves, all partitions together. */
  public BigDecimal delta(String measure) {
    return total(this.after, measure).subtract(total(this.before, measure));
  }

  /** How far the totals of {@code measure} move, each partition's movement counted. */
  public BigDecimal moved(String measure) {
    return this.partitions.stream()
        .map(partition -> partition.delta(measure).abs())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Partitions that would lose all their rows. */
  public long emptied() {
    return this.partitions.stream().filter(PartitionChange::isEmptied).count();
  }

  /** Whether readers would notice anything. */
  public boolean isEmpty() {
    return this.partitions.isEmpty();
  }
}
