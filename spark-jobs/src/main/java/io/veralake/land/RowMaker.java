package io.veralake.land;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Binlog;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.DocumentDecoder;
import io.veralake.land.decode.DocumentFields;
import io.veralake.spec.DocumentField;
import io.veralake.spec.LandTable;
import io.veralake.spec.ValueOrigin;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Makes batch rows ({@link BatchColumns}) of what records say, with position, commit time, record
 * source and load time from where the model declares.
 */
final class RowMaker implements Serializable {
  private static final long serialVersionUID = 1;
  private static final long DAY = 86_400_000_000L;
  private static final int LONGEST_REASON = 1000;

  private final LandTable table;
  private final Protected values;
  private final RenamedRows renamed;
  private final StructType rowType;
  private final DumpKey key;
  private final String batch;
  private final long asOf;
  private final Map<String, DocumentField> fields = new HashMap<>();
  private @Nullable TransactionChain chain;
  private @Nullable OneBinlog one;

  RowMaker(LandTable table, Protected values, RenamedRows renamed, String batch, long asOf) {
    this.table = table;
    this.values = values;
    this.renamed = renamed;
    this.rowType = values.source();
    this.key = DumpKey.of(table);
    this.batch = batch;
    this.asOf = asOf;
    Stream.concat(
            table.orderBy().stream(),
            Stream.of(table.commitTime(), table.loadTime()).map(ValueOrigin::text))
        .filter(DocumentField::is)
        .forEach(column -> this.fields.put(column, DocumentField.parse(column)));
  }

  /** From now on changes of other binlogs than {@code binlog} can't be landed. */
  void only(OneBinlog binlog) {
    this.one = binlog;
  }

  /** From now on it gets records in the order in which a connector sent them. */
  void inOrder() {
    this.chain = new TransactionChain();
  }

  /** What the rows before and after are when they come from a decoder. */
  StructType rowType() {
    return this.renamed.sent();
  }

  /** What the rows before and after are in the raw table. */
  StructType rawType() {
    return this.values.raw();
  }

  /**
   * Where a record was found.
   *
   * @param file the file, or the topic's partition
   * @param url its address
   * @param part number of the topic's partition; for a file {@link SourceFile#part}
   * @param row the record's number in the file, or its offset
   * @param offset the byte at which it begins, or its offset
   */
  record Place(SourceFile file, UTF8String url, long part, long row, long offset) {}

  InternalRow row(Change sent, Place place) throws BadRecordException {
    Change change = this.renamed.change(sent);
    @Nullable Object[] values = new Object[BatchColumns.COUNT];
    values[0] = BatchColumns.Fate.of(change.kind()).code();
    if (change.kind() == Change.Kind.ROW) {
      this.key.check(this.rowType, change.row());
      values[1] = UTF8String.fromString(change.op());
      values[2] = struct(this.values.row(change.before()));
      values[3] = struct(this.values.row(change.after()));
      values[4] = names(this.values.names(change.unavailable()));
      values[5] = this.position(change, place);
      values[6] = this.commitTime(change, place);
      values[7] = this.recordSource(change);
      values[8] = this.loadTime(change);
      long missing = this.chain == null ? 0 : this.chain.missing(change);
      values[BatchColumns.MISSING_PLACE] = missing > 0 ? missing : null;
      Binlog binlog = change.binlog();
      if (binlog != null) {
        if (this.one != null) {
          this.one.check(this.generation(binlog), binlog);
        }
        values[BatchColumns.ORIGIN_PLACE] = Binlogs.origin(this.generation(binlog), binlog);
        values[BatchColumns.ORIGIN_PLACE + 1] = binlog.sent();
      }
    }
    this.place(values, place);
    return new GenericInternalRow(values);
  }

  /** A record that can't be landed, with its {@code bytes} as it was read. */
  InternalRow bad(String reason, byte[] bytes, byte @Nullable [] context, Place place) {
    byte[] kept = context == null ? null : this.values.kept(context);
    if (this.chain != null) {
      this.chain.broken();
    }
    return this.kept(reason, this.values.kept(bytes), kept, place);
  }

  /** The same of a row of which the columns of {@code key} could be read; null: they couldn't. */
  InternalRow bad(
      String reason,
      byte[] bytes,
      byte @Nullable [] context,
      Place place,
      @Nullable Object @Nullable [] key)
      throws BadRecordException {
    InternalRow row = this.bad(reason, bytes, context, place);
    if (key != null) {
      row.update(BatchColumns.AFTER, struct(this.values.row(this.renamed.row(key))));
    }
    return row;
  }

  /** A record that can't be landed, with the {@code bytes} that were kept of it before. */
  InternalRow kept(String reason, byte[] bytes, byte @Nullable [] context, Place place) {
    @Nullable Object[] values = new Object[BatchColumns.COUNT];
    values[0] = BatchColumns.Fate.BAD.code();
    this.place(values, place);
    values[12] = UTF8String.fromString(shortened(this.values.reason(reason)));
    values[13] = bytes;
    values[16] = context;
    return new GenericInternalRow(values);
  }

  private static String shortened(String reason) {
    return reason.length() <= LONGEST_REASON
        ? reason
        : reason.substring(0, LONGEST_REASON / 2)
            + " … "
            + reason.substring(reason.length() - LONGEST_REASON / 2);
  }

  private void place(@Nullable Object[] values, Place place) {
    values[9] = place.url();
    values[10] = place.row();
    values[11] = UTF8String.fromString(this.batch);
    values[14] = place.offset();
    values[15] = place.file().modified() * 1000;
  }

  private InternalRow position(Change change, Place place) throws BadRecordException {
    long[] own = change.order();
    @Nullable Object[] order =
        own.length == 0
            ? new Object[] {place.file().modified() * 1000, place.part(), place.row()}
            : new Object[] {this.major(change), own[1], own[2] < 0 ? within(place) : own[2]};
    List<String> columns = this.table.orderBy();
    for (int i = 0; i < 3 && !columns.isEmpty(); i++) {
      order[i] = i < columns.size() ? this.number(change, columns.get(i)) : 0L;
    }
    return new GenericInternalRow(order);
  }

  /** Numbers of files begin anew with each binlog. */
  private long major(Change change) throws BadRecordException {
    Binlog binlog = change.binlog();
    long own = change.order()[0];
    return binlog == null ? own : ((long) this.generation(binlog) << 32) + own;
  }

  /** How many binlogs the model knows to have been read before this one. */
  private int generation(Binlog binlog) throws BadRecordException {
    List<Instant> anew = this.table.events().binlog().anew();
    if (!anew.isEmpty() && binlog.sent() < 0) {
      throw new BadRecordException(
          "Missing ts_ms of the envelope (binlog.anew of the model needs it)");
    }
    int before = 0;
    while (before < anew.size() && anew.get(before).toEpochMilli() <= binlog.sent()) {
      before++;
    }
    return before;
  }

  /** The order of changes that their source gives one place; files don't keep it. */
  private static long within(Place place) throws BadRecordException {
    if (!TopicRecords.isTopic(place.file().url())) {
      throw new BadRecordException(
          "Missing order in a transaction (provide.transaction.metadata = true at the connector, or its topic instead of files)");
    }
    return place.row();
  }

  private long commitTime(Change change, Place place) throws BadRecordException {
    ValueOrigin origin = this.table.commitTime();
    return switch (origin.kind()) {
      case SOURCE ->
          change.order().length == 0 ? place.file().modified() * 1000 : change.commitTime();
      case COLUMN -> this.instant(change, origin.text());
      case RUN, CONSTANT -> this.asOf;
    };
  }

  private UTF8String recordSource(Change change) throws BadRecordException {
    ValueOrigin origin = this.table.recordSource();
    return switch (origin.kind()) {
      case CONSTANT -> UTF8String.fromString(origin.text());
      case COLUMN -> UTF8String.fromString(this.needed(change, origin.text()).toString());
      case RUN, SOURCE -> UTF8String.fromString(this.table.system());
    };
  }

  private @Nullable Long loadTime(Change change) throws BadRecordException {
    ValueOrigin origin = this.table.loadTime();
    return origin.kind() == ValueOrigin.Kind.COLUMN ? this.instant(change, origin.text()) : null;
  }

  private long number(Change change, String column) throws BadRecordException {
    DocumentField field = this.fields.get(column);
    if (field != null) {
      Object document = this.needed(change, DocumentDecoder.DOCUMENT);
      return DocumentFields.number(((UTF8String) document).getBytes(), field);
    }
    Object value = this.needed(change, column);
    DataType type = this.rowType.apply(column).dataType();
    if (type.equals(DataTypes.DateType)
        || type.equals(DataTypes.TimestampType)
        || type.equals(DataTypes.TimestampNTZType)
        || type.equals(DataTypes.LongType)
        || type.equals(DataTypes.IntegerType)) {
      return ((Number) value).longValue();
    }
    throw new BadRecordException(
        "Cannot order by column "
            + column
            + ": its type is "
            + type.sql()
            + " (an integer, a date or a timestamp)");
  }

  private long instant(Change change, String column) throws BadRecordException {
    long value = this.number(change, column);
    boolean day =
        !this.fields.containsKey(column)
            && this.rowType.apply(column).dataType().equals(DataTypes.DateType);
    return day ? value * DAY : value;
  }

  private Object needed(Change change, String column) throws BadRecordException {
    @Nullable Object[] row = change.row();
    int place = List.of(this.rowType.fieldNames()).indexOf(column);
    Object value = row == null || place < 0 ? null : row[place];
    if (value == null) {
      throw new BadRecordException("Missing value of column " + column + " (the model needs it)");
    }
    return value;
  }

  private static @Nullable InternalRow struct(@Nullable Object @Nullable [] row) {
    return row == null ? null : new GenericInternalRow(row);
  }

  private static @Nullable GenericArrayData names(List<String> names) {
    if (names.isEmpty()) {
      return null;
    }
    List<Object> texts = new ArrayList<>();
    names.forEach(name -> texts.add(UTF8String.fromString(name)));
    return new GenericArrayData(texts.toArray());
  }
}
