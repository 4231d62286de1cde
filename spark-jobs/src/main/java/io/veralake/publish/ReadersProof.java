package io.veralake.publish;

import static org.apache.spark.sql.functions.col;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.Ledger.Generation;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Compares a few rows that readers see with the mart's: as they were published, and as they are.
 */
public final class ReadersProof {
  /** More rows than this are no figure. */
  public static final int MOST = 1000;

  private final RunContext context;
  private final Publication publication;

  private ReadersProof(RunContext context, Publication publication) {
    this.context = context;
    this.publication = publication;
  }

  /** What came out. */
  public enum Result {
    /** Readers see what the mart holds. */
    EQUAL,
    /** Readers see what was published; the mart holds something else since. */
    BEHIND,
    /** Readers see something else than was published. */
    DIFFERS,
    /** There are more than {@value ReadersProof#MOST} rows: nothing was compared. */
    MANY,
    /** The table was never published. */
    UNPUBLISHED
  }

  /**
   * What was compared.
   *
   * @param result what came out
   * @param seen what readers see: texts of rows, or one sum
   * @param held the same of the mart
   */
  public record Compared(Result result, List<String> seen, List<String> held) {}

  /**
   * Compares the rows with the values {@code key}: SQL of Spark ({@code literals}), and texts for
   * ClickHouse, by column.
   */
  public static Compared rows(
      RunContext context,
      Publication publication,
      Map<String, String> literals,
      Map<String, String> texts) {
    String held =
        literals.entrySet().stream()
            .map(one -> "`" + one.getKey() + "` = " + one.getValue())
            .collect(Collectors.joining(" AND "));
    String seen =
        texts.entrySet().stream()
            .map(one -> Sql.identifier(one.getKey()) + " = " + Sql.literal(one.getValue()))
            .collect(Collectors.joining(" AND "));
    List<Column> columns = publication.mart().columns();
    return new ReadersProof(context, publication)
        .compare(
            rows -> rows.where(held).select(CanonicalText.spark(columns)),
            view ->
                "SELECT %s FROM %s WHERE %s"
                    .formatted(CanonicalText.clickHouse(columns), view, seen));
  }

  /** Compares the sum of {@code measure} where {@code column} has the text {@code value}. */
  public static Compared sum(
      RunContext context, Publication publication, String column, String value, Column measure) {
    int scale = measure.type().scale();
    return new ReadersProof(context, publication)
        .compare(
            rows ->
                rows.where(col("`" + column + "`").cast("string").equalTo(value))
                    .selectExpr(
                        "CAST(CAST(coalesce(sum(`%s`), 0) AS decimal(38,%d)) AS string)"
                            .formatted(measure.name(), scale)),
            view ->
                "SELECT toDecimalString(ifNull(sum(toDecimal256(%s, %d)), 0), %d) FROM %s WHERE toString(%s) = %s"
                    .formatted(
                        Sql.identifier(measure.name()),
                        scale,
                        scale,
                        view,
                        Sql.identifier(column),
                        Sql.literal(value)));
  }

  private Compared compare(UnaryOperator<Dataset<Row>> texts, UnaryOperator<String> query) {
    Star star =
        Star.of(
            this.context.model(),
            this.publication.star(),
            this.context.engine().clickhouse().cluster());
    try (ClickHouse clickHouse = ClickHouse.connect(this.context.engine().clickhouse())) {
      Ledger ledger = new Ledger(clickHouse, star);
      Generation generation = ledger.exists() ? ledger.current() : Generation.NONE;
      Entry entry = generation.entries().get(this.publication.name());
      if (entry == null) {
        return new Compared(Result.UNPUBLISHED, List.of(), List.of());
      }
      List<String> seen = seen(clickHouse, query.apply(star.inPublic(this.publication.name())));
      Lake lake = this.context.lake();
      Mart mart = this.publication.mart();
      List<String> held = held(texts.apply(lake.rows("mart." + mart.name())));
      if (held.size() > MOST || seen.size() > MOST) {
        return new Compared(Result.MANY, List.of(), List.of());
      }
      if (held.equals(seen)) {
        return new Compared(Result.EQUAL, seen, held);
      }
      boolean published =
          MartRows.known(lake, mart, entry.snapshot())
              && held(texts.apply(MartRows.at(lake, mart, entry.snapshot()))).equals(seen);
      return new Compared(published ? Result.BEHIND : Result.DIFFERS, seen, held);
    }
  }

  private static List<String> held(Dataset<Row> rows) {
    List<String> texts = new ArrayList<>();
    for (Row row : rows.limit(MOST + 1).collectAsList()) {
      texts.add(row.getString(0));
    }
    Collections.sort(texts);
    return texts;
  }

  private static List<String> seen(ClickHouse clickHouse, String query) {
    List<String> texts = new ArrayList<>();
    for (List<@Nullable String> row : clickHouse.rows(query + " LIMIT " + (MOST + 1))) {
      texts.add(Objects.requireNonNull(row.get(0)));
    }
    Collections.sort(texts);
    return texts;
  }
}
