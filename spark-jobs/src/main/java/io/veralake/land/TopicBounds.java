package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.spec.Engine;
import io.veralake.spec.LandSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Where topics begin and end.
 *
 * @param begin the first record that each partition still has
 * @param end behind the last committed record of each
 */
record TopicBounds(TopicOffsets begin, TopicOffsets end) {
  private static final int PATIENCE_MILLIS = 30_000;

  /** The bounds of {@code topics} now; {@code table} is named in errors. */
  static TopicBounds of(Engine.Kafka kafka, String table, LandSource.Topics topics) {
    if (kafka.servers().isEmpty()) {
      throw new DataException(
          "Cannot land raw.%s: no Kafka broker is named (set veralake.kafka.servers)"
              .formatted(table));
    }
    Map<String, Object> client = client(kafka);
    long patience = patience(kafka);
    client.put("default.api.timeout.ms", (int) patience);
    client.put("request.timeout.ms", (int) patience / 2);
    try (Admin admin = Admin.create(client)) {
      Map<String, TopicDescription> described =
          admin.describeTopics(names(admin, topics)).allTopicNames().get();
      if (described.isEmpty()) {
        throw new DataException(
            "Missing topics of raw.%s at %s: none matches %s (create one, or correct topics-matching of the land model; an empty topic is fine)"
                .formatted(table, kafka.servers(), topics.pattern()));
      }
      return new TopicBounds(
          offsets(admin, described, OffsetSpec::earliest),
          offsets(admin, described, OffsetSpec::latest));
    } catch (ExecutionException e) {
      throw failed(kafka, table, topics, e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failed(kafka, table, topics, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static Collection<String> names(Admin admin, LandSource.Topics topics)
      throws ExecutionException, InterruptedException {
    if (topics.pattern().isEmpty()) {
      return topics.names();
    }
    Pattern pattern = Pattern.compile(topics.pattern());
    return admin.listTopics().names().get().stream()
        .filter(name -> pattern.matcher(name).matches())
        .toList();
  }

  /** How long to wait for an answer of the brokers, in milliseconds. */
  static long patience(Engine.Kafka kafka) {
    String given = kafka.properties().get("default.api.timeout.ms");
    return given == null || !given.matches("[1-9]\\d{0,8}")
        ? PATIENCE_MILLIS
        : Long.parseLong(given);
  }

  /** Settings of a client; what is committed is all that it sees. */
  static Map<String, Object> client(Engine.Kafka kafka) {
    Map<String, Object> client = new HashMap<>(kafka.properties());
    client.put("bootstrap.servers", kafka.servers());
    client.put("isolation.level", "read_committed");
    return client;
  }

  private static TopicOffsets offsets(
      Admin admin, Map<String, TopicDescription> described, Supplier<OffsetSpec> which)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    described.forEach(
        (name, topic) ->
            topic
                .partitions()
                .forEach(p -> wanted.put(new TopicPartition(name, p.partition()), which.get())));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        admin
            .listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all()
            .get();
    SortedMap<String, TopicOffsets.Topic> topics = new TreeMap<>();
    described.forEach(
        (name, topic) -> {
          SortedMap<Integer, Long> next = new TreeMap<>();
          topic
              .partitions()
              .forEach(
                  p -> {
                    TopicPartition partition = new TopicPartition(name, p.partition());
                    next.put(p.partition(), Objects.requireNonNull(found.get(partition)).offset());
                  });
          topics.put(name, new TopicOffsets.Topic(topic.topicId().toString(), next));
        });
    return new TopicOffsets(topics);
  }

  private static DataException failed(
      Engine.Kafka kafka, String table, LandSource.Topics topics, Throwable cause) {
    if (cause instanceof UnknownTopicOrPartitionException) {
      return new DataException(
          "Missing topic of raw.%s at %s: one of %s (create it, or correct topics of the land model; an empty topic is fine)"
              .formatted(table, kafka.servers(), topics.names()),
          cause);
    }
    return new DataException(
        "Cannot reach Kafka at %s for raw.%s: %s (check that the brokers are up, veralake.kafka.servers and the credentials)"
            .formatted(kafka.servers(), table, cause.getMessage()),
        cause);
  }
}
