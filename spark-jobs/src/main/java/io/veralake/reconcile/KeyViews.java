package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The views that a history query reads, as far as it names them. A hub whose business key is among
 * the reconciliation's key columns holds only the keys in question, links on such hubs and
 * satellites of either likewise, so that a few keys don't cost the whole history. A query may name
 * a view any number of times: its table is read once.
 */
final class KeyViews {
  private final RunContext context;
  private final Reconciliation reconciliation;
  private final UnaryOperator<Dataset<Row>> keep;
  private final Wanted keys;
  private final Map<String, Wanted> hashKeys = new HashMap<>();
  private final Map<String, Dataset<Row>> views = new LinkedHashMap<>();

  /**
   * Reads what the views of hubs and links need.
   *
   * @param keys the keys in question, in the reconciliation's key columns
   * @param keep keeps rows in memory once they have been read
   */
  KeyViews(
      RunContext context,
      Reconciliation reconciliation,
      Wanted keys,
      UnaryOperator<Dataset<Row>> keep) {
    this.context = context;
    this.reconciliation = reconciliation;
    this.keys = keys;
    this.keep = keep;
    for (VaultTable table : context.model().vault()) {
      if (this.named(table.name()) && context.lake().exists("vault." + table.name())) {
        if (!this.views.containsKey(table.name())) {
          this.views.put(table.name(), this.rows(table));
        }
      }
    }
    for (Mart mart : context.model().marts()) {
      if (this.named(mart.name()) && context.lake().exists("mart." + mart.name())) {
        this.views.put(mart.name(), context.lake().rows("mart." + mart.name()));
      }
    }
  }

  /** Registers the views. */
  void register() {
    Lake lake = this.context.lake();
    this.views.forEach((name, rows) -> rows.createOrReplaceTempView(name));
    VaultViews versions = new VaultViews(this.context.model());
    for (VaultTable table : this.context.model().vault()) {
      if (table instanceof Satellite satellite
          && satellite.versions()
          && this.views.containsKey(table.name())) {
        lake.spark()
            .sql(versions.history(satellite, table.name()))
            .createOrReplaceTempView(table.name() + VaultViews.HISTORY);
        lake.spark()
            .sql(versions.current(satellite, table.name()))
            .createOrReplaceTempView(table.name() + VaultViews.CURRENT);
      }
    }
  }

  /**
   * Keeps in memory the rows of {@code tables} (with namespace), which a query reads repeatedly.
   */
  void keep(Collection<String> tables) {
    this.views.replaceAll(
        (name, rows) ->
            tables.contains("vault." + name) || tables.contains("mart." + name)
                ? this.keep.apply(rows)
                : rows);
  }

  private Dataset<Row> rows(VaultTable table) {
    HashText.stopUnlessMade(
        "vault." + table.name(),
        this.context.lake().table("vault." + table.name()).properties(),
        this.context.engine().hash());
    Dataset<Row> rows = this.context.lake().rows("vault." + table.name());
    if (table instanceof Hub hub) {
      return this.isRestricted(hub)
          ? this.keep.apply(this.keys.among(rows, names(hub), names(hub)))
          : rows;
    }
    if (table instanceof Link link) {
      return this.rows(link, rows);
    }
    if (!(table instanceof Satellite satellite)) {
      return rows;
    }
    VaultTable parent = satellite.parent();
    if (!satellite.found().equals(List.of(satellite.hashKey()))) {
      // What ends a link is found by the driving key, not by the link.
      return rows;
    }
    return this.isRestricted(parent)
        ? this.hashKeys(parent).among(rows, List.of(parent.hashKey()), List.of(table.hashKey()))
        : rows;
  }

  private Dataset<Row> rows(Link link, Dataset<Row> rows) {
    Dataset<Row> few = rows;
    for (Link.End end : this.restrictedEnds(link)) {
      few =
          this.hashKeys(end.hub()).among(few, List.of(end.hub().hashKey()), List.of(end.hashKey()));
    }
    return this.isRestricted(link) ? this.keep.apply(few) : rows;
  }

  /** Hash keys of a restricted hub or link. */
  private Wanted hashKeys(VaultTable table) {
    Wanted known = this.hashKeys.get(table.name());
    if (known == null) {
      Dataset<Row> rows = this.views.get(table.name());
      if (rows == null) {
        rows = this.rows(table);
        this.views.put(table.name(), rows);
      }
      known = Wanted.of(rows.select(col("`" + table.hashKey() + "`")));
      this.hashKeys.put(table.name(), known);
    }
    return known;
  }

  private boolean isRestricted(VaultTable table) {
    return table instanceof Hub hub
        ? this.reconciliation.key().containsAll(names(hub))
        : table instanceof Link link && !this.restrictedEnds(link).isEmpty();
  }

  /**
   * Ends that must be among the keys. Of two ends with one business key (an order and the order
   * that it replaces) only one need be: they restrict nothing.
   */
  private List<Link.End> restrictedEnds(Link link) {
    return link.ends().stream()
        .filter(end -> this.isRestricted(end.hub()))
        .filter(
            end ->
                link.ends().stream().filter(o -> names(o.hub()).equals(names(end.hub()))).count()
                    == 1)
        .toList();
  }

  private static List<String> names(Hub hub) {
    return hub.businessKey().stream()
        .map(column -> column.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private boolean named(String table) {
    return Pattern.compile(
            "\\b" + Pattern.quote(table.toLowerCase(Locale.ROOT)) + "(_history|_current)?\\b")
        .matcher(this.reconciliation.history().toLowerCase(Locale.ROOT))
        .find();
  }
}
