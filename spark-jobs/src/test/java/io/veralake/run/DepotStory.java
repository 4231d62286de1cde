package io.veralake.run;

import io.veralake.land.Envelopes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Three days of a depot whose goods come from three sources, each of which deletes in its own way:
 * a log with deletes, a log that is truncated, and dumps in which rows are missing. Deleted goods
 * come back; some records come a day late.
 */
final class DepotStory {
  static final int DAYS = 3;
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final int EVENTS = 9;
  private static final int GOODS = 5;
  private static final String SCHEMA =
      Envelopes.schema("good_id int64", "name string", "seller_id int64");

  /** What a source says of a good. */
  record Good(String name, long seller) {
    String json(long id) {
      return "{\"good_id\":%d,\"name\":\"%s\",\"seller_id\":%d}".formatted(id, name, seller);
    }
  }

  /**
   * A record of a source.
   *
   * @param day on which it lands if all goes in order
   * @param at milliseconds since the story began
   * @param op {@code c}, {@code u}, {@code d}, {@code t}, and {@code r} of dumps
   * @param id the good; 0 of a truncate
   */
  record Said(
      String source,
      int day,
      long at,
      char op,
      long id,
      @Nullable Good before,
      @Nullable Good now) {
    Instant time() {
      return START.plusMillis(at);
    }
  }

  private final Random random;
  private final List<Said> all = new ArrayList<>();
  private final List<Map<Long, Good>> dumps = new ArrayList<>();

  DepotStory(long seed) {
    this.random = new Random(seed);
    this.log("log", 0, false);
    this.log("queue", 100, true);
    this.dumps();
  }

  private void log(String source, long first, boolean truncated) {
    Map<Long, Good> goods = new TreeMap<>();
    for (int day = 0; day < DAYS; day++) {
      long at = day * DAY;
      for (int i = 0; i < EVENTS; i++) {
        at += 1 + this.random.nextInt((int) (DAY / EVENTS) - 1);
        boolean late = this.random.nextInt(4) == 0;
        int lands = Math.min(DAYS - 1, late ? day + 1 : day);
        if (truncated && i == EVENTS / 2 && day % 2 == 1) {
          this.all.add(new Said(source, day, at, 't', 0, null, null));
          goods.clear();
        } else {
          long id = first + 1 + this.random.nextInt(GOODS);
          Good before = goods.get(id);
          boolean gone = before != null && this.random.nextInt(2) == 0;
          Good now = gone ? null : this.good();
          char op = before == null ? 'c' : gone ? 'd' : 'u';
          this.all.add(new Said(source, lands, at, op, id, before, now));
          if (now == null) {
            goods.remove(id);
          } else {
            goods.put(id, now);
          }
        }
      }
    }
  }

  /**
   * All that there is each evening: the first good is missing on the second day, others at random.
   */
  private void dumps() {
    Map<Long, Good> last = new TreeMap<>();
    for (int day = 0; day < DAYS; day++) {
      Map<Long, Good> now = new TreeMap<>();
      long at = day * DAY + Duration.ofHours(20).toMillis();
      for (long id = 201; id <= 200 + GOODS; id++) {
        Good before = last.get(id);
        boolean there = id == 201 ? day % 2 == 0 : this.random.nextInt(3) > 0;
        if (there) {
          now.put(id, before != null && this.random.nextBoolean() ? before : this.good());
        }
        Good after = now.get(id);
        if (after == null ? before != null : !after.equals(before)) {
          this.all.add(new Said("dump", day, at, after == null ? 'd' : 'r', id, before, after));
        }
      }
      this.dumps.add(now);
      last = now;
    }
  }

  private Good good() {
    return new Good("name " + this.random.nextInt(3), 1 + this.random.nextInt(3));
  }

  /** The records, in the order in which things happened. */
  List<Said> all() {
    return this.all.stream().sorted(Comparator.comparingLong(Said::at)).toList();
  }

  /** Puts the logs' records of a day, and the dump of another, below {@code input}. */
  void offer(Path input, int logDay, int dumpDay) throws IOException {
    for (String source : List.of("log", "queue")) {
      StringBuilder lines = new StringBuilder();
      for (Said said : this.all) {
        if (said.source().equals(source) && said.day() == logDay) {
          lines.append(
              Envelopes.line(
                  SCHEMA,
                  String.valueOf(said.op()),
                  json(said.before(), said.id()),
                  json(said.now(), said.id()),
                  said.at(),
                  1));
          lines.append('\n');
        }
      }
      Path file = input.resolve(source + "/day-" + logDay + ".json");
      Files.createDirectories(file.getParent());
      Files.writeString(file, lines);
    }
    StringBuilder rows = new StringBuilder("good_id,name,seller_id\n");
    this.dumps
        .get(dumpDay)
        .forEach((id, good) -> rows.append("%d,%s,%d%n".formatted(id, good.name(), good.seller())));
    Path file = input.resolve("dump/day-" + dumpDay + ".csv");
    Files.createDirectories(file.getParent());
    Files.writeString(file, rows);
    Files.setLastModifiedTime(
        file, FileTime.from(START.plusMillis(dumpDay * DAY + Duration.ofHours(20).toMillis())));
  }

  private static String json(@Nullable Good good, long id) {
    return good == null ? "null" : good.json(id);
  }
}
