package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.RecordDecoder;
import java.util.Iterator;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows ({@link BatchColumns}) of a topic's records. A record without a value is a tombstone: it
 * repeats the delete before it, or is skipped where it can't be told whose.
 */
final class TopicRecords implements Iterator<InternalRow> {
  /** Columns that are selected of Spark's Kafka source, in this order. */
  static final String[] COLUMNS = {"value", "topic", "partition", "offset", "timestamp"};

  /** The same for formats that look at keys. */
  static final String[] KEYED = {"value", "topic", "partition", "offset", "timestamp", "key"};

  private static final String SCHEME = "kafka://";

  private final Iterator<InternalRow> records;
  private final RecordDecoder decoder;
  private final boolean keys;
  private final Change tombstone;
  private final RowMaker maker;

  /** {@code inOrder}: they are as a connector sent them. */
  TopicRecords(Iterator<InternalRow> records, Format format, RowMaker maker, boolean inOrder) {
    this.records = records;
    this.decoder = format.decoder(maker.rowType(), new byte[0]);
    this.keys = format.keys();
    this.tombstone = format.tombstone();
    this.maker = maker;
    if (inOrder) {
      maker.inOrder();
    }
  }

  /**
   * What {@link RowMaker.Place#part} is at the address {@code url}: the number of the partition, or
   * of the page of a list, or {@link SourceFile#part} of a file.
   */
  static long part(String url) {
    boolean page = url.startsWith("http") && url.lastIndexOf('#') > 0;
    if (page || isTopic(url)) {
      return Integer.parseInt(url.substring(url.lastIndexOf('/') + 1));
    }
    return url.startsWith("jdbc:") || url.startsWith("mongodb:") ? 0 : SourceFile.part(url);
  }

  /** Whether {@code url} is that of a topic's partition. */
  static boolean isTopic(String url) {
    return url.startsWith(SCHEME);
  }

  /** Address of a topic's partition. */
  static String url(String topic, int partition) {
    return SCHEME + topic + "/" + partition;
  }

  @Override
  public boolean hasNext() {
    try {
      return this.records.hasNext();
    } catch (Exception e) {
      // Spark's source is Scala, which declares no exceptions.
      if (e instanceof KafkaException || e instanceof TimeoutException) {
        throw cut(e);
      }
      throw e;
    }
  }

  /** What is said when the brokers stop answering while a topic is read. */
  static DataException cut(Exception e) {
    return new DataException(
        "Cannot read on from Kafka: %s (nothing of the table was landed; run again when the brokers are up, and it goes on where the last landing ended)"
            .formatted(e.getMessage()),
        e);
  }

  @Override
  public InternalRow next() {
    InternalRow record = this.records.next();
    int partition = record.getInt(2);
    long offset = record.getLong(3);
    String url = url(record.getString(1), partition);
    SourceFile file = new SourceFile(url, url, 0, record.getLong(4) / 1000);
    RowMaker.Place place =
        new RowMaker.Place(file, UTF8String.fromString(url), partition, offset, offset);
    byte[] value = record.isNullAt(0) ? new byte[0] : record.getBinary(0);
    byte[] key = this.keys && !record.isNullAt(5) ? record.getBinary(5) : null;
    try {
      Change change =
          record.isNullAt(0) ? this.tombstone : this.decoder.decode(key, value, 0, value.length);
      return this.maker.row(change, place);
    } catch (BadRecordException e) {
      return this.maker.bad(String.valueOf(e.getMessage()), value, key, place);
    }
  }
}
