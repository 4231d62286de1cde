package io.veralake.land.files;

import java.util.List;

/**
 * What a first look at a part of a file tells.
 *
 * @param records how many records begin in it
 * @param schemas the schemas of its records, as the file writes them
 */
public record Glance(long records, List<byte[]> schemas) {
  /** Copies the list. */
  public Glance {
    schemas = List.copyOf(schemas);
  }
}
