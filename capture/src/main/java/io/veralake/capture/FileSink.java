package io.veralake.capture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder a topic, a file a batch, a line an event: {@code {"key":…,"value":…}}. A file is there
 * as a whole or not at all, and never changes.
 */
final class FileSink implements Sink {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS").withZone(ZoneOffset.UTC);

  private final Path folder;
  private long count;

  FileSink(Path folder) {
    this.folder = folder;
  }

  @Override
  public void take(List<Event> events) throws IOException {
    Map<String, OutputStream> open = new LinkedHashMap<>();
    String name = NAME.format(Instant.now()) + "-" + this.count++ + ".json";
    try {
      for (Event event : events) {
        OutputStream out = open.get(event.topic());
        if (out == null) {
          Path topic = Files.createDirectories(this.folder.resolve(event.topic()));
          out = Files.newOutputStream(topic.resolve("." + name));
          open.put(event.topic(), out);
        }
        out.write(line(event));
      }
    } finally {
      for (OutputStream out : open.values()) {
        out.close();
      }
    }
    for (String topic : open.keySet()) {
      Path written = this.folder.resolve(topic).resolve("." + name);
      Files.move(written, written.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() {}

  private static byte[] line(Event event) {
    return ("{\"key\":" + text(event.key()) + ",\"value\":" + text(event.value()) + "}\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte @Nullable [] json) {
    return json == null ? "null" : new String(json, StandardCharsets.UTF_8);
  }
}
