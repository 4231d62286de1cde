package io.veralake.publish;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.publish.Contents.Content;
import io.veralake.spec.Publication;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What ClickHouse knows of a star's publications, in three tables of the data database. {@code
 * pointers}: which version of which partition belongs to a generation. {@code generations}: for
 * each table, from which snapshot the generation was made, where its data lie, and up to which
 * watermark it is right. {@code switches}: which generation readers were given, one after the
 * other; the row with the highest number tells the current one.
 */
final class Ledger {
  static final String POINTERS = "pointers";
  static final String GENERATIONS = "generations";
  static final String SWITCHES = "switches";

  private static final String TOTALS = "totals Map(String, String)";

  private final ClickHouse clickHouse;
  private final Star star;

  Ledger(ClickHouse clickHouse, Star star) {
    this.clickHouse = clickHouse;
    this.star = star;
  }

  /**
   * A table's part of a generation.
   *
   * @param snapshot snapshot of the mart
   * @param dataTable where its data lie
   * @param watermark up to when the corrected rows are complete, microseconds; null: not reconciled
   */
  record Entry(long snapshot, String dataTable, @Nullable Long watermark) {}

  /**
   * A generation.
   *
   * @param number its number, from 1; 0 for the state before the first
   * @param parent the generation that it followed; 0 for none
   * @param entries by publication
   */
  record Generation(long number, long parent, Map<String, Entry> entries) {
    static final Generation NONE = new Generation(0, 0, Map.of());
  }

  /**
   * A version of a partition.
   *
   * @param dataTable where it lies
   * @param partition its name
   * @param version its version
   * @param partitionId ClickHouse's id of it
   * @param sums checksum of its rows
   * @param totals of its rows, by summed column; those that weren't recorded are missing
   */
  record Pointer(
      String dataTable,
      List<String> partition,
      long version,
      String partitionId,
      CanonicalText.Sums sums,
      Map<String, BigDecimal> totals) {
    Content content() {
      return new Content(this.sums, this.totals, this.partitionId);
    }

    /** The same with totals that weren't recorded. */
    Pointer with(Map<String, BigDecimal> summed) {
      return new Pointer(
          this.dataTable, this.partition, this.version, this.partitionId, this.sums, summed);
    }
  }

  /** Makes databases and ledgers that are missing. */
  void create() {
    String cluster = this.star.onCluster();
    for (String database : List.of(this.star.data(), this.star.name())) {
      this.clickHouse.execute(
          "CREATE DATABASE IF NOT EXISTS " + Sql.identifier(database) + cluster);
    }
    this.createTable(
        POINTERS,
        "generation UInt64, table String, partition Array(String), version UInt64,"
            + " partition_id String, row_count UInt64, low_sum UInt64, high_sum UInt64, "
            + TOTALS,
        "PARTITION BY generation ORDER BY (generation, table, partition)");
    // ledgers of earlier versions have none
    this.clickHouse.execute(
        "ALTER TABLE "
            + this.star.inData(POINTERS)
            + cluster
            + " ADD COLUMN IF NOT EXISTS "
            + TOTALS);
    this.createTable(
        GENERATIONS,
        "generation UInt64, parent UInt64, run String, as_of DateTime64(6, 'UTC'), publication"
            + " String, mart String, snapshot Int64, table String,"
            + " watermark Nullable(DateTime64(6, 'UTC'))",
        "PARTITION BY generation ORDER BY (generation, publication)");
    this.createTable(
        SWITCHES,
        "number UInt64, generation UInt64, run String, as_of DateTime64(6, 'UTC'), reason String",
        "ORDER BY number");
  }

  private void createTable(String name, String columns, String layout) {
    this.clickHouse.execute(
        "CREATE TABLE IF NOT EXISTS "
            + this.star.inData(name)
            + this.star.onCluster()
            + " ("
            + columns
            + ") ENGINE = MergeTree "
            + layout);
  }

  /** Whether the star was ever published here. */
  boolean exists() {
    return this.clickHouse
        .value(
            "SELECT count() FROM system.tables WHERE database = "
                + Sql.literal(this.star.data())
                + " AND name = "
                + Sql.literal(SWITCHES))
        .equals("1");
  }

  /** ClickHouse query: the number of the generation that readers see. */
  String currentQuery() {
    return "SELECT argMax(generation, number) FROM " + this.star.inData(SWITCHES);
  }

  /** The generation that readers see. */
  Generation current() {
    long number = Long.parseLong(this.clickHouse.value(this.currentQuery()));
    return number == 0
        ? Generation.NONE
        : Objects.requireNonNull(this.generations().get(number), "generation");
  }

  /** All generations that are there, whether ever visible or not, by number. */
  Map<Long, Generation> generations() {
    Map<Long, Generation> generations = new LinkedHashMap<>();
    List<List<@Nullable String>> rows =
        this.clickHouse.rows(
            "SELECT generation, parent, publication, snapshot, table,"
                + " toUnixTimestamp64Micro(watermark) FROM "
                + this.star.inData(GENERATIONS)
                + " ORDER BY generation, publication");
    for (List<@Nullable String> row : rows) {
      Generation generation =
          generations.computeIfAbsent(
              number(row, 0),
              number -> new Generation(number, number(row, 1), new LinkedHashMap<>()));
      String watermark = row.get(5);
      generation
          .entries()
          .put(
              text(row, 2),
              new Entry(
                  number(row, 3),
                  text(row, 4),
                  watermark == null ? null : Long.valueOf(watermark)));
    }
    return generations;
  }

  /** Pointers of a generation. */
  List<Pointer> pointers(long generation) {
    List<Pointer> pointers = new ArrayList<>();
    String totals =
        this.hasTotals()
            ? hexadecimal("mapKeys(totals)") + ", " + hexadecimal("mapValues(totals)")
            : "'', ''";
    List<List<@Nullable String>> rows =
        this.clickHouse.rows(
            "SELECT table, "
                + hexadecimal("partition")
                + ", version, partition_id, row_count, low_sum, high_sum, "
                + totals
                + " FROM "
                + this.star.inData(POINTERS)
                + " WHERE generation = "
                + generation
                + " ORDER BY table, partition");
    for (List<@Nullable String> row : rows) {
      pointers.add(
          new Pointer(
              text(row, 0),
              fromHex(text(row, 1)),
              number(row, 2),
              text(row, 3),
              new CanonicalText.Sums(number(row, 4), number(row, 5), number(row, 6)),
              totals(fromHex(text(row, 7)), fromHex(text(row, 8)))));
    }
    return pointers;
  }

  private boolean hasTotals() {
    return this.clickHouse
        .value(
            "SELECT count() FROM system.columns WHERE name = 'totals' AND database = "
                + Sql.literal(this.star.data())
                + " AND table = "
                + Sql.literal(POINTERS))
        .equals("1");
  }

  private static Map<String, BigDecimal> totals(List<String> names, List<String> values) {
    Map<String, BigDecimal> totals = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      totals.put(names.get(i), new BigDecimal(values.get(i)));
    }
    return totals;
  }

  /** ClickHouse expression: {@code array} of texts so that {@link #fromHex} reads it. */
  static String hexadecimal(String array) {
    return "arrayStringConcat(arrayMap(x -> concat(hex(x), '.'), " + array + "))";
  }

  /** Texts of an array that ClickHouse gave as hexadecimal, each ended by a dot. */
  static List<String> fromHex(String text) {
    List<String> texts = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('.', start);
      byte[] bytes = HexFormat.of().parseHex(text.substring(start, end));
      texts.add(new String(bytes, StandardCharsets.UTF_8));
      start = end + 1;
    }
    return List.copyOf(texts);
  }

  /** Records a generation that nobody sees yet. */
  void record(Generation generation, List<Pointer> pointers, Moment moment) {
    if (!pointers.isEmpty()) {
      this.clickHouse.execute(
          pointers.stream()
              .map(pointer -> values(generation.number(), pointer))
              .collect(
                  Collectors.joining(
                      ", ", "INSERT INTO " + this.star.inData(POINTERS) + " VALUES ", "")));
    }
    this.clickHouse.execute(
        this.star.publications().stream()
            .map(publication -> values(generation, publication, moment))
            .collect(
                Collectors.joining(
                    ", ", "INSERT INTO " + this.star.inData(GENERATIONS) + " VALUES ", "")));
  }

  private static String values(Generation generation, Publication publication, Moment moment) {
    Entry entry = Objects.requireNonNull(generation.entries().get(publication.name()));
    return "("
        + generation.number()
        + ", "
        + generation.parent()
        + ", "
        + moment.values()
        + ", "
        + Sql.literal(publication.name())
        + ", "
        + Sql.literal(publication.mart().name())
        + ", "
        + entry.snapshot()
        + ", "
        + Sql.literal(entry.dataTable())
        + ", "
        + micros(entry.watermark())
        + ")";
  }

  private static String values(long generation, Pointer pointer) {
    return "("
        + generation
        + ", "
        + Sql.literal(pointer.dataTable())
        + ", "
        + pointer.partition().stream().map(Sql::literal).collect(Collectors.joining(", ", "[", "]"))
        + ", "
        + pointer.version()
        + ", "
        + Sql.literal(pointer.partitionId())
        + ", "
        + pointer.sums().count()
        + ", "
        + pointer.sums().low()
        + ", "
        + pointer.sums().high()
        + ", "
        + pointer.totals().entrySet().stream()
            .map(
                total ->
                    Sql.literal(total.getKey())
                        + ": "
                        + Sql.literal(total.getValue().toPlainString()))
            .collect(Collectors.joining(", ", "{", "}"))
        + ")";
  }

  /**
   * Who does something, and as of when.
   *
   * @param run the run
   * @param asOf its as-of
   */
  record Moment(String run, Instant asOf) {
    private String values() {
      long micros = this.asOf.getEpochSecond() * 1_000_000 + this.asOf.getNano() / 1_000;
      return Sql.literal(this.run) + ", " + micros(micros);
    }
  }

  private static String micros(@Nullable Long micros) {
    return micros == null ? "NULL" : "fromUnixTimestamp64Micro(" + micros + ", 'UTC')";
  }

  /** Gives readers another generation, in one step. */
  void switchTo(long generation, Moment moment, String reason) {
    this.clickHouse.execute(
        "INSERT INTO "
            + this.star.inData(SWITCHES)
            + " SELECT max(number) + 1, "
            + generation
            + ", "
            + moment.values()
            + ", "
            + Sql.literal(reason)
            + " FROM "
            + this.star.inData(SWITCHES));
  }

  /** Forgets a generation; readers must not be able to see it. */
  void forget(long generation) {
    for (String table : List.of(POINTERS, GENERATIONS)) {
      this.clickHouse.execute(
          "ALTER TABLE "
              + this.star.inData(table)
              + this.star.onCluster()
              + " DROP PARTITION "
              + generation);
    }
  }

  /** A number that no generation ever had. */
  long nextNumber() {
    return Long.parseLong(
        this.clickHouse.value(
            "SELECT max(generation) + 1 FROM (SELECT generation FROM "
                + this.star.inData(GENERATIONS)
                + " UNION ALL SELECT generation FROM "
                + this.star.inData(SWITCHES)
                + ")"));
  }

  /** Numbers of generations of which anything is recorded. */
  List<Long> recorded() {
    return this.clickHouse
        .rows(
            "SELECT DISTINCT generation FROM (SELECT generation FROM "
                + this.star.inData(POINTERS)
                + " UNION ALL SELECT generation FROM "
                + this.star.inData(GENERATIONS)
                + ") ORDER BY generation")
        .stream()
        .map(row -> number(row, 0))
        .toList();
  }

  private static String text(List<@Nullable String> row, int column) {
    return Objects.requireNonNull(row.get(column));
  }

  private static long number(List<@Nullable String> row, int column) {
    return Long.parseLong(text(row, column));
  }
}
