package io.veralake.publish;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.StructType;

/**
 * The table {@code recon.verification}: whether ClickHouse serves what Iceberg holds, a row a
 * generation and table, the last that was found.
 */
final class VerificationLog {
  /** Its name. */
  static final String TABLE = "recon.verification";

  private static final StructType TYPE =
      StructType.fromDDL(
          "run_id string, as_of timestamp, star string, generation bigint, publication string,"
              + " mart string, mart_snapshot bigint, scope string, state string, partitions bigint,"
              + " rows bigint, differing_partitions array<array<string>>, differences array<string>,"
              + " differing_keys array<string>");

  private final RunContext context;
  private final String star;

  VerificationLog(RunContext context, String star) {
    this.context = context;
    this.star = star;
  }

  /** Names of the tables of {@code generation} that were verified at all. */
  Set<String> tables(long generation) {
    Set<String> tables = new HashSet<>();
    this.rows(generation).forEach(row -> tables.add(row.getAs("publication")));
    return tables;
  }

  /** Partitions of {@code generation} that were found to differ, by table. */
  Map<String, Set<List<String>>> differing(long generation) {
    Map<String, Set<List<String>>> differing = new HashMap<>();
    for (Row row : this.rows(generation)) {
      Set<List<String>> partitions = new HashSet<>();
      for (Object partition : row.getList(row.fieldIndex("differing_partitions"))) {
        List<String> texts = new ArrayList<>();
        scala.jdk.javaapi.CollectionConverters.asJava((scala.collection.Seq<?>) partition)
            .forEach(text -> texts.add(String.valueOf(text)));
        partitions.add(List.copyOf(texts));
      }
      if (!partitions.isEmpty()) {
        differing.put(row.getAs("publication"), partitions);
      }
    }
    return differing;
  }

  private List<Row> rows(long generation) {
    Lake lake = this.context.lake();
    return lake.exists(TABLE)
        ? lake.rows(TABLE).where(this.of(generation)).collectAsList()
        : List.of();
  }

  private Column of(long generation) {
    return col("star").equalTo(this.star).and(col("generation").equalTo(generation));
  }

  /** Replaces what is known of the tables of {@code verified}, in one commit. */
  void write(Verified verified, String scope) {
    Lake lake = this.context.lake();
    if (!lake.exists(TABLE)) {
      lake.spark().sql("CREATE NAMESPACE IF NOT EXISTS " + lake.sqlName("recon"));
      lake.spark()
          .sql(
              "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg PARTITIONED BY (star, generation) TBLPROPERTIES ('write.distribution-mode' = 'none')"
                  .formatted(lake.sqlName(TABLE), TYPE.toDDL()));
    }
    List<Row> rows = new ArrayList<>();
    Set<String> now = new HashSet<>();
    for (Verified.Table table : verified.tables()) {
      now.add(table.name());
      rows.add(this.row(verified, table, scope));
    }
    for (Row row : this.rows(verified.generation())) {
      if (!now.contains(row.<String>getAs("publication"))) {
        rows.add(row);
      }
    }
    try {
      lake.carrying(
              lake.spark().createDataFrame(rows, TYPE).coalesce(1).writeTo(lake.sqlName(TABLE)),
              TABLE,
              this.context.runId(),
              Map.of())
          .overwrite(this.of(verified.generation()));
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + TABLE, e);
    }
  }

  private Row row(Verified verified, Verified.Table table, String scope) {
    List<String> found = new ArrayList<>(table.differences().values());
    if (!table.trouble().isEmpty()) {
      found.add(table.trouble());
    }
    return RowFactory.create(
        this.context.runId(),
        Timestamp.from(this.context.asOf()),
        verified.star(),
        verified.generation(),
        table.name(),
        table.mart(),
        table.snapshot(),
        scope,
        table.state().name().toLowerCase(Locale.ROOT),
        table.partitions(),
        table.rows(),
        table.differences().keySet().stream()
            .map(partition -> partition.toArray(String[]::new))
            .toArray(String[][]::new),
        found.toArray(String[]::new),
        table.keys().toArray(String[]::new));
  }
}
