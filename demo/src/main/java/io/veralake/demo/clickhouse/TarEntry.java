package io.veralake.demo.clickhouse;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Takes one file out of a gzipped tar archive, without a tar program. */
final class TarEntry {
  private static final int BLOCK = 512;

  private TarEntry() {}

  /** Writes the entry of that name to the file; {@code false} if the archive has none. */
  static boolean extract(Path archive, String name, Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
      byte[] header = new byte[BLOCK];
      while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
        long size = Long.parseLong(text(header, 124, 12), 8);
        if (text(header, 0, 100).equals(name)) {
          copy(in, size, file);
          return true;
        }
        in.skipNBytes((size + BLOCK - 1) / BLOCK * BLOCK);
      }
      return false;
    }
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.UTF_8).trim();
  }

  private static void copy(InputStream in, long size, Path file) throws IOException {
    byte[] buffer = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      long left = size;
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new EOFException("The archive ends in the middle of " + file.getFileName());
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }
  }
}
