package io.veralake.run;

import io.veralake.flag.Answer;
import io.veralake.flag.Answer.Verdict;
import io.veralake.flag.Flag;
import io.veralake.lake.RunContext;
import io.veralake.lake.ShownRow;
import io.veralake.publish.ReadersProof;
import io.veralake.publish.ReadersProof.Compared;
import io.veralake.publish.ReadersProof.Result;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Says of a flagged figure whether readers see the truth, and how it came about. */
final class FlagAnswers {
  private static final int ROWS = 50;

  private final RunContext context;

  FlagAnswers(RunContext context) {
    this.context = context;
  }

  /** The answer to {@code flag}, whatever it holds. */
  Answer of(Flag flag) {
    try {
      FigureNames names = new FigureNames(this.context.model());
      Mart mart = names.mart(flag.mart());
      names.columns(mart, flag.key().keySet());
      names.columns(mart, flag.seen().keySet());
      return flag.ofPartition() ? this.sum(flag, mart) : this.row(flag, mart);
    } catch (UsageException e) {
      return new Answer(Verdict.UNCLEAR, Objects.toString(e.getMessage()), "");
    }
  }

  private Answer row(Flag flag, Mart mart) {
    Map<String, String> key = FigureNames.literals(this.context.lake(), mart, flag.key());
    Map<String, String> written = FigureNames.written(this.context.lake(), mart, flag.key());
    Map<String, String> seen = FigureNames.literals(this.context.lake(), mart, flag.seen());
    Compared compared = ReadersProof.rows(this.context, this.publication(mart), key, written);
    if (compared.result() == Result.MANY) {
      throw new UsageException(
          "The key has more than %d rows (the grain of mart %s is %s)"
              .formatted(ReadersProof.MOST, mart.name(), mart.grain()));
    }
    String explanation = new Explainer(this.context, mart, ROWS).key(written).json();
    String changed = this.changed(mart, key, seen, flag.seen());
    return answer(compared.result(), rows(compared.held().size()), changed, explanation);
  }

  private static String rows(int rows) {
    return rows == 0
        ? "There is no such row, neither for readers nor by the records of the sources"
        : rows == 1
            ? "The row is what the records of the sources give"
            : "The " + rows + " rows are what the records of the sources give";
  }

  private static Answer answer(Result result, String right, String changed, String explanation) {
    String but = changed.isEmpty() ? "." : ". " + changed + ".";
    return switch (result) {
      case EQUAL ->
          new Answer(
              changed.isEmpty() ? Verdict.RIGHT : Verdict.CORRECTED, right + but, explanation);
      case BEHIND ->
          new Answer(
              Verdict.BEHIND,
              "The mart holds other values since it was published; the next publication shows them"
                  + but,
              explanation);
      case DIFFERS ->
          new Answer(
              Verdict.WRONG,
              "ClickHouse shows something else than was published: veralake verify names what, veralake publish puts it right"
                  + but,
              explanation);
      case MANY, UNPUBLISHED ->
          new Answer(Verdict.UNCLEAR, "The mart was never published.", explanation);
    };
  }

  /** What the reader saw otherwise than the mart has it. */
  private String changed(
      Mart mart, Map<String, String> key, Map<String, String> seen, Map<String, String> texts) {
    if (seen.isEmpty()) {
      return "";
    }
    Dataset<Row> rows = this.context.lake().rows("mart." + mart.name());
    for (Map.Entry<String, String> column : key.entrySet()) {
      rows = rows.where("`" + column.getKey() + "` = " + column.getValue());
    }
    Set<String> personal = this.context.model().personal();
    List<String> changed = new ArrayList<>();
    for (String column : new TreeMap<>(seen).keySet()) {
      List<Row> other =
          rows.where("NOT (`%s` <=> %s)".formatted(column, seen.get(column)))
              .select("`" + column + "`")
              .limit(1)
              .collectAsList();
      if (rows.isEmpty()) {
        changed.add(
            "%s was seen as %s"
                .formatted(column, hidden(personal, column, texts.getOrDefault(column, ""))));
      } else if (!other.isEmpty()) {
        String now = ShownRow.of(other.get(0), personal::contains).get(column);
        changed.add(
            "%s is %s, and was seen as %s"
                .formatted(column, now, hidden(personal, column, texts.getOrDefault(column, ""))));
      }
    }
    return String.join("; ", changed);
  }

  private static String hidden(Set<String> personal, String column, String value) {
    return personal.contains(column) ? ShownRow.HIDDEN : value;
  }

  private Answer sum(Flag flag, Mart mart) {
    if (flag.partition().isEmpty() || flag.measure().isEmpty()) {
      throw new UsageException(
          "Missing key, or partition and measure (the grain of mart %s is %s)"
              .formatted(mart.name(), mart.grain()));
    }
    Explainer explainer = new Explainer(this.context, mart, ROWS);
    var reconciliation =
        explainer.reconciliations().stream()
            .filter(one -> one.measures().contains(flag.measure()))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "Invalid measure: %s (nothing compares it with a stream by partition: name a key)"
                            .formatted(flag.measure())));
    Column measure =
        mart.columns().stream()
            .filter(column -> column.name().equals(flag.measure()))
            .findFirst()
            .orElseThrow();
    Compared compared =
        ReadersProof.sum(
            this.context,
            this.publication(mart),
            reconciliation.partition(),
            flag.partition(),
            measure);
    String now = compared.held().isEmpty() ? "" : compared.held().get(0);
    String saw = flag.seen().getOrDefault(flag.measure(), "");
    String changed =
        saw.isEmpty() || number(saw).compareTo(number(now)) == 0
            ? ""
            : "%s is %s, and was seen as %s".formatted(flag.measure(), now, saw);
    String explanation =
        explainer.partition(reconciliation, flag.partition(), flag.measure()).json();
    return answer(
        compared.result(),
        "%s of %s is %s, as the records of the sources give it"
            .formatted(flag.measure(), flag.partition(), now),
        changed,
        explanation);
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw new UsageException("Invalid value that was seen: " + text + " (a number)");
    }
  }

  private Publication publication(Mart mart) {
    Optional<Publication> published =
        this.context.model().publications().stream()
            .filter(one -> one.mart().name().equals(mart.name()))
            .findFirst();
    return published.orElseThrow(
        () -> new UsageException("Mart %s is not published".formatted(mart.name())));
  }
}
