package io.veralake.publish;

import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query of a live view: the corrected rows of a generation up to its watermark, overridden and
 * followed by what the stream has after it.
 */
final class LiveQuery {
  private final Star star;
  private final Publication publication;
  private final Publication.Live live;
  private final Map<String, String> types;

  LiveQuery(Star star, Publication publication, Publication.Live live) {
    this.star = star;
    this.publication = publication;
    this.live = live;
    this.types = new DataTable(star, publication).types();
  }

  /** The query over the query {@code corrected}; both have the generation as a parameter. */
  String over(String corrected) {
    Reconciliation reconciliation = this.live.reconciliation();
    String watermark =
        "(SELECT max(watermark) FROM "
            + this.star.inData(Ledger.GENERATIONS)
            + " WHERE generation = "
            + PublicViews.GENERATION
            + " AND publication = "
            + Sql.literal(this.publication.name())
            + ")";
    String commitTime = Sql.identifier(reconciliation.stream().commitTime());
    String key = Sql.identifiers(reconciliation.key());
    String late =
        " WHERE "
            + commitTime
            + " > ifNull("
            + watermark
            + ", toDateTime64('2299-12-31', 6, 'UTC'))";
    String after = "SELECT * FROM (" + reconciliation.stream().rows().strip() + ")" + late;
    String keys = "SELECT " + key + " FROM (" + after + ")";
    if (!this.live.gone().isEmpty()) {
      keys +=
          " UNION ALL SELECT "
              + key
              + " FROM (SELECT * FROM ("
              + this.live.gone().strip()
              + ")"
              + late
              + ")";
    }
    return "SELECT "
        + Sql.identifiers(List.copyOf(this.types.keySet()))
        + " FROM ("
        + corrected
        + ") WHERE ("
        + key
        + ") NOT IN ("
        + keys
        + ")\nUNION ALL\n"
        + this.found(
            "SELECT "
                + this.streamColumns()
                + " FROM (SELECT * FROM ("
                + after
                + ") ORDER BY "
                + commitTime
                + " DESC LIMIT 1 BY "
                + key
                + ")");
  }

  /** {@code rows} with the keys of the dimensions' versions that held at the rows' times. */
  private String found(String rows) {
    String found = rows;
    for (Map.Entry<String, String> lookup : new TreeMap<>(this.live.lookups()).entrySet()) {
      found = this.found(found, lookup.getKey(), lookup.getValue());
    }
    return found;
  }

  /**
   * Only versions of what the rows name are read: the stream's part is small, dimensions aren't.
   */
  private String found(String rows, String column, String dimension) {
    Publication versions =
        this.star.publications().stream()
            .filter(other -> other.mart().name().equals(dimension))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        "Missing publication of dimension "
                            + dimension
                            + " in star "
                            + this.star.name()
                            + ", which live.lookups of "
                            + this.publication.name()
                            + " names (publish it in the same star)"));
    Mart.Lookup how =
        Objects.requireNonNull(this.publication.mart().refresh().lookups().get(dimension));
    String at = Sql.identifier(how.at());
    List<String> matches = new ArrayList<>();
    List<String> equal = new ArrayList<>();
    for (int i = 0; i < how.match().size(); i++) {
      String match = Sql.identifier(how.match().get(i));
      matches.add(match + " AS __match_" + i);
      equal.add("s." + match + " = d.__match_" + i);
    }
    String columns =
        this.types.keySet().stream()
            .map(name -> name.equals(column) ? this.key(column, at) : "s." + Sql.identifier(name))
            .collect(Collectors.joining(", "));
    return "SELECT "
        + columns
        + " FROM (SELECT *, ifNull("
        + at
        + ", toDateTime64('1900-01-01 00:00:00', 6, 'UTC')) AS __at FROM ("
        + rows
        + ")) AS s ASOF LEFT JOIN (SELECT 1 AS __found, "
        + Sql.identifier(versions.mart().grain().get(0))
        + " AS __key, "
        + String.join(", ", matches)
        + ", assumeNotNull(effective_from) AS __from, effective_to AS __until FROM "
        + this.star.inData(Star.at(versions))
        + "(generation = "
        + PublicViews.GENERATION
        + ") WHERE effective_from IS NOT NULL AND ("
        + Sql.identifiers(how.match())
        + ") IN (SELECT "
        + Sql.identifiers(how.match())
        + " FROM ("
        + rows
        + "))) AS d ON "
        + String.join(" AND ", equal)
        + " AND s.__at >= d.__from";
  }

  /** The version's key, or what the row has without one; whether joins give nulls or defaults. */
  private String key(String column, String at) {
    String name = Sql.identifier(column);
    return "CAST(if(d.__found = 1 AND s."
        + at
        + " IS NOT NULL AND (d.__until IS NULL OR s."
        + at
        + " < d.__until), d.__key, s."
        + name
        + ") AS "
        + this.types.get(column)
        + ") AS "
        + name;
  }

  private String streamColumns() {
    return this.types.entrySet().stream()
        .map(
            column -> {
              @Nullable String own = this.live.columns().get(column.getKey());
              String name = Sql.identifier(column.getKey());
              return "CAST("
                  + (own == null ? name : own)
                  + " AS "
                  + column.getValue()
                  + ") AS "
                  + name;
            })
        .collect(Collectors.joining(", "));
  }
}
