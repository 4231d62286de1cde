package io.veralake.publish;

import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Rows of one mart that are to be in one private staging table.
 *
 * @param lake the tables
 * @param star the star
 * @param publication the table
 * @param staging the staging table's name in the data database
 * @param snapshot the mart's snapshot
 * @param partitions the partitions; used only if not {@code whole}
 * @param whole all rows of the snapshot
 * @param version the version of the rows, also the generation that is being made
 */
record Load(
    Lake lake,
    Star star,
    Publication publication,
    String staging,
    long snapshot,
    Set<List<String>> partitions,
    boolean whole,
    long version) {
  /** From here on a list of conditions costs more than reading all files would. */
  private static final int MOST_CONDITIONS = 400;

  Load {
    partitions = Set.copyOf(partitions);
  }

  /** Columns of the mart, in order. */
  List<Column> columns() {
    return this.publication.mart().columns();
  }

  /** Name of the mart in the lake. */
  String martTable() {
    return "mart." + this.publication.mart().name();
  }

  /** The staging table, quoted. */
  String stagingName() {
    return this.star.inData(this.staging);
  }

  /** The rows, with the mart's columns in order. */
  Dataset<Row> rows() {
    Dataset<Row> all =
        this.lake
            .spark()
            .sql(
                "SELECT "
                    + this.columns().stream()
                        .map(column -> "`" + column.name() + "`")
                        .collect(Collectors.joining(", "))
                    + " FROM "
                    + this.lake.sqlName(this.martTable())
                    + " VERSION AS OF "
                    + this.snapshot);
    return this.whole ? all : of(all, this.publication.mart(), this.partitions);
  }

  /** Those of {@code rows} of a mart that lie in {@code partitions}, at least one. */
  static Dataset<Row> of(Dataset<Row> rows, Mart mart, Set<List<String>> partitions) {
    PartitionText text = new PartitionText(mart);
    if (partitions.size() <= MOST_CONDITIONS) {
      return rows.where(
          partitions.stream().map(text::sparkFilter).sorted().collect(Collectors.joining(" OR ")));
    }
    Object[] names =
        partitions.stream().map(partition -> String.join("\u0001", partition)).toArray();
    return rows.where(functions.array_join(text.spark(), "\u0001").isin(names));
  }
}
