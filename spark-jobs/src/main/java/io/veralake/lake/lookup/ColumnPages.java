package io.veralake.lake.lookup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column in one row group, one after the other. The column isn't nested: it has no
 * repetition, and at most one level of definition.
 */
final class ColumnPages {
  private final ColumnDescriptor column;
  private final PageReader pages;
  private final boolean nulls;
  private final @Nullable Dictionary dictionary;

  /**
   * One page.
   *
   * @param rows how many rows it has, nulls included
   * @param defined says of each row in turn whether it has a value (1) or is null (0); null if all
   *     have one
   * @param encoding of the values
   * @param values the values' bytes
   */
  record Page(
      int rows,
      @Nullable RunLengthBitPackingHybridDecoder defined,
      Encoding encoding,
      ByteBuffer values) {}

  /** {@code nulls}: whether the column may be null in a row. */
  ColumnPages(ColumnDescriptor column, PageReader pages, boolean nulls) {
    this.column = column;
    this.pages = pages;
    this.nulls = nulls;
    DictionaryPage page = pages.readDictionaryPage();
    try {
      this.dictionary = page == null ? null : page.getEncoding().initDictionary(column, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The column's dictionary; null if it has none. */
  @Nullable Dictionary dictionary() {
    return this.dictionary;
  }

  /** The next page; null after the last. */
  @Nullable Page next() {
    DataPage page = this.pages.readPage();
    if (page == null) {
      return null;
    }
    try {
      return page.accept(
          new DataPage.Visitor<Page>() {
            @Override
            public Page visit(DataPageV1 v1) {
              return ColumnPages.this.first(v1);
            }

            @Override
            public Page visit(DataPageV2 v2) {
              return ColumnPages.this.second(v2);
            }
          });
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException(
          "Cannot read column " + String.join(".", this.column.getPath()), e.getCause());
    }
  }

  /** What decodes the values of {@code page}. */
  ValuesReader values(Page page) {
    ValuesReader reader =
        page.encoding().usesDictionary()
            ? page.encoding()
                .getDictionaryBasedValuesReader(
                    this.column, ValuesType.VALUES, this.requiredDictionary())
            : page.encoding().getValuesReader(this.column, ValuesType.VALUES);
    try {
      reader.initFromPage(page.rows(), ByteBufferInputStream.wrap(page.values()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reader;
  }

  private Dictionary requiredDictionary() {
    Dictionary found = this.dictionary;
    if (found == null) {
      throw new IllegalStateException(
          "Column " + String.join(".", this.column.getPath()) + " lacks its dictionary");
    }
    return found;
  }

  /** Levels and values are one stream; the levels' length comes first. */
  private Page first(DataPageV1 page) {
    try {
      ByteBuffer bytes = page.getBytes().toByteBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN);
      RunLengthBitPackingHybridDecoder defined = null;
      if (this.column.getMaxDefinitionLevel() > 0) {
        int length = bytes.getInt();
        ByteBuffer levels = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        defined = this.nulls ? levels(levels) : null;
      }
      return new Page(page.getValueCount(), defined, page.getValueEncoding(), bytes.slice());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Page second(DataPageV2 page) {
    try {
      RunLengthBitPackingHybridDecoder defined =
          this.nulls && page.getNullCount() > 0
              ? levels(page.getDefinitionLevels().toByteBuffer())
              : null;
      return new Page(
          page.getValueCount(), defined, page.getDataEncoding(), page.getData().toByteBuffer());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunLengthBitPackingHybridDecoder levels(ByteBuffer bytes) {
    return new RunLengthBitPackingHybridDecoder(
        BytesUtils.getWidthFromMaxInt(1), ByteBufferInputStream.wrap(bytes));
  }
}
