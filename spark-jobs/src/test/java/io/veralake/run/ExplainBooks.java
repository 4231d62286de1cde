package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.fixture.Command;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import io.veralake.spec.Reconciliation;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;

/**
 * What {@code veralake explain} says of figures of a store, against what plain SQL over the same
 * lake says by business keys.
 */
final class ExplainBooks {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Nights nights;

  ExplainBooks(Nights nights) {
    this.nights = nights;
  }

  /** Explains some lines that a night put right, a customer, a day; and what isn't there. */
  void compare() throws IOException {
    this.page();
    List<Row> wrong =
        this.rows(
            """
            SELECT cause, min(get_json_object(key, '$.order_id')) AS order_id,
              min_by(get_json_object(key, '$.line_number'), get_json_object(key, '$.order_id')) AS line
            FROM recon.discrepancy WHERE reconciliation = 'sales' GROUP BY cause ORDER BY cause""");
    assertThat(wrong).as("causes that the nights found").hasSizeGreaterThan(2);
    for (Row one : wrong) {
      this.line(one.getString(1), one.getString(2));
    }
    this.customer();
    this.day();
    assertThat(this.tables(this.explain("fact_sales").key(Map.of("order_id", "-1")), "raw"))
        .as("raw rows of an order that never was")
        .isEmpty();
  }

  /** The page's queries, as they stand there. */
  private void page() throws IOException {
    Matcher queries =
        Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Command.PROJECT.resolve("docs/explain.md")));
    int found = 0;
    while (queries.find()) {
      assertThat(this.rows(queries.group(1))).as(queries.group(1)).isNotEmpty();
      found++;
    }
    assertThat(found).isEqualTo(4);
  }

  /** Each record of the line that made a version is named; all that was published, corrected. */
  private void line(String order, String line) {
    JsonNode said =
        json(this.explain("fact_sales").key(Map.of("order_id", order, "line_number", line)));
    String what = "order " + order + ", line " + line;
    String same = "order_id = %s AND line_number = %s".formatted(order, line);
    List<String> records =
        this.texts(
            """
            SELECT DISTINCT concat(r._batch, ' ', r._source_file, ' ', r._source_row) FROM raw.shop_order_items AS r
            JOIN vault.sat_order_line AS s ON s.position_major = r._position.major AND s.position_minor = r._position.minor
              AND s.position_row = r._position.row
            JOIN vault.link_order_line AS l ON l.order_line_hk = s.order_line_hk
            JOIN vault.hub_order AS h ON h.order_hk = l.order_hk
            WHERE h.order_id = %s AND l.line_number = %s AND coalesce(r.after.order_id, r.before.order_id) = h.order_id
              AND coalesce(r.after.line_number, r.before.line_number) = l.line_number"""
                .formatted(order, line));
    assertThat(records).as(what).isNotEmpty();
    assertThat(places(this.part(said, "raw.shop_order_items")))
        .as("records of " + what)
        .containsExactlyInAnyOrderElementsOf(records);
    assertThat(values(this.part(said, "recon.discrepancy"), "cause"))
        .as("causes of " + what)
        .containsExactlyInAnyOrderElementsOf(
            this.texts(
                "SELECT cause FROM recon.discrepancy WHERE reconciliation = 'sales' AND key = '{\"order_id\":%s,\"line_number\":%s}'"
                    .formatted(order, line)));
    List<String> held = this.texts("SELECT revenue FROM mart.fact_sales WHERE " + same);
    for (JsonNode part : said) {
      if (part.get("table").asText().equals("mart.fact_sales")) {
        assertThat(values(part, "revenue").stream().map(Double::valueOf))
            .as(part.get("stage") + " of " + what)
            .containsExactlyElementsOf(held.stream().map(Double::valueOf).toList());
      }
    }
  }

  /**
   * A dimension's row comes from one record of many that the source's snapshot has in one place.
   */
  private void customer() {
    Row someone =
        this.rows(
                """
                SELECT after.user_id, after.email, after.full_name, after.phone FROM raw.shop_users
                WHERE after.user_id IS NOT NULL AND after.email IS NOT NULL AND after.full_name IS NOT NULL
                ORDER BY after.user_id LIMIT 1""")
            .get(0);
    Explanation explanation =
        this.explain("dim_customer").key(Map.of("customer_id", someone.get(0).toString()));
    String json = explanation.json();
    assertThat(json)
        .contains("(personal)")
        .doesNotContain(someone.getString(1))
        .doesNotContain(someone.getString(2));
    assertThat(String.join("\n", explanation.lines()))
        .contains("after.user_id=" + someone.get(0))
        .doesNotContain(someone.getString(1));
    assertThat(values(this.part(json(explanation), "raw.shop_users"), "after.user_id"))
        .as("records of customer " + someone.get(0))
        .isNotEmpty()
        .containsOnly(someone.get(0).toString());
  }

  private void day() {
    Explainer explainer = this.explain("fact_sales");
    Reconciliation sales = explainer.reconciliations().get(0);
    JsonNode said = json(explainer.partition(sales, "2026-03-01", "revenue"));
    List<String> corrected =
        this.texts(
            "SELECT CAST(corrected AS double) FROM recon.restatement WHERE reconciliation = 'sales' AND measure = 'revenue' AND `partition` = '2026-03-01' ORDER BY as_of");
    assertThat(
            values(this.part(said, "recon.restatement"), "corrected").stream().map(Double::valueOf))
        .as("the day's revenue, night by night")
        .isNotEmpty()
        .containsExactlyElementsOf(corrected.stream().map(Double::valueOf).toList());
    assertThat(values(this.part(said, "mart.fact_sales"), "revenue").stream().map(Double::valueOf))
        .containsExactly(Double.valueOf(corrected.get(corrected.size() - 1)));
  }

  private Explainer explain(String name) {
    Mart mart =
        this.nights.model().marts().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    RunContext context =
        new RunContext(
            "explain",
            Instant.parse("2026-03-05T00:00:00Z"),
            this.nights.lake(),
            this.nights.engine(),
            this.nights.model());
    return new Explainer(context, mart, 50);
  }

  private List<String> tables(Explanation explanation, String stage) {
    return StreamSupport.stream(json(explanation).spliterator(), false)
        .filter(part -> part.get("stage").asText().equals(stage))
        .map(part -> part.get("table").asText())
        .toList();
  }

  private JsonNode part(JsonNode said, String table) {
    return StreamSupport.stream(said.spliterator(), false)
        .filter(part -> part.get("table").asText().equals(table))
        .reduce((first, last) -> last)
        .orElseThrow(() -> new AssertionError("nothing of " + table + " in " + said));
  }

  private static List<String> places(JsonNode part) {
    List<String> places = new ArrayList<>();
    part.get("rows")
        .forEach(
            row ->
                places.add(
                    row.get("_batch").asText()
                        + " "
                        + row.get("_source_file").asText()
                        + " "
                        + row.get("_source_row").asText()));
    return places;
  }

  private static List<String> values(JsonNode part, String column) {
    List<String> values = new ArrayList<>();
    part.get("rows").forEach(row -> values.add(row.get(column).asText()));
    return values;
  }

  private static JsonNode json(Explanation explanation) {
    try {
      return JSON.readTree(explanation.json());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> texts(String sql) {
    return this.rows(sql).stream().map(row -> String.valueOf(row.get(0))).toList();
  }

  private List<Row> rows(String sql) {
    this.nights.lake().spark().sql("USE " + this.nights.lake().catalog());
    return this.nights.lake().spark().sql(sql).collectAsList();
  }
}
