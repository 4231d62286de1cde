package io.veralake.mart;

import io.veralake.lake.FormColumns;
import io.veralake.lake.Lake;
import io.veralake.lake.VaultColumns;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A vault of random rows, made from the declarations of its tables alone: few keys, so that rows
 * meet; versions that come late, repeat, tie and end; events of the last weeks and of years ago.
 */
final class RandomVault {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  /** What the source promises: the rest of these links follows from this part of them. */
  private static final Map<String, List<String>> DECIDES =
      Map.of(
          "link_order_line", List.of("order_hk", "line_number"),
          "link_payment_order", List.of("payment_hk"),
          "link_delivery_order", List.of("delivery_hk"),
          "link_return_order_line", List.of("return_hk"));

  /** Words that the marts' queries look for, and some that they don't. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "status",
          List.of(
              "new", "paid", "cancelled", "captured", "refunded", "rejected", "open", "abandoned"),
          "interaction_type",
          List.of("browse", "search", "cart", "purchase"),
          "action",
          List.of("add_to_cart", "checkout_attempt", "click"),
          "kind",
          List.of("click", "view"));

  private static final Set<String> OFTEN_NULL =
      Set.of("delivered_at", "refund", "reason", "color", "region");

  private final Lake lake;
  private final List<? extends VaultTable> tables;
  private final Random random;
  private final Map<String, List<byte[]>> keys = new HashMap<>();
  private final Map<String, List<Row>> waiting = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private long sequence;
  private Instant now = START;

  /** An empty vault of {@code tables}. */
  RandomVault(Lake lake, List<? extends VaultTable> tables, long seed) {
    this.lake = lake;
    this.tables = tables;
    this.random = new Random(seed);
    for (VaultTable table : tables) {
      lake.spark()
          .sql(
              "CREATE TABLE %s (%s) USING iceberg"
                  .formatted(lake.sqlName("vault." + table.name()), type(table).toDDL()));
    }
  }

  /** Some days later: about {@code rows} more rows in each table. */
  void night(int days, int rows) {
    this.now = this.now.plus(Duration.ofDays(days));
    for (Class<?> kind : List.of(Hub.class, Link.class, Satellite.class)) {
      for (VaultTable table : this.tables) {
        for (int i = 0; i < rows && kind.isInstance(table); i++) {
          this.row(table, i);
        }
      }
    }
    for (VaultTable table : this.tables) {
      List<Row> rowsOf = this.waiting.getOrDefault(table.name(), List.of());
      if (!rowsOf.isEmpty()) {
        this.lake.append(
            this.lake.spark().createDataFrame(rowsOf, type(table)).coalesce(1),
            "vault." + table.name(),
            "vault",
            Map.of());
      }
    }
    this.waiting.clear();
  }

  private void row(VaultTable table, int number) {
    Map<String, @Nullable Object> values = new HashMap<>();
    if (table instanceof Hub hub) {
      // A few keys, then the same again.
      hub.businessKey().forEach(column -> values.put(column.name(), key(column, number % 6)));
    } else if (table instanceof Link link) {
      this.link(link, values);
    } else {
      this.version((Satellite) table, values);
    }
    if (!(table instanceof Satellite)) {
      byte[] hash = hash(table.name() + text(values));
      values.put(table.hashKey(), hash);
      if (!this.seen.add(table.name() + text(hash))) {
        return;
      }
      this.keys.computeIfAbsent(table.name(), any -> new ArrayList<>()).add(hash);
      if (table instanceof Link link) {
        link.payload().forEach(column -> values.put(column.name(), this.value(column)));
      }
    }
    Instant applied = this.applied();
    values.putIfAbsent(table.names().appliedTime(), Timestamp.from(applied));
    List<String> position = table.names().position();
    IntStream.range(0, position.size())
        .forEach(i -> values.put(position.get(i), i == 0 ? applied.toEpochMilli() : this.sequence));
    this.sequence++;
    values.put(table.names().loadTime(), Timestamp.from(START));
    values.put(table.names().recordSource(), "test");
    List<String> columns = List.copyOf(VaultColumns.types(table, "binary").keySet());
    this.waiting
        .computeIfAbsent(table.name(), any -> new ArrayList<>())
        .add(RowFactory.create(columns.stream().map(values::get).toArray()));
  }

  private void link(Link link, Map<String, @Nullable Object> values) {
    List<String> decides = DECIDES.get(link.name());
    Map<String, @Nullable Object> decided = new HashMap<>();
    link.dependentKey().forEach(column -> decided.put(column.name(), this.value(column)));
    link.ends()
        .forEach(
            end -> decided.put(end.hashKey(), pick(this.known(end.hub().name()), this.random)));
    if (decides != null) {
      StringBuilder text = new StringBuilder();
      decides.forEach(name -> text.append(text(decided.get(name))));
      Random same = new Random(text.toString().hashCode());
      link.dependentKey().stream()
          .filter(column -> !decides.contains(column.name()))
          .forEach(column -> decided.put(column.name(), 1 + same.nextInt(2)));
      // Of the first keys, which are there from the beginning.
      link.ends().stream()
          .filter(end -> !decides.contains(end.hashKey()))
          .forEach(
              end -> decided.put(end.hashKey(), this.known(end.hub().name()).get(same.nextInt(4))));
    }
    values.putAll(decided);
  }

  private void version(Satellite satellite, Map<String, @Nullable Object> values) {
    boolean reference = satellite.parent().name().equals(satellite.name());
    boolean deleted = this.random.nextInt(8) == 0;
    SatelliteForm form = satellite.form();
    values.put(
        satellite.hashKey(),
        reference
            ? hash("reference" + this.random.nextInt(3))
            : pick(this.known(satellite.parent().name()), this.random));
    if (form instanceof SatelliteForm.Members several) {
      several
          .key()
          .forEach(column -> values.put(column.name(), key(column, this.random.nextInt(2))));
    }
    if (form instanceof SatelliteForm.Sets) {
      List<Row> members = new ArrayList<>();
      for (int i = deleted ? 0 : this.random.nextInt(4); i > 0; i--) {
        members.add(RowFactory.create(satellite.payload().stream().map(this::value).toArray()));
      }
      values.put(FormColumns.MEMBERS, deleted ? null : members);
      values.put(FormColumns.MEMBER_COUNT, deleted ? null : members.size());
    } else if (form instanceof SatelliteForm.Plain || form instanceof SatelliteForm.Members) {
      satellite
          .payload()
          .forEach(column -> values.put(column.name(), deleted ? null : this.value(column)));
    } else {
      throw new IllegalArgumentException("No random rows for " + satellite.name());
    }
    values.put(satellite.names().deleted(), deleted);
    values.put(satellite.names().hashdiff(), hash(deleted ? "d" : text(values.values())));
  }

  private List<byte[]> known(String table) {
    // No mart reads some hubs; their links have hash keys of them all the same.
    return this.keys.computeIfAbsent(
        table, any -> IntStream.range(0, 6).mapToObj(i -> hash(table + i)).toList());
  }

  /** As a rule today; sometimes days ago, by the hour, so that some are at one instant. */
  private Instant applied() {
    int days = this.random.nextInt(4) == 0 ? this.random.nextInt(60) : 0;
    return this.now.minus(Duration.ofDays(days)).plus(Duration.ofHours(this.random.nextInt(24)));
  }

  private static Object key(Column column, int number) {
    return switch (column.type().kind()) {
      case BIGINT -> number + 1L;
      case INT -> number + 1;
      case STRING -> "key" + number;
      default -> throw new IllegalArgumentException("No key of type " + column.type());
    };
  }

  private @Nullable Object value(Column column) {
    if (OFTEN_NULL.contains(column.name()) && this.random.nextInt(3) == 0) {
      return null;
    }
    return switch (column.type().kind()) {
      case BOOLEAN -> this.random.nextBoolean();
      case INT -> this.random.nextInt(10);
      case BIGINT -> 1L + this.random.nextInt(6);
      case DOUBLE -> this.random.nextInt(11) / 2.0;
      case DECIMAL ->
          BigDecimal.valueOf(
              this.random.nextInt(column.type().precision() > 3 ? 30_000 : 500),
              column.type().scale());
      case STRING ->
          pick(WORDS.getOrDefault(column.name(), List.of("north", "south", "east")), this.random);
      case TIMESTAMP -> Timestamp.from(this.event());
      default -> throw new IllegalArgumentException("No value of type " + column.type());
    };
  }

  /** As a rule of the last weeks; sometimes of the last two years. */
  private Instant event() {
    int days = this.random.nextInt(3) == 0 ? this.random.nextInt(700) : this.random.nextInt(40);
    return this.now.minus(Duration.ofDays(days)).plus(Duration.ofHours(this.random.nextInt(24)));
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  private static String text(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return java.util.HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Map<?, ?> map) {
      return new java.util.TreeMap<>(map)
          .entrySet().stream()
              .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
              .toList()
              .toString();
    }
    return value instanceof Iterable<?> list
        ? java.util.stream.StreamSupport.stream(list.spliterator(), false)
            .map(RandomVault::text)
            .toList()
            .toString()
        : String.valueOf(value);
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static StructType type(VaultTable table) {
    StructType type = new StructType();
    for (Map.Entry<String, String> column : VaultColumns.types(table, "binary").entrySet()) {
      type = type.add(column.getKey(), DataType.fromDDL(column.getValue()));
    }
    return type;
  }
}
