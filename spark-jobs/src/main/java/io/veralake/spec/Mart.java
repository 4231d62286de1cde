package io.veralake.spec;

import java.util.List;
import java.util.Map;

/**
 * A table of the star schema: SQL over the vault's views and other marts, with its declaration
 * ({@code models/mart/<name>.conf} and {@code .sql}).
 *
 * @param name its table in namespace {@code mart}; the file's base name
 * @param kind what it is in the star
 * @param sql the query; names in it are vault views ({@code hub_x}, {@code link_x}, {@code
 *     sat_x_current}, {@code sat_x_history}) or marts ({@code mart.y} as {@code y})
 * @param columns the columns that the query must give, in order
 * @param grain columns that are unique together and never null
 * @param partitionBy how the table is partitioned, in Iceberg and in ClickHouse alike; empty: one
 *     partition
 * @param reads the vault tables and marts that the query reads
 * @param refresh how a change of an input reaches the rows of this mart
 * @param checks invariants, audited before the new state becomes visible in addition to that the
 *     grain is unique and never null
 */
public record Mart(
    String name,
    Kind kind,
    String sql,
    List<Column> columns,
    List<String> grain,
    List<PartitionField> partitionBy,
    List<String> reads,
    Refresh refresh,
    List<Check> checks) {
  /** Kinds of marts. */
  public enum Kind {
    DIMENSION,
    FACT,
    AGGREGATE
  }

  /**
   * A partition field, the same function in both stores.
   *
   * @param transform how the column becomes a partition value
   * @param column the column
   */
  public record PartitionField(Transform transform, String column) {
    /** Partition functions: the value itself, the day or the month of a date or timestamp. */
    public enum Transform {
      IDENTITY,
      DAY,
      MONTH
    }
  }

  /**
   * How changes travel. An input that is named nowhere here needs to lead to the key by itself: it
   * is a hub or link whose business columns are the key, hangs on one (satellite, link), or is a
   * mart with the key's columns. A hub that isn't the key's moves nothing by itself. A change of
   * any other input recomputes the whole table.
   *
   * @param key columns of the mart by which rows are recomputed, as a rule the business key of a
   *     hub or link ({@code order_id}) or a partition column; empty: always the whole table
   * @param changes by input: SQL that gives the affected keys (the columns of {@code key}) from the
   *     view {@code changes} (the rows that the input got, for a mart the rows that differ) and any
   *     other view, {@code this} (the mart as it stands) among them
   * @param lookups by input, a dimension with {@code effective_from} and {@code effective_to}: how
   *     rows of this mart find their version of it
   * @param columns by input, a mart that calls columns of the key otherwise: what they are called
   *     there
   */
  public record Refresh(
      List<String> key,
      Map<String, String> changes,
      Map<String, Lookup> lookups,
      Map<String, Map<String, String>> columns) {
    /** Copies the collections. */
    public Refresh {
      key = List.copyOf(key);
      changes = Map.copyOf(changes);
      lookups = Map.copyOf(lookups);
      columns = Map.copyOf(columns);
    }

    /** Of inputs that call the key's columns as the mart does. */
    public Refresh(List<String> key, Map<String, String> changes, Map<String, Lookup> lookups) {
      this(key, changes, lookups, Map.of());
    }

    /** What the key's columns are called in the mart {@code input}. */
    public List<String> keyOf(String input) {
      Map<String, String> names = this.columns.getOrDefault(input, Map.of());
      return this.key.stream().map(column -> names.getOrDefault(column, column)).toList();
    }
  }

  /**
   * A row of this mart shows the version of a dimension that held at a time: it is recomputed when
   * another version holds at that time, or that version has other values.
   *
   * @param match columns that the mart and the dimension have by the same names, and that are equal
   * @param at the mart's timestamp column with the time
   */
  public record Lookup(List<String> match, String at) {
    /** Copies the list. */
    public Lookup {
      match = List.copyOf(match);
    }
  }

  /**
   * An invariant of the mart.
   *
   * @param name in reports
   * @param severity what a violation does
   * @param sql a query over {@code this} (the mart's new state), vault views and other marts that
   *     gives the violating rows; {@link #AS_OF} in it stands for the instant up to which the run
   *     speaks, {@code whole} for all rows of the mart, not only those that a build overwrites
   */
  public record Check(String name, Severity severity, String sql) {
    /** Where the run's instant goes, as a timestamp. */
    public static final String AS_OF = "{as-of}";

    /** Whether it says something new with time, though the mart stays as it is. */
    public boolean dependsOnTime() {
      return this.sql.contains(AS_OF);
    }
  }

  /**
   * What a violated check does: a line in the report, or a night that stops (exit 3) with nothing
   * published.
   */
  public enum Severity {
    WARN,
    STOP
  }

  /** Copies the lists. */
  public Mart {
    columns = List.copyOf(columns);
    grain = List.copyOf(grain);
    partitionBy = List.copyOf(partitionBy);
    reads = List.copyOf(reads);
    checks = List.copyOf(checks);
  }

  /** Whether a check reads {@code table}: it has to be up to date before this mart is audited. */
  public boolean checksNeed(String table) {
    return this.checks.stream().anyMatch(check -> SqlReader.relations(check.sql()).contains(table));
  }
}
