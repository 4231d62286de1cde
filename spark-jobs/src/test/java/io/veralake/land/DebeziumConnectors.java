package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestCapture;
import io.veralake.fixture.TestKafka;
import io.veralake.fixture.TestRegistry;
import io.veralake.land.TypeCases.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;

/** The connectors of {@link DebeziumIT}: one for each way to write the same changes. */
final class DebeziumConnectors {
  static final List<Mode> MODES =
      List.of(
          new Mode("adaptive", "precise", "adaptive", "numeric", true),
          new Mode("iso", "string", "isostring", "string", true),
          new Mode("connect", "double", "connect", "numeric", true),
          new Mode("micro_time", "precise", "adaptive_time_microseconds", "string", true),
          new Mode("micros", "string", "microseconds", "numeric", true),
          new Mode("nanos", "double", "nanoseconds", "string", false),
          new Mode("avro", "precise", "adaptive", "numeric", true),
          new Mode("avro_iso", "string", "isostring", "string", true),
          new Mode("avro_connect", "double", "connect", "numeric", true));

  /** Without schemas; what the columns are is declared. */
  static final List<Mode> PLAIN =
      List.of(
          new Mode("plain", "string", "isostring", "string", false),
          new Mode("plain_micros", "precise", "microseconds", "string", false));

  /** Into files instead of topics. */
  static final Mode FILES = new Mode("files", "precise", "adaptive", "string", false);

  private final String kafka;
  private final TestRegistry registry;
  private final Path folder;

  /**
   * Into topics of {@code kafka}, with schemas in {@code registry}, and files in {@code folder}.
   */
  DebeziumConnectors(String kafka, TestRegistry registry, Path folder) {
    this.kafka = kafka;
    this.registry = registry;
    this.folder = folder;
  }

  /** Adds them all to {@code capture}. */
  void addTo(TestCapture capture) {
    MODES.forEach(mode -> capture.with(mode.name(), this.settings(mode, true)));
    PLAIN.forEach(mode -> capture.with(mode.name(), this.settings(mode, false)));
    Map<String, String> files = new HashMap<>(this.settings(FILES, true));
    files.remove("producer.bootstrap.servers");
    files.put("files.folder", this.folder.toString());
    capture.with(FILES.name(), files);
  }

  private Map<String, String> settings(Mode mode, boolean schemas) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(
        Map.of(
            "producer.bootstrap.servers",
            this.kafka,
            "decimal.handling.mode",
            mode.decimals(),
            "time.precision.mode",
            mode.times(),
            "interval.handling.mode",
            mode.intervals(),
            "column.propagate.source.type",
            mode.decimals().equals("double") ? ".*" : "nothing"));
    for (String part : List.of("key.converter", "value.converter")) {
      if (mode.avro()) {
        settings.put(part, "io.apicurio.registry.utils.converter.AvroConverter");
        settings.put(part + ".apicurio.registry.url", this.registry.apicurioUrl());
        settings.put(part + ".apicurio.registry.auto-register", "true");
        settings.put(part + ".apicurio.registry.headers.enabled", "false");
        if (digits(mode) == 4) {
          String confluent = "io.apicurio.registry.serde.Legacy4ByteIdHandler";
          settings.put(part + ".apicurio.registry.id-handler", confluent);
        }
      } else {
        settings.put(part + ".schemas.enable", "" + schemas);
      }
    }
    return settings;
  }

  /**
   * Returns when all connectors follow the changes, and have sent all that was done before. A batch
   * goes to all its topics at once, so that a marker may be there before changes of other tables
   * that were made before it. The next batch waits for it: once a marker is seen that was made
   * after the first one was seen, all topics have what was before the first.
   */
  void await(int first, ShopDatabase shop, TestKafka broker, TestCapture capture)
      throws SQLException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    int id = first;
    List<Mode> modes = new ArrayList<>(MODES);
    modes.addAll(PLAIN);
    modes.add(FILES);
    for (Mode mode : modes) {
      String topic = mode.name() + ".shop.marker";
      for (int least : new int[] {first, -1}) {
        int from = least < 0 ? id : least;
        boolean arrived = false;
        while (!arrived) {
          shop.run("insert into shop.marker values (" + id++ + ")");
          pause();
          arrived = this.values(topic, broker).stream().anyMatch(v -> this.follows(mode, v, from));
          assertThat(System.nanoTime()).as("%s: %s", topic, capture.output()).isLessThan(deadline);
        }
      }
    }
  }

  private List<byte[]> values(String topic, TestKafka broker) {
    if (!topic.startsWith(FILES.name())) {
      return broker.has(topic) ? broker.values(topic) : List.of();
    }
    Path folder = this.folder.resolve(topic);
    List<byte[]> values = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9]*")) {
        for (Path file : files) {
          Files.readAllLines(file).forEach(l -> values.add(l.getBytes(StandardCharsets.UTF_8)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return values;
  }

  /** One connector numbers schemas as Confluent does, the others as Apicurio. */
  static int digits(Mode mode) {
    return mode.name().equals("avro") ? 4 : 8;
  }

  private boolean follows(Mode mode, byte[] value, int first) {
    String text =
        mode.avro() ? this.json(value, digits(mode)) : new String(value, StandardCharsets.UTF_8);
    Matcher marker =
        Pattern.compile("\"after\": ?\\{\"id\": ?(\\d+)\\}.*\"op\": ?\"c\"").matcher(text);
    return marker.find() && Integer.parseInt(marker.group(1)) >= first;
  }

  /** Of what Avro's own reader reads. */
  private String json(byte[] value, int digits) {
    ByteBuffer bytes = ByteBuffer.wrap(value, 1, digits);
    int id = digits == 4 ? bytes.getInt() : Math.toIntExact(bytes.getLong());
    Schema schema = new Schema.Parser().parse(this.registry.schema(id));
    try {
      return new GenericDatumReader<>(schema)
          .read(
              null,
              DecoderFactory.get()
                  .binaryDecoder(value, 1 + digits, value.length - 1 - digits, null))
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
