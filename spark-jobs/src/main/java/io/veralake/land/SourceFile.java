package io.veralake.land;

import io.veralake.land.files.Compression;
import java.io.Serializable;

/**
 * A file that a source offers.
 *
 * @param name path below the table's folder
 * @param url where it is
 * @param size bytes
 * @param modified when it was last written, milliseconds since the epoch
 * @param etag what its store calls its content; empty if it doesn't
 */
record SourceFile(String name, String url, long size, long modified, String etag)
    implements Serializable {
  /** The same file as if it had been written at {@code time}. */
  SourceFile at(long time) {
    return new SourceFile(this.name, this.url, this.size, time, this.etag);
  }

  /** A file of a store that has no name for its content. */
  SourceFile(String name, String url, long size, long modified) {
    this(name, url, size, modified, "");
  }

  /** How it is compressed as a whole, by its name. */
  Compression compression() {
    return Compression.named(this.name);
  }

  /** Whether it is, as far as can be seen, {@code other} with the same bytes. */
  boolean sameAs(SourceFile other) {
    boolean known = !this.etag.isEmpty() && !other.etag.isEmpty();
    return this.size == other.size
        && (known ? this.etag.equals(other.etag) : this.modified == other.modified);
  }
}
