package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.ClickHouseType;
import io.veralake.clickhouse.Sql;
import io.veralake.spec.Column;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A publication's data table as the model wants it: its columns, key and partitions. The layout
 * stands in the table's comment. A table is never changed in place, except that a column that may
 * be null is added at its end; any other change gives a new table, and the old one stays as long as
 * a kept generation needs it.
 */
final class DataTable {
  static final String VERSION = "_version";

  private static final String COMMENT = "Veralake data table, read it through its views";
  private static final int DEDUPLICATION_WINDOW = 1_000_000;

  private final Star star;
  private final Publication publication;
  private final PartitionText partition;

  DataTable(Star star, Publication publication) {
    this.star = star;
    this.publication = publication;
    this.partition = new PartitionText(publication.mart());
  }

  /** Columns whose type is not nullable. */
  List<String> notNull() {
    return this.types().entrySet().stream()
        .filter(type -> !type.getValue().contains("Nullable("))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** ClickHouse types by column, in the mart's order. */
  Map<String, String> types() {
    List<String> key = new ArrayList<>(this.publication.mart().grain());
    key.addAll(this.publication.orderBy());
    this.publication.mart().partitionBy().forEach(field -> key.add(field.column()));
    Map<String, String> types = new LinkedHashMap<>();
    for (Column column : this.publication.mart().columns()) {
      String own = this.publication.types().get(column.name());
      types.put(
          column.name(),
          own == null ? ClickHouseType.of(column.type(), !key.contains(column.name())) : own);
    }
    return types;
  }

  /** Whether a column is sent in another binary form than its declared type's. */
  boolean converts() {
    Map<String, String> types = this.types();
    return this.publication.mart().columns().stream()
        .anyMatch(
            column -> {
              String own = Objects.requireNonNull(types.get(column.name()));
              String plain = own.replaceAll("LowCardinality\\((.*)\\)", "$1");
              boolean nullable = plain.startsWith("Nullable(");
              String expected = ClickHouseType.of(column.type(), nullable);
              return !plain.replace(" ", "").equals(expected.replace(" ", ""));
            });
  }

  private String keyLine() {
    List<String> partitions = new ArrayList<>(this.partition.clickHouseKey());
    partitions.add(VERSION);
    return "PARTITION BY ("
        + String.join(", ", partitions)
        + ") ORDER BY ("
        + Sql.identifiers(this.publication.orderBy())
        + ")";
  }

  /** Key, then columns, a line each. */
  List<String> layout() {
    List<String> lines = new ArrayList<>();
    lines.add(COMMENT);
    lines.add(this.keyLine());
    this.types().forEach((name, type) -> lines.add(Sql.identifier(name) + " " + type));
    return lines;
  }

  /** Tables of this publication by name, with their layouts. */
  Map<String, List<String>> existing(ClickHouse clickHouse) {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    for (List<@Nullable String> row :
        clickHouse.rows(
            "SELECT name, comment FROM system.tables WHERE database = "
                + Sql.literal(this.star.data())
                + " AND match(name, "
                + Sql.literal("^" + this.publication.name() + "(__[0-9]+)?$")
                + ") ORDER BY length(name), name")) {
      tables.put(
          Objects.requireNonNull(row.get(0)),
          Arrays.asList(Objects.requireNonNull(row.get(1)).split("\n")));
    }
    return tables;
  }

  /**
   * What is to be done for a table of the wanted layout.
   *
   * @param table its name
   * @param made whether it is to be made
   * @param added columns that it is to be widened by
   */
  record Choice(String table, boolean made, List<String> added) {}

  /** Decides where the rows go; does nothing. {@code current}: where they lie now. */
  Choice choose(ClickHouse clickHouse, Optional<String> current) {
    Map<String, List<String>> existing = this.existing(clickHouse);
    List<String> wanted = this.layout();
    for (Map.Entry<String, List<String>> table : existing.entrySet()) {
      if (table.getValue().equals(wanted)) {
        return new Choice(table.getKey(), false, List.of());
      }
    }
    if (current.isPresent() && existing.containsKey(current.get())) {
      List<String> has = Objects.requireNonNull(existing.get(current.get()));
      List<String> added = wanted.subList(Math.min(has.size(), wanted.size()), wanted.size());
      boolean widens =
          wanted.size() > has.size()
              && wanted.subList(0, has.size()).equals(has)
              && added.stream().allMatch(column -> column.contains("Nullable("));
      if (widens) {
        return new Choice(current.get(), false, added);
      }
    }
    return new Choice(this.freeName(existing), true, List.of());
  }

  /** Makes or widens the table of {@code choice}, if that is needed. */
  void make(ClickHouse clickHouse, Choice choice) {
    if (choice.made()) {
      clickHouse.execute(
          this.create(choice.table(), "")
              + " COMMENT "
              + Sql.literal(String.join("\n", this.layout())));
    } else if (!choice.added().isEmpty()) {
      this.widen(clickHouse, choice.table(), choice.added());
    }
  }

  private String freeName(Map<String, List<String>> existing) {
    String name = this.publication.name();
    for (int i = 2; existing.containsKey(name); i++) {
      name = this.publication.name() + "__" + i;
    }
    return name;
  }

  private void widen(ClickHouse clickHouse, String table, List<String> added) {
    clickHouse.execute(
        "ALTER TABLE "
            + this.star.inData(table)
            + this.star.onCluster()
            + added.stream()
                .map(column -> " ADD COLUMN IF NOT EXISTS " + column)
                .collect(Collectors.joining(","))
            + ", MODIFY COMMENT "
            + Sql.literal(String.join("\n", this.layout())));
  }

  /** Makes a private table for rows of {@code version} that are not verified yet. */
  void createStaging(ClickHouse clickHouse, String staging, long version) {
    clickHouse.execute(
        this.create(staging, " DEFAULT " + version)
            + " SETTINGS non_replicated_deduplication_window = "
            + DEDUPLICATION_WINDOW);
  }

  private String create(String table, String versionDefault) {
    return "CREATE TABLE "
        + this.star.inData(table)
        + this.star.onCluster()
        + " ("
        + this.types().entrySet().stream()
            .map(column -> Sql.identifier(column.getKey()) + " " + column.getValue())
            .collect(Collectors.joining(", "))
        + ", "
        + VERSION
        + " UInt64"
        + versionDefault
        + ") ENGINE = MergeTree "
        + this.keyLine();
  }
}
