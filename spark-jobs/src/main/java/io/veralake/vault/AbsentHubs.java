package io.veralake.vault;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.lookup.KeyLookup;
import io.veralake.spec.Link;
import io.veralake.spec.VaultRules;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Keys of a link's ends that a night names and their hubs don't have. */
final class AbsentHubs {
  private final Lake lake;
  private final Link link;
  private final StagedRows staged;

  AbsentHubs(Lake lake, Link link, StagedRows staged) {
    this.lake = lake;
    this.link = link;
    this.staged = staged;
  }

  /**
   * How many there are, if the link's rules say that they are counted.
   *
   * @throws DataException if there are any, and the rules say stop
   */
  long count(StagedRows.Counts counts) {
    VaultRules.AbsentHubs rule = this.link.rules().absentHubs();
    if (rule == VaultRules.AbsentHubs.ACCEPT || counts.keyed() == 0) {
      return 0;
    }
    long all = 0;
    for (Link.End end : this.link.ends()) {
      long absent = this.of(end, counts);
      if (absent > 0 && rule == VaultRules.AbsentHubs.STOP) {
        throw new DataException(
            "Cannot load %s: its end %s names %d keys that %s doesn't have (load the hub from a source that names them, or absent-hubs = count)"
                .formatted(
                    VaultTables.name(this.link), end.role(), absent, VaultTables.name(end.hub())));
      }
      all += absent;
    }
    return all;
  }

  private long of(Link.End end, StagedRows.Counts counts) {
    String key = end.hub().hashKey();
    Dataset<Row> named =
        this.staged
            .keyed()
            .select(col(end.hashKey()).as(key))
            .filter(col(key).isNotNull())
            .distinct();
    String hub = VaultTables.name(end.hub());
    if (this.lake.snapshot(hub).isEmpty()) {
      return named.count();
    }
    // A link's rows are found by its own key, the hub's by the end's.
    Dataset<Row> held =
        counts.few()
            ? new KeyLookup(this.lake)
                .rows(hub, List.of(key), named)
                .orElseGet(() -> this.lake.rows(hub).select(key))
            : this.lake.rows(hub).select(key);
    return named.join(held, new String[] {key}, "left_anti").count();
  }
}
