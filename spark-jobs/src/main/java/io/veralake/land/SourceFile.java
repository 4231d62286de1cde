package io.veralake.land;

import java.io.Serializable;

/**
 * A file that a source offers.
 *
 * @param name path below the table's folder
 * @param url where it is
 * @param size bytes
 * @param modified when it was last written, milliseconds since the epoch
 */
record SourceFile(String name, String url, long size, long modified) implements Serializable {
  /** Whether its bytes are compressed with gzip, by its name. */
  boolean gzip() {
    return this.name.endsWith(".gz");
  }
}
