package io.veralake.reconcile;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.clickhouse.ClickHouseType;
import io.veralake.clickhouse.Sql;
import io.veralake.spec.Column;
import io.veralake.spec.Reconciliation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** ClickHouse's SQL over the live rows of a stream. */
final class StreamSql {
  private static final String CHANGED = "veralake_changed";
  private static final String RECEIVED = "veralake_received";
  private static final String HASH = "veralake_hash";
  private static final String SEGMENT = "veralake_segment";
  private static final String PARTITION = "veralake_partition";

  private final Reconciliation.Stream stream;
  private final Shape shape;

  StreamSql(Reconciliation reconciliation, Shape shape) {
    this.stream = reconciliation.stream();
    this.shape = shape;
  }

  /** Names and types of the columns that the live rows have. */
  String describe() {
    return "DESCRIBE TABLE (" + this.rowsSince(0) + ")";
  }

  /**
   * Highest commit time among the rows that had been received by {@code asOf}; none: the lowest
   * number.
   */
  String highestCommit(long asOf) {
    return "SELECT if(count() = 0, toInt64('%d'), max(%s)) FROM (%s) WHERE %s <= %d"
        .formatted(
            SideRow.NO_TIME,
            micros(this.stream.commitTime()),
            this.rowsSince(0),
            micros(this.stream.receivedTime()),
            asOf);
  }

  /** Partitions (texts) with rows received after {@code received}. */
  String partitionsSince(long received) {
    return "SELECT DISTINCT %s FROM (%s) WHERE %s > %d"
        .formatted(
            this.text(this.shape.values().get(0)),
            this.rowsSince(0),
            micros(this.stream.receivedTime()),
            received);
  }

  /**
   * For each partition: its text, the sums of its rows up to the cut, a sum for each measure, and
   * the number of its rows after the watermark.
   */
  String partitionSums(@Nullable Set<@Nullable String> partitions, Cut cut) {
    String seen = CHANGED + " <= " + cut.watermark() + " AND " + RECEIVED + " <= " + cut.asOf();
    String measures =
        IntStream.range(0, this.shape.measures().size())
            .mapToObj(i -> ", toString(sumIf(veralake_m" + i + ", " + seen + "))")
            .collect(Collectors.joining());
    return """
        SELECT %s, toString(countIf(%s)), toString(sumIf(bitAnd(%s, 4294967295), %s)),
          toString(sumIf(bitShiftRight(%s, 32), %s)), toString(countIf(%s > %d))%s
        FROM (%s) GROUP BY %s"""
        .formatted(
            PARTITION,
            seen,
            HASH,
            seen,
            HASH,
            seen,
            CHANGED,
            cut.watermark(),
            measures,
            this.hashed(this.in(partitions), cut, 0),
            PARTITION);
  }

  /**
   * For each partition and segment: the partition's text, the segment, and the sums of its rows up
   * to the cut.
   */
  String segmentSums(Set<@Nullable String> partitions, Cut cut, int bits) {
    return """
        SELECT %s, toInt64(%s), toInt64(count()), toInt64(sum(bitAnd(%s, 4294967295))),
          toInt64(sum(bitShiftRight(%s, 32)))
        FROM (%s) WHERE %s <= %d AND %s <= %d GROUP BY %s, %s FORMAT RowBinary"""
        .formatted(
            PARTITION,
            SEGMENT,
            HASH,
            HASH,
            this.hashed(this.in(partitions), cut, bits),
            CHANGED,
            cut.watermark(),
            RECEIVED,
            cut.asOf(),
            PARTITION,
            SEGMENT);
  }

  /**
   * All rows of {@code segments}: texts of the key, texts of the values, when changed, when
   * received.
   */
  String rows(Segments segments, Cut cut) {
    String texts = this.shape.all().stream().map(this::text).collect(Collectors.joining(", "));
    return "SELECT %s, %s, %s FROM (%s) WHERE %s FORMAT RowBinary"
        .formatted(
            texts,
            micros(this.stream.commitTime()),
            micros(this.stream.receivedTime()),
            this.rowsSince(cut.watermark()),
            this.in(segments));
  }

  /**
   * The live rows, and what was deleted after {@code watermark} if the model asks for it: such a
   * key is in flight.
   */
  private String rowsSince(long watermark) {
    return this.stream.rowsWithDeletedAfter(
        "fromUnixTimestamp64Micro(toInt64(" + watermark + "), 'UTC')");
  }

  private String hashed(String condition, Cut cut, int bits) {
    String measures =
        IntStream.range(0, this.shape.measures().size())
            .mapToObj(i -> ", " + this.measure(i) + " AS veralake_m" + i)
            .collect(Collectors.joining());
    return "SELECT %s AS %s, %s AS %s, %s AS %s, %s AS %s, %s AS %s%s FROM (%s) WHERE %s"
        .formatted(
            this.text(this.shape.values().get(0)),
            PARTITION,
            CanonicalText.clickHouseChecksum(this.shape.all()),
            HASH,
            this.segment(bits),
            SEGMENT,
            micros(this.stream.commitTime()),
            CHANGED,
            micros(this.stream.receivedTime()),
            RECEIVED,
            measures,
            this.rowsSince(cut.watermark()),
            condition);
  }

  private String measure(int i) {
    Column column = this.shape.values().get(this.shape.measures().get(i));
    String name = Sql.identifier(column.name());
    return switch (column.type().kind()) {
      case INT, BIGINT -> "toInt128(" + name + ")";
      default -> name;
    };
  }

  private String segment(int bits) {
    return "bitAnd("
        + CanonicalText.clickHouseChecksum(this.shape.key())
        + ", "
        + ((1L << bits) - 1)
        + ")";
  }

  private String in(@Nullable Set<@Nullable String> partitions) {
    if (partitions == null) {
      return "1";
    }
    Column column = this.shape.values().get(0);
    String name = Sql.identifier(column.name());
    String known =
        partitions.stream()
            .filter(text -> text != null)
            .map(text -> this.literal(column, text))
            .sorted()
            .collect(Collectors.joining(", "));
    String condition = known.isEmpty() ? "0" : name + " IN (" + known + ")";
    return partitions.contains(null) ? "(" + condition + " OR " + name + " IS NULL)" : condition;
  }

  private String in(Segments segments) {
    return segments.byPartition().entrySet().stream()
        .map(
            entry -> {
              String partition = this.in(java.util.Collections.singleton(entry.getKey()));
              String numbers =
                  entry.getValue().stream().map(String::valueOf).collect(Collectors.joining(","));
              return "(%s AND %s IN (%s))"
                  .formatted(partition, this.segment(segments.bits()), numbers);
            })
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private String literal(Column column, String text) {
    String value = Sql.literal(text);
    return switch (column.type().kind()) {
      case BINARY -> "unhex(" + value + ")";
      case TIMESTAMP -> "parseDateTime64BestEffort(" + value + ", 6, 'UTC')";
      case FLOAT, DOUBLE -> "reinterpretAsFloat64(reverse(unhex(" + value + ")))";
      default -> "CAST(" + value + " AS " + ClickHouseType.of(column.type(), false) + ")";
    };
  }

  private String text(Column column) {
    return "toNullable(toString("
        + CanonicalText.clickHouseText(Sql.identifier(column.name()), column.type())
        + "))";
  }

  private static String micros(String column) {
    return "ifNull(toUnixTimestamp64Micro(toDateTime64(%s, 6, 'UTC')), toInt64('%d'))"
        .formatted(Sql.identifier(column), SideRow.NO_TIME);
  }

  /** The partition columns' names, for messages. */
  List<String> columns() {
    return this.shape.all().stream().map(Column::name).toList();
  }
}
