package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.files.AvroCursor.BrokenException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of an Avro object container file whose sync markers begin in a part of it. Behind a
 * block that can't be read it goes on at the next marker.
 */
final class AvroBlocks implements Closeable {
  private static final byte[] MAGIC = {'O', 'b', 'j', 1};
  private static final int MARKER = 16;
  private static final int LARGEST = 1 << 30;
  private static final int LARGEST_HEADER = 64 << 20;

  private final FSDataInputStream file;
  private final long size;
  private final long end;
  private InputStream in = InputStream.nullInputStream();
  private long at;
  private byte[] schema = new byte[0];
  private String codec = "null";
  private final byte[] marker = new byte[MARKER];
  private long blockAt;
  private long count;
  private byte[] block = new byte[0];
  private @Nullable String broken;

  /**
   * The blocks behind the markers that begin from {@code start} to before {@code end} in a file of
   * {@code size} bytes.
   *
   * @throws BadRecordException if the file isn't such a container
   */
  AvroBlocks(String url, long size, long start, long end, Configuration hadoop)
      throws IOException, BadRecordException {
    Path path = new Path(url);
    this.file = path.getFileSystem(hadoop).open(path);
    this.size = size;
    this.end = end;
    try {
      this.seek(0);
      this.header();
      // The header's own marker is the first.
      if (start > this.at - MARKER) {
        this.seek(start);
        this.toMarker();
      }
    } catch (EOFException | BrokenException e) {
      this.file.close();
      throw new BadRecordException("Invalid Avro file: its header ends too early");
    } catch (BadRecordException e) {
      this.file.close();
      throw e;
    }
  }

  /** The schema of its records, as it is written. */
  byte[] schema() {
    return this.schema;
  }

  /** Goes to the next block; false if there is none. */
  boolean next() throws IOException {
    if (this.at >= this.size || this.at - MARKER >= this.end) {
      return false;
    }
    this.blockAt = this.at;
    this.broken = null;
    try {
      this.count = this.number();
      long length = this.number();
      if (this.count < 0 || length < 0 || length > this.size - this.at || length > LARGEST) {
        return this.resume("Invalid block: " + this.count + " records in " + length + " bytes");
      }
      this.block = this.in.readNBytes((int) length);
      this.at += this.block.length;
      if (!Arrays.equals(this.take(MARKER), this.marker)) {
        return this.resume("Missing sync marker at the end of the block");
      }
      return true;
    } catch (EOFException | BrokenException e) {
      return this.resume("The file ends inside the block");
    }
  }

  /** Where the block begins. */
  long offset() {
    return this.blockAt;
  }

  /** How many records it has; one if it can't be read. */
  long count() {
    return this.count;
  }

  /** Why it can't be read; null if it can. */
  @Nullable String broken() {
    return this.broken;
  }

  /** Its bytes as the file holds them, behind the numbers of records and bytes. */
  byte[] stored() {
    return this.block;
  }

  /**
   * Its bytes, decompressed.
   *
   * @throws BadRecordException if they can't be
   */
  byte[] records() throws BadRecordException {
    if (this.codec.equals("null")) {
      return this.block;
    }
    // A file of this one block: Avro's own reader knows the codecs.
    try (DataFileStream<Object> one =
        new DataFileStream<>(new ByteArrayInputStream(this.alone()), new GenericDatumReader<>())) {
      ByteBuffer bytes = one.nextBlock();
      return Arrays.copyOfRange(
          bytes.array(),
          bytes.arrayOffset() + bytes.position(),
          bytes.arrayOffset() + bytes.limit());
    } catch (IOException | RuntimeException e) {
      throw new BadRecordException(
          "Cannot decompress the block (" + this.codec + "): " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    this.file.close();
  }

  private byte[] alone() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(this.block.length + 100);
    out.writeBytes(MAGIC);
    put(out, 2);
    text(out, "avro.schema");
    text(out, "\"null\"");
    text(out, "avro.codec");
    text(out, this.codec);
    put(out, 0);
    out.writeBytes(this.marker);
    put(out, this.count);
    put(out, this.block.length);
    out.writeBytes(this.block);
    out.writeBytes(this.marker);
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    put(out, text.length());
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void put(ByteArrayOutputStream out, long number) {
    long left = (number << 1) ^ (number >> 63);
    for (; (left & ~0x7FL) != 0; left >>>= 7) {
      out.write((int) (left & 0x7F | 0x80));
    }
    out.write((int) left);
  }

  private void header() throws IOException, BadRecordException {
    if (!Arrays.equals(this.take(MAGIC.length), MAGIC)) {
      throw new BadRecordException("Invalid Avro file: it doesn't begin with Obj and 1");
    }
    Map<String, byte[]> meta = new HashMap<>();
    for (long left = this.number(); left != 0; left = this.number()) {
      if (left < 0) {
        this.number();
        left = -left;
      }
      for (long i = 0; i < left; i++) {
        String key = new String(this.take(this.number()), StandardCharsets.UTF_8);
        meta.put(key, this.take(this.number()));
      }
    }
    byte[] found = meta.get("avro.schema");
    if (found == null) {
      throw new BadRecordException("Missing schema in the file's header");
    }
    this.schema = found;
    this.codec =
        new String(
            meta.getOrDefault("avro.codec", this.codec.getBytes(StandardCharsets.UTF_8)),
            StandardCharsets.UTF_8);
    System.arraycopy(this.take(MARKER), 0, this.marker, 0, MARKER);
  }

  /** Takes what there is from the block's beginning to the next marker for the block. */
  private boolean resume(String why) throws IOException {
    this.broken = why;
    this.count = 1;
    this.seek(this.blockAt);
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    this.toMarker(kept);
    this.block = kept.toByteArray();
    return true;
  }

  private void toMarker() throws IOException {
    this.toMarker(new ByteArrayOutputStream());
  }

  /** Goes behind the next marker, or to the file's end; keeps some of the bytes before. */
  private void toMarker(ByteArrayOutputStream kept) throws IOException {
    byte[] window = new byte[MARKER];
    for (long seen = 0; ; seen++) {
      int next = this.in.read();
      if (next < 0) {
        int left = (int) Math.min(seen, MARKER);
        for (long i = seen - left; i < seen; i++) {
          keep(kept, window[(int) (i % MARKER)]);
        }
        this.at = this.size;
        return;
      }
      if (seen >= MARKER) {
        keep(kept, window[(int) (seen % MARKER)]);
      }
      window[(int) (seen % MARKER)] = (byte) next;
      this.at++;
      if ((byte) next == this.marker[MARKER - 1]
          && seen >= MARKER - 1
          && this.matches(window, (int) ((seen + 1) % MARKER))) {
        return;
      }
    }
  }

  private boolean matches(byte[] window, int first) {
    for (int i = 0; i < MARKER; i++) {
      if (window[(first + i) % MARKER] != this.marker[i]) {
        return false;
      }
    }
    return true;
  }

  private static void keep(ByteArrayOutputStream kept, byte value) {
    if (kept.size() < FileRecords.KEPT) {
      kept.write(value);
    }
  }

  private void seek(long place) throws IOException {
    this.file.seek(Math.min(place, this.size));
    this.in = new BufferedInputStream(this.file, 1 << 16);
    this.at = place;
  }

  private byte[] take(long length) throws IOException {
    if (length < 0 || length > Math.min(LARGEST_HEADER, this.size - this.at)) {
      throw new EOFException();
    }
    byte[] bytes = this.in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    this.at += length;
    return bytes;
  }

  private long number() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = this.in.read();
      if (next < 0) {
        throw new EOFException();
      }
      this.at++;
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new BrokenException("Invalid number");
  }
}
