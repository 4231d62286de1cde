package io.veralake.land;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.land.decode.Binlog;
import io.veralake.spec.LandTable;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

  /** First and last time at which changes of each origin were sent. */
  private final TreeMap<String, long[]> sent = new TreeMap<>();

  /** Neighbours are of one origin as a rule. */
  private transient @Nullable UTF8String last;

  private transient long[] lastRange = new long[2];

  /** What is parted by the slashes of an origin. */
  private record Origin(int generation, long server, String name) {
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
      this.merge(text, new long[] {millis, millis});
      this.lastRange = this.sent.getOrDefault(text, new long[2]);
    }
    this.lastRange[0] = Math.min(this.lastRange[0], millis);
    this.lastRange[1] = Math.max(this.lastRange[1], millis);
  }

  void addAll(Binlogs others) {
    others.sent.forEach((origin, range) -> this.merge(origin, range.clone()));
  }

  private void merge(String origin, long[] range) {
    // So many are refused anyway.
    if (this.sent.size() < MOST || this.sent.containsKey(origin)) {
      this.sent.merge(
          origin, range, (a, b) -> new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
    }
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

  /** Refuses changes whose positions don't compare with each other, unless the model knows how. */
  void check(LandTable table) {
    TreeMap<Integer, TreeSet<Long>> servers = new TreeMap<>();
    TreeMap<Integer, TreeSet<String>> names = new TreeMap<>();
    for (String text : this.sent.keySet()) {
      Origin origin = Origin.parse(text);
      names.computeIfAbsent(origin.generation, none -> new TreeSet<>()).add(origin.name);
      // A snapshot's rows name no server.
      if (origin.server != 0) {
        servers.computeIfAbsent(origin.generation, none -> new TreeSet<>()).add(origin.server);
      }
    }
    List<Long> declared = table.events().binlog().servers();
    servers.forEach(
        (generation, found) -> {
          if (found.size() > 1 && !declared.containsAll(found)) {
            throw this.refused(table, generation, found);
          }
        });
    names.forEach(
        (generation, found) -> {
          if (found.size() > 1) {
            throw this.refused(table, generation, null);
          }
        });
  }

  private GateException refused(LandTable table, int generation, @Nullable TreeSet<Long> servers) {
    List<String> shown = new ArrayList<>();
    this.sent.forEach(
        (text, range) -> {
          Origin origin = Origin.parse(text);
          if (origin.generation == generation && (servers == null || origin.server != 0)) {
            shown.add(
                "%s of server %s, sent from %s to %s"
                    .formatted(
                        origin.name,
                        origin.server == 0 ? "not told" : origin.server,
                        Instant.ofEpochMilli(range[0]),
                        Instant.ofEpochMilli(range[1])));
          }
        });
    String one =
        servers == null
            ? ""
            : "; if one binlog holds the changes of all, because the connector reads a replica, binlog.servers = ["
                + servers.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + "]";
    return new GateException(
        "Cannot land raw.%s: its changes are from binlogs whose positions can't be compared: %s (if the connector went over from one to another, binlog.anew = [\"…\"], an instant between the last change of the one and the first of the other%s)"
            .formatted(table.name(), String.join("; ", shown), one));
  }
}
