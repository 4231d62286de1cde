package io.veralake.spec;

import java.io.Serializable;
import java.util.Map;

/**
 * How a CSV file is written.
 *
 * @param delimiter between fields
 * @param quote around fields that hold delimiters, quotes or line ends; {@link #NONE}: there is
 *     none
 * @param escape makes the next character text; {@link #NONE}: there is none, and quotes inside
 *     quotes are doubled
 * @param comment begins a line that is no record; {@link #NONE}: none does
 * @param header whether the first line names the columns; else they are the declared ones
 * @param trailingDelimiter whether a delimiter ends each record
 * @param nullText unquoted text that stands for null
 * @param headers how the header writes columns that it calls otherwise than the model
 * @param decimalSeparator before the decimals of a number
 * @param groupingSeparator between groups of three digits; {@link #NONE}: there is none
 * @param dateFormat pattern of dates; empty: ISO
 * @param timestampFormat pattern of times, in UTC unless it has a zone; empty: ISO
 */
public record CsvDialect(
    char delimiter,
    char quote,
    char escape,
    char comment,
    boolean header,
    boolean trailingDelimiter,
    String nullText,
    Map<String, String> headers,
    char decimalSeparator,
    char groupingSeparator,
    String dateFormat,
    String timestampFormat)
    implements Serializable {
  /** No character. */
  public static final char NONE = '\0';

  /** RFC 4180, an empty unquoted field is null. */
  public static final CsvDialect DEFAULT = new CsvDialect(',', '"', "");

  /** Copies the map. */
  public CsvDialect {
    headers = Map.copyOf(headers);
  }

  /** RFC 4180 with other characters. */
  public CsvDialect(char delimiter, char quote, String nullText) {
    this(delimiter, quote, NONE, NONE, true, false, nullText, Map.of(), '.', NONE, "", "");
  }
}
