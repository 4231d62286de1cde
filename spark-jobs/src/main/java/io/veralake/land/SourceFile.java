package io.veralake.land;

import io.veralake.land.files.Compression;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

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

  /**
   * What tells its records' positions from those of another file that was written at the same time:
   * stores know times by the second, and two events may be alike. Of files of one time it is no
   * order in which they were written.
   */
  long part() {
    return part(this.url);
  }

  /** The same of the file at {@code url}: the first 63 bits of its SHA-256. */
  static long part(String url) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong() >>> 1;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
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
