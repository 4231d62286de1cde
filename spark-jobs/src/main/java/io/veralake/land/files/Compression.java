package io.veralake.land.files;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.snappy.FramedSnappyCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** How a file's text is compressed as a whole. */
public enum Compression {
  /** Not at all. */
  NONE(List.of(), new byte[0]),
  /** RFC 1952, any number of members. */
  GZIP(List.of(".gz", ".gzip"), new byte[] {0x1F, (byte) 0x8B, 8}),
  /** RFC 8878, any number of frames. */
  ZSTD(List.of(".zst", ".zstd"), new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD}),
  /** Any number of streams. */
  BZIP2(List.of(".bz2"), new byte[] {'B', 'Z', 'h'}),
  /** Snappy's framing format. */
  SNAPPY(List.of(".sz"), new byte[] {(byte) 0xFF, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'});

  /** How many bytes of a file's beginning {@link #of} needs. */
  public static final int HEAD = 10;

  private static final byte[] BZIP2_BLOCK = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};

  private final List<String> suffixes;
  private final byte[] magic;

  Compression(List<String> suffixes, byte[] magic) {
    this.suffixes = suffixes;
    this.magic = magic;
  }

  /** What the end of a file's name says. */
  public static Compression named(String name) {
    for (Compression compression : values()) {
      if (compression.suffixes.stream().anyMatch(name::endsWith)) {
        return compression;
      }
    }
    return NONE;
  }

  /**
   * What the first {@code length} bytes say of a file whose name says nothing. None of the
   * beginnings is one of a text, except bzip2's, behind which there must be a block.
   */
  public static Compression of(byte[] head, int length) {
    for (Compression compression : values()) {
      byte[] magic = compression.magic;
      boolean begins =
          magic.length > 0
              && length >= magic.length
              && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
      boolean block =
          compression != BZIP2
              || (length >= HEAD && Arrays.equals(head, 4, HEAD, BZIP2_BLOCK, 0, 6));
      if (begins && block) {
        return compression;
      }
    }
    return NONE;
  }

  /**
   * The text. Reading it fails with an {@link IOException} where the compressed bytes are broken,
   * behind all that could be decompressed, and with an {@link java.io.UncheckedIOException} where
   * the store fails.
   */
  public InputStream text(InputStream stored) throws IOException {
    InputStream raw = new StoreStream(stored);
    return switch (this) {
      case NONE -> raw;
      case GZIP -> new GzipMembers(raw);
      case ZSTD -> new ZstdInputStreamNoFinalizer(raw);
      case BZIP2 -> new Salvaged(new BZip2CompressorInputStream(raw, true));
      case SNAPPY -> new Salvaged(new FramedSnappyCompressorInputStream(raw));
    };
  }

  /** Gives what was read before a failure, then the failure: the library would drop both. */
  private static final class Salvaged extends FilterInputStream {
    private @Nullable IOException failure;

    Salvaged(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int from, int room) throws IOException {
      if (this.failure != null) {
        throw this.failure;
      }
      int count = 0;
      try {
        while (count < room) {
          int next = this.in.read();
          if (next < 0) {
            return count == 0 ? -1 : count;
          }
          into[from + count++] = (byte) next;
        }
      } catch (IOException e) {
        this.failure = e;
        if (count == 0) {
          throw e;
        }
      }
      return count;
    }
  }
}
