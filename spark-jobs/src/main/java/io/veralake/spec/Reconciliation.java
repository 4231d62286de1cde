package io.veralake.spec;

import java.time.Duration;
import java.util.List;

/**
 * The comparison of a mart with a table of the streaming layer ({@code
 * models/reconcile/<name>.conf}).
 *
 * @param name in reports and in namespace {@code recon}; the file's base name
 * @param mart the truth
 * @param stream the streaming layer's table in ClickHouse
 * @param key columns that identify a row on both sides (names of the mart's columns)
 * @param partition the mart's column by which differences are summed, a date as a rule
 * @param compare columns that must agree, with their tolerance
 * @param measures numeric columns that are summed in the ledger; among {@code compare}
 * @param changeTime column of the mart that holds the commit time of the latest change that went
 *     into the row
 * @param history SQL over vault views that gives every version a key ever had: the key, {@code
 *     compare} and partition columns, {@code effective_from} timestamp, {@code deleted} boolean; it
 *     should restrict itself to keys in the view {@code keys} (the key columns of rows that differ)
 * @param systems upstream systems whose watermark limits the comparison; by default those that feed
 *     the links and satellites behind the mart
 */
public record Reconciliation(
    String name,
    Mart mart,
    Stream stream,
    List<String> key,
    String partition,
    List<CompareColumn> compare,
    List<String> measures,
    String changeTime,
    String history,
    List<String> systems) {
  /**
   * The streaming layer's table and how to read its live rows.
   *
   * @param table {@code database.table} in ClickHouse
   * @param rows SQL that gives the live rows under the mart's column names, with {@code commitTime}
   *     and {@code receivedTime}; a plain {@code SELECT … FROM table [FINAL]}; {@code {watermark}}
   *     in it stands for the watermark, so that it can give what was deleted later, too: such a key
   *     is in flight
   * @param commitTime column of {@code rows} with the source's commit time of the event that the
   *     row shows
   * @param receivedTime column of {@code rows} with the instant at which the streaming layer got
   *     that event
   * @param latency how long an event usually takes to arrive, at most; beyond it an event is late
   */
  public record Stream(
      String table, String rows, String commitTime, String receivedTime, Duration latency) {
    private static final String NEVER = "toDateTime64('2299-12-31', 6, 'UTC')";

    /** The live rows alone. */
    @Override
    public String rows() {
      return this.rowsWithDeletedAfter(NEVER);
    }

    /** The live rows, and those deleted after {@code instant} (SQL) if the model gives them. */
    public String rowsWithDeletedAfter(String instant) {
      return this.rows.replace("{watermark}", instant);
    }
  }

  /**
   * A compared column.
   *
   * @param column name, the same on both sides
   * @param tolerance largest difference that still counts as equal, as a decimal text; {@code 0}:
   *     exact
   */
  public record CompareColumn(Column column, String tolerance) {}

  /** Copies the lists. */
  public Reconciliation {
    key = List.copyOf(key);
    compare = List.copyOf(compare);
    measures = List.copyOf(measures);
    systems = List.copyOf(systems);
  }
}
