package io.veralake.capture;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.storage.Converter;

/**
 * A connector's properties under the names that Debezium and Kafka Connect give them. Where its
 * events go: {@code producer.bootstrap.servers} and other settings of Kafka's producer below {@code
 * producer.}, or {@code files.folder}.
 *
 * @param properties the properties of one file
 */
record Settings(Properties properties) {
  private static final String PRODUCER = "producer.";

  /** The properties of {@code file}. */
  static Settings read(Path file) throws IOException {
    Properties properties = new Properties();
    // What Debezium wants to be told, and has only one sensible value for most.
    properties.put("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    properties.put("offset.flush.interval.ms", "0");
    properties.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
    properties.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    // Otherwise a null is sent as the column's default, and nothing tells the two apart.
    properties.put("key.converter.replace.null.with.default", "false");
    properties.put("value.converter.replace.null.with.default", "false");
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Settings settings = new Settings(properties);
    for (String needed : new String[] {"name", "connector.class", "offset.storage.file.filename"}) {
      settings.needed(needed);
    }
    return settings;
  }

  String name() {
    return this.needed("name");
  }

  /** Opens where the events go. */
  Sink sink() {
    Map<String, Object> producer = this.below(PRODUCER);
    if (producer.isEmpty()) {
      return new FileSink(Path.of(this.needed("files.folder")));
    }
    String partitions = this.properties.getProperty("topic.creation.default.partitions", "1");
    return new TopicSink(producer, Integer.parseInt(partitions));
  }

  /** The converter of {@code key} or {@code value}. */
  Converter converter(String part) {
    String type = this.needed(part + ".converter");
    try {
      Converter converter =
          Class.forName(type).asSubclass(Converter.class).getDeclaredConstructor().newInstance();
      converter.configure(this.below(part + ".converter."), part.equals("key"));
      return converter;
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "Invalid %s.converter: %s (a converter of Kafka Connect)".formatted(part, type), e);
    }
  }

  private Map<String, Object> below(String prefix) {
    Map<String, Object> found = new HashMap<>();
    for (String name : this.properties.stringPropertyNames()) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), this.properties.getProperty(name));
      }
    }
    return found;
  }

  private String needed(String name) {
    String value = this.properties.getProperty(name, "");
    if (value.isBlank()) {
      throw new IllegalArgumentException("Missing property " + name);
    }
    return value;
  }
}
