package io.veralake.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Rows of a raw table, or of another stage, made ready for the vault: columns derived from the
 * row's own, rows left out, items of an array as rows of their own. What it gives of a row depends
 * on that row alone.
 *
 * @param name what models call it; empty: of one source alone
 * @param columns that are added, or that hide those of their names
 * @param where SQL condition over the row's columns; {@code true} if none
 * @param explode the array whose items are rows of their own; empty: none
 */
public record Stage(String name, List<Derived> columns, String where, Optional<Explode> explode) {
  /**
   * A column.
   *
   * @param name its name
   * @param expression SQL over the row's columns, and the item's where there is one
   * @param type to which the value is cast, null if it doesn't fit; empty: as it is
   */
  public record Derived(String name, String expression, Optional<ColumnType> type) {}

  /**
   * An array whose items are rows of their own.
   *
   * @param array SQL over the row's columns
   * @param columns of the item, over {@link VaultSource#ITEM}, {@link VaultSource#ITEM_NUMBER} and
   *     the row's columns
   * @param where which items are taken; {@code true} if none is left out
   * @param key which of {@code columns} tell the items of one array apart; empty: their places
   * @param ranks among the items of one array that are taken
   */
  public record Explode(
      String array, List<Derived> columns, String where, List<String> key, List<Rank> ranks) {
    /** Copies the lists. */
    public Explode {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
      ranks = List.copyOf(ranks);
    }

    private Explode only(Set<String> wanted) {
      List<Rank> kept = this.ranks.stream().filter(r -> wanted.contains(r.name())).toList();
      Set<String> needed = new TreeSet<>(wanted);
      needed.addAll(this.key);
      kept.forEach(
          rank -> {
            needed.addAll(rank.within());
            rank.order().forEach(term -> needed.add(term.column()));
          });
      return new Explode(
          this.array,
          this.columns.stream().filter(column -> needed.contains(column.name())).toList(),
          this.where,
          this.key,
          kept);
    }

    /** Columns of the stage that tell the items of one array apart; empty: none does. */
    public List<String> identity() {
      if (!this.key.isEmpty()) {
        return this.key;
      }
      return this.columns.stream()
          .filter(column -> column.expression().strip().equals(VaultSource.ITEM_NUMBER))
          .map(Derived::name)
          .limit(1)
          .toList();
    }
  }

  /**
   * An item's place among those of its array, from 1.
   *
   * @param name the column
   * @param within among those items that are equal in these columns
   * @param order by what they are ordered, then by their places in the array
   */
  public record Rank(String name, List<String> within, List<Term> order) {
    /** Copies the lists. */
    public Rank {
      within = List.copyOf(within);
      order = List.copyOf(order);
    }
  }

  /**
   * What items are ordered by.
   *
   * @param column one of the item
   * @param descending whether the greatest is first; nulls are less than all values
   */
  public record Term(String column, boolean descending) {}

  /** Copies the list. */
  public Stage {
    columns = List.copyOf(columns);
  }

  /** Leaves out rows, and does nothing else. */
  public static Stage filter(String where) {
    return new Stage("", List.of(), where, Optional.empty());
  }

  /** The same with those columns only that are {@code wanted}, and what they need of each other. */
  public Stage only(Set<String> wanted) {
    return new Stage(
        this.name,
        this.columns.stream().filter(column -> wanted.contains(column.name())).toList(),
        this.where,
        this.explode.map(all -> all.only(wanted)));
  }

  /** Every column that it gives beside those of its input. */
  public Stream<String> names() {
    return Stream.concat(
        this.columns.stream().map(Derived::name),
        this.explode.stream()
            .flatMap(
                exploded ->
                    Stream.concat(
                        exploded.columns().stream().map(Derived::name),
                        exploded.ranks().stream().map(Rank::name))));
  }
}
