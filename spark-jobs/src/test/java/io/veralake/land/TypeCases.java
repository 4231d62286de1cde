package io.veralake.land;

import java.math.BigDecimal;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Columns of every type that PostgreSQL has and Debezium sends, with the values that are hard for
 * someone on the way, and what a raw table must hold of each: worked out from the database's own
 * text, without Veralake's decoder.
 */
final class TypeCases {
  /** The record must be quarantined. */
  static final String REFUSED = "refused";

  /** How a connector writes values. */
  record Mode(String name, String decimals, String times, String intervals, boolean accepts) {
    boolean precise() {
      return this.decimals.equals("precise");
    }

    /** Whether {@code text}, which a number landed as, has the digits of the number. */
    boolean exactText(String text) {
      return !this.decimals.equals("double") && text.matches("-?\\d.*");
    }

    /** Whether its records are Avro, and not JSON. */
    boolean avro() {
      return this.name.startsWith("avro");
    }

    boolean connect() {
      return this.times.equals("connect");
    }
  }

  /** A column and its values; {@code expected} gets the database's text of a value. */
  record Column(
      String name, String type, BiFunction<String, Mode, String> expected, List<String> values) {}

  /**
   * What Debezium 3.6.1 itself gets wrong without leaving a trace in the envelope: by column, value
   * and mode, what it sends. Told in docs/capture.md; a release that sends something else fails
   * here.
   */
  static final Map<String, String> UPSTREAM =
      Map.ofEntries(
          Map.entry("t 24:00:00 isostring", "00:00:00"),
          Map.entry("t0 24:00:00 isostring", "00:00:00"),
          Map.entry("atm {12:34:56.123456} adaptive", "[12:34:56.123000]"),
          Map.entry("atm {12:34:56.123456} adaptive_time_microseconds", "[12:34:56.123000]"),
          Map.entry("atm {12:34:56.123456} microseconds", "[12:34:56.123000]"),
          Map.entry("atm {12:34:56.123456} nanoseconds", "[12:34:56.123000000]"),
          Map.entry("atm {12:34:56.123456} isostring", "[12:34:56.123]"));

  static final List<Column> COLUMNS = new ArrayList<>();

  /** Numbers of any digits. */
  static final BiFunction<String, Mode, String> NUMBER = TypeCases::number;

  private static final BiFunction<String, Mode, String> MONEY =
      (pg, mode) -> number(pg.replaceAll("[$,]", ""), mode);

  private TypeCases() {}

  /** Whether a column's values are numbers of any digits. */
  static boolean isNumber(Column column) {
    return column.expected() == NUMBER || column.expected() == MONEY;
  }

  static {
    numbers();
    times();
    texts();
    arrays();
  }

  private static void numbers() {
    same("b", "boolean", "true", "false");
    same("i2", "smallint", "-32768", "32767");
    same("i4", "int", "-2147483648", "2147483647");
    same("i8", "bigint", "-9223372036854775808", "9223372036854775807", "9007199254740993");
    same("oi", "oid", "4294967295");
    add("f4", "real", (pg, m) -> "" + Float.parseFloat(pg), "NaN", "Infinity", "-Infinity");
    add("f4b", "real", (pg, m) -> "" + Float.parseFloat(pg), "3.4028235e38", "1e-45", "0.1", "-0");
    add("f8", "double precision", (pg, m) -> "" + Double.parseDouble(pg), "NaN", "-Infinity");
    add(
        "f8b",
        "double precision",
        (pg, m) -> "" + Double.parseDouble(pg),
        "1.7976931348623157e308",
        "5e-324",
        "0.1",
        "-0",
        "9007199254740993");
    String most = "9".repeat(28) + "." + "9".repeat(10);
    String many = "123456789012345678901234567890123456789012345.12345";
    add("n12", "numeric(12,2)", NUMBER, "0.01", "-9999999999.99", "0", "0.10", "NaN");
    add("n38", "numeric(38,10)", NUMBER, most, "-" + most, "0.1", "NaN");
    add("n0", "numeric(38,0)", NUMBER, "9".repeat(38), "1234", "-1");
    add("n50", "numeric(50,5)", NUMBER, many, "NaN");
    add("nneg", "numeric(5,-2)", NUMBER, "12300", "0");
    add("nsm", "numeric(3,5)", NUMBER, "0.00123");
    add("nn", "numeric", NUMBER, "3.14159265358979323846", "1e-20", "1e30", "100", many);
    add("nn2", "numeric", NUMBER, "0", "0.10", "NaN", "Infinity", "-Infinity");
    add("dm", "shop.price", NUMBER, "1.50");
    add("mo", "money", MONEY, "12.34", "92233720368547758.07", "-92233720368547758.08", "0");
  }

  private static void times() {
    String[] days = {"2024-02-29", "1900-01-01", "9999-12-31", "10000-01-01", "infinity"};
    add("d", "date", (pg, m) -> day(pg) ? pg : REFUSED, days);
    add("t", "time", (pg, m) -> time(pg, 6, m), "00:00:00", "23:59:59.999999", "24:00:00");
    add("t0", "time(0)", (pg, m) -> time(pg, 0, m), "12:34:56", "24:00:00");
    add("t3", "time(3)", (pg, m) -> time(pg, 3, m), "12:34:56.123");
    add("tz", "timetz", TypeCases::zonedTime, "12:34:56.5+02", "23:59:59.999999-15:59", "0:00+00");
    String[] edges = {
      "2024-02-29 12:34:56.123456", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999",
      "1582-10-10 00:00:00", "1969-12-31 23:59:59.999999", "0044-03-15 12:00:00 BC",
      "294276-12-31 23:59:59.999999", "infinity", "-infinity"
    };
    add("ts", "timestamp", (pg, m) -> timestamp(pg, 6, m), edges);
    add("ts0", "timestamp(0)", (pg, m) -> timestamp(pg, 0, m), "2024-02-29 12:34:56");
    String[] millis = {"2024-02-29 12:34:56.123", "1969-12-31 23:59:59.999"};
    add("ts3", "timestamp(3)", (pg, m) -> timestamp(pg, 3, m), millis);
    add("tt", "timestamptz", (pg, m) -> instant(pg), edges);
    add("tt0", "timestamptz(0)", (pg, m) -> instant(pg), "2024-02-29 12:34:56+02");
    interval("1 year 2 mons 3 days 04:05:06.789", "37091106789000", "P1Y2M3DT4H5M6.789S");
    interval("-1 mon", "-2629800000000", "P0Y-1M0DT0H0M0S");
    interval("00:00:00.000001", "1", "P0Y0M0DT0H0M0.000001S");
    interval("178000000 years", REFUSED, "P178000000Y0M0DT0H0M0S");
  }

  private static void texts() {
    same("u", "uuid", "6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab");
    same("j", "json", "{\"a\" : 1.00, \"a\":2}", "null", "\"x\"");
    same("jb", "jsonb", "{\"b\": [1, 2.50, null, 12345678901234567890.123456789]}", "null");
    same("x", "text", "", "__nearly", "ünï😀\n\t'");
    add("xu", "text", (pg, m) -> "null", "__debezium_unavailable_value");
    same("vc", "varchar(10)", "ab ");
    add("ch", "char(5)", (pg, m) -> "ab   ", "ab");
    same("xm", "xml", "<a/>");
    same("e", "shop.status", "new", "it's");
    add("by", "bytea", (pg, m) -> pg.substring(2).toUpperCase(), "\\x", "\\x00ff10");
    add("ip", "inet", (pg, m) -> pg.replaceAll("/(32|128)$", ""), "10.0.0.1", "10.0.0.0/8", "::1");
    same("ci", "cidr", "10.0.0.0/8");
    same("ma", "macaddr", "08:00:2b:01:02:03");
    add("b1", "bit(1)", (pg, m) -> "" + pg.equals("1"), "1", "0");
    add("b8", "bit(8)", (pg, m) -> "AA", "10101010");
    add("b70", "bit(70)", (pg, m) -> "010000000000000020", "1" + "0".repeat(68) + "1");
    add("bv", "varbit(20)", (pg, m) -> pg.isEmpty() ? "" : "05", "101", "");
    same("r4", "int4range", "[1,5)", "empty", "(,)");
    same("rn", "numrange", "[1.10,2.5]");
    same("rt", "tstzrange", "[\"2024-01-01 00:00:00+00\",infinity)");
    same("rd", "daterange", "[2024-01-01,2024-02-01)");
    same("tv", "tsvector", "'a':1 'b':2");
    String point = "{\"x\":1.5,\"y\":-2.0,\"wkb\":\"AQEAAAAAAAAAAAD4PwAAAAAAAADA\",\"srid\":null}";
    add("pt", "point", (pg, m) -> point, "(1.5,-2)");
  }

  private static void arrays() {
    add("at", "text[]", (pg, m) -> list(pg), "{x,NULL,\"y z\"}", "{}");
    add("at2", "text[]", (pg, m) -> REFUSED, "{{a,b},{c,d}}");
    add("ai", "int[]", (pg, m) -> list(pg), "{1,NULL,-5}");
    add("al", "bigint[]", (pg, m) -> list(pg), "{9223372036854775807}");
    add("an", "numeric(10,2)[]", TypeCases::numbers, "{1.10,NULL}");
    add("ad", "date[]", (pg, m) -> list(pg), "{2024-02-29}");
    add("ad2", "date[]", (pg, m) -> REFUSED, "{infinity}");
    String noon = "2024-02-29 12:34:56.123456";
    add(
        "ats",
        "timestamp[]",
        (pg, m) -> {
          String one = timestamp(noon, 6, m);
          return one.equals(REFUSED) ? one : "[" + one.replaceAll("0+$", "") + "]";
        },
        "{\"" + noon + "\"}");
    add("att", "timestamptz[]", (pg, m) -> "[" + noon + "]", "{\"" + noon + "+00\"}");
    add("atm", "time[]", (pg, m) -> m.accepts() ? "[12:34:56.123]" : REFUSED, "{12:34:56.123456}");
    add("ab", "boolean[]", (pg, m) -> "[true, false, null]", "{t,f,NULL}");
    add("af", "double precision[]", (pg, m) -> list(pg), "{NaN,0.1}");
    add("au", "uuid[]", (pg, m) -> list(pg), "{6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab}");
    add("ae", "shop.status[]", (pg, m) -> list(pg), "{new}");
  }

  /** What the raw table must hold of a value whose text in the database is {@code text}. */
  static String expected(Column column, String value, String text, Mode mode) {
    String upstream = UPSTREAM.get(column.name() + " " + value + " " + mode.times());
    return upstream == null ? column.expected().apply(text, mode) : upstream;
  }

  private static String numbers(String pg, Mode mode) {
    if (mode.decimals().equals("double")) {
      return mode.accepts() ? "[1.1, null]" : REFUSED;
    }
    return list(pg);
  }

  private static void interval(String value, String micros, String iso) {
    String name = "iv" + COLUMNS.size();
    add(name, "interval", (pg, m) -> m.intervals().equals("string") ? iso : micros, value);
  }

  private static void same(String name, String type, String... values) {
    add(name, type, (pg, mode) -> pg, values);
  }

  private static void add(
      String name, String type, BiFunction<String, Mode, String> expected, String... values) {
    COLUMNS.add(new Column(name, type, expected, List.of(values)));
  }

  /** Zeros at the end of a fraction don't count: Debezium drops some and adds some. */
  static String number(String pg, Mode mode) {
    return switch (mode.decimals()) {
      case "double" -> mode.accepts() ? "" + Double.parseDouble(pg) : REFUSED;
      case "string" ->
          switch (pg) {
            case "NaN" -> "NAN";
            case "Infinity" -> "POSITIVE_INFINITY";
            case "-Infinity" -> "NEGATIVE_INFINITY";
            default -> plain(pg);
          };
      // Debezium sends null, and says so only in its log.
      default -> pg.matches("NaN|-?Infinity") ? "null" : plain(pg);
    };
  }

  /** A number without zeros at the end of its fraction. */
  static String plain(@Nullable String number) {
    BigDecimal value = new BigDecimal(number);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static boolean day(String pg) {
    return !pg.endsWith("BC") && pg.matches("\\d{4}-.*");
  }

  private static String timestamp(String pg, int digits, Mode mode) {
    if (mode.connect() && !mode.accepts() && digits > 3) {
      return REFUSED;
    }
    int year = day(pg) ? Integer.parseInt(pg.substring(0, 4)) : 0;
    boolean farFinite = !pg.endsWith("infinity") && (year < 1678 || year > 2261);
    if (mode.times().equals("nanoseconds") && farFinite) {
      // Debezium sends null, and says so only in its log.
      return "null";
    }
    String micros = instant(pg);
    return mode.connect() && digits > 3 && !micros.equals(REFUSED)
        ? micros.substring(0, 23) + "000"
        : micros;
  }

  private static String instant(String pg) {
    if (!day(pg)) {
      return REFUSED;
    }
    String local = pg.replaceAll("\\+00$", "");
    return local.length() == 19 ? local + ".000000" : local + "0".repeat(26 - local.length());
  }

  private static String time(String pg, int digits, Mode mode) {
    String whole = pg.substring(0, 8);
    String micros = ((pg + (pg.length() == 8 ? "." : "")) + "000000").substring(9, 15);
    return switch (mode.times()) {
      case "isostring" -> pg;
      case "connect" ->
          mode.accepts() || digits <= 3 ? whole + "." + micros.substring(0, 3) : REFUSED;
      case "nanoseconds" -> whole + "." + micros + "000";
      case "adaptive" -> whole + "." + micros.substring(0, digits > 3 ? 6 : 3);
      default -> whole + "." + micros;
    };
  }

  private static String zonedTime(String pg, Mode mode) {
    String iso = pg.matches(".*[+-]\\d\\d") ? pg + ":00" : pg;
    LocalTime utc = OffsetTime.parse(iso).withOffsetSameInstant(ZoneOffset.UTC).toLocalTime();
    String text = utc.toString();
    return (text.length() == 5 ? text + ":00" : trimmed(text)) + "Z";
  }

  private static String trimmed(String text) {
    return text.contains(".") ? text.replaceAll("0+$", "") : text;
  }

  private static String list(String pg) {
    String items = pg.substring(1, pg.length() - 1).replace("\"", "").replace("NULL", "null");
    return "[" + items.replace(",", ", ") + "]";
  }
}
