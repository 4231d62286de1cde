package io.veralake.land.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A stream of a store. Its failures are unchecked, which tells them from those of whoever decodes
 * the bytes: the one ends a landing, the other is the file's own fault.
 */
final class StoreStream extends FilterInputStream {
  StoreStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    try {
      return this.in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read(byte[] into, int from, int room) throws IOException {
    try {
      return this.in.read(into, from, room);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
