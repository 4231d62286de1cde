package io.veralake.lake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.rtrim;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.upper;

import io.veralake.spec.HashRules;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Hash texts with delimiters, as other tools make them on Spark. Values have the text that Spark
 * casts them to.
 */
final class DelimitedText {
  /** What datavault4dbt takes out of texts: tabs, and what Java calls vertical white space. */
  private static final String INVISIBLE = "[\\t\\v]";

  private final boolean quoted;
  private final HashRules.Delimited rules;

  DelimitedText(HashRules rules) {
    this.quoted = rules.text() == HashRules.Text.DATAVAULT4DBT;
    this.rules = rules.delimited();
  }

  /** Text of a key; null if all parts are. */
  Column key(List<HashText.Part> parts) {
    if (!this.quoted && parts.size() == 1) {
      return this.plain(parts.get(0), this.rules.upperKeys());
    }
    return this.quoted
        ? this.visible(this.quotedAll(parts, true), parts.size(), this.rules.upperKeys())
        : nullif(
            concat_ws(this.rules.delimiter(), this.plainAll(parts, this.rules.upperKeys())),
            lit(this.nothing(parts.size())));
  }

  /** Text of a payload, in the order in which the tool takes its columns; null only if quoted. */
  Column difference(List<HashText.Part> parts) {
    if (!this.quoted) {
      List<HashText.Part> sorted =
          parts.stream()
              .sorted(Comparator.comparing(HashText.Part::name, String.CASE_INSENSITIVE_ORDER))
              .toList();
      return concat_ws(
          this.rules.delimiter(), this.plainAll(sorted, this.rules.upperDifferences()));
    }
    Column text =
        this.visible(
            this.quotedAll(parts, this.rules.trimDifferences()),
            parts.size(),
            this.rules.upperDifferences());
    return this.rules.shortened()
        ? rtrim(text, this.rules.nothing() + this.rules.delimiter())
        : text;
  }

  /** Whether {@code part} counts as a value. */
  Column present(HashText.Part part) {
    return (this.quoted ? part.value() : this.plain(part, false)).isNotNull();
  }

  private Column[] plainAll(List<HashText.Part> parts, boolean upper) {
    return parts.stream()
        .map(part -> coalesce(this.plain(part, upper), lit(this.rules.nothing())))
        .toArray(Column[]::new);
  }

  /** A value of AutomateDV's text: empty is null. */
  private Column plain(HashText.Part part, boolean upper) {
    Column text = trim(part.value().cast(DataTypes.StringType));
    return nullif(upper ? upper(text) : text, lit(""));
  }

  private Column quotedAll(List<HashText.Part> parts, boolean trimmed) {
    return concat_ws(
        this.rules.delimiter(),
        parts.stream()
            .map(part -> coalesce(this.quoted(part, trimmed), lit(this.rules.nothing())))
            .toArray(Column[]::new));
  }

  private Column quoted(HashText.Part part, boolean trimmed) {
    HashRules.Quotes quotes = this.rules.quotes();
    Column text = part.value().cast(DataTypes.StringType);
    text = trimmed ? trim(text) : text;
    text = replace(text, lit("\\"), lit("\\\\"));
    text = replace(text, lit(quotes.quote()), lit(quotes.forQuote()));
    text = replace(text, lit(this.rules.nothing()), lit(quotes.forNothing()));
    text = replace(text, lit(this.rules.delimiter()), lit(quotes.forDelimiter()));
    return concat(lit(quotes.quote()), text, lit(quotes.quote()));
  }

  private Column visible(Column text, int values, boolean upper) {
    Column cased = upper ? upper(text) : text;
    return nullif(regexp_replace(cased, INVISIBLE, ""), lit(this.nothing(values)));
  }

  private String nothing(int values) {
    return String.join(this.rules.delimiter(), Collections.nCopies(values, this.rules.nothing()));
  }
}
