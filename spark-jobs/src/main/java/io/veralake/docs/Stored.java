package io.veralake.docs;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the lake's metadata say of a table.
 *
 * @param rows how many it has
 * @param files in how many files
 * @param bytes how large these are
 * @param snapshot id of the current snapshot
 * @param committed when that was committed
 * @param run the run that did
 * @param columns types by name, of a raw table those of its source's columns
 */
public record Stored(
    long rows,
    long files,
    long bytes,
    long snapshot,
    Instant committed,
    String run,
    Map<String, String> columns) {
  /** Copies the map. */
  public Stored {
    columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }
}
