package io.veralake.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/** One connector that runs until it is closed or fails. */
final class Capturing implements AutoCloseable {
  private final String name;
  private final Sink sink;
  private final Converter keys;
  private final Converter values;
  private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
  private final Thread thread;
  private volatile @Nullable String failure;
  private volatile boolean closing;

  Capturing(Settings settings) {
    this.name = settings.name();
    this.keys = settings.converter("key");
    this.values = settings.converter("value");
    this.sink = settings.sink();
    this.engine =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(settings.properties())
            .notifying(this::take)
            .using(this::ended)
            .build();
    this.thread = new Thread(this.engine, "capture " + this.name);
  }

  void start() {
    this.thread.start();
  }

  /** Waits until it has ended; returns why it failed. */
  Optional<String> await() throws InterruptedException {
    this.thread.join();
    this.sink.close();
    return Optional.ofNullable(this.failure);
  }

  /** Asks it to end after the batch at hand. */
  @Override
  public void close() throws IOException {
    this.closing = true;
    if (this.thread.isAlive()) {
      this.engine.close();
    }
  }

  private void take(
      List<RecordChangeEvent<SourceRecord>> batch,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
      throws InterruptedException {
    List<Event> events = new ArrayList<>(batch.size());
    for (RecordChangeEvent<SourceRecord> change : batch) {
      events.add(this.event(change.record()));
    }
    try {
      this.sink.take(events);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (RecordChangeEvent<SourceRecord> change : batch) {
      committer.markProcessed(change);
    }
    committer.markBatchFinished();
  }

  private Event event(SourceRecord record) {
    byte[] key = this.keys.fromConnectData(record.topic(), record.keySchema(), record.key());
    byte[] value =
        record.value() == null
            ? null
            : this.values.fromConnectData(record.topic(), record.valueSchema(), record.value());
    boolean none = record.keySchema() == null && record.key() == null;
    return new Event(record.topic(), none ? null : key, value);
  }

  private void ended(boolean success, @Nullable String message, @Nullable Throwable error) {
    if (!success) {
      Throwable cause = error;
      while (cause != null && cause.getCause() != null) {
        cause = cause.getCause();
      }
      if (this.closing && cause instanceof RejectedExecutionException) {
        // Its engine was closed between two moves: what it had read is read again.
        return;
      }
      this.failure = this.name + ": " + message + (cause == null ? "" : ": " + cause.getMessage());
    }
  }
}
