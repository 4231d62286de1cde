package io.veralake.land;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A place in each partition of some topics: the offset of the next record. Written as JSON, {@code
 * {"orders":{"id":"pIVR6KK2TfmXgcZ8vOOLdg","next":{"0":17,"1":4}}}}. A topic's id tells it from
 * another one that was made later under its name.
 *
 * @param topics by name
 */
record TopicOffsets(SortedMap<String, Topic> topics) {
  /** Name, below {@code veralake.}, of the summary property that says what was consumed. */
  static final String PROPERTY = "offsets";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Nothing. */
  static final TopicOffsets NONE = new TopicOffsets(new TreeMap<>());

  /**
   * A topic.
   *
   * @param id given to it by the broker when it was made
   * @param next by partition
   */
  record Topic(String id, SortedMap<Integer, Long> next) {
    Topic {
      next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
    }
  }

  TopicOffsets {
    topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
  }

  /** As {@link #json} writes it. */
  static TopicOffsets parse(String json) {
    try {
      return new TopicOffsets(
          new TreeMap<>(JSON.readValue(json, new TypeReference<Map<String, Topic>>() {})));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Invalid offsets in a snapshot's summary: " + json, e);
    }
  }

  /** These topics but {@code others}. */
  TopicOffsets without(List<String> others) {
    SortedMap<String, Topic> left = new TreeMap<>(this.topics);
    others.forEach(left::remove);
    return new TopicOffsets(left);
  }

  /** These topics, with those of {@code later} in their place or beside them. */
  TopicOffsets with(TopicOffsets later) {
    SortedMap<String, Topic> all = new TreeMap<>(this.topics);
    all.putAll(later.topics);
    return new TopicOffsets(all);
  }

  /** How many offsets there are from {@code start} up to these, in the partitions of both. */
  long after(TopicOffsets start) {
    long count = 0;
    for (Map.Entry<String, Topic> topic : this.topics.entrySet()) {
      Topic from = start.topics.get(topic.getKey());
      if (from != null) {
        for (Map.Entry<Integer, Long> next : topic.getValue().next().entrySet()) {
          count += next.getValue() - from.next().getOrDefault(next.getKey(), next.getValue());
        }
      }
    }
    return count;
  }

  /** In the form above. */
  String json() {
    return text(this.topics);
  }

  /** As Spark's Kafka source takes offsets: {@code {"orders":{"0":17,"1":4}}}. */
  String forSpark() {
    SortedMap<String, Map<Integer, Long>> plain = new TreeMap<>();
    this.topics.forEach((name, topic) -> plain.put(name, topic.next()));
    return text(plain);
  }

  /** The partitions, as Spark's Kafka source takes them: {@code {"orders":[0,1]}}. */
  String assignment() {
    SortedMap<String, Object> plain = new TreeMap<>();
    this.topics.forEach((name, topic) -> plain.put(name, topic.next().keySet()));
    return text(plain);
  }

  private static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
