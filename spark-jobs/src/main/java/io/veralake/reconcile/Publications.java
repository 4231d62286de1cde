package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.reconcile.report.Night;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** Reads how the run's publications ended, for the report: stopped by limits, or proven. */
final class Publications {
  private static final String PLANS = "ops.plans";
  private static final String VERIFICATION = "recon.verification";

  private static final int SHOWN = 5;

  private final RunContext context;

  Publications(RunContext context) {
    this.context = context;
  }

  List<Night.Publication> tonight() {
    List<Night.Publication> all = new ArrayList<>(this.stopped());
    all.addAll(this.verified());
    return all;
  }

  private List<Night.Publication> stopped() {
    Map<String, List<String>> exceeded = new TreeMap<>();
    for (Row row : this.ofRun(PLANS)) {
      if (row.<String>getAs("state").equals("stopped")) {
        List<String> texts =
            exceeded.computeIfAbsent(row.getAs("plan_id"), plan -> new ArrayList<>());
        for (Object text : row.getList(row.fieldIndex("exceeded"))) {
          texts.add(row.getAs("publication") + ": " + text);
        }
      }
    }
    return exceeded.entrySet().stream()
        .map(
            plan ->
                new Night.Publication(
                    false,
                    "Not published: plan " + plan.getKey() + " is over its limits",
                    String.join("; ", plan.getValue())
                        + ". Readers see the generation before. To publish exactly this: veralake publish --as-of "
                        + this.context.asOf()
                        + " --approve "
                        + plan.getKey()))
        .toList();
  }

  private List<Night.Publication> verified() {
    Map<String, List<Row>> generations = new LinkedHashMap<>();
    for (Row row : this.ofRun(VERIFICATION)) {
      String name = row.getAs("star") + ", generation " + row.getAs("generation");
      generations.computeIfAbsent(name, any -> new ArrayList<>()).add(row);
    }
    List<Night.Publication> proofs = new ArrayList<>();
    generations.forEach(
        (name, tables) -> {
          List<String> wrong =
              tables.stream()
                  .filter(table -> !table.<String>getAs("state").equals("equal"))
                  .map(Publications::wrong)
                  .sorted()
                  .toList();
          long partitions =
              tables.stream().mapToLong(table -> table.<Long>getAs("partitions")).sum();
          long rows = tables.stream().mapToLong(table -> table.<Long>getAs("rows")).sum();
          proofs.add(
              new Night.Publication(
                  wrong.isEmpty(),
                  (wrong.isEmpty() ? "Published and proven: " : "Published, but not proven: ")
                      + name,
                  wrong.isEmpty()
                      ? String.format(
                          Locale.ROOT,
                          "ClickHouse serves what Iceberg holds in the %,d partitions that were published: %,d rows, checksums over all columns, and totals.",
                          partitions,
                          rows)
                      : String.join("; ", wrong)
                          + ". All of it is in recon.verification. veralake publish puts it right"));
        });
    return proofs;
  }

  private static String wrong(Row table) {
    List<String> found = new ArrayList<>();
    for (String column : List.of("differences", "differing_keys")) {
      List<Object> texts = table.getList(table.fieldIndex(column));
      texts.stream().limit(SHOWN).forEach(text -> found.add(String.valueOf(text)));
      if (texts.size() > SHOWN) {
        found.add("and " + (texts.size() - SHOWN) + " more");
      }
    }
    return table.<String>getAs("publication") + ": " + String.join(", ", found);
  }

  private List<Row> ofRun(String table) {
    Lake lake = this.context.lake();
    return lake.exists(table)
        ? lake.rows(table).where(col("run_id").equalTo(this.context.runId())).collectAsList()
        : List.of();
  }
}
