package io.veralake.mart;

import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import java.sql.Timestamp;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The table {@code ops.checks}: what every check of every run found. */
final class CheckLog {
  /** Its name. */
  static final String TABLE = "ops.checks";

  private static final StructType TYPE =
      new StructType()
          .add("run_id", "string")
          .add("as_of", "timestamp")
          .add("mart", "string")
          .add("check", "string")
          .add("severity", "string")
          .add("violations", "bigint")
          .add("sample", "string");

  private CheckLog() {}

  /** Appends {@code results}, then throws a {@link GateException} if one of them stops the mart. */
  static void settle(RunContext context, Mart mart, List<Checked> results) {
    append(context, mart, results);
    List<Checked> stopping = results.stream().filter(Checked::stops).toList();
    if (!stopping.isEmpty()) {
      throw new GateException(
          "Mart %s stopped by its checks: %s (nothing became visible; the refused state, if it was written, is branch %s of %s; correct the data or the model and run again)"
              .formatted(
                  mart.name(),
                  stopping.stream()
                      .map(
                          check ->
                              "%s: %d violations, such as %s"
                                  .formatted(check.check(), check.violations(), check.sample()))
                      .collect(Collectors.joining("; ")),
                  MartTable.AUDIT,
                  MartTable.name(mart.name())));
    }
  }

  private static void append(RunContext context, Mart mart, List<Checked> results) {
    Lake lake = context.lake();
    if (!lake.exists(TABLE)) {
      lake.spark().sql("CREATE NAMESPACE IF NOT EXISTS " + lake.sqlName("ops"));
      lake.spark()
          .sql(
              "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg"
                  .formatted(lake.sqlName(TABLE), TYPE.toDDL()));
    }
    List<Row> rows =
        results.stream()
            .map(
                result ->
                    RowFactory.create(
                        context.runId(),
                        Timestamp.from(context.asOf()),
                        mart.name(),
                        result.check(),
                        result.severity().name().toLowerCase(Locale.ROOT),
                        result.violations(),
                        result.sample()))
            .toList();
    lake.append(
        lake.spark().createDataFrame(rows, TYPE).coalesce(1), TABLE, context.runId(), Map.of());
  }
}
