package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of a part of a file, one after the other. */
public interface FileRecords extends Closeable {
  /**
   * The longest piece of a file that is kept of what isn't a record: a block that can't be read.
   */
  int KEPT = 16 << 20;

  /** Goes to the next record; false if there is none. */
  boolean next() throws IOException;

  /** The record's number among those of the part, from 1. */
  long row();

  /** Where in the file the record begins; of a record in a block, where the block does. */
  long offset();

  /** What the record says. */
  Change read() throws IOException, BadRecordException;

  /** The record as it is kept if it can't be landed. {@link #read} goes before. */
  byte[] bytes() throws IOException;

  /** What else is needed to read it again; null if nothing is. */
  byte @Nullable [] context();
}
