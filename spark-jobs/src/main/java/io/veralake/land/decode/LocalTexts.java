package io.veralake.land.decode;

import io.veralake.spec.CsvDialect;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.jspecify.annotations.Nullable;

/**
 * Readings of declared types from text as a dialect writes numbers, dates and times: exactly so.
 */
final class LocalTexts {
  private final CsvDialect dialect;
  private final boolean plainNumbers;
  private final @Nullable Pattern grouped;
  private final @Nullable DateTimeFormatter dates;
  private final @Nullable DateTimeFormatter times;

  LocalTexts(CsvDialect dialect) {
    this.dialect = dialect;
    boolean groups = dialect.groupingSeparator() != CsvDialect.NONE;
    this.plainNumbers = dialect.decimalSeparator() == '.' && !groups;
    String separator = Pattern.quote(String.valueOf(dialect.groupingSeparator()));
    String point = Pattern.quote(String.valueOf(dialect.decimalSeparator()));
    this.grouped =
        groups
            ? Pattern.compile("[+-]?\\d{1,3}(" + separator + "\\d{3})+(" + point + "\\d*)?")
            : null;
    this.dates = formatter(dialect.dateFormat());
    this.times = formatter(dialect.timestampFormat());
  }

  /** The value that {@code text} writes, in Spark's internal form. */
  Object read(DataType type, String text) throws BadRecordException {
    boolean number =
        type instanceof DecimalType
            || type.equals(DataTypes.DoubleType)
            || type.equals(DataTypes.FloatType)
            || type.equals(DataTypes.LongType)
            || type.equals(DataTypes.IntegerType);
    if (number && !this.plainNumbers) {
      return TextValues.read(type, this.number(text));
    }
    if (type.equals(DataTypes.DateType) && this.dates != null) {
      return Times.day(this.date(text, this.dates));
    }
    if (type.equals(DataTypes.TimestampType) && this.times != null) {
      return Times.instant(this.time(text, this.times));
    }
    return TextValues.read(type, text);
  }

  private String number(String text) throws BadRecordException {
    char point = this.dialect.decimalSeparator();
    String digits =
        this.grouped != null && this.grouped.matcher(text).matches()
            ? text.replace(String.valueOf(this.dialect.groupingSeparator()), "")
            : text;
    if (point != '.' && digits.indexOf('.') >= 0) {
      throw new BadRecordException(text + " (a number with " + point + " before its decimals)");
    }
    return digits.replace(point, '.');
  }

  private String date(String text, DateTimeFormatter format) throws BadRecordException {
    try {
      return LocalDate.parse(text, format).toString();
    } catch (DateTimeException e) {
      throw new BadRecordException(text + " (a date as " + this.dialect.dateFormat() + ")");
    }
  }

  private String time(String text, DateTimeFormatter format) throws BadRecordException {
    try {
      TemporalAccessor found =
          format.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      OffsetDateTime instant =
          found instanceof OffsetDateTime zoned
              ? zoned
              : found instanceof LocalDateTime local
                  ? local.atOffset(ZoneOffset.UTC)
                  : LocalDate.from(found).atStartOfDay().atOffset(ZoneOffset.UTC);
      return instant.toString();
    } catch (DateTimeException e) {
      throw new BadRecordException(text + " (a time as " + this.dialect.timestampFormat() + ")");
    }
  }

  /** A year without an era is one of the calendar; days that a month hasn't are refused. */
  private static @Nullable DateTimeFormatter formatter(String pattern) {
    return pattern.isEmpty()
        ? null
        : DateTimeFormatter.ofPattern(pattern.replace('y', 'u'), Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
  }
}
