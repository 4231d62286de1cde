package io.veralake.demo.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes as Debezium's PostgreSQL connector does with JSON converters, schemas included,
 * decimals precise, times adaptive.
 */
final class EnvelopeText {
  private static final String SERVER = "shopdb";
  private static final String SOURCE_SCHEMA =
      "{\"type\":\"struct\",\"fields\":[{\"type\":\"string\",\"optional\":false,\"field\":\"version\"},"
          + "{\"type\":\"string\",\"optional\":false,\"field\":\"connector\"},{\"type\":\"string\",\"optional\":false,\"field\":\"name\"},"
          + "{\"type\":\"int64\",\"optional\":false,\"field\":\"ts_ms\"},{\"type\":\"string\",\"optional\":true,\"name\":\"io.debezium.data.Enum\","
          + "\"version\":1,\"parameters\":{\"allowed\":\"true,first,first_in_data_collection,last_in_data_collection,last,false,incremental\"},"
          + "\"default\":\"false\",\"field\":\"snapshot\"},{\"type\":\"string\",\"optional\":false,\"field\":\"db\"},"
          + "{\"type\":\"string\",\"optional\":true,\"field\":\"sequence\"},{\"type\":\"int64\",\"optional\":true,\"field\":\"ts_us\"},"
          + "{\"type\":\"int64\",\"optional\":true,\"field\":\"ts_ns\"},{\"type\":\"string\",\"optional\":false,\"field\":\"schema\"},"
          + "{\"type\":\"string\",\"optional\":false,\"field\":\"table\"},{\"type\":\"int64\",\"optional\":true,\"field\":\"txId\"},"
          + "{\"type\":\"int64\",\"optional\":true,\"field\":\"lsn\"},{\"type\":\"int64\",\"optional\":true,\"field\":\"xmin\"},"
          + "{\"type\":\"string\",\"optional\":true,\"field\":\"origin\"},{\"type\":\"int64\",\"optional\":true,\"field\":\"origin_lsn\"}],"
          + "\"optional\":false,\"name\":\"io.debezium.connector.postgresql.Source\",\"version\":1,\"field\":\"source\"}";
  private static final String TAIL_SCHEMA =
      ",{\"type\":\"struct\",\"fields\":[{\"type\":\"string\",\"optional\":false,\"field\":\"id\"},"
          + "{\"type\":\"int64\",\"optional\":false,\"field\":\"total_order\"},{\"type\":\"int64\",\"optional\":false,\"field\":\"data_collection_order\"}],"
          + "\"optional\":true,\"name\":\"event.block\",\"version\":1,\"field\":\"transaction\"},{\"type\":\"string\",\"optional\":false,\"field\":\"op\"},"
          + "{\"type\":\"int64\",\"optional\":true,\"field\":\"ts_ms\"},{\"type\":\"int64\",\"optional\":true,\"field\":\"ts_us\"},"
          + "{\"type\":\"int64\",\"optional\":true,\"field\":\"ts_ns\"}]";

  private static final byte[] SOURCE =
      ascii(
          ",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"name\":\""
              + SERVER
              + "\",\"ts_ms\":");
  private static final byte[] VALUE = ascii(",\"value\":");
  private static final byte[] AFTER = ascii(",\"after\":");
  private static final byte[] OP = ascii(",\"op\":\"");
  private static final byte[] TS_MS = ascii("\",\"ts_ms\":");
  private static final byte[] TS_US = ascii(",\"ts_us\":");
  private static final byte[] TS_NS = ascii(",\"ts_ns\":");
  private static final byte[] END = ascii("}}}\n");
  private static final byte[] TOMBSTONE = ascii(",\"value\":null}\n");
  private static final byte[] SNAPSHOT = ascii(",\"snapshot\":\"");
  private static final byte[] SEQUENCE = ascii("\",\"db\":\"shop\",\"sequence\":\"[");
  private static final byte[] NEXT_LSN = ascii(",\\\"");
  private static final byte[] SEQUENCE_END = ascii("\\\"]\",\"ts_us\":");
  private static final byte[] LSN = ascii(",\"lsn\":");
  private static final byte[] SOURCE_END =
      ascii(",\"xmin\":null,\"origin\":null,\"origin_lsn\":null}");
  private static final byte[] NO_TRANSACTION = ascii(",\"transaction\":null");
  private static final byte[] TRANSACTION = ascii(",\"transaction\":{\"id\":\"");
  private static final byte[] TOTAL_ORDER = ascii("\",\"total_order\":");
  private static final byte[] TABLE_ORDER = ascii(",\"data_collection_order\":");

  private final SourceTable table;
  private final List<SourceColumn> columns;
  private final byte[][] names;
  private final byte[] head;
  private final byte[] middle;
  private final byte[] sourceEnd;

  /**
   * Prepares the constant parts of the envelopes of a table with its first {@code width} columns.
   */
  EnvelopeText(SourceTable table, int width) {
    this.table = table;
    this.columns = table.columns().subList(0, width);
    String topic = SERVER + ".shop." + table.table();
    this.head =
        ascii("{\"key\":{\"schema\":" + struct(keyFields(), topic + ".Key") + "},\"payload\":");
    this.middle =
        ascii(
            "{\"schema\":{\"type\":\"struct\",\"fields\":["
                + struct(this.columns, true, topic + ".Value\",\"field\":\"before")
                + "},"
                + struct(this.columns, true, topic + ".Value\",\"field\":\"after")
                + "},"
                + SOURCE_SCHEMA
                + TAIL_SCHEMA
                + ",\"optional\":false,\"name\":\""
                + topic
                + ".Envelope\",\"version\":2},\"payload\":{\"before\":");
    this.sourceEnd = ascii(",\"schema\":\"shop\",\"table\":\"" + table.table() + "\",\"txId\":");
    this.names = new byte[width][];
    for (int i = 0; i < width; i++) {
      this.names[i] = ascii("\"" + this.columns.get(i).name() + "\":");
    }
  }

  /** Appends the change as a line; a delete is followed by its tombstone. */
  void line(ChangeEvent event, ByteText out) {
    key(event, out);
    out.raw(VALUE).raw(this.middle);
    row(event.before(), out);
    out.raw(AFTER);
    row(event.after(), out);
    source(event.place(), out);
    transaction(event.place(), out);
    long lag = 120_000 + event.place().lsn() * 31 % 380_000;
    long seen = event.place().commit() + lag;
    out.raw(OP).raw(event.op()).raw(TS_MS).number(seen / 1000);
    out.raw(TS_US).number(seen).raw(TS_NS).number(seen * 1000 + lag % 1000);
    out.raw(END);
    if (event.op() == 'd') {
      key(event, out);
      out.raw(TOMBSTONE);
    }
  }

  private void key(ChangeEvent event, ByteText out) {
    out.raw(this.head).raw('{');
    @Nullable Object[] row = event.row();
    for (int i = 0; i < this.table.keyColumns(); i++) {
      if (i > 0) {
        out.raw(',');
      }
      out.raw(this.names[i]).number(((Number) value(row, i)).longValue());
    }
    out.raw("}}");
  }

  private static Object value(@Nullable Object[] row, int index) {
    Object value = row[index];
    if (value == null) {
      throw new IllegalStateException("Missing value of key column " + index);
    }
    return value;
  }

  private void row(@Nullable Object @Nullable [] row, ByteText out) {
    if (row == null) {
      out.raw("null");
      return;
    }
    for (int i = 0; i < this.names.length; i++) {
      out.raw(i == 0 ? '{' : ',').raw(this.names[i]);
      Object value = row[i];
      if (value == null) {
        out.raw("null");
        continue;
      }
      switch (this.columns.get(i).type()) {
        case BIGINT, INT -> out.number(((Number) value).longValue());
        case TEXT -> out.json((String) value);
        case MONEY, RATING -> out.decimal((Long) value);
        case TIMESTAMPTZ -> out.raw('"').time((Long) value, 'T').raw("Z\"");
      }
    }
    out.raw('}');
  }

  private void source(ChangeEvent.Place place, ByteText out) {
    out.raw(SOURCE);
    out.number(place.commit() / 1000).raw(SNAPSHOT).raw(place.snapshot());
    out.raw(SEQUENCE);
    if (place.order() == 0) {
      out.raw("null");
    } else {
      out.raw("\\\"").number(place.firstLsn()).raw("\\\"");
    }
    out.raw(NEXT_LSN).number(place.lsn()).raw(SEQUENCE_END).number(place.commit());
    out.raw(TS_NS).number(place.commit() * 1000).raw(this.sourceEnd);
    out.number(place.transaction()).raw(LSN).number(place.lsn());
    out.raw(SOURCE_END);
  }

  private static void transaction(ChangeEvent.Place place, ByteText out) {
    if (place.order() == 0) {
      out.raw(NO_TRANSACTION);
      return;
    }
    out.raw(TRANSACTION).number(place.transaction()).raw(':');
    out.number(place.firstLsn()).raw(TOTAL_ORDER).number(place.order());
    out.raw(TABLE_ORDER).number(place.tableOrder()).raw('}');
  }

  private List<SourceColumn> keyFields() {
    return this.columns.subList(0, this.table.keyColumns());
  }

  private static String struct(List<SourceColumn> columns, String name) {
    return struct(columns, false, name);
  }

  private static String struct(List<SourceColumn> columns, boolean optional, String name) {
    return columns.stream()
        .map(SourceColumn::schema)
        .collect(
            Collectors.joining(
                ",",
                "{\"type\":\"struct\",\"fields\":[",
                String.format(Locale.ROOT, "],\"optional\":%s,\"name\":\"%s\"", optional, name)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
