package io.veralake.mart;

import io.veralake.catalog.Positions;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Keys of a mart whose rows may differ since its last build: the refresh key's columns and, if it
 * has an {@link Anchor}, the hash key.
 */
final class AffectedKeys {
  private final RunContext context;
  private final Mart mart;
  private final Views views;
  private final Scratch scratch;
  private final Optional<Anchor> anchor;
  private final List<Dataset<Row>> hashes = new ArrayList<>();
  private final List<Dataset<Row>> names = new ArrayList<>();

  /** {@code views} have the mart as it stands as {@code this}. */
  AffectedKeys(RunContext context, Mart mart, Views views, Scratch scratch) {
    this.context = context;
    this.mart = mart;
    this.views = views;
    this.scratch = scratch;
    this.anchor = Anchor.of(mart, context.model());
  }

  /**
   * The keys that changes of {@code inputs} since {@code before} lead to; empty if that can't be
   * told, so that the whole table has to be made anew.
   */
  Optional<Dataset<Row>> since(Positions before, Iterable<Input> inputs) {
    if (this.mart.refresh().key().isEmpty()) {
      return Optional.empty();
    }
    for (Input input : inputs) {
      if (input.changedSince(before) && !this.follow(input, before)) {
        return Optional.empty();
      }
    }
    return Optional.of(this.scratch.keep(this.keys()));
  }

  private boolean follow(Input input, Positions before) {
    boolean silent = input.vault().isPresent() && this.movesNothing(input.vault().get());
    if (silent) {
      return true;
    }
    Optional<Changes> changes =
        Changes.after(this.context.lake(), input, before.lastRead(input.table()));
    return changes.isPresent() && this.follow(input, changes.get());
  }

  private boolean follow(Input input, Changes changes) {
    Mart.Refresh refresh = this.mart.refresh();
    if (refresh.changes().containsKey(input.name())) {
      Dataset<Row> found = this.sql(refresh.changes().get(input.name()), input, changes);
      this.names.add(found.select(this.keyColumns()));
      return true;
    }
    if (refresh.lookups().containsKey(input.name())) {
      this.names.add(
          new LookupKeys(this.context, this.mart, refresh.lookups().get(input.name()))
              .of(changes, this.scratch));
      return true;
    }
    if (input.vault().isPresent()) {
      Optional<List<String>> paths = this.anchor.flatMap(found -> found.paths(input.vault().get()));
      paths.ifPresent(
          found -> found.forEach(path -> this.hashes.add(this.sql(path, input, changes))));
      return paths.isPresent();
    }
    return this.followMart(input, changes);
  }

  private boolean followMart(Input input, Changes changes) {
    Mart upstream =
        this.context.model().marts().stream()
            .filter(one -> one.name().equals(input.name()))
            .findFirst()
            .orElseThrow();
    List<String> columns = upstream.columns().stream().map(io.veralake.spec.Column::name).toList();
    List<String> wanted = this.mart.refresh().keyOf(upstream.name());
    if (!columns.containsAll(wanted)) {
      return false;
    }
    this.names.add(
        changes
            .keys(upstream, wanted)
            .toDF(this.mart.refresh().key().toArray(String[]::new))
            .na()
            .drop());
    return true;
  }

  private boolean movesNothing(VaultTable input) {
    return !this.mart.refresh().changes().containsKey(input.name())
        && this.anchor.flatMap(found -> found.paths(input)).filter(List::isEmpty).isPresent();
  }

  private Dataset<Row> sql(String query, Input input, Changes changes) {
    String rows = this.scratch.view(input.name() + "_changes", changes.rows());
    return this.context.lake().spark().sql(this.views.with("changes", rows).query(query));
  }

  private Dataset<Row> keys() {
    List<Dataset<Row>> result = new ArrayList<>();
    if (this.anchor.isEmpty()) {
      result.addAll(this.names);
    } else {
      Anchor found = this.anchor.get();
      if (!this.hashes.isEmpty()) {
        String view = this.scratch.keep("hashes", union(this.hashes).distinct());
        result.add(this.query(this.views.with("hashes", view), found.keysOfHashes()));
      }
      if (!this.names.isEmpty()) {
        String view = this.scratch.keep("named", union(this.names).distinct());
        result.add(this.query(this.views.with("named", view), found.keysOfNames()));
      }
    }
    return result.isEmpty()
        ? this.context
            .lake()
            .rows(MartTable.name(this.mart.name()))
            .select(this.keyColumns())
            .limit(0)
        : union(result).distinct();
  }

  private Dataset<Row> query(Views over, String sql) {
    return this.context.lake().spark().sql(over.query(sql));
  }

  private Column[] keyColumns() {
    return this.mart.refresh().key().stream().map(functions::col).toArray(Column[]::new);
  }

  private static Dataset<Row> union(List<Dataset<Row>> parts) {
    return parts.stream().reduce(Dataset::union).orElseThrow();
  }
}
