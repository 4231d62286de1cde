package io.veralake.flag;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.StructType;

/** The table {@code recon.answer} of the lake: flags and their answers, for good. */
public final class AnswerLog {
  private static final String TABLE = "recon.answer";

  private static final StructType TYPE =
      StructType.fromDDL(
          "flag string, flagged_at timestamp, reader string, mart string, key map<string, string>,"
              + " `partition` string, measure string, seen map<string, string>, doubt string,"
              + " as_of timestamp, run_id string, verdict string, answer string, explanation string");

  private final RunContext context;

  /** Writes as the run {@code context}. */
  public AnswerLog(RunContext context) {
    this.context = context;
  }

  /** Writes {@code answers} in one commit; earlier ones to the same flags are replaced. */
  public void write(Map<Flag, Answer> answers) {
    if (answers.isEmpty()) {
      return;
    }
    Lake lake = this.context.lake();
    lake.spark()
        .sql(
            "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg TBLPROPERTIES ('write.distribution-mode' = 'none')"
                .formatted(lake.sqlName(TABLE), TYPE.toDDL()));
    List<Row> rows = new ArrayList<>();
    answers.forEach((flag, answer) -> rows.add(this.row(flag, answer)));
    Object[] flags = answers.keySet().stream().map(flag -> flag.id().toString()).toArray();
    try {
      lake.carrying(
              lake.spark().createDataFrame(rows, TYPE).coalesce(1).writeTo(lake.sqlName(TABLE)),
              TABLE,
              this.context.runId(),
              Map.of())
          .overwrite(col("flag").isin(flags));
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + TABLE, e);
    }
  }

  private Row row(Flag flag, Answer answer) {
    return RowFactory.create(
        flag.id().toString(),
        Timestamp.from(flag.flaggedAt()),
        flag.reader(),
        flag.mart(),
        flag.key(),
        flag.partition(),
        flag.measure(),
        flag.seen(),
        flag.doubt(),
        Timestamp.from(this.context.asOf()),
        this.context.runId(),
        answer.verdict().word(),
        answer.text(),
        answer.explanation());
  }
}
