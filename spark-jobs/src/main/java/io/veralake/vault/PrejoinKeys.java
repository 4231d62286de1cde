package io.veralake.vault;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.DataException;
import io.veralake.lake.RawColumns;
import io.veralake.spec.Prejoin;
import io.veralake.spec.VaultSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The values by which rows and partners find each other, as one text: that of the value itself, or
 * of several values each with its length in front. Equal values of types that can be compared have
 * equal texts. Null if one of them is null, or isn't known.
 */
final class PrejoinKeys {
  private PrejoinKeys() {}

  /** The column {@code name} of the rows of {@code source}, as they have it. */
  static StructField field(String of, VaultSource source, StructType rows, String name) {
    StructType image = (StructType) rows.apply(RawColumns.AFTER).dataType();
    return Arrays.stream(image.fields())
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "Cannot fill %s: %s has no column %s (any of %s)"
                        .formatted(
                            of, source.input(), name, String.join(", ", image.fieldNames()))));
  }

  /** Refuses columns that can't be told to be equal. */
  static void check(Prejoin prejoin, Prejoin.Partner partner, StructType rows, StructType its) {
    for (Prejoin.Pair pair : partner.on()) {
      DataType own = field(prejoin.table(), prejoin.from(), rows, pair.column()).dataType();
      DataType other = field(prejoin.table(), partner.from(), its, pair.partner()).dataType();
      if (!Prejoin.comparable(word(own), word(other))) {
        throw new DataException(
            "Cannot fill %s: join %s compares %s, a %s, with %s of %s, a %s (columns of one type, not floating: a stage can cast them)"
                .formatted(
                    prejoin.table(),
                    partner.name(),
                    pair.column(),
                    word(own),
                    pair.partner(),
                    partner.from().input(),
                    word(other)));
      }
    }
  }

  /** By what the rows {@code rows} find {@code partner} after their changes. */
  static Column after(Dataset<Row> rows, List<StructField> columns) {
    Column known =
        columns.stream()
            .map(field -> not(unknown(rows, field.name())))
            .reduce(col(RawColumns.AFTER).isNotNull(), Column::and);
    return when(known, text(columns, field -> FlatRows.latestValue(field.name())));
  }

  /** By what they find it before their changes; {@code key}: the source's, if it is declared. */
  static Column before(Dataset<Row> rows, List<StructField> columns, Set<String> key) {
    Column keyOnly = keyOnly(rows, key);
    Column there = col(RawColumns.BEFORE).isNotNull();
    return when(
        there,
        text(
            columns,
            field -> {
              Column value = col(RawColumns.BEFORE).getField(field.name());
              return key.contains(field.name()) ? value : when(not(keyOnly), value);
            }));
  }

  /** Whether the source kept back the value of {@code name} after the change. */
  static Column unknown(Dataset<Row> rows, String name) {
    return org.apache.spark.sql.functions.coalesce(FlatRows.unknown(rows, name), lit(false));
  }

  /** Whether the source kept back the value of {@code name} before the change. */
  static Column unknownBefore(String name) {
    return org.apache.spark.sql.functions.coalesce(
        array_contains(col(RawColumns.UNAVAILABLE), "before." + name), lit(false));
  }

  private static Column keyOnly(Dataset<Row> rows, Set<String> key) {
    if (key.isEmpty()) {
      return lit(false);
    }
    StructType image = (StructType) rows.schema().apply(RawColumns.BEFORE).dataType();
    if (Arrays.asList(image.fieldNames()).contains(StageColumns.KEY_ONLY)) {
      return org.apache.spark.sql.functions.coalesce(
          col(RawColumns.BEFORE).getField(StageColumns.KEY_ONLY), lit(false));
    }
    return Arrays.stream(image.fields())
        .filter(field -> !key.contains(field.name()))
        .map(
            field ->
                StageColumns.isBlank(
                    field.dataType(), col(RawColumns.BEFORE).getField(field.name())))
        .reduce(lit(true), Column::and);
  }

  private static Column text(List<StructField> columns, Function<StructField, Column> value) {
    List<Column> texts = new ArrayList<>();
    for (StructField field : columns) {
      Column one = value.apply(field);
      texts.add(field.dataType() instanceof BinaryType ? hex(one) : one.cast("string"));
    }
    if (texts.size() == 1) {
      return texts.get(0);
    }
    List<Column> parts = new ArrayList<>();
    for (Column text : texts) {
      parts.addAll(List.of(length(text).cast("string"), lit(":"), text));
    }
    return concat(parts.toArray(Column[]::new));
  }

  private static String word(DataType type) {
    return type.catalogString().toLowerCase(Locale.ROOT);
  }
}
