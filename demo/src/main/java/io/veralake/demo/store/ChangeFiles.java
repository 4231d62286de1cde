package io.veralake.demo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the change log as files, four segments a day and table, as an at-least-once connector
 * does: some records twice, some after later ones, the last of a segment again at the start of the
 * next. Customers and products changed between six and noon, and held orders, arrive a day late.
 */
final class ChangeFiles implements Consumer<ChangeEvent> {
  private static final int SEGMENTS = 4;
  private static final int LATE_SEGMENT = 1;

  private final long seed;
  private final Map<SourceTable, List<ChangeEvent>> late = new EnumMap<>(SourceTable.class);
  private Map<SourceTable, List<ChangeEvent>> nextLate = new EnumMap<>(SourceTable.class);
  private final Map<SourceTable, List<ChangeEvent>> tails = new EnumMap<>(SourceTable.class);
  private final Map<SourceTable, SegmentWriter> open = new EnumMap<>(SourceTable.class);
  private @Nullable Path root;
  private Delivered delivered = Delivered.NOTHING;
  private final List<ChangeEvent> early = new ArrayList<>();
  private boolean closed = true;
  private int day;
  private long envelopes;
  private long bytes;
  private int broken;

  ChangeFiles(long seed) {
    this.seed = seed;
  }

  /**
   * Begins the files of a day with what was late the day before.
   *
   * @param day the day
   * @param input the input's root, null for a day that is only played again
   * @param listener hears of each change that the day's files deliver
   */
  void open(int day, @Nullable Path input, Delivered listener) throws IOException {
    this.day = day;
    this.root = input;
    this.delivered = listener;
    this.envelopes = 0;
    this.bytes = 0;
    this.broken = 0;
    this.late.clear();
    this.late.putAll(this.nextLate);
    this.nextLate = new EnumMap<>(SourceTable.class);
    for (var entry : this.late.entrySet()) {
      String name = StoreCalendar.date(day - 1) + "-late";
      SegmentWriter writer =
          writer(entry.getKey(), name, StoreCalendar.start(day) + StoreCalendar.HOUR);
      for (ChangeEvent event : entry.getValue()) {
        listener.change(event);
        writer.write(event);
      }
      close(writer);
    }
    this.closed = false;
    for (ChangeEvent event : this.early) {
      write(event);
    }
    this.early.clear();
  }

  @Override
  public void accept(ChangeEvent event) {
    if (this.closed) {
      this.early.add(event);
      return;
    }
    try {
      write(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(ChangeEvent event) throws IOException {
    int segment = event.op() == 'r' ? 0 : segment(event.place().commit());
    SourceTable table = event.table();
    boolean catalog = table == SourceTable.USERS || table == SourceTable.PRODUCTS;
    if (event.held() || (catalog && segment == LATE_SEGMENT)) {
      this.nextLate.computeIfAbsent(table, any -> new ArrayList<>()).add(event);
      return;
    }
    this.delivered.change(event);
    String name = StoreCalendar.date(this.day) + (event.op() == 'r' ? "-snapshot" : "-" + segment);
    SegmentWriter writer = this.open.get(table);
    if (writer == null || !writer.name().equals(name)) {
      if (writer != null) {
        close(writer);
      }
      writer =
          writer(
              table,
              name,
              StoreCalendar.start(this.day) + (segment + 1) * StoreCalendar.DAY / SEGMENTS);
      this.open.put(table, writer);
      for (ChangeEvent again : this.tails.getOrDefault(table, List.of())) {
        writer.repeat(again);
      }
    }
    writer.write(event);
    List<ChangeEvent> tail = this.tails.computeIfAbsent(table, any -> new ArrayList<>());
    tail.add(event);
    if (tail.size() > 5) {
      tail.remove(0);
    }
  }

  private int segment(long commit) {
    long sinceMidnight = Math.max(0, commit - StoreCalendar.start(this.day));
    return (int) Math.min(SEGMENTS - 1, sinceMidnight / (StoreCalendar.DAY / SEGMENTS));
  }

  private SegmentWriter writer(SourceTable table, String name, long time) {
    return new SegmentWriter(this.root, table, name, time, this.seed);
  }

  /** Ends the day's files; changes that follow wait for the next day's. */
  void close() throws IOException {
    for (SegmentWriter writer : this.open.values()) {
      close(writer);
    }
    this.open.clear();
    this.closed = true;
  }

  private void close(SegmentWriter writer) throws IOException {
    writer.close();
    this.envelopes += writer.lines();
    this.bytes += writer.bytes();
    this.broken += writer.broken();
  }

  /** Lines written since the day's files were opened. */
  long envelopes() {
    return this.envelopes;
  }

  /** Bytes written since the day's files were opened. */
  long bytes() {
    return this.bytes;
  }

  /** Lines written since the day's files were opened that can't be read. */
  int broken() {
    return this.broken;
  }
}
