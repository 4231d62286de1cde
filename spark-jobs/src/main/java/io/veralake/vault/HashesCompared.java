package io.veralake.vault;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.spec.VaultTable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Whether a table with new hashes is the table that it was: as many rows, the same values in all
 * columns that aren't hashes, in any order, and for each old key one new one and the other way
 * round.
 */
record HashesCompared(
    String table, Sums before, Sums after, long pairs, long oldKeys, long newKeys) {
  /**
   * Of all rows.
   *
   * @param rows how many
   * @param first sum of checksums over each row's columns that aren't hashes
   * @param second the same with another seed
   * @param keys how many hash keys
   */
  record Sums(long rows, String first, String second, long keys) {}

  /** {@code rows}: the table's rows with new hashes, and the old key in {@link NewHashes#OLD}. */
  static HashesCompared of(Lake lake, VaultTable table, Dataset<Row> rows) {
    String sqlName = lake.sqlName(VaultTables.name(table));
    Dataset<Row> written =
        lake.spark().sql("SELECT * FROM " + sqlName + ".branch_" + RehashStep.BRANCH);
    Column old = col(NewHashes.OLD);
    Column key = col(table.hashKey());
    Row pairs =
        rows.agg(
                count_distinct(when(old.isNotNull().or(key.isNotNull()), struct(old, key))),
                count_distinct(old),
                count_distinct(key))
            .first();
    return new HashesCompared(
        VaultTables.name(table),
        sums(lake.rows(VaultTables.name(table)), table),
        sums(written, table),
        pairs.getLong(0),
        pairs.getLong(1),
        pairs.getLong(2));
  }

  long rows() {
    return this.after.rows();
  }

  long keys() {
    return this.newKeys;
  }

  void stopUnlessSame() {
    boolean same =
        this.before.equals(this.after)
            && this.pairs == this.oldKeys
            && this.pairs == this.newKeys
            && this.newKeys == this.after.keys();
    if (!same) {
      throw new DataException(
          "Cannot rehash %s: it would not be the same table: %s before, %s after, %d pairs of %d old and %d new keys (rows whose hub or link isn't there, or two keys of one hash; nothing was changed)"
              .formatted(
                  this.table, this.before, this.after, this.pairs, this.oldKeys, this.newKeys));
    }
  }

  private static Sums sums(Dataset<Row> rows, VaultTable table) {
    Set<String> hashes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    hashes.addAll(NewHashes.columns(table));
    List<Column> others =
        Stream.of(rows.columns())
            .filter(column -> !hashes.contains(column))
            .sorted()
            .map(functions::col)
            .toList();
    Row row =
        rows.agg(
                count(lit(1)),
                coalesce(sum(checksum(others, 1)), lit(0)).cast("string"),
                coalesce(sum(checksum(others, 2)), lit(0)).cast("string"),
                count_distinct(col(table.hashKey())))
            .first();
    return new Sums(row.getLong(0), row.getString(1), row.getString(2), row.getLong(3));
  }

  /** Null is another value than any other: a null leaves xxhash64's running value as it is. */
  private static Column checksum(List<Column> columns, int seed) {
    Stream<Column> values = columns.stream().flatMap(column -> Stream.of(column, column.isNull()));
    return xxhash64(Stream.concat(Stream.of(lit(seed)), values).toArray(Column[]::new))
        .cast("decimal(38,0)");
  }
}
