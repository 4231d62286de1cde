package io.veralake.land.files;

import java.util.List;

/**
 * What a first look at a part of a file tells.
 *
 * @param records how many records begin in it
 * @param schemas the schemas of its records, as the file writes them
 * @param compression how the file is compressed as a whole
 */
public record Glance(long records, List<byte[]> schemas, Compression compression) {
  /** Copies the list. */
  public Glance {
    schemas = List.copyOf(schemas);
  }

  /** Of a file that isn't compressed as a whole. */
  public Glance(long records, List<byte[]> schemas) {
    this(records, schemas, Compression.NONE);
  }
}
