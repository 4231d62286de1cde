package io.veralake.land.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * All members of a gzip file. The JDK's own stream asks whether more bytes are available before it
 * looks for the next member, which a stream from a store may deny, and takes whatever it doesn't
 * understand behind a member for the file's end: both would lose records without a word.
 */
final class GzipMembers extends InputStream {
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;
  private long length;
  private boolean inside;
  private boolean any;

  GzipMembers(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int room) throws IOException {
    if (room == 0) {
      return 0;
    }
    while (true) {
      if (!this.inside && !this.begin()) {
        return -1;
      }
      int count = this.inflate(into, from, room);
      if (count > 0) {
        this.sum.update(into, from, count);
        this.length += count;
        return count;
      }
      this.end();
    }
  }

  @Override
  public void close() throws IOException {
    this.inflater.end();
    this.in.close();
  }

  /** Some bytes; 0 at the end of the member. */
  private int inflate(byte[] into, int from, int room) throws IOException {
    try {
      while (true) {
        int count = this.inflater.inflate(into, from, room);
        if (count > 0) {
          return count;
        }
        if (this.inflater.finished()) {
          return 0;
        }
        if (this.inflater.needsDictionary()) {
          throw new ZipException("Unknown dictionary");
        }
        if (this.at == this.filled && !this.fill()) {
          throw new EOFException("Unexpected end of ZLIB input stream");
        }
        this.inflater.setInput(this.buffer, this.at, this.filled - this.at);
        this.at = this.filled;
      }
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage() == null ? "Invalid ZLIB data format" : e.getMessage());
    }
  }

  /** Reads a member's header; false at the end of the file, which zeros may fill up. */
  private boolean begin() throws IOException {
    int first = this.next();
    while (this.any && first == 0) {
      first = this.next();
    }
    if (this.any && first < 0) {
      return false;
    }
    if (first != 0x1F || this.next() != 0x8B) {
      throw new ZipException(
          this.any ? "Unknown bytes behind the last GZIP member" : "Not in GZIP format");
    }
    if (this.needed() != 8) {
      throw new ZipException("Unsupported compression method");
    }
    int flags = this.needed();
    this.pass(6);
    if ((flags & EXTRA) != 0) {
      this.pass(this.needed() | this.needed() << 8);
    }
    if ((flags & NAME) != 0) {
      this.passText();
    }
    if ((flags & COMMENT) != 0) {
      this.passText();
    }
    if ((flags & HEADER_CRC) != 0) {
      this.pass(2);
    }
    this.inflater.reset();
    this.sum.reset();
    this.length = 0;
    this.inside = true;
    this.any = true;
    return true;
  }

  private void end() throws IOException {
    this.at -= this.inflater.getRemaining();
    long crc = this.word();
    long size = this.word();
    if (crc != this.sum.getValue() || size != (this.length & 0xFFFFFFFFL)) {
      throw new ZipException("Corrupt GZIP trailer");
    }
    this.inside = false;
  }

  private long word() throws IOException {
    long low = this.needed() | (long) this.needed() << 8;
    return low | (long) this.needed() << 16 | (long) this.needed() << 24;
  }

  private void pass(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      this.needed();
    }
  }

  private void passText() throws IOException {
    int next = this.needed();
    while (next != 0) {
      next = this.needed();
    }
  }

  private int needed() throws IOException {
    int next = this.next();
    if (next < 0) {
      throw new EOFException("Unexpected end of ZLIB input stream");
    }
    return next;
  }

  private int next() throws IOException {
    return this.at == this.filled && !this.fill() ? -1 : this.buffer[this.at++] & 0xFF;
  }

  private boolean fill() throws IOException {
    int count = this.in.read(this.buffer, 0, this.buffer.length);
    this.at = 0;
    this.filled = Math.max(0, count);
    return count > 0;
  }
}
