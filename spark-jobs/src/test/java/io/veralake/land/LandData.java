package io.veralake.land;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes envelopes as Debezium's PostgreSQL connector sends them, with schema, about 2 kB each, one
 * in fifty sent twice: {@code LandData <folder> <envelopes> [avro]}. The same arguments give the
 * same files; with {@code avro} containers of the same events.
 */
final class LandData {
  private static final int PER_FILE = 125_000;
  private static final long BEGAN = 1_772_323_200_000L;

  private static final String ROW =
      """
      {"type":"struct","fields":[{"type":"int64","optional":false,"field":"order_id"},{"type":"int32","optional":false,"field":"line_number"},\
      {"type":"int64","optional":false,"field":"product_id"},{"type":"int64","optional":true,"field":"seller_id"},\
      {"type":"int32","optional":false,"field":"quantity"},\
      {"type":"bytes","optional":false,"name":"org.apache.kafka.connect.data.Decimal","version":1,"parameters":{"scale":"2","connect.decimal.precision":"12"},"field":"unit_price"},\
      {"type":"string","optional":true,"field":"note"},\
      {"type":"int64","optional":false,"name":"io.debezium.time.MicroTimestamp","version":1,"field":"created_at"},\
      {"type":"boolean","optional":true,"field":"gift"}],"optional":true,"name":"shop.shop.order_items.Value","field":"%s"}""";
  private static final String SOURCE =
      """
      {"type":"struct","fields":[{"type":"string","optional":false,"field":"version"},{"type":"string","optional":false,"field":"connector"},\
      {"type":"int64","optional":false,"field":"ts_ms"},{"type":"string","optional":false,"field":"db"},{"type":"string","optional":true,"field":"sequence"},\
      {"type":"string","optional":false,"field":"table"},{"type":"int64","optional":true,"field":"lsn"}],"optional":false,"name":"io.debezium.connector.postgresql.Source","field":"source"}""";
  private static final String HEAD =
      "{\"value\":{\"schema\":{\"type\":\"struct\",\"fields\":["
          + ROW.formatted("before")
          + ","
          + ROW.formatted("after")
          + ","
          + SOURCE
          + ",{\"type\":\"string\",\"optional\":false,\"field\":\"op\"},{\"type\":\"int64\",\"optional\":true,\"field\":\"ts_ms\"}],\"optional\":false,\"name\":\"shop.shop.order_items.Envelope\"},\"payload\":";

  private LandData() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    int envelopes = Integer.parseInt(arguments[1]);
    boolean avro = arguments.length > 2 && arguments[2].equals("avro");
    int files = (envelopes + PER_FILE - 1) / PER_FILE;
    IntStream.range(0, files)
        .parallel()
        .forEach(
            file -> {
              String name = "items-%05d.%s".formatted(file, avro ? "avro" : "json");
              int count = Math.min(PER_FILE, envelopes - file * PER_FILE);
              try {
                Sink sink =
                    avro
                        ? LandAvro.into(folder.resolve(name))
                        : new Lines(folder.resolve(name), HEAD.getBytes(StandardCharsets.UTF_8));
                write(sink, (long) file * PER_FILE, count);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** What takes events, in the order in which they are sent. */
  interface Sink extends AutoCloseable {
    void send(Event event) throws IOException;

    @Override
    void close() throws IOException;
  }

  /**
   * A change of an order's line.
   *
   * @param number of the event
   * @param before the row before; null for an insert
   */
  record Event(long number, @Nullable Item before, Item after) {
    String op() {
      return this.before == null ? "c" : "u";
    }

    long committed() {
      return BEGAN + this.number / 100;
    }

    long lsn() {
      return 100_000_000L + this.number * 64;
    }
  }

  /** What differs between an event's rows. */
  record Item(long number, int quantity, String note) {
    long order() {
      return this.number / 3;
    }

    int line() {
      return (int) (this.number % 3 + 1);
    }

    long product() {
      return this.number * 31 % 25_000_000;
    }

    @Nullable Long seller() {
      return this.number % 7 == 0 ? null : this.number % 5000;
    }

    byte[] cents() {
      return BigInteger.valueOf(100 + this.number * 7919 % 9_999_900).toByteArray();
    }

    String text() {
      return this.note + " on line " + this.number;
    }

    long created() {
      return (BEGAN + this.number) * 1000;
    }

    boolean gift() {
      return this.number % 11 == 0;
    }
  }

  private static void write(Sink sink, long first, int count) throws IOException {
    Random random = new Random(first);
    try (sink) {
      Event last = event(first, random);
      sink.send(last);
      for (int i = 1; i < count; i++) {
        // An event that is sent again is the same bytes.
        last = random.nextInt(50) == 0 ? last : event(first + i, random);
        sink.send(last);
      }
    }
  }

  private static Event event(long number, Random random) {
    boolean update = random.nextInt(3) == 0;
    Item before = update ? new Item(number, random.nextInt(9) + 1, "packed") : null;
    Item after = new Item(number, random.nextInt(9) + 1, update ? "sent" : "new");
    return new Event(number, before, after);
  }

  /** JSON, each event with its schema. */
  private record Lines(OutputStream out, byte[] head) implements Sink {
    Lines(Path file, byte[] head) throws IOException {
      this(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20), head);
    }

    @Override
    public void send(Event event) throws IOException {
      this.out.write(this.head);
      this.out.write(payload(event).getBytes(StandardCharsets.UTF_8));
      this.out.write('\n');
    }

    @Override
    public void close() throws IOException {
      this.out.close();
    }
  }

  private static String payload(Event event) {
    return "{\"before\":"
        + row(event.before())
        + ",\"after\":"
        + row(event.after())
        + ",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"ts_ms\":"
        + event.committed()
        + ",\"db\":\"shop\",\"sequence\":\"[\\\"1\\\",\\\"2\\\"]\",\"table\":\"order_items\",\"lsn\":"
        + event.lsn()
        + "},\"op\":\""
        + event.op()
        + "\",\"ts_ms\":"
        + (event.committed() + 5)
        + "}}}";
  }

  private static String row(@Nullable Item item) {
    if (item == null) {
      return "null";
    }
    return "{\"order_id\":"
        + item.order()
        + ",\"line_number\":"
        + item.line()
        + ",\"product_id\":"
        + item.product()
        + ",\"seller_id\":"
        + item.seller()
        + ",\"quantity\":"
        + item.quantity()
        + ",\"unit_price\":\""
        + Base64.getEncoder().encodeToString(item.cents())
        + "\",\"note\":\""
        + item.text()
        + "\",\"created_at\":"
        + item.created()
        + ",\"gift\":"
        + item.gift()
        + "}";
  }
}
