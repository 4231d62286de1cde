package io.veralake.publish;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a verification of a generation found.
 *
 * @param star the star
 * @param generation the generation
 * @param tables its tables, by name
 */
public record Verified(String star, long generation, List<Table> tables) {
  /** How a table came out. */
  public enum State {
    /** ClickHouse serves what Iceberg holds. */
    EQUAL,
    /** It serves something else. */
    DIFFERS,
    /** Readers get an error. */
    BROKEN,
    /** It can't be told. */
    UNKNOWN
  }

  /**
   * A table.
   *
   * @param name its public name
   * @param mart the mart
   * @param snapshot the mart's snapshot that the generation was made from
   * @param state how it came out
   * @param partitions partitions that were compared
   * @param rows rows that Iceberg holds in them
   * @param differences partitions that are to be loaded again, with both sides in words
   * @param keys some keys whose rows differ, in words
   * @param trouble why readers get an error, or why it can't be told; empty else
   */
  public record Table(
      String name,
      String mart,
      long snapshot,
      State state,
      long partitions,
      long rows,
      Map<List<String>, String> differences,
      List<String> keys,
      String trouble) {
    /** Copies map and list. */
    public Table {
      TreeMap<List<String>, String> sorted = new TreeMap<>(Comparator.comparing(String::valueOf));
      sorted.putAll(differences);
      differences = sorted;
      keys = List.copyOf(keys);
    }

    static Table equal(String name, String mart, long snapshot) {
      return new Table(name, mart, snapshot, State.EQUAL, 0, 0, Map.of(), List.of(), "");
    }

    static Table unknown(String name, String mart, long snapshot, String why) {
      return new Table(
          name,
          mart,
          snapshot,
          State.UNKNOWN,
          0,
          0,
          Map.of(),
          List.of(),
          "it can't be told, " + why);
    }

    Table sized(long compared, long held) {
      return new Table(
          this.name,
          this.mart,
          this.snapshot,
          this.state,
          compared,
          held,
          this.differences,
          this.keys,
          this.trouble);
    }

    Table differing(Map<List<String>, String> found, List<String> named) {
      return new Table(
          this.name,
          this.mart,
          this.snapshot,
          State.DIFFERS,
          this.partitions,
          this.rows,
          found,
          named,
          "");
    }

    Table broken(Set<List<String>> lost, String why) {
      return new Table(
          this.name,
          this.mart,
          this.snapshot,
          State.BROKEN,
          this.partitions,
          this.rows,
          lost.stream()
              .collect(
                  Collectors.toMap(
                      Function.identity(), partition -> "partition " + partition + ": unreadable")),
          List.of(),
          why);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-28s %,9d partition%s %,15d rows  %s",
          this.name,
          this.partitions,
          this.partitions == 1 ? " " : "s",
          this.rows,
          switch (this.state) {
            case EQUAL -> "equal";
            case DIFFERS ->
                String.format(
                    Locale.ROOT, "%,d of %,d differ", this.differences.size(), this.partitions);
            case BROKEN -> "readers get an error";
            case UNKNOWN -> "unknown";
          });
    }
  }

  /** Copies the list. */
  public Verified {
    tables = List.copyOf(tables);
  }

  /** Whether ClickHouse serves what Iceberg holds, in all tables. */
  public boolean isEqual() {
    return this.tables.stream().allMatch(table -> table.state() == State.EQUAL);
  }

  /** Partitions that were compared. */
  public long partitions() {
    return this.tables.stream().mapToLong(Table::partitions).sum();
  }

  /** Rows that Iceberg holds in them. */
  public long rows() {
    return this.tables.stream().mapToLong(Table::rows).sum();
  }
}
