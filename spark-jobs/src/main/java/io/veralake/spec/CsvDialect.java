package io.veralake.spec;

import java.io.Serializable;

/**
 * How a CSV file is written.
 *
 * @param delimiter between fields
 * @param quote around fields that hold delimiters, quotes or line ends; doubled inside
 * @param nullText unquoted text that stands for null
 */
public record CsvDialect(char delimiter, char quote, String nullText) implements Serializable {
  /** RFC 4180, an empty unquoted field is null. */
  public static final CsvDialect DEFAULT = new CsvDialect(',', '"', "");
}
