package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes numbers and times as people read them. */
final class Numbers {
  private static final String MINUS = "\u2212";
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SHORT_DAY =
      DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final int digits;

  private Numbers(int digits) {
    this.digits = digits;
  }

  /**
   * For amounts with as many digits after the point as {@code lines} of one measure need: none, or
   * two at least.
   */
  static Numbers of(List<Night.Line> lines) {
    int digits =
        lines.stream()
            .flatMap(
                line ->
                    Stream.concat(
                        Stream.of(line.streamed(), line.corrected()),
                        line.causes().values().stream()))
            .mapToInt(amount -> Math.max(0, amount.stripTrailingZeros().scale()))
            .max()
            .orElse(0);
    return new Numbers(digits == 0 ? 0 : Math.max(2, digits));
  }

  /** {@code 1,234,567.89}. */
  String plain(BigDecimal amount) {
    DecimalFormat format =
        new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setMinimumFractionDigits(this.digits);
    format.setMaximumFractionDigits(this.digits);
    String text = format.format(amount.abs());
    return amount.signum() < 0 ? MINUS + text : text;
  }

  /** {@code +1,234.00}; nothing to add: {@code 0.00}. */
  String signed(BigDecimal amount) {
    return amount.signum() > 0 ? "+" + this.plain(amount) : this.plain(amount);
  }

  /** {@code 1,234}. */
  static String count(long count) {
    return new Numbers(0).plain(BigDecimal.valueOf(count));
  }

  /** {@code +0.44 %} of {@code whole}; a dash if there is no whole. */
  static String share(BigDecimal part, BigDecimal whole) {
    if (whole.signum() == 0) {
      return "\u2013";
    }
    BigDecimal percent = part.movePointRight(2).divide(whole.abs(), 2, RoundingMode.HALF_EVEN);
    if (percent.signum() == 0 && part.signum() != 0) {
      return part.signum() > 0 ? "+<0.01\u202f%" : MINUS + "<0.01\u202f%";
    }
    return new Numbers(2).signed(percent) + "\u202f%";
  }

  /** {@code 0.44 %} of {@code whole}, without a sign. */
  static String part(long part, long whole) {
    String signed = share(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    return signed.startsWith("+") ? signed.substring(1) : signed;
  }

  /** {@code 2 March 2026}, and the time of day if it isn't midnight. */
  static String time(Instant instant) {
    boolean midnight = instant.atZone(ZoneOffset.UTC).toLocalTime().equals(LocalTime.MIDNIGHT);
    return (midnight ? DAY.format(instant) + ", 00:00" : TIME.format(instant)) + " UTC";
  }

  /** {@code 2 Mar}. */
  static String day(Instant instant) {
    return SHORT_DAY.format(instant);
  }

  /** {@code Revenue} for {@code revenue}, {@code Order lines} for {@code order_lines}. */
  static String title(String name) {
    String words = name.replace('_', ' ').replace('-', ' ');
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
