package io.veralake.vault;

import io.veralake.spec.Stage;
import io.veralake.spec.VaultSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Raw rows of a source after its stages and its condition, with no more columns than needed. */
final class StagedSource {
  private final List<Stage> stages;
  private final List<StageColumns> columns = new ArrayList<>();
  private final String of;
  private final Dataset<Row> raw;
  private final Set<String> key;
  private final StructType schema;

  /**
   * Checks the stages of {@code source} over {@code raw}; {@code key}: the source's, if declared.
   */
  StagedSource(VaultSource source, String of, Dataset<Row> raw, Set<String> key) {
    this.of = of;
    this.raw = raw;
    this.key = key;
    this.stages = new ArrayList<>(source.stages());
    if (!source.where().equals("true")) {
      this.stages.add(Stage.filter(source.where()));
    }
    Dataset<Row> rows = raw;
    for (Stage stage : this.stages) {
      StageColumns found = StageColumns.of(stage, of, rows, any -> true);
      this.columns.add(found);
      rows = StageRows.of(stage, found, rows, key);
    }
    this.schema = rows.schema();
  }

  /** What the rows have, if all is taken. */
  StructType schema() {
    return this.schema;
  }

  /** The rows, with the columns {@code used}. */
  Dataset<Row> rows(Set<String> used) {
    List<Set<String>> wanted = new ArrayList<>();
    Set<String> needed = used;
    for (int i = this.stages.size() - 1; i >= 0; i--) {
      wanted.add(0, needed);
      needed = this.columns.get(i).inputs(needed);
    }
    Dataset<Row> rows = this.raw;
    for (int i = 0; i < this.stages.size(); i++) {
      Set<String> some = wanted.get(i);
      Stage stage = this.stages.get(i).only(some);
      rows =
          StageRows.of(
              stage, StageColumns.of(stage, this.of, rows, some::contains), rows, this.key);
    }
    return this.stages.isEmpty() ? rows : planned(rows);
  }

  /**
   * The rows by a plan that is ready. Left to one plan, Spark would put all of a stage's SQL into
   * each condition on what it makes, again at each stage: planning took longer than running.
   */
  private static Dataset<Row> planned(Dataset<Row> rows) {
    SparkSession session = (SparkSession) rows.sparkSession();
    return session.internalCreateDataFrame(rows.queryExecution().toRdd(), rows.schema(), false);
  }
}
