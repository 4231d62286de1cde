package io.veralake.run;

import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.lake.ShownRow;
import io.veralake.mart.MartTrace;
import io.veralake.publish.PublishedTrace;
import io.veralake.reconcile.KeyTrace;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.VaultTable;
import io.veralake.vault.RawTrace;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * Follows a published figure back through mart, vault and raw to the records that it comes from,
 * and forward through what the nights found and restated.
 */
final class Explainer {
  private static final String LEDGER = "reconcile";
  private static final Pattern AMOUNT = Pattern.compile("-?\\d+\\.\\d+");

  private final RunContext context;
  private final Mart mart;
  private final int most;
  private final Set<String> personal;
  private final Explanation explanation = new Explanation();

  /** Shows at most {@code most} rows of each table. */
  Explainer(RunContext context, Mart mart, int most) {
    this.context = context;
    this.mart = mart;
    this.most = most;
    this.personal = context.model().personal();
  }

  /** The rows of the mart with the values {@code key} (texts by column). */
  Explanation key(Map<String, String> key) {
    MartTrace.Traced traced = MartTrace.of(this.context, this.mart, key, this.most);
    this.published(key);
    this.add(
        "mart",
        "mart." + this.mart.name(),
        traced.rows().isEmpty() ? "has no such row" : "",
        traced.rows());
    this.inputs(traced);
    for (Reconciliation reconciliation : this.reconciliations()) {
      this.reconciled(reconciliation, key, traced.rows());
    }
    return this.explanation;
  }

  /** The partition (a text, as in {@code recon.restatement}) and one of its measures. */
  Explanation partition(Reconciliation reconciliation, String partition, String measure) {
    KeyTrace trace = KeyTrace.of(this.context, reconciliation);
    Dataset<Row> rows =
        this.context
            .lake()
            .rows("mart." + this.mart.name())
            .where(functions.col(reconciliation.partition()).cast("string").equalTo(partition));
    this.add(
        "mart",
        "mart." + this.mart.name(),
        "",
        rows.agg(functions.count(functions.lit(1)).as("rows"), functions.sum(measure).as(measure))
            .collectAsList());
    List<String> wanted = new ArrayList<>();
    wanted.add(partition);
    this.add(
        LEDGER,
        "recon.restatement",
        "night by night: streamed and what each cause puts right give corrected",
        trace.ledger(wanted, List.of(measure), this.most));
    this.add(
        LEDGER,
        "recon.discrepancy",
        "the largest differences; --key with one of their keys goes on",
        trace.largest(partition, measure, this.most));
    return this.explanation;
  }

  /** What compares the mart with a stream. */
  List<Reconciliation> reconciliations() {
    return this.context.model().reconciliations().stream()
        .filter(one -> one.mart().name().equals(this.mart.name()))
        .toList();
  }

  private void published(Map<String, String> key) {
    if (this.context.engine().clickhouse().url().isEmpty()) {
      return;
    }
    for (Publication publication : this.context.model().publications()) {
      if (!publication.mart().name().equals(this.mart.name())) {
        continue;
      }
      Optional<PublishedTrace.Seen> seen =
          PublishedTrace.of(this.context, publication, key, this.most);
      if (seen.isEmpty()) {
        this.explanation.add(
            "publish",
            publication.star() + "." + publication.name(),
            "not published yet",
            List.of());
        continue;
      }
      Map<String, @Nullable String> generation = seen.get().generation();
      String note =
          "generation %s as of %s, run %s, right up to %s"
              .formatted(
                  generation.get("generation"),
                  generation.get("as_of"),
                  generation.get("run"),
                  Objects.requireNonNullElse(generation.get("watermark"), "the as-of"));
      List<Map<String, @Nullable String>> rows = new ArrayList<>();
      for (Map<String, @Nullable String> row : seen.get().rows()) {
        Map<String, @Nullable String> shown = new LinkedHashMap<>(row);
        shown.replaceAll(
            (column, value) ->
                value != null && this.personal.contains(column) ? ShownRow.HIDDEN : value);
        rows.add(shown);
      }
      this.explanation.add("publish", seen.get().view(), note, rows);
    }
  }

  private void inputs(MartTrace.Traced traced) {
    Map<String, VaultTable> vault = new LinkedHashMap<>();
    this.context.model().vault().forEach(table -> vault.put(table.name(), table));
    Map<String, RawRows> raw = new TreeMap<>();
    traced
        .inputs()
        .forEach(
            (name, rows) -> {
              if (!vault.containsKey(name)) {
                this.add("mart", "mart." + name, this.read() + none(rows), rows);
              }
            });
    traced
        .inputs()
        .forEach(
            (name, rows) -> {
              if (vault.containsKey(name)) {
                this.add("vault", "vault." + name, none(rows).stripLeading(), rows);
                for (RawTrace.Found found :
                    RawTrace.of(this.context, vault.get(name), rows, this.most)) {
                  raw.computeIfAbsent(found.table(), any -> new RawRows(found.hidden()))
                      .add(found.rows());
                }
              }
            });
    if (!traced.whole().isEmpty()) {
      this.explanation.add(
          "vault",
          String.join(", ", traced.whole()),
          "read whole: no row is of one key",
          List.of());
    }
    raw.forEach((table, rows) -> this.explanation.add("raw", table, "", rows.shown()));
  }

  /** A mart's inputs are cut down to its refresh key: finer than that nothing is known. */
  private String read() {
    List<String> key = this.mart.refresh().key();
    return key.isEmpty() ? "is read" : "is read for the same " + String.join(", ", key);
  }

  private static String none(List<Row> rows) {
    return rows.isEmpty() ? " (no row)" : "";
  }

  private void reconciled(Reconciliation reconciliation, Map<String, String> key, List<Row> rows) {
    KeyTrace trace = KeyTrace.of(this.context, reconciliation);
    this.add(
        LEDGER,
        "recon.discrepancy",
        "what the nights found wrong in the stream (" + reconciliation.name() + ")",
        trace.differences(key, rows, this.most));
    Set<@Nullable String> partitions = new HashSet<>();
    rows.forEach(row -> partitions.add(text(row.getAs(reconciliation.partition()))));
    if (!partitions.isEmpty()) {
      this.add(
          LEDGER,
          "recon.restatement",
          "the partition, night by night",
          trace.ledger(partitions, reconciliation.measures(), this.most));
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private void add(String stage, String table, String note, List<Row> rows) {
    this.explanation.add(
        stage,
        table,
        note,
        rows.stream()
            .map(row -> ShownRow.of(row, this.personal::contains))
            .map(row -> stage.equals(LEDGER) ? amounts(row) : row)
            .toList());
  }

  /** Without the zeros that the ledger's many decimals bring. */
  private static Map<String, @Nullable String> amounts(Map<String, @Nullable String> row) {
    Map<String, @Nullable String> shown = new LinkedHashMap<>();
    row.forEach(
        (column, value) -> {
          boolean amount = value != null && AMOUNT.matcher(value).matches();
          shown.put(
              column, amount ? new BigDecimal(value).stripTrailingZeros().toPlainString() : value);
        });
    return shown;
  }

  /** Records of a raw table, each once: how it came, and what it said. */
  private static final class RawRows {
    private static final List<String> PLACE =
        List.of(
            RawColumns.OP,
            RawColumns.COMMIT_TIME,
            RawColumns.POSITION,
            RawColumns.RECORD_SOURCE,
            RawColumns.FILE,
            RawColumns.ROW,
            RawColumns.BATCH);

    private final Set<String> hidden;
    private final Set<Map<String, @Nullable String>> rows = new java.util.LinkedHashSet<>();

    RawRows(Set<String> hidden) {
      this.hidden = hidden;
    }

    void add(List<Row> records) {
      for (Row record : records) {
        Map<String, @Nullable String> all = ShownRow.of(record, any -> false);
        Map<String, @Nullable String> shown = new LinkedHashMap<>();
        PLACE.forEach(column -> shown.put(column, all.get(column)));
        for (String side : List.of(RawColumns.BEFORE, RawColumns.AFTER)) {
          Row values = record.getAs(side);
          if (values != null) {
            ShownRow.of(values, column -> this.hidden.contains(column.toLowerCase(Locale.ROOT)))
                .forEach((column, value) -> shown.put(side + "." + column, value));
          }
        }
        this.rows.add(shown);
      }
    }

    List<Map<String, @Nullable String>> shown() {
      return List.copyOf(this.rows);
    }
  }
}
