package io.veralake.vault;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.spec.Prejoin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The tables of a join: one of rows, in the form of a raw table, parted by whether they wait, and
 * one of what is known of each partner. Made when missing, widened as their inputs grow, refused
 * when they were made by another declaration.
 */
final class PrejoinTables {
  /** Column of what is known of partners: the text of the values by which they are found. */
  static final String KEY = "_key";

  /** Table property: how the table was declared. */
  static final String DECLARED_PROPERTY = "veralake.prejoin";

  private final Lake lake;
  private final Prejoin prejoin;

  PrejoinTables(Lake lake, Prejoin prejoin) {
    this.lake = lake;
    this.prejoin = prejoin;
  }

  /** Column of a row: by which values it finds {@code partner} after its change. */
  static String afterKey(Prejoin.Partner partner) {
    return "_after_" + partner.name();
  }

  /** Column of a row: by which values it finds {@code partner} before its change. */
  static String beforeKey(Prejoin.Partner partner) {
    return "_before_" + partner.name();
  }

  /** Those of {@code rows} that don't wait. */
  static Dataset<Row> joined(Dataset<Row> rows) {
    return rows.filter(col(RawColumns.WAITING).equalTo(false));
  }

  /**
   * How many rows that wait, or don't, were appended to {@code table} after a snapshot up to and
   * including another; all that are there if the first is empty or was dropped. By metadata alone.
   */
  static long count(Table table, OptionalLong after, long upTo, boolean waiting) {
    boolean known =
        after.isPresent()
            && table.snapshot(after.getAsLong()) != null
            && SnapshotUtil.isAncestorOf(table, upTo, after.getAsLong());
    if (known && after.getAsLong() == upTo) {
      return 0;
    }
    Expression which = Expressions.equal(RawColumns.WAITING, waiting);
    long rows = 0;
    try (CloseableIterable<FileScanTask> files =
        known
            ? table
                .newIncrementalAppendScan()
                .fromSnapshotExclusive(after.getAsLong())
                .toSnapshot(upTo)
                .filter(which)
                .planFiles()
            : table.newScan().useSnapshot(upTo).filter(which).planFiles()) {
      for (FileScanTask file : files) {
        rows += file.file().recordCount();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** How many rows wait. */
  long waiting() {
    OptionalLong current = this.lake.snapshot(this.prejoin.table());
    return current.isEmpty()
        ? 0
        : count(
            this.lake.table(this.prejoin.table()), OptionalLong.empty(), current.getAsLong(), true);
  }

  /** Refuses tables that were filled by another declaration. */
  void check() {
    this.check(this.prejoin.table(), this.declared());
    this.prejoin
        .partners()
        .forEach(partner -> this.check(this.prejoin.table(partner), declared(partner)));
  }

  private void check(String name, String declared) {
    if (!this.lake.exists(name)) {
      return;
    }
    String found = this.lake.table(name).properties().get(DECLARED_PROPERTY);
    if (!declared.equals(found)) {
      throw new DataException(
          "Cannot fill %s: it was filled by another declaration (%s), the model says %s (put the declaration back, or drop %s: it is filled anew from raw)"
              .formatted(
                  name,
                  found,
                  declared,
                  this.prejoin.tables().collect(Collectors.joining(" and "))));
    }
  }

  /**
   * Makes sure that the table of rows is there and can hold rows of {@code schema} with the columns
   * {@code taken}; {@code renamed}: earlier names of columns by the name of today.
   */
  void ensureRows(StructType schema, StructType taken, Map<String, List<String>> renamed) {
    StructType image = (StructType) schema.apply(RawColumns.AFTER).dataType();
    for (var field : taken.fields()) {
      if (VaultTables.type(image, field.name()).isPresent()) {
        throw new DataException(
            "Cannot fill %s: %s has a column %s itself (take it by another name)"
                .formatted(this.prejoin.table(), this.prejoin.from().input(), field.name()));
      }
      image = image.add(field);
    }
    StructType wanted = new StructType();
    for (String name : FlatRows.METADATA) {
      wanted = wanted.add(schema.apply(name));
    }
    wanted =
        wanted
            .add(RawColumns.BEFORE, image)
            .add(RawColumns.AFTER, image)
            .add(RawColumns.UNAVAILABLE, DataTypes.createArrayType(DataTypes.StringType));
    for (Prejoin.Partner partner : this.prejoin.partners()) {
      wanted =
          wanted
              .add(afterKey(partner), DataTypes.StringType)
              .add(beforeKey(partner), DataTypes.StringType);
    }
    wanted = wanted.add(RawColumns.WAITING, DataTypes.BooleanType);
    this.rename(this.prejoin.table(), renamed);
    this.ensure(
        this.prejoin.table(),
        wanted,
        "PARTITIONED BY (" + RawColumns.WAITING + ")",
        this.declared());
  }

  /** Makes sure that the table of what is known of {@code partner} can hold {@code taken}. */
  void ensurePairs(Prejoin.Partner partner, StructType taken) {
    StructType wanted = new StructType().add(KEY, DataTypes.StringType);
    for (var field : taken.fields()) {
      wanted = wanted.add(field);
    }
    wanted =
        wanted.add(RawColumns.FILE, DataTypes.StringType).add(RawColumns.ROW, DataTypes.LongType);
    this.ensure(this.prejoin.table(partner), wanted, "", declared(partner));
  }

  private void ensure(String name, StructType schema, String parts, String declared) {
    StructType wanted = (StructType) schema.asNullable();
    if (this.lake.exists(name)) {
      this.widen(name, wanted);
      return;
    }
    this.lake
        .spark()
        .sql(
            "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg %s TBLPROPERTIES ('format-version' = '2', 'write.distribution-mode' = 'none', 'write.spark.fanout.enabled' = 'true', '%s' = '%s')"
                .formatted(
                    this.lake.sqlName(name),
                    wanted.toDDL(),
                    parts,
                    DECLARED_PROPERTY,
                    declared.replace("\\", "\\\\").replace("'", "\\'")));
  }

  private void widen(String name, StructType wanted) {
    Table table = this.lake.table(name);
    Schema before = table.schema();
    try {
      UpdateSchema update = table.updateSchema().unionByNameWith(SparkSchemaUtil.convert(wanted));
      if (!update.apply().asStruct().equals(before.asStruct())) {
        update.commit();
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new DataException(
          "Cannot fill %s: a column of what it is filled from has another type now, %s (drop %s: it is filled anew from raw)"
              .formatted(
                  name,
                  String.valueOf(e.getMessage()),
                  this.prejoin.tables().collect(Collectors.joining(" and "))),
          e);
    }
  }

  private void rename(String name, Map<String, List<String>> renamed) {
    if (!this.lake.exists(name)) {
      return;
    }
    Table table = this.lake.table(name);
    UpdateSchema update = table.updateSchema();
    List<String> done = new ArrayList<>();
    renamed.forEach(
        (today, earlier) -> {
          for (String image : List.of(RawColumns.BEFORE, RawColumns.AFTER)) {
            earlier.stream()
                .map(old -> image + "." + old)
                .filter(old -> table.schema().findField(old) != null)
                .filter(old -> table.schema().findField(image + "." + today) == null)
                .findFirst()
                .ifPresent(
                    old -> {
                      update.renameColumn(old, today);
                      done.add(old);
                    });
          }
        });
    if (!done.isEmpty()) {
      update.commit();
    }
  }

  private String declared() {
    return this.prejoin.partners().stream()
        .map(PrejoinTables::declared)
        .collect(Collectors.joining("; ", this.prejoin.from().table() + " with ", ""));
  }

  private static String declared(Prejoin.Partner partner) {
    String where = partner.from().where();
    return "%s%s on %s take %s"
        .formatted(
            partner.from().table(),
            where.equals("true") ? "" : " where " + where,
            shown(partner.on()),
            shown(partner.take()));
  }

  private static String shown(List<Prejoin.Pair> pairs) {
    return pairs.stream()
        .map(pair -> pair.column() + " = " + pair.partner())
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
