package io.veralake.publish;

import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.spec.Model;
import io.veralake.spec.Publication;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A star and the names of its objects in ClickHouse. Names that Veralake adds hold {@code __}, or
 * are the three ledgers.
 *
 * @param name the star, and the database of the public views
 * @param publications its tables, by name
 * @param onCluster {@code ON CLUSTER …} with a blank before it, or nothing
 */
record Star(String name, List<Publication> publications, String onCluster) {
  private static final Set<String> LEDGERS =
      Set.of(Ledger.POINTERS, Ledger.GENERATIONS, Ledger.SWITCHES);

  Star {
    publications = List.copyOf(publications);
  }

  static Star of(Model model, String name, String cluster) {
    List<Publication> publications =
        model.publications().stream()
            .filter(publication -> publication.star().equals(name))
            .sorted(Comparator.comparing(Publication::name))
            .toList();
    if (publications.isEmpty()) {
      throw new DataException(
          "Missing star: "
              + name
              + " (declared are "
              + model.publications().stream().map(Publication::star).distinct().sorted().toList()
              + ")");
    }
    Set<String> views = new HashSet<>(LEDGERS);
    for (Publication publication : publications) {
      claim(views, publication.name());
      if (publication.live() != null) {
        claim(views, publication.name() + "_live");
      }
    }
    return new Star(
        name, publications, cluster.isEmpty() ? "" : " ON CLUSTER " + Sql.identifier(cluster));
  }

  private static void claim(Set<String> views, String view) {
    if (!views.add(view) || view.contains("__")) {
      throw new DataException(
          "Invalid name of a publication: "
              + view
              + " (each name once, with its _live view; not "
              + LEDGERS.stream().sorted().toList()
              + ", no double underscore)");
    }
  }

  /** The database that holds the data; not quoted. */
  String data() {
    return this.name + "_data";
  }

  /** Quoted name of a table or view of the data database. */
  String inData(String table) {
    return Sql.table(this.data(), table);
  }

  /** Quoted name of a public view. */
  String inPublic(String view) {
    return Sql.table(this.name, view);
  }

  /** View over the data of one generation, a parameter. */
  static String at(Publication publication) {
    return publication.name() + "__at";
  }

  /** View over the live rows with one generation, a parameter. */
  static String liveAt(Publication publication) {
    return publication.name() + "__live_at";
  }

  /** Prefix of the publication's private tables. */
  static String stagingPrefix(Publication publication) {
    return publication.name() + "__staging_";
  }
}
