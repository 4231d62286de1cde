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

/**
 * Writes envelopes as Debezium's PostgreSQL connector sends them, with schema, about 2 kB each, one
 * in fifty sent twice: {@code LandData <folder> <envelopes>}. The same arguments give the same
 * files.
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
    int files = (envelopes + PER_FILE - 1) / PER_FILE;
    IntStream.range(0, files)
        .parallel()
        .forEach(
            file ->
                write(
                    folder.resolve("items-%05d.json".formatted(file)),
                    (long) file * PER_FILE,
                    Math.min(PER_FILE, envelopes - file * PER_FILE)));
  }

  private static void write(Path file, long first, int count) {
    Random random = new Random(first);
    byte[] head = HEAD.getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      byte[] last = new byte[0];
      for (int i = 0; i < count; i++) {
        // An event that is sent again is the same bytes; a file may begin with one of its own.
        byte[] payload =
            i > 0 && random.nextInt(50) == 0
                ? last
                : payload(first + i, random).getBytes(StandardCharsets.UTF_8);
        out.write(head);
        out.write(payload);
        out.write('\n');
        last = payload;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String payload(long number, Random random) {
    boolean update = random.nextInt(3) == 0;
    long order = number / 3;
    String before = update ? row(number, order, random.nextInt(9) + 1, "packed") : "null";
    return "{\"before\":"
        + before
        + ",\"after\":"
        + row(number, order, random.nextInt(9) + 1, update ? "sent" : "new")
        + ",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"ts_ms\":"
        + (BEGAN + number / 100)
        + ",\"db\":\"shop\",\"sequence\":\"[\\\"1\\\",\\\"2\\\"]\",\"table\":\"order_items\",\"lsn\":"
        + (100_000_000L + number * 64)
        + "},\"op\":\""
        + (update ? "u" : "c")
        + "\",\"ts_ms\":"
        + (BEGAN + number / 100 + 5)
        + "}}}";
  }

  private static String row(long number, long order, int quantity, String note) {
    long cents = 100 + number * 7919 % 9_999_900;
    return "{\"order_id\":"
        + order
        + ",\"line_number\":"
        + (number % 3 + 1)
        + ",\"product_id\":"
        + number * 31 % 25_000_000
        + ",\"seller_id\":"
        + (number % 7 == 0 ? "null" : number % 5000)
        + ",\"quantity\":"
        + quantity
        + ",\"unit_price\":\""
        + Base64.getEncoder().encodeToString(BigInteger.valueOf(cents).toByteArray())
        + "\",\"note\":\""
        + note
        + " on line "
        + number
        + "\",\"created_at\":"
        + (BEGAN + number) * 1000
        + ",\"gift\":"
        + (number % 11 == 0)
        + "}";
  }
}
