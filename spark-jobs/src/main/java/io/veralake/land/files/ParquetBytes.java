package io.veralake.land.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;

/** Parquet files in memory and in stores. */
final class ParquetBytes {
  private static final Configuration NO_SETTINGS = new Configuration(false);

  private ParquetBytes() {}

  /** A Parquet file of {@code rows}, which says everything of them that {@code schema} does. */
  static byte[] file(ParquetSchema schema, List<Group> rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new Memory(bytes))
            .withConf(NO_SETTINGS)
            .withType(schema.type())
            .withExtraMetaData(schema.notes())
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withDictionaryEncoding(false)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
    return bytes.toByteArray();
  }

  /** The file that {@code bytes} are. */
  static InputFile of(byte[] bytes) {
    return new InputFile() {
      @Override
      public long getLength() {
        return bytes.length;
      }

      @Override
      public SeekableInputStream newStream() {
        return new Placed(new Array(bytes));
      }
    };
  }

  /** A file of {@code size} bytes in a store, whose failures are unchecked. */
  static InputFile of(String url, long size, Configuration hadoop) {
    return new InputFile() {
      @Override
      public long getLength() {
        return size;
      }

      @Override
      public SeekableInputStream newStream() {
        try {
          Path path = new Path(url);
          FileSystem system = path.getFileSystem(hadoop);
          return new Placed(new File(system.open(path)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** A stream that can be anywhere. */
  private abstract static class Anywhere extends InputStream {
    abstract long place() throws IOException;

    abstract void go(long place) throws IOException;
  }

  private static final class Array extends Anywhere {
    private final byte[] bytes;
    private ByteArrayInputStream in;

    Array(byte[] bytes) {
      this.bytes = bytes;
      this.in = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return this.in.read();
    }

    @Override
    public int read(byte[] into, int from, int room) {
      return this.in.read(into, from, room);
    }

    @Override
    long place() {
      return this.bytes.length - this.in.available();
    }

    @Override
    void go(long place) throws IOException {
      if (place < 0 || place > this.bytes.length) {
        throw new IOException("Invalid place: " + place);
      }
      this.in = new ByteArrayInputStream(this.bytes);
      this.in.skipNBytes(place);
    }
  }

  private static final class File extends Anywhere {
    private final FSDataInputStream file;
    private final InputStream in;

    File(FSDataInputStream file) {
      this.file = file;
      this.in = new StoreStream(file);
    }

    @Override
    public int read() throws IOException {
      return this.in.read();
    }

    @Override
    public int read(byte[] into, int from, int room) throws IOException {
      return this.in.read(into, from, room);
    }

    @Override
    long place() throws IOException {
      return this.file.getPos();
    }

    @Override
    void go(long place) throws IOException {
      this.file.seek(place);
    }

    @Override
    public void close() throws IOException {
      this.file.close();
    }
  }

  private static final class Placed extends DelegatingSeekableInputStream {
    private final Anywhere in;

    Placed(Anywhere in) {
      super(in);
      this.in = in;
    }

    @Override
    public long getPos() throws IOException {
      return this.in.place();
    }

    @Override
    public void seek(long place) throws IOException {
      this.in.go(place);
    }
  }

  private record Memory(ByteArrayOutputStream bytes) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
      ByteArrayOutputStream out = this.bytes;
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return out.size();
        }

        @Override
        public void write(int value) {
          out.write(value);
        }

        @Override
        public void write(byte[] from, int at, int length) {
          out.write(from, at, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return this.create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
