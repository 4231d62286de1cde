package io.veralake.lake.lookup;

import java.io.IOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;

/** A file of an Iceberg table as Parquet's own reader wants it. */
final class StoredInput implements org.apache.parquet.io.InputFile {
  private final InputFile file;
  private final long length;

  /** {@code length}: as the table's metadata say, so that the store needn't be asked. */
  StoredInput(InputFile file, long length) {
    this.file = file;
    this.length = length;
  }

  @Override
  public long getLength() {
    return this.length;
  }

  @Override
  public org.apache.parquet.io.SeekableInputStream newStream() {
    SeekableInputStream stream = this.file.newStream();
    return new DelegatingSeekableInputStream(stream) {
      @Override
      public long getPos() throws IOException {
        return stream.getPos();
      }

      @Override
      public void seek(long position) throws IOException {
        stream.seek(position);
      }
    };
  }
}
