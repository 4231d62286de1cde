package io.veralake.spec;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A raw table and the source that fills it ({@code models/land/<name>.conf}).
 *
 * @param name the table's name in namespace {@code raw}; the file's base name
 * @param format what the files hold
 * @param source where its records are
 * @param system the upstream system; tables of one system share one clock and one order of
 *     positions, and so one watermark
 * @param recordSource where rows say they come from: a constant (default: {@code system}) or a
 *     column
 * @param key columns that identify a row at its source, or {@link JsonPath}s in documents; empty:
 *     taken from the envelopes' keys
 * @param columns declared columns: for CSV all of them, in any order; for Debezium those that
 *     models may rely on before an envelope brings them (the others come from the envelopes); none
 *     for JSON lines (one {@code document} column)
 * @param orderBy columns that order the versions of a key (integers, dates or timestamps), or
 *     {@link DocumentField}s, at most three; empty: the source's own position
 * @param commitTime when a row was committed at its source: the source's metadata, a timestamp or
 *     date column, or the run
 * @param loadTime when the vault says that it learned of the row: the run or a timestamp or date
 *     column
 * @param csv dialect, for CSV only
 * @param connector for Debezium only: how values are written in records without schema, whose
 *     columns are the declared ones; null: the records bring their schemas
 * @param onLoss for Debezium only: what to do about values that a connector made less exact than
 *     they are at the source, where the schema shows it
 * @param sensitive what becomes of sensitive values, by column, or by {@code $.path} into the
 *     documents
 * @param events for Debezium only: what else there is to say
 * @param owner whom to tell of records that can't be landed; empty: nobody is named
 * @param renamedFrom names that columns had at their source before, by the name of today
 */
public record LandTable(
    String name,
    Format format,
    LandSource source,
    String system,
    ValueOrigin recordSource,
    List<String> key,
    List<Column> columns,
    List<String> orderBy,
    ValueOrigin commitTime,
    ValueOrigin loadTime,
    CsvDialect csv,
    @Nullable ConnectorModes connector,
    OnLoss onLoss,
    Map<String, Protection> sensitive,
    ChangeEvents events,
    String owner,
    Map<String, List<String>> renamedFrom)
    implements Serializable {

  /** What the files of a source hold; the word in a model is the lower-case name with dashes. */
  public enum Format {
    /**
     * One Debezium change event a line: {@code {"key":…,"value":…}} or the bare value, each with
     * {@code schema} and {@code payload}; or without, as {@link LandTable#connector} says.
     */
    DEBEZIUM_JSON,
    /**
     * Debezium change events in Avro: in topics behind the number of their schema in a registry, in
     * files as containers.
     */
    DEBEZIUM_AVRO,
    /** One JSON document a line, kept as text. */
    JSON_LINES,
    /** JSON documents, one after the other or as items of arrays, kept as text. */
    JSON,
    /** Comma-separated values. */
    CSV,
    /** Rows in Avro object container files. */
    AVRO,
    /** Rows in Parquet files. */
    PARQUET,
    /** XML elements of a list that a server gives, kept as JSON documents. */
    XML,
    /** Rows of a database: what a model that names one doesn't have to say. */
    ROWS;

    /** Whether its tables have the one column {@code document}. */
    public boolean documents() {
      return this == JSON_LINES || this == JSON || this == XML;
    }

    /** Whether its files are containers, which bring their schema. */
    public boolean containers() {
      return this == AVRO || this == DEBEZIUM_AVRO || this == PARQUET;
    }

    /** Whether each record says where in its source's order it is. */
    public boolean ordered() {
      return this == DEBEZIUM_JSON || this == DEBEZIUM_AVRO;
    }

    /** Whether there are records of it outside of files. */
    public boolean inTopics() {
      return this == DEBEZIUM_JSON || this == DEBEZIUM_AVRO || this == JSON_LINES;
    }
  }

  /** What to do about values that a connector made less exact. */
  public enum OnLoss {
    /** Quarantine their records. */
    QUARANTINE,
    /** Land what was sent. */
    ACCEPT
  }

  /** Copies the lists and the map. */
  public LandTable {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    orderBy = List.copyOf(orderBy);
    sensitive = new TreeMap<>(sensitive);
    renamedFrom = new TreeMap<>(renamedFrom);
    renamedFrom.replaceAll((today, earlier) -> List.copyOf(earlier));
  }

  /** Without an owner, whose columns have the names that they always had. */
  public LandTable(
      String name,
      Format format,
      LandSource source,
      String system,
      ValueOrigin recordSource,
      List<String> key,
      List<Column> columns,
      List<String> orderBy,
      ValueOrigin commitTime,
      ValueOrigin loadTime,
      CsvDialect csv,
      @Nullable ConnectorModes connector,
      OnLoss onLoss,
      Map<String, Protection> sensitive,
      ChangeEvents events) {
    this(
        name,
        format,
        source,
        system,
        recordSource,
        key,
        columns,
        orderBy,
        commitTime,
        loadTime,
        csv,
        connector,
        onLoss,
        sensitive,
        events,
        "",
        Map.of());
  }

  /** Of records that bring their schemas, or need none. */
  public LandTable(
      String name,
      Format format,
      LandSource source,
      String system,
      ValueOrigin recordSource,
      List<String> key,
      List<Column> columns,
      List<String> orderBy,
      ValueOrigin commitTime,
      ValueOrigin loadTime,
      CsvDialect csv) {
    this(
        name,
        format,
        source,
        system,
        recordSource,
        key,
        columns,
        orderBy,
        commitTime,
        loadTime,
        csv,
        null,
        OnLoss.QUARANTINE,
        Map.of(),
        ChangeEvents.PLAIN);
  }

  /** The same table with {@code other} to say of its events. */
  public LandTable with(ChangeEvents other) {
    return this.with(other, this.renamedFrom);
  }

  /** The same table with columns that had other names before. */
  public LandTable with(Map<String, List<String>> otherRenamedFrom) {
    return this.with(this.events, otherRenamedFrom);
  }

  private LandTable with(ChangeEvents other, Map<String, List<String>> otherRenamedFrom) {
    return new LandTable(
        this.name,
        this.format,
        this.source,
        this.system,
        this.recordSource,
        this.key,
        this.columns,
        this.orderBy,
        this.commitTime,
        this.loadTime,
        this.csv,
        this.connector,
        this.onLoss,
        this.sensitive,
        other,
        this.owner,
        otherRenamedFrom);
  }
}
