package io.veralake.demo.store;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table of the shop's database.
 *
 * @param name as in PostgreSQL
 * @param type its type
 * @param optional whether it may be null
 */
record SourceColumn(String name, Type type, boolean optional) {
  /**
   * The types in use; values in rows are Long, Integer, String, Long (units of the last digit),
   * Long (micros since epoch).
   */
  enum Type {
    BIGINT("{\"type\":\"int64\",\"optional\":%s,\"field\":\"%s\"}"),
    INT("{\"type\":\"int32\",\"optional\":%s,\"field\":\"%s\"}"),
    TEXT("{\"type\":\"string\",\"optional\":%s,\"field\":\"%s\"}"),
    MONEY(
        "{\"type\":\"bytes\",\"optional\":%s,\"name\":\"org.apache.kafka.connect.data.Decimal\",\"version\":1,"
            + "\"parameters\":{\"scale\":\"2\",\"connect.decimal.precision\":\"12\"},\"field\":\"%s\"}"),
    RATING(
        "{\"type\":\"bytes\",\"optional\":%s,\"name\":\"org.apache.kafka.connect.data.Decimal\",\"version\":1,"
            + "\"parameters\":{\"scale\":\"2\",\"connect.decimal.precision\":\"3\"},\"field\":\"%s\"}"),
    TIMESTAMPTZ(
        "{\"type\":\"string\",\"optional\":%s,\"name\":\"io.debezium.time.ZonedTimestamp\",\"version\":1,\"field\":\"%s\"}");

    private final String schema;

    Type(String schema) {
      this.schema = schema;
    }
  }

  /** A value of the column as text: times in UTC, null as {@code \N}. */
  String text(@Nullable Object value) {
    if (value == null) {
      return "\\N";
    }
    return switch (this.type) {
      case BIGINT, INT, TEXT -> value.toString();
      case MONEY, RATING -> new ByteText().cents((Long) value).toString();
      case TIMESTAMPTZ -> new ByteText().time((Long) value, ' ').toString();
    };
  }

  /** The field's schema as Kafka Connect writes it. */
  String schema() {
    return String.format(this.type.schema, this.optional, this.name);
  }
}
