package io.veralake.publish;

import static org.apache.spark.sql.functions.col;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.clickhouse.CanonicalText.Sums;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.RunContext;
import io.veralake.publish.Contents.Content;
import io.veralake.spec.Column;
import io.veralake.spec.Publication;
import io.veralake.spec.Satellite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * Names a few of the keys whose rows differ in a partition. Both sides sum their rows by the end of
 * the key's checksum; only rows of a few segments that differ are fetched, so that memory stays
 * small however large the partition is, and however much of it differs.
 */
final class DifferingKeys {
  /** Partitions of a table that are looked into. */
  static final int MOST_PARTITIONS = 3;

  /** Keys of a partition that are named. */
  static final int MOST_KEYS = 10;

  private static final int ROWS_IN_SEGMENT = 64;
  private static final int MOST_BITS = 16;
  private static final int MOST_ROWS = 20_000;

  private final Publication publication;
  private final List<Column> columns;
  private final List<Column> key;
  private final Set<String> personal;

  /** Compares {@code columns}. */
  DifferingKeys(RunContext context, Publication publication, List<Column> columns) {
    this.publication = publication;
    this.columns = columns;
    this.key =
        publication.mart().columns().stream()
            .filter(column -> publication.mart().grain().contains(column.name()))
            .toList();
    this.personal =
        context.model().vault().stream()
            .filter(Satellite.class::isInstance)
            .flatMap(table -> ((Satellite) table).personal().stream())
            .collect(Collectors.toSet());
  }

  /** Rows of one key on one side: their checksums, sorted. */
  private record Side(List<String> truth, List<String> served) {}

  /**
   * Some keys of {@code partition} in words, of {@code truth}, Iceberg's rows of the partition, and
   * {@code view}; {@code larger} is what the larger side holds.
   */
  List<String> in(
      List<String> partition,
      Dataset<Row> truth,
      ClickHouse clickHouse,
      String view,
      Content larger) {
    if (this.key.stream().anyMatch(column -> !this.columns.contains(column))) {
      return List.of();
    }
    long mask = mask(larger.sums().count());
    Dataset<Row> rows =
        truth.select(
            functions.hex(CanonicalText.spark(this.key)).as("k"),
            CanonicalText.sparkChecksum(this.key).bitwiseAND(mask).as("s"),
            CanonicalText.sparkChecksum(this.columns).as("c"));
    String served =
        "(SELECT hex("
            + CanonicalText.clickHouse(this.key)
            + ") AS k, bitAnd("
            + CanonicalText.clickHouseChecksum(this.key)
            + ", "
            + mask
            + ") AS s, "
            + CanonicalText.clickHouseChecksum(this.columns)
            + " AS c FROM "
            + view
            + " WHERE "
            + new PartitionText(this.publication.mart()).clickHouseFilter(Set.of(partition))
            + ")";
    Set<Long> segments = this.segments(rows, clickHouse, served);
    if (segments.isEmpty()) {
      return List.of();
    }
    Map<String, Side> keys = new TreeMap<>();
    // at most the rows of a few segments, and never more than the limit
    for (Row row : rows.where(col("s").isin(segments.toArray())).limit(MOST_ROWS).collectAsList()) {
      side(keys, row.getString(0)).truth.add(Long.toUnsignedString(row.getLong(2)));
    }
    for (List<@Nullable String> row :
        clickHouse.rows(
            "SELECT k, c FROM "
                + served
                + segments.stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", ", " WHERE s IN (", ") LIMIT " + MOST_ROWS)))) {
      side(keys, Objects.requireNonNull(row.get(0))).served.add(Objects.requireNonNull(row.get(1)));
    }
    return this.texts(partition, keys);
  }

  private static long mask(long rows) {
    int bits = 0;
    while (bits < MOST_BITS && rows >> bits > ROWS_IN_SEGMENT) {
      bits++;
    }
    return (1L << bits) - 1;
  }

  /** Some of the segments that differ, with no more rows than may be fetched. */
  private Set<Long> segments(Dataset<Row> truth, ClickHouse clickHouse, String served) {
    Map<Long, Sums> left = new HashMap<>();
    List<org.apache.spark.sql.Column> sums = CanonicalText.sparkSums(col("c"));
    // a row a segment
    for (Row row : truth.groupBy("s").agg(sums.get(0), sums.get(1), sums.get(2)).collectAsList()) {
      left.put(row.getLong(0), new Sums(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
    Map<Long, Sums> right = new HashMap<>();
    for (List<@Nullable String> row :
        clickHouse.rows(
            "SELECT s, " + CanonicalText.clickHouseSums("c") + " FROM " + served + " GROUP BY s")) {
      right.put(number(row, 0), new Sums(number(row, 1), number(row, 2), number(row, 3)));
    }
    Set<Long> all = new TreeSet<>(left.keySet());
    all.addAll(right.keySet());
    Set<Long> differing = new TreeSet<>();
    long rows = 0;
    for (long segment : all) {
      Sums one = left.getOrDefault(segment, Sums.NONE);
      Sums other = right.getOrDefault(segment, Sums.NONE);
      long needed = Math.max(one.count(), other.count());
      if (!one.equals(other) && rows + needed <= MOST_ROWS) {
        differing.add(segment);
        rows += needed;
      }
      if (differing.size() == MOST_KEYS) {
        break;
      }
    }
    return differing;
  }

  private static Side side(Map<String, Side> keys, String key) {
    return keys.computeIfAbsent(key, any -> new Side(new ArrayList<>(), new ArrayList<>()));
  }

  private static long number(List<@Nullable String> row, int place) {
    return Long.parseUnsignedLong(Objects.requireNonNull(row.get(place)));
  }

  private List<String> texts(List<String> partition, Map<String, Side> keys) {
    List<String> texts = new ArrayList<>();
    keys.forEach(
        (key, side) -> {
          side.truth.sort(null);
          side.served.sort(null);
          if (!side.truth.equals(side.served)) {
            texts.add("partition " + partition + ", " + this.shown(key) + ": " + how(side));
          }
        });
    texts.sort(null);
    return List.copyOf(texts.subList(0, Math.min(MOST_KEYS, texts.size())));
  }

  private static String how(Side side) {
    if (side.served.isEmpty()) {
      return "missing in ClickHouse";
    }
    if (side.truth.isEmpty()) {
      return "not in Iceberg";
    }
    return side.truth.size() == side.served.size()
        ? "other values"
        : side.served.size() + " times in ClickHouse, " + side.truth.size() + " in Iceberg";
  }

  /** The key's values by column; personal ones aren't shown. */
  private String shown(String hexadecimal) {
    byte[] text = HexFormat.of().parseHex(hexadecimal.toLowerCase(java.util.Locale.ROOT));
    Map<String, String> values = new LinkedHashMap<>();
    int at = 0;
    for (Column column : this.key) {
      String value = "null";
      if (text[at] == 'n') {
        at++;
      } else {
        int length = 0;
        for (; text[at] != ':'; at++) {
          length = length * 10 + text[at] - '0';
        }
        value = new String(text, at + 1, length, StandardCharsets.UTF_8);
        at += 1 + length;
      }
      values.put(column.name(), this.personal.contains(column.name()) ? "(personal)" : value);
    }
    return values.entrySet().stream()
        .map(value -> value.getKey() + " " + value.getValue())
        .collect(Collectors.joining(", "));
  }
}
