package io.veralake.mart;

import java.util.List;

/**
 * What a build of a mart did.
 *
 * @param table the mart
 * @param partitions partitions that were overwritten, emptied ones included; 0: nothing differs
 * @param rows rows that the overwritten partitions hold now
 * @param checks results of its checks; empty if nothing was built
 */
public record Built(String table, int partitions, long rows, List<Checked> checks) {
  /** Copies the list. */
  public Built {
    checks = List.copyOf(checks);
  }
}
