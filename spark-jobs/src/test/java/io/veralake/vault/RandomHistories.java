package io.veralake.vault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
  static final int NONE = -1;
  private static final int LAST = 50;

  private final long seed;
  private final Random random;
  private final int batches;
  private final double late;
  private final List<Dealt> dealt = new ArrayList<>();

  /**
   * A row of a history in a landing.
   *
   * @param history which history; {@link #NONE}: a truncate, which meets all
   */
  record Dealt(int history, String source, int batch, RawRow row) {
    /** The same row of the history {@code other}, which has other keys. */
    Dealt of(int other) {
      RawRow named =
          new RawRow(
              this.row.op(),
              renamed(this.row.before(), other),
              renamed(this.row.after(), other),
              this.row.major(),
              this.row.second(),
              this.row.source(),
              this.row.unavailable());
      return this.history == NONE ? this : new Dealt(other, this.source, this.batch, named);
    }

    private static @Nullable List<@Nullable Object> renamed(
        @Nullable List<@Nullable Object> values, int history) {
      if (values == null) {
        return null;
      }
      List<@Nullable Object> result = new ArrayList<>(values);
      result.set(0, values.get(0) instanceof Long id ? (Object) (history * 10L + id % 10) : null);
      result.set(
          1, values.get(1) instanceof String t ? other(history, t.charAt(t.length() - 1)) : null);
      return result;
    }
  }

  /**
   * {@code late}: share of histories that have late rows and repetitions; {@code truncates}: how
   * often source one is emptied.
   */
  RandomHistories(long seed, int histories, int batches, double late, int truncates) {
    this.seed = seed;
    this.random = new Random(seed);
    this.batches = batches;
    this.late = late;
    for (int history = 0; history < histories; history++) {
      this.history(history);
    }
    for (int i = 0; i < truncates; i++) {
      int at = this.random.nextInt(LAST);
      RawRow row = new RawRow("t", null, null, at, at, "one");
      this.dealt.add(new Dealt(NONE, "one", this.random.nextInt(batches), row));
    }
  }

  private RandomHistories(long seed, int batches, List<Dealt> dealt) {
    this.seed = seed;
    this.random = new Random(seed);
    this.batches = batches;
    this.late = 0;
    this.dealt.addAll(dealt);
  }

  /** The same number of landings, with these rows. */
  RandomHistories with(List<Dealt> rows) {
    return new RandomHistories(this.seed, this.batches, rows);
  }

  /** All rows with the landings that they are in. */
  List<Dealt> dealt() {
    return List.copyOf(this.dealt);
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
    return this.dealt.stream()
        .filter(one -> one.source().equals(source) && one.batch() == batch)
        .map(Dealt::row)
        .toList();
  }

  /** All rows of a source. */
  List<RawRow> all(String source) {
    return this.dealt.stream()
        .filter(one -> one.source().equals(source))
        .sorted(Comparator.comparingInt(Dealt::batch))
        .map(Dealt::row)
        .toList();
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
      this.dealt.add(new Dealt(history, source, batch, row));
      if (this.random.nextInt(8) == 0) {
        int again = disordered ? this.random.nextInt(this.batches) : batch;
        this.dealt.add(new Dealt(history, source, again, row));
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
    Object other =
        this.random.nextInt(20) == 0
            ? null
            : other(history, Character.forDigit(this.random.nextInt(2), 10));
    return Arrays.asList(id, other, this.maybe(1), this.maybe("A", "B"), this.maybe(1, 2));
  }

  private static String other(int history, char which) {
    return "p" + history + which;
  }

  private @Nullable Object maybe(Object... values) {
    int chosen = this.random.nextInt(values.length * 3 + 1);
    return chosen == 0 ? null : values[chosen % values.length];
  }
}
