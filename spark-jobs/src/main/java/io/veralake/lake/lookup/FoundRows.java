package io.veralake.lake.lookup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a row group's rows whose key may be one of a {@link KeySet}: all that are, and by
 * a chance of 2^-64 a row others.
 */
final class FoundRows {
  private final KeySet keys;
  private int[] rows = new int[1024];
  private int size;

  private FoundRows(KeySet keys) {
    this.keys = keys;
  }

  /** Rows of the row group whose key column is {@code column}, ascending. */
  static int[] of(KeySet keys, ColumnPages column) {
    FoundRows found = new FoundRows(keys);
    boolean[] words = found.words(column.dictionary());
    int first = 0;
    for (ColumnPages.Page page = column.next(); page != null; page = column.next()) {
      if (page.defined() == null && page.encoding() == Encoding.PLAIN) {
        found.plain(page, first);
      } else {
        found.decoded(page, column.values(page), words, first);
      }
      first += page.rows();
    }
    return Arrays.copyOf(found.rows, found.size);
  }

  /** Values that follow each other, each after its length in four bytes. */
  private void plain(ColumnPages.Page page, int first) {
    ByteBuffer values = page.values();
    byte[] bytes;
    int at;
    if (values.hasArray()) {
      bytes = values.array();
      at = values.arrayOffset() + values.position();
    } else {
      bytes = new byte[values.remaining()];
      values.get(bytes);
      at = 0;
    }
    for (int row = 0; row < page.rows(); row++) {
      int length =
          bytes[at] & 0xFF
              | (bytes[at + 1] & 0xFF) << 8
              | (bytes[at + 2] & 0xFF) << 16
              | bytes[at + 3] << 24;
      at += Integer.BYTES;
      if (this.keys.mayHold(KeySet.mark(bytes, at, length))) {
        this.add(first + row);
      }
      at += length;
    }
  }

  private void decoded(
      ColumnPages.Page page, ValuesReader values, boolean @Nullable [] words, int first) {
    RunLengthBitPackingHybridDecoder defined = page.defined();
    boolean byWord = words != null && page.encoding().usesDictionary();
    for (int row = 0; row < page.rows(); row++) {
      try {
        if (defined != null && defined.readInt() == 0) {
          continue;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      boolean found;
      if (byWord && words != null) {
        found = words[values.readValueDictionaryId()];
      } else {
        byte[] key = values.readBytes().getBytesUnsafe();
        found = this.keys.mayHold(KeySet.mark(key, 0, key.length));
      }
      if (found) {
        this.add(first + row);
      }
    }
  }

  /** Of each word of the dictionary whether it may be a key; null if there is no dictionary. */
  private boolean @Nullable [] words(@Nullable Dictionary dictionary) {
    if (dictionary == null) {
      return null;
    }
    boolean[] result = new boolean[dictionary.getMaxId() + 1];
    for (int id = 0; id < result.length; id++) {
      byte[] word = dictionary.decodeToBinary(id).getBytesUnsafe();
      result[id] = this.keys.mayHold(KeySet.mark(word, 0, word.length));
    }
    return result;
  }

  private void add(int row) {
    if (this.size == this.rows.length) {
      this.rows = Arrays.copyOf(this.rows, this.size * 2);
    }
    this.rows[this.size++] = row;
  }
}
