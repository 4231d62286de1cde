package io.veralake.publish;

import io.veralake.lake.DataException;
import io.veralake.publish.Ledger.Generation;
import io.veralake.spec.Mart;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds generations by number. */
final class Generations {
  private Generations() {}

  /** The generation {@code number} of {@code star}, null: the one that readers see. */
  static Generation find(Ledger ledger, String star, @Nullable Long number) {
    Generation current = ledger.exists() ? ledger.current() : Generation.NONE;
    if (current.number() == 0) {
      throw new DataException("Missing generation of star " + star + ": it was never published");
    }
    if (number == null) {
      return current;
    }
    Generation found = ledger.generations().get(number);
    if (found == null) {
      throw new DataException(
          "Missing generation "
              + number
              + " of star "
              + star
              + " (kept are "
              + new TreeSet<>(ledger.generations().keySet())
              + ", readers see "
              + current.number()
              + ": engine.publish.keep-generations)");
    }
    return found;
  }

  /** That a snapshot is gone. */
  static String expired(Mart mart, long snapshot) {
    return "snapshot "
        + snapshot
        + " of mart."
        + mart.name()
        + " isn't there any more (veralake maintain keeps snapshots for maintain.expire-after, and those of nights for maintain.keep-nights)";
  }
}
