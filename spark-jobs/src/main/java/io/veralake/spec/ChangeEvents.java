package io.veralake.spec;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of change events beside their format.
 *
 * @param registry for Avro in topics: where the schemas are that records name by number; null:
 *     nowhere
 * @param documents whether the rows are MongoDB's documents, as extended JSON
 * @param table the table ({@code schema.table}, of databases without schemas {@code
 *     database.table}) or collection ({@code database.collection}) whose events are landed, where
 *     others are among them; empty: all are
 * @param unnamed with {@code table}: what to do about records that name no table
 * @param binlog which changes of a MySQL may be compared by their positions
 */
public record ChangeEvents(
    @Nullable Registry registry, boolean documents, String table, Unnamed unnamed, Binlog binlog)
    implements Serializable {
  /** Nothing but the format. */
  public static final ChangeEvents PLAIN = new ChangeEvents(null, false, "");

  /** What to do about records that name no table. */
  public enum Unnamed {
    /** Treat them as records of this table, which quarantines what can't be read. */
    KEEP,
    /** Leave them to the table that keeps them. */
    SKIP
  }

  /**
   * Which changes of a MySQL may be compared by their positions in its binlog.
   *
   * @param servers ids of the servers whose changes one binlog holds; empty: of one server
   * @param anew when the connector began to read another binlog, by its own clock, in order:
   *     whatever it sent from then on is newer than what it sent before
   */
  public record Binlog(List<Long> servers, List<Instant> anew) implements Serializable {
    /** One binlog of one server. */
    public static final Binlog ONE = new Binlog(List.of(), List.of());

    /** Copies the lists. */
    public Binlog {
      servers = List.copyOf(servers);
      anew = anew.stream().sorted().toList();
    }
  }

  /** Of one binlog. */
  public ChangeEvents(
      @Nullable Registry registry, boolean documents, String table, Unnamed unnamed) {
    this(registry, documents, table, unnamed, Binlog.ONE);
  }

  /** Of a table that keeps records which name none. */
  public ChangeEvents(@Nullable Registry registry, boolean documents, String table) {
    this(registry, documents, table, Unnamed.KEEP);
  }

  /** Whether events of other tables are among those of this one. */
  public boolean shared() {
    return !this.table.isEmpty();
  }

  /** Whether a record that names no table is this table's. */
  public boolean keepsUnnamed() {
    return !this.shared() || this.unnamed == Unnamed.KEEP;
  }

  /**
   * Where schemas are. One of {@code connection} and {@code folder} is empty.
   *
   * @param connection the connection to a registry that speaks Confluent's REST interface
   * @param folder a folder with a file {@code <number>.avsc} a schema, below {@code veralake.input}
   *     or a URL
   * @param digits how many bytes of a record are the number of its schema: 4 or 8
   */
  public record Registry(String connection, String folder, int digits) implements Serializable {}
}
