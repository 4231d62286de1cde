package io.veralake.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka cluster; topics that aren't there are made. */
final class TopicSink implements Sink {
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;
  private final int partitions;
  private final Set<String> topics = new HashSet<>();

  /** With a producer's settings, and how many partitions new topics get. */
  TopicSink(Map<String, Object> settings, int partitions) {
    this.admin = Admin.create(settings);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    this.partitions = partitions;
  }

  @Override
  public void take(List<Event> events) throws IOException, InterruptedException {
    List<Future<?>> sent = new ArrayList<>();
    try {
      for (Event event : events) {
        this.make(event.topic());
        sent.add(
            this.producer.send(new ProducerRecord<>(event.topic(), event.key(), event.value())));
      }
      this.producer.flush();
      for (Future<?> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("Failed to send to Kafka", e.getCause());
    }
  }

  private void make(String topic) throws ExecutionException, InterruptedException {
    if (this.topics.contains(topic)) {
      return;
    }
    try {
      NewTopic wanted = new NewTopic(topic, Optional.of(this.partitions), Optional.empty());
      this.admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
    this.topics.add(topic);
  }

  @Override
  public void close() {
    this.producer.close();
    this.admin.close();
  }
}
