package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Removes what no kept generation needs. Whatever it drops can't be seen through a view. */
final class Leftovers {
  private final ClickHouse clickHouse;
  private final Star star;
  private final Ledger ledger;

  Leftovers(ClickHouse clickHouse, Star star, Ledger ledger) {
    this.clickHouse = clickHouse;
    this.star = star;
    this.ledger = ledger;
  }

  /** After a crash: generations that readers were never given, and their data. */
  void ofCrashedRuns() {
    Set<Long> shown =
        this.clickHouse
            .rows("SELECT DISTINCT generation FROM " + this.star.inData(Ledger.SWITCHES))
            .stream()
            .map(row -> Long.valueOf(Objects.requireNonNull(row.get(0))))
            .collect(Collectors.toSet());
    this.keepOnly(shown);
  }

  /**
   * After a publication: all but {@code current} and the {@code earlier} generations that it came
   * from.
   */
  void ofOldGenerations(long current, int earlier) {
    Map<Long, Ledger.Generation> generations = this.ledger.generations();
    Set<Long> kept = new TreeSet<>();
    long number = current;
    while (generations.containsKey(number) && kept.size() <= earlier) {
      kept.add(number);
      number = Objects.requireNonNull(generations.get(number)).parent();
    }
    this.keepOnly(kept);
  }

  private void keepOnly(Set<Long> generations) {
    for (long recorded : this.ledger.recorded()) {
      if (!generations.contains(recorded)) {
        this.ledger.forget(recorded);
      }
    }
    for (Publication publication : this.star.publications()) {
      this.dropStaging(publication);
      for (String table :
          new DataTable(this.star, publication).existing(this.clickHouse).keySet()) {
        this.dropVersions(table);
      }
    }
  }

  private void dropStaging(Publication publication) {
    String prefix = Star.stagingPrefix(publication);
    for (List<String> row :
        this.texts(
            "SELECT name FROM system.tables WHERE database = "
                + Sql.literal(this.star.data())
                + " AND startsWith(name, "
                + Sql.literal(prefix)
                + ")")) {
      this.drop(row.get(0));
    }
  }

  private void dropVersions(String table) {
    List<String> drops = new ArrayList<>();
    for (List<String> row :
        this.texts(
            "SELECT DISTINCT partition_id FROM system.parts WHERE active AND database = "
                + Sql.literal(this.star.data())
                + " AND table = "
                + Sql.literal(table)
                + " AND partition_id NOT IN (SELECT partition_id FROM "
                + this.star.inData(Ledger.POINTERS)
                + " WHERE table = "
                + Sql.literal(table)
                + ")")) {
      drops.add("DROP PARTITION ID " + Sql.literal(row.get(0)));
    }
    if (!drops.isEmpty()) {
      this.clickHouse.execute(
          "ALTER TABLE "
              + this.star.inData(table)
              + this.star.onCluster()
              + " "
              + String.join(", ", drops));
    }
  }

  /** Tables of a publication that kept generations point into. */
  Set<String> usedTables(Publication publication) {
    Set<String> used = new TreeSet<>();
    for (Ledger.Generation generation : this.ledger.generations().values()) {
      Ledger.Entry entry = generation.entries().get(publication.name());
      if (entry != null) {
        used.add(entry.dataTable());
      }
    }
    return used;
  }

  /** Drops a table of the data database at once. */
  void drop(String table) {
    this.clickHouse.execute(
        "DROP TABLE IF EXISTS " + this.star.inData(table) + this.star.onCluster() + " SYNC");
  }

  private List<List<String>> texts(String query) {
    return this.clickHouse.rows(query).stream()
        .map(row -> row.stream().map(Objects::requireNonNull).toList())
        .toList();
  }
}
