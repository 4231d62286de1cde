package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.RecordDecoder;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Rows ({@link BatchColumns}) of documents, which are texts. */
final class MongoRecords implements Iterator<InternalRow> {
  private final Iterator<InternalRow> documents;
  private final RecordDecoder decoder;
  private final RowMaker maker;
  private final SourceFile file;
  private final UTF8String url;
  private final int part;
  private long row;

  MongoRecords(
      Iterator<InternalRow> documents, Format format, RowMaker maker, SourceFile file, int part) {
    this.documents = documents;
    this.decoder = format.decoder(maker.rowType(), new byte[0]);
    this.maker = maker;
    this.file = file;
    this.url = UTF8String.fromString(file.url());
    this.part = part;
  }

  @Override
  public boolean hasNext() {
    return this.documents.hasNext();
  }

  @Override
  public InternalRow next() {
    byte[] text = this.documents.next().getUTF8String(0).getBytes();
    this.row++;
    RowMaker.Place place = new RowMaker.Place(this.file, this.url, this.part, this.row, this.row);
    try {
      return this.maker.row(this.decoder.decode(text, 0, text.length), place);
    } catch (BadRecordException e) {
      return this.maker.bad(String.valueOf(e.getMessage()), text, null, place);
    }
  }
}
