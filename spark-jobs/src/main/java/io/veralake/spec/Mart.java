package io.veralake.spec;

import java.util.List;
import java.util.Map;

/**
 * A table of the star schema: SQL over the vault's views and other marts, with its declaration ({@code models/mart/<name>.conf} and {@code .sql}).
 *
 * @param name its table in namespace {@code mart}; the file's base name
 * @param kind what it is in the star
 * @param sql the query; names in it are vault views ({@code hub_x}, {@code link_x}, {@code sat_x_current}, {@code sat_x_history}) or marts ({@code mart.y} as {@code y})
 * @param columns the columns that the query must give, in order
 * @param grain columns that are unique together and never null
 * @param partitionBy how the table is partitioned, in Iceberg and in ClickHouse alike; empty: one partition
 * @param reads the vault tables and marts that the query reads
 * @param refresh how a change of an input reaches the rows of this mart
 * @param checks invariants, audited before the new state becomes visible
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
   * How changes travel.
   *
   * @param key columns of the mart's output and of its vault inputs by which rows are recomputed (a hash key, or a mart's column); empty: always the whole table
   * @param changes for each input, SQL that gives the affected keys from the view {@code changes} (that input's rows of the night); an input that has the key columns itself
   *     needs none; an input with no entry and without the key columns makes the whole table be recomputed
   */
  public record Refresh(List<String> key, Map<String, String> changes) {
    /** Copies the collections. */
    public Refresh {
      key = List.copyOf(key);
      changes = Map.copyOf(changes);
    }
  }

  /**
   * An invariant of the mart.
   *
   * @param name in reports
   * @param severity what a violation does
   * @param sql a query over {@code this} (the mart's new state), vault views and other marts that gives the violating rows
   */
  public record Check(String name, Severity severity, String sql) {}

  /** What a violated check does: a line in the report, or a night that stops (exit 3) with nothing published. */
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
}
