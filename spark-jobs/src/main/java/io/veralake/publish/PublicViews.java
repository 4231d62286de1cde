package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.spec.Publication;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The views of one publication. A public view passes the current generation, a scalar, to a view
 * with a parameter. ClickHouse evaluates the scalar once a query, and before it looks at the data:
 * were the generation looked up inside the same view as the data, a switch between the two looks
 * would show a generation whose partitions the query doesn't see.
 */
final class PublicViews {
  static final String GENERATION = "{generation:UInt64}";

  private final Star star;
  private final Publication publication;
  private final Ledger ledger;

  PublicViews(Star star, Publication publication, Ledger ledger) {
    this.star = star;
    this.publication = publication;
    this.ledger = ledger;
  }

  /**
   * Makes or renews the views over {@code dataTables}, the newest of which is the last, but for the
   * live one.
   */
  void ensure(ClickHouse clickHouse, List<String> dataTables) {
    this.replace(
        clickHouse,
        Star.at(this.publication),
        this.corrected(clickHouse, dataTables),
        this.publication.name());
  }

  /** The same for the live view, if one is declared; it reads views of other publications. */
  void ensureLive(ClickHouse clickHouse, List<String> dataTables) {
    Publication.Live live = this.publication.live();
    if (live != null) {
      this.replace(
          clickHouse,
          Star.liveAt(this.publication),
          new LiveQuery(this.star, this.publication, live)
              .over(this.corrected(clickHouse, dataTables)),
          this.publication.name() + "_live");
    }
  }

  private String corrected(ClickHouse clickHouse, List<String> dataTables) {
    DataTable table = new DataTable(this.star, this.publication);
    Map<String, List<String>> layouts = table.existing(clickHouse);
    String newest = dataTables.get(dataTables.size() - 1);
    return dataTables.stream()
        .map(
            name ->
                name.equals(newest)
                    ? this.select(name, this.names())
                    : this.select(name, this.converted(Objects.requireNonNull(layouts.get(name)))))
        .collect(Collectors.joining("\nUNION ALL\n"));
  }

  private void replace(ClickHouse clickHouse, String inner, String query, String view) {
    this.replace(clickHouse, this.star.inData(inner), query);
    this.replace(clickHouse, this.star.inPublic(view), this.current(inner));
  }

  private void replace(ClickHouse clickHouse, String view, String query) {
    // the types as well: a view keeps those of its first definition
    String comment =
        "Veralake view " + digest(query + new DataTable(this.star, this.publication).types());
    String has =
        clickHouse.value(
            "SELECT count() FROM system.tables WHERE concat('`', database, '`.`', name, '`') = "
                + Sql.literal(view)
                + " AND comment = "
                + Sql.literal(comment));
    if (has.equals("1")) {
      return;
    }
    clickHouse.execute(
        "CREATE OR REPLACE VIEW "
            + view
            + this.star.onCluster()
            + " AS\n"
            + query
            + "\nCOMMENT "
            + Sql.literal(comment));
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, 12));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String current(String parameterized) {
    return "SELECT "
        + this.names()
        + " FROM "
        + this.star.inData(parameterized)
        + "(generation = ("
        + this.ledger.currentQuery()
        + "))";
  }

  private String select(String dataTable, String columns) {
    PartitionText partition = new PartitionText(this.publication.mart());
    List<String> key = partition.clickHouseKey();
    List<String> values = partition.clickHouseValues("partition");
    String keys = key.isEmpty() ? "" : String.join(", ", key) + ", ";
    String found = values.isEmpty() ? "" : String.join(", ", values) + ", ";
    return "SELECT "
        + columns
        + " FROM "
        + this.star.inData(dataTable)
        + " WHERE ("
        + keys
        + DataTable.VERSION
        + ") IN (SELECT "
        + found
        + "version FROM "
        + this.star.inData(Ledger.POINTERS)
        + " WHERE generation = "
        + GENERATION
        + " AND table = "
        + Sql.literal(dataTable)
        + ")";
  }

  private String names() {
    return Sql.identifiers(
        List.copyOf(new DataTable(this.star, this.publication).types().keySet()));
  }

  /**
   * The columns of an older table as today's: values that don't fit become null or the type's
   * default.
   */
  private String converted(List<String> layout) {
    return new DataTable(this.star, this.publication)
        .types().entrySet().stream()
            .map(column -> convertedColumn(column.getKey(), column.getValue(), layout))
            .collect(Collectors.joining(", "));
  }

  private static String convertedColumn(String name, String type, List<String> layout) {
    String quoted = Sql.identifier(name);
    boolean nullable = type.contains("Nullable(");
    if (layout.contains(quoted + " " + type)) {
      return quoted;
    }
    boolean had = layout.stream().anyMatch(line -> line.startsWith(quoted + " "));
    if (!had) {
      return (nullable
              ? "CAST(NULL AS " + type + ")"
              : "defaultValueOfTypeName(" + Sql.literal(type) + ")")
          + " AS "
          + quoted;
    }
    String value =
        nullable
            ? "accurateCastOrNull(" + quoted + ", " + Sql.literal(bare(type)) + ")"
            : "accurateCastOrDefault(" + quoted + ", " + Sql.literal(bare(type)) + ")";
    return "CAST(" + value + " AS " + type + ") AS " + quoted;
  }

  private static String bare(String type) {
    return type.replaceAll("^LowCardinality\\((.*)\\)$", "$1")
        .replaceAll("^Nullable\\((.*)\\)$", "$1");
  }
}
