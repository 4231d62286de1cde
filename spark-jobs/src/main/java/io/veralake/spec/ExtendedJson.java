package io.veralake.spec;

/**
 * SQL that reads values of documents, plain JSON or MongoDB's extended JSON: canonical, relaxed, or
 * strict as Debezium writes it. An object is an extended value only if it has the members of one
 * and no other.
 */
final class ExtendedJson {
  private static final String FIRST_MILLIS = "-62135596800000";
  private static final String LAST_MILLIS = "253402300799999";

  private ExtendedJson() {}

  /**
   * The value that {@code text}, an expression for JSON without the quotes of a text, is as {@code
   * type}; null if it can't be.
   */
  static String value(String text, ColumnType type) {
    String plain =
        type.kind() == ColumnType.Kind.STRING
            ? text
            : "try_cast(%s AS %s)".formatted(text, type.sql());
    String cases =
        switch (type.kind()) {
          case STRING -> strings(text);
          case BINARY -> bytes(text);
          case DATE, TIMESTAMP -> times(text, type);
          case BOOLEAN, INT, BIGINT, FLOAT, DOUBLE, DECIMAL -> numbers(text, type);
        };
    return "CASE WHEN %1$s LIKE '{\"$%%' THEN CASE array_join(json_object_keys(%1$s), ' ') %2$s ELSE %3$s END ELSE %3$s END"
        .formatted(text, cases, plain);
  }

  private static String numbers(String text, ColumnType type) {
    StringBuilder cases = new StringBuilder();
    for (String name :
        new String[] {"$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"}) {
      cases.append(when(name, "try_cast(%s AS %s)".formatted(member(text, name), type.sql())));
    }
    return cases.toString();
  }

  private static String strings(String text) {
    StringBuilder cases = new StringBuilder();
    for (String name :
        new String[] {
          "$oid", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal", "$uuid", "$symbol"
        }) {
      cases.append(when(name, member(text, name)));
    }
    String iso = "date_format(%s, 'yyyy-MM-dd\\'T\\'HH:mm:ss.SSSX')".formatted(fromMillis(text));
    cases.append(when("$date", "coalesce(%s, %s)".formatted(iso, member(text, "$date"))));
    cases.append(when("$binary", binaryText(base64(text), member(text, "$binary.subType"))));
    cases.append(when("$binary $type", binaryText(strict(text), member(text, "$type"))));
    return cases.toString();
  }

  /** A UUID as one, other bytes as they are written. */
  private static String binaryText(String base64, String type) {
    return "CASE WHEN %2$s = '04' THEN regexp_replace(lower(hex(try_to_binary(%1$s, 'base64'))), '^(.{8})(.{4})(.{4})(.{4})(.{12})$', '$1-$2-$3-$4-$5') ELSE %1$s END"
        .formatted(base64, type);
  }

  private static String bytes(String text) {
    String uuid = "unhex(replace(%s, '-', ''))".formatted(member(text, "$uuid"));
    return when("$binary", "try_to_binary(%s, 'base64')".formatted(base64(text)))
        + when("$binary $type", "try_to_binary(%s, 'base64')".formatted(strict(text)))
        + when("$uuid", uuid);
  }

  private static String times(String text, ColumnType type) {
    String date =
        "coalesce(%s, try_cast(%s AS TIMESTAMP))"
            .formatted(fromMillis(text), member(text, "$date"));
    String seconds =
        "timestamp_seconds(try_cast(%s AS BIGINT))".formatted(member(text, "$timestamp.t"));
    return when("$date", "CAST(%s AS %s)".formatted(date, type.sql()))
        + when("$timestamp", "CAST(%s AS %s)".formatted(seconds, type.sql()));
  }

  /** The instant that a date written as a number is; null if it isn't, or nobody can hold it. */
  private static String fromMillis(String text) {
    String millis =
        "try_cast(coalesce(%s, %s) AS BIGINT)"
            .formatted(member(text, "$date.$numberLong"), member(text, "$date"));
    return "timestamp_millis(CASE WHEN %1$s BETWEEN %2$s AND %3$s THEN %1$s END)"
        .formatted(millis, FIRST_MILLIS, LAST_MILLIS);
  }

  private static String base64(String text) {
    return member(text, "$binary.base64");
  }

  private static String strict(String text) {
    return member(text, "$binary");
  }

  private static String member(String text, String path) {
    return "get_json_object(%s, '$.%s')".formatted(text, path);
  }

  private static String when(String members, String value) {
    return "WHEN '%s' THEN %s ".formatted(members, value);
  }
}
