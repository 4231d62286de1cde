package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What readers of ClickHouse see of a mart, and since which generation. */
public final class PublishedTrace {
  /** How a query names its columns' values. */
  private static final String CURRENT = "(SELECT argMax(generation, number) FROM %s)";

  private PublishedTrace() {}

  /**
   * What readers see.
   *
   * @param view the public view
   * @param generation of the star, as {@code generation}, {@code as_of}, {@code run}, {@code
   *     watermark} and {@code snapshot} (of the mart)
   * @param rows by column
   */
  public record Seen(
      String view,
      Map<String, @Nullable String> generation,
      List<Map<String, @Nullable String>> rows) {}

  /**
   * The rows of {@code publication} with the values {@code key} (texts by column), at most {@code
   * most}; empty if its star was never published.
   */
  public static Optional<Seen> of(
      RunContext context, Publication publication, Map<String, String> key, int most) {
    Star star =
        Star.of(context.model(), publication.star(), context.engine().clickhouse().cluster());
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      if (clickHouse
          .value(
              "SELECT count() FROM system.tables WHERE database = %s AND name = %s"
                  .formatted(Sql.literal(star.data()), Sql.literal(Ledger.SWITCHES)))
          .equals("0")) {
        return Optional.empty();
      }
      List<Map<String, @Nullable String>> generations =
          rows(
              clickHouse,
              List.of("generation", "as_of", "run", "watermark", "snapshot"),
              "FROM %s WHERE publication = %s AND generation = %s"
                  .formatted(
                      star.inData(Ledger.GENERATIONS),
                      Sql.literal(publication.name()),
                      CURRENT.formatted(star.inData(Ledger.SWITCHES))));
      if (generations.isEmpty()) {
        return Optional.empty();
      }
      List<String> columns = publication.mart().columns().stream().map(Column::name).toList();
      String condition =
          key.entrySet().stream()
              .map(one -> Sql.identifier(one.getKey()) + " = " + Sql.literal(one.getValue()))
              .collect(Collectors.joining(" AND "));
      return Optional.of(
          new Seen(
              publication.star() + "." + publication.name(),
              generations.get(0),
              rows(
                  clickHouse,
                  columns,
                  "FROM %s WHERE %s ORDER BY %s LIMIT %d"
                      .formatted(
                          star.inPublic(publication.name()),
                          condition,
                          Sql.identifiers(publication.mart().grain()),
                          most))));
    }
  }

  private static List<Map<String, @Nullable String>> rows(
      ClickHouse clickHouse, List<String> columns, String from) {
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    for (List<@Nullable String> values :
        clickHouse.rows("SELECT " + Sql.identifiers(columns) + " " + from)) {
      Map<String, @Nullable String> row = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i), values.get(i));
      }
      rows.add(row);
    }
    return rows;
  }
}
