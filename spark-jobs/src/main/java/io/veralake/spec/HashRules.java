package io.veralake.spec;

/**
 * How the hashes of a vault are made ({@code docs/hash-text.md}).
 *
 * @param algorithm {@code MD5}, {@code SHA-1} or {@code SHA-256}
 * @param text which text is hashed
 * @param form what the columns hold
 * @param delimited what there is to say of texts with delimiters
 */
public record HashRules(String algorithm, Text text, Form form, Delimited delimited) {
  /** Texts; the word in a configuration is the lower-case name with dashes. */
  public enum Text {
    /** Veralake's own: typed, with lengths in front of values. */
    VERALAKE,
    /** As AutomateDV makes it. */
    AUTOMATE_DV,
    /** As datavault4dbt makes it. */
    DATAVAULT4DBT
  }

  /** Forms of a stored hash; the word in a configuration is the lower-case name with dashes. */
  public enum Form {
    /** Its bytes. */
    BINARY,
    /** Two digits a byte, in upper case. */
    UPPER_HEX,
    /** Two digits a byte, in lower case. */
    LOWER_HEX
  }

  /**
   * Texts with delimiters.
   *
   * @param upperKeys whether keys are folded to upper case
   * @param upperDifferences whether payloads are
   * @param trimDifferences whether the values of payloads are trimmed, as those of keys always are
   * @param shortened whether nulls and delimiters at the end of a payload's text are left out
   * @param delimiter between values
   * @param nothing in the place of a value that is null
   * @param quotes around values, and what takes the place of delimiters in them; for {@link
   *     Text#DATAVAULT4DBT} only
   */
  public record Delimited(
      boolean upperKeys,
      boolean upperDifferences,
      boolean trimDifferences,
      boolean shortened,
      String delimiter,
      String nothing,
      Quotes quotes) {
    /** As AutomateDV has it if nothing is configured. */
    public static final Delimited AUTOMATE_DV =
        new Delimited(true, true, true, false, "||", "^^", Quotes.NONE);

    /** As datavault4dbt has it if nothing is configured. */
    public static final Delimited DATAVAULT4DBT =
        new Delimited(
            true,
            false,
            true,
            false,
            "||",
            "^^",
            new Quotes(
                "\"",
                "dv4dbt-quote-replacement",
                "dv4dbt-null-replacement",
                "dv4dbt-concat-replacement"));
  }

  /**
   * Quotes around values.
   *
   * @param quote the quote; empty: none
   * @param forQuote what takes the place of a quote in a value
   * @param forNothing of the text that stands for null
   * @param forDelimiter of the delimiter
   */
  public record Quotes(String quote, String forQuote, String forNothing, String forDelimiter) {
    /** No quotes. */
    public static final Quotes NONE = new Quotes("", "", "", "");
  }

  /** Veralake's own text, stored as bytes. */
  public HashRules(String algorithm) {
    this(algorithm, Text.VERALAKE, Form.BINARY, Delimited.AUTOMATE_DV);
  }

  /** What a table's property says of the text that its hashes were made from. */
  public String version() {
    return switch (this.text) {
      case VERALAKE -> "1";
      case AUTOMATE_DV ->
          "automate-dv %s %s %s"
              .formatted(
                  casing(this.delimited.upperKeys()),
                  this.delimited.delimiter(),
                  this.delimited.nothing());
      case DATAVAULT4DBT -> {
        Quotes quotes = this.delimited.quotes();
        yield "datavault4dbt %s %s trim=%s shortened=%s %s %s %s %s %s %s"
            .formatted(
                casing(this.delimited.upperKeys()),
                casing(this.delimited.upperDifferences()),
                this.delimited.trimDifferences(),
                this.delimited.shortened(),
                this.delimited.delimiter(),
                this.delimited.nothing(),
                quotes.quote(),
                quotes.forQuote(),
                quotes.forNothing(),
                quotes.forDelimiter());
      }
    };
  }

  private static String casing(boolean upper) {
    return upper ? "upper" : "as-is";
  }
}
