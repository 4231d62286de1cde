package io.veralake.vault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random raw rows, dealt to batches: inserts, updates, deletes, re-inserts, key changes, equal
 * versions in a row, ties in time and position, null keys, duplicates within and across batches,
 * and rows that come batches too late. Each history has keys of its own, so that one load tests all
 * of them.
 */
final class RandomHistories {
  static final String DDL = "id bigint, other string, line int, name string, n int";
  static final List<String> COLUMNS = List.of("id", "other", "line", "name", "n");
  static final List<String> SOURCES = List.of("one", "two", "three");
  private static final int LAST = 50;

  private final long seed;
  private final Random random;
  private final int batches;
  private final double late;
  private final Map<String, List<List<RawRow>>> dealt = new HashMap<>();

  /**
   * {@code late}: share of histories that have late rows and repetitions; {@code truncates}: how
   * often source one is emptied.
   */
  RandomHistories(long seed, int histories, int batches, double late, int truncates) {
    this.seed = seed;
    this.random = new Random(seed);
    this.batches = batches;
    this.late = late;
    for (String source : SOURCES) {
      List<List<RawRow>> parts = new ArrayList<>();
      for (int i = 0; i < batches; i++) {
        parts.add(new ArrayList<>());
      }
      this.dealt.put(source, parts);
    }
    for (int history = 0; history < histories; history++) {
      this.history(history);
    }
    for (int i = 0; i < truncates; i++) {
      int at = this.random.nextInt(LAST);
      RawRow row = new RawRow("t", null, null, at, at, "one");
      this.part("one", this.random.nextInt(batches)).add(row);
    }
  }

  /** What the histories were made from. */
  long seed() {
    return this.seed;
  }

  /** Number of landings. */
  int batches() {
    return this.batches;
  }

  /** Rows of one landing. */
  List<RawRow> batch(String source, int batch) {
    return this.part(source, batch);
  }

  /** All rows of a source. */
  List<RawRow> all(String source) {
    return this.dealt.getOrDefault(source, List.of()).stream().flatMap(List::stream).toList();
  }

  private List<RawRow> part(String source, int batch) {
    return this.dealt.get(source).get(batch);
  }

  private void history(int history) {
    boolean disordered = this.random.nextDouble() < this.late;
    int rows = 1 + this.random.nextInt(9);
    for (int i = 0; i < rows; i++) {
      String source = SOURCES.get(this.random.nextInt(SOURCES.size()));
      long at = this.random.nextInt(LAST);
      long second = disordered ? Math.max(0, at + this.random.nextInt(7) - 3) : at;
      RawRow row = this.row(history, at, second, source);
      int batch = (int) (at * this.batches / LAST);
      if (disordered && this.random.nextInt(3) == 0) {
        batch = this.random.nextInt(this.batches);
      }
      this.part(source, batch).add(row);
      if (this.random.nextInt(8) == 0) {
        int again = disordered ? this.random.nextInt(this.batches) : batch;
        this.part(source, again).add(row);
      }
    }
  }

  private RawRow row(int history, long at, long second, String source) {
    String record = this.random.nextInt(6) == 0 ? source + "'" : source;
    return switch (this.random.nextInt(10)) {
      case 0, 1 -> new RawRow("d", this.values(history), null, at, second, record);
      case 2, 3 -> new RawRow("u", this.values(history), this.values(history), at, second, record);
      case 4, 5 -> new RawRow("u", null, this.values(history), at, second, record);
      case 6 -> new RawRow("r", null, this.values(history), at, second, record);
      default -> new RawRow("c", null, this.values(history), at, second, record);
    };
  }

  private List<@Nullable Object> values(int history) {
    Object id =
        this.random.nextInt(20) == 0 ? null : (Object) (history * 10L + this.random.nextInt(2));
    Object other = this.random.nextInt(20) == 0 ? null : "p" + history + this.random.nextInt(2);
    return Arrays.asList(id, other, this.maybe(1), this.maybe("A", "B"), this.maybe(1, 2));
  }

  private @Nullable Object maybe(Object... values) {
    int chosen = this.random.nextInt(values.length * 3 + 1);
    return chosen == 0 ? null : values[chosen % values.length];
  }
}
