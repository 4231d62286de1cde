package io.veralake.spec;

import java.time.Duration;
import java.util.List;

/** Reads sources that are read again and again: databases, and dumps that come as files. */
final class DumpReader {
  private static final int PERCENT = 100;
  private static final int MOST_RANGES = 10_000;
  private static final int MOST_FETCHED = 1_000_000;
  private static final int USUAL_DELETES = 50;
  private static final int USUAL_FETCH = 1000;

  /** The words of {@code mode} and {@code dump}. */
  private enum Mode {
    FULL,
    INCREMENTAL
  }

  private enum Whole {
    FULL
  }

  private final Node table;

  /** For the table that {@code table} declares. */
  DumpReader(Node table) {
    this.table = table;
  }

  /** What {@code jdbc} names, whose connection is {@code connection}. */
  LandSource jdbc(Node jdbc, String connection) {
    if (jdbc.has("table") == jdbc.has("query")) {
      jdbc.invalid("table", jdbc.has("table") ? "beside query" : "none", "either table or query");
    }
    String partitionBy = jdbc.text("partition-by", "");
    for (String key : List.of("partitions", "snapshot")) {
      if (partitionBy.isEmpty() && jdbc.has(key)) {
        jdbc.invalid(key, jdbc.text(key), "none without partition-by");
      }
    }
    DumpMode mode = this.mode(jdbc);
    LandSource.SnapshotOf snapshot =
        Scalars.word(jdbc, "snapshot", LandSource.SnapshotOf.class, LandSource.SnapshotOf.DUMP);
    if (snapshot == LandSource.SnapshotOf.RANGE
        && mode instanceof DumpMode.Full
        && !this.table.texts("key").contains(partitionBy)) {
      jdbc.invalid(
          "snapshot",
          "range",
          "only if partition-by is a part of key: a row that moves between ranges would be missed");
    }
    LandSource source =
        new LandSource.Jdbc(
            connection,
            jdbc.text("table", "").strip(),
            jdbc.text("query", "").strip().replaceFirst(";$", ""),
            new LandSource.KeyRanges(
                partitionBy, Scalars.integer(jdbc, "partitions", 0, MOST_RANGES, 0), snapshot),
            Scalars.integer(jdbc, "fetch-size", 1, MOST_FETCHED, USUAL_FETCH),
            mode);
    jdbc.end();
    this.checkKey();
    return source;
  }

  /** What {@code mongo} names, whose connection is {@code connection}. */
  LandSource mongo(Node mongo, String connection) {
    LandSource source =
        new LandSource.Mongo(
            connection,
            mongo.text("database"),
            mongo.text("collection"),
            mongo.text("pipeline", ""),
            Scalars.integer(mongo, "partitions", 1, MOST_RANGES, 1),
            this.mode(mongo));
    mongo.end();
    this.checkOrder();
    return source;
  }

  /** {@code folder}, or the dumps in it. */
  LandSource files(LandSource.Folder folder) {
    if (!this.table.has("dump")) {
      return folder;
    }
    Scalars.word(this.table, "dump", Whole.class);
    String format = this.table.text("format", "");
    if (format.startsWith("debezium")) {
      this.table.invalid(
          "dump",
          this.table.text("dump"),
          "none for format = " + format + ": events say what changed");
    }
    this.checkKey();
    return new LandSource.Dumps(folder, new DumpMode.Full(this.maxDeletes()));
  }

  /** Reports keys that only dumps have. */
  void none() {
    for (String key : List.of("dump", "max-deletes")) {
      if (this.table.has(key)) {
        this.table.invalid(key, this.table.text(key), "none without dumps");
      }
    }
  }

  private DumpMode mode(Node source) {
    Mode mode = Scalars.word(source, "mode", Mode.class);
    if (mode == Mode.FULL) {
      for (String key : List.of("column", "overlap")) {
        if (source.has(key)) {
          source.invalid(key, source.text(key), "none for mode = full");
        }
      }
      return new DumpMode.Full(this.maxDeletes());
    }
    if (this.table.has("max-deletes")) {
      this.table.invalid(
          "max-deletes", this.table.text("max-deletes"), "none for mode = incremental");
    }
    String overlap = source.text("overlap", "10 minutes");
    boolean number = overlap.matches("\\d{1,18}");
    return new DumpMode.Incremental(
        source.text("column"),
        number ? Duration.ZERO : Scalars.duration(source, "overlap", Duration.ofMinutes(10)),
        number ? Long.parseLong(overlap) : -1);
  }

  private int maxDeletes() {
    String text = this.table.text("max-deletes", USUAL_DELETES + " %");
    if (text.matches("\\d{1,3} ?%")) {
      int percent = Integer.parseInt(text.replaceFirst(" ?%", ""));
      if (percent <= PERCENT) {
        return percent;
      }
    }
    this.table.invalid("max-deletes", text, "0 % to 100 %");
    return USUAL_DELETES;
  }

  /** Versions of a row are found by its key, and ordered by the moments of the dumps. */
  private void checkKey() {
    if (this.table.texts("key").isEmpty()) {
      this.table.missing("key");
    }
    this.checkOrder();
  }

  private void checkOrder() {
    if (!this.table.texts("order-by").isEmpty()) {
      this.table.invalid(
          "order-by",
          String.join(", ", this.table.texts("order-by")),
          "none for dumps: their moments order the versions of a key");
    }
  }
}
