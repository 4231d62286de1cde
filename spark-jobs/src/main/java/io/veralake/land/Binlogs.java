package io.veralake.land;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.Lake;
import io.veralake.land.decode.Binlog;
import io.veralake.spec.LandTable;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The MySQL binlogs that a table's changes were read from. Positions compare within one binlog
 * only: each server numbers its files by itself. Kept in the commits that hold the rows.
 */
final class Binlogs implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String PROPERTY = "binlogs";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST = 1000;

  /** First and last time at which changes of each origin were sent, and how many. */
  private final TreeMap<String, long[]> sent = new TreeMap<>();

  /** Neighbours are of one origin as a rule. */
  private transient @Nullable UTF8String last;

  private transient long[] lastRange = new long[3];

  /** What is parted by the slashes of an origin. */
  record Origin(int generation, long server, String name) {
    static Origin parse(String text) {
      String[] parts = text.split("/", 3);
      return new Origin(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }
  }

  /** {@code binlog}, read after {@code generation} others: the three of them in one text. */
  static UTF8String origin(int generation, Binlog binlog) {
    return UTF8String.fromString(generation + "/" + binlog.server() + "/" + binlog.name());
  }

  /** Those of {@code raw}. */
  static Binlogs of(Lake lake, String raw) {
    Binlogs known = new Binlogs();
    lake.positions(raw).value(PROPERTY).ifPresent(known::parse);
    return known;
  }

  private void parse(String json) {
    try {
      this.sent.putAll(JSON.readValue(json, new TypeReference<Map<String, long[]>>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Invalid binlogs in a snapshot's summary: " + json, e);
    }
  }

  /** Notes a change. */
  void add(UTF8String origin, long millis) {
    if (this.last == null || !this.last.equals(origin)) {
      this.last = origin.clone();
      String text = origin.toString();
      this.merge(text, new long[] {millis, millis, 0});
      this.lastRange = this.sent.getOrDefault(text, new long[3]);
    }
    this.lastRange[0] = Math.min(this.lastRange[0], millis);
    this.lastRange[1] = Math.max(this.lastRange[1], millis);
    this.lastRange[2]++;
  }

  void addAll(Binlogs others) {
    others.sent.forEach((origin, range) -> this.merge(origin, range.clone()));
  }

  private void merge(String origin, long[] range) {
    // So many are noise; what isn't here is none of the one that is chosen.
    if (this.sent.size() < MOST || this.sent.containsKey(origin)) {
      this.sent.merge(
          origin,
          range,
          (a, b) -> new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1]), a[2] + b[2]});
    }
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return this.sent.isEmpty();
  }

  /** These and {@code others}. */
  Binlogs with(Binlogs others) {
    Binlogs all = new Binlogs();
    all.addAll(this);
    all.addAll(others);
    return all;
  }

  /** What a commit says of them; nothing if there are none. */
  Map<String, String> properties() {
    try {
      return this.sent.isEmpty()
          ? Map.of()
          : Map.of("veralake." + PROPERTY, JSON.writeValueAsString(this.sent));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Which of {@code batch} may lie beside these, which {@code table} has. */
  OneBinlog choice(Binlogs batch, LandTable table) {
    OneBinlog choice = new OneBinlog(table.events().binlog().servers());
    this.sent.keySet().stream().map(Origin::parse).forEach(o -> choice.known(o.generation, o.name));
    batch.frequent().forEach(origin -> choice.known(origin.generation, origin.name));
    this.sent.forEach((text, range) -> choice.known(Origin.parse(text), range[1]));
    batch.frequent().forEach(origin -> choice.chosen(origin));
    return choice;
  }

  /** Whether all of these are of {@code choice}. */
  boolean all(OneBinlog choice) {
    return this.sent.keySet().stream().map(Origin::parse).allMatch(choice::has);
  }

  /** The origins, that of most changes first. */
  private List<Origin> frequent() {
    return this.sent.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue()[2]))
        .map(entry -> Origin.parse(entry.getKey()))
        .toList();
  }
}
