package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Registers the views that a history query reads, as far as it names them. A hub whose business key
 * is among the reconciliation's key columns holds only the keys in question, links on such hubs and
 * satellites of either likewise, so that a few keys don't cost the whole history.
 */
final class KeyViews {
  private final RunContext context;
  private final Reconciliation reconciliation;
  private final Map<String, Dataset<Row>> restricted = new HashMap<>();

  KeyViews(RunContext context, Reconciliation reconciliation) {
    this.context = context;
    this.reconciliation = reconciliation;
  }

  /** Registers them for {@code keys}, which has the reconciliation's key columns. */
  void register(Dataset<Row> keys) {
    Lake lake = this.context.lake();
    for (VaultTable table : this.context.model().vault()) {
      if (lake.exists("vault." + table.name()) && this.named(table.name())) {
        this.register(table, keys);
      }
    }
    for (Mart mart : this.context.model().marts()) {
      if (lake.exists("mart." + mart.name()) && this.named(mart.name())) {
        lake.rows("mart." + mart.name()).createOrReplaceTempView(mart.name());
      }
    }
  }

  private void register(VaultTable table, Dataset<Row> keys) {
    Lake lake = this.context.lake();
    Dataset<Row> rows = this.rows(table, keys);
    rows.createOrReplaceTempView(table.name());
    if (table instanceof Satellite satellite) {
      VaultViews views = new VaultViews(this.context.model());
      lake.spark()
          .sql(views.history(satellite, table.name()))
          .createOrReplaceTempView(table.name() + VaultViews.HISTORY);
      lake.spark()
          .sql(views.current(satellite, table.name()))
          .createOrReplaceTempView(table.name() + VaultViews.CURRENT);
    }
  }

  private Dataset<Row> rows(VaultTable table, Dataset<Row> keys) {
    Dataset<Row> rows = this.context.lake().rows("vault." + table.name());
    if (table instanceof Hub hub) {
      return this.rows(hub, rows, keys);
    }
    if (table instanceof Link link) {
      return this.rows(link, rows, keys);
    }
    VaultTable parent = ((Satellite) table).parent();
    Dataset<Row> parents = this.restricted(parent, keys);
    return parents == null ? rows : among(rows, parents, List.of(parent.hashKey()));
  }

  private Dataset<Row> rows(Hub hub, Dataset<Row> rows, Dataset<Row> keys) {
    List<String> columns = hub.businessKey().stream().map(Column::name).toList();
    return this.reconciliation.key().containsAll(columns) ? among(rows, keys, columns) : rows;
  }

  private Dataset<Row> rows(Link link, Dataset<Row> rows, Dataset<Row> keys) {
    Dataset<Row> few = rows;
    for (Link.End end : link.ends()) {
      Dataset<Row> hub = this.restricted(end.hub(), keys);
      if (hub != null) {
        Dataset<Row> ends = hub.withColumnRenamed(end.hub().hashKey(), end.hashKey());
        few = among(few, ends, List.of(end.hashKey()));
      }
    }
    return few;
  }

  /** Rows of a hub or link that belong to the keys; null if that means all. */
  private @Nullable Dataset<Row> restricted(VaultTable table, Dataset<Row> keys) {
    if (!this.isRestricted(table)) {
      return null;
    }
    return this.restricted.computeIfAbsent(table.name(), name -> this.rows(table, keys));
  }

  private boolean isRestricted(VaultTable table) {
    if (table instanceof Hub hub) {
      return this.reconciliation
          .key()
          .containsAll(hub.businessKey().stream().map(Column::name).toList());
    }
    return table instanceof Link link
        && link.ends().stream().anyMatch(end -> this.isRestricted(end.hub()));
  }

  private static Dataset<Row> among(Dataset<Row> rows, Dataset<Row> few, List<String> columns) {
    List<org.apache.spark.sql.Column> selected = new ArrayList<>();
    columns.forEach(column -> selected.add(col("`" + column + "`")));
    Dataset<Row> values =
        few.select(selected.toArray(org.apache.spark.sql.Column[]::new)).distinct();
    return rows.join(values, CollectionConverters.asScala(columns).toSeq(), "left_semi");
  }

  private boolean named(String table) {
    return Pattern.compile(
            "\\b" + Pattern.quote(table.toLowerCase(Locale.ROOT)) + "(_history|_current)?\\b")
        .matcher(this.reconciliation.history().toLowerCase(Locale.ROOT))
        .find();
  }
}
