package io.veralake.vault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random histories of orders, and of the users and shops that they name by number or code, in
 * random batches: in any order, repeated, some partners never.
 */
final class PrejoinHistories {
  /** Columns of all three tables. */
  static final String DDL =
      "id bigint, user_id bigint, shop string, kind string, name string, email string";

  static final List<String> TABLES = List.of("orders", "users", "shops");

  private static final List<List<String>> SHOPS =
      List.of(
          List.of("a", "1b"),
          List.of("a1", "b"),
          List.of("a", "b"),
          List.of("", "ab"),
          List.of("ab", ""),
          List.of("never", "x"));

  private final long seed;
  private final Random random;
  private final Map<String, List<RawRow>> rows = new LinkedHashMap<>();
  private final Map<String, List<List<RawRow>>> batches = new LinkedHashMap<>();
  private long place;

  /**
   * A history.
   *
   * @param batches into how many it is split
   * @param disorder which part of the rows comes in a batch of chance
   */
  PrejoinHistories(long seed, int batches, double disorder) {
    this.seed = seed;
    this.random = new Random(seed);
    TABLES.forEach(name -> this.rows.put(name, new ArrayList<>()));
    this.users();
    this.shops();
    this.orders();
    this.rows.forEach((name, all) -> this.batches.put(name, this.split(all, batches, disorder)));
  }

  long seed() {
    return this.seed;
  }

  /** Into how many batches it is split. */
  int batches() {
    return this.batches.get("orders").size();
  }

  /** What lands of {@code table} in {@code batch}. */
  List<RawRow> batch(String table, int batch) {
    return this.batches.get(table).get(batch);
  }

  /** Everything that lands of {@code table}, repetitions included. */
  List<RawRow> all(String table) {
    return this.batches.get(table).stream().flatMap(List::stream).toList();
  }

  private void users() {
    for (long user = 1; user <= 12; user++) {
      String email = user % 5 == 0 ? null : "u" + user % 9 + "@x";
      List<@Nullable Object> before = null;
      for (int version = 0; version < 1 + this.random.nextInt(3); version++) {
        List<@Nullable Object> after = row(null, user, null, null, "v" + version, email);
        this.add(
            "users", before == null ? "c" : "u", this.random.nextBoolean() ? before : null, after);
        before = after;
      }
      if (this.random.nextInt(3) == 0) {
        this.add(
            "users",
            "d",
            this.random.nextBoolean() ? before : row(null, user, null, null, null, ""),
            null);
      }
    }
    this.add("users", "c", null, row(null, null, null, null, "nobody", "none@x"));
  }

  private void shops() {
    for (List<String> shop : SHOPS.subList(0, SHOPS.size() - 1)) {
      String region = "r" + String.join("/", shop);
      this.add("shops", "r", null, row(null, null, shop.get(0), shop.get(1), region, null));
    }
    this.add("shops", "r", null, row(null, null, "a", null, "no key", null));
  }

  private void orders() {
    List<Map.Entry<Long, @Nullable List<@Nullable Object>>> alive = new ArrayList<>();
    for (long order = 1; order <= 25; order++) {
      alive.add(new java.util.AbstractMap.SimpleEntry<>(order, null));
    }
    for (int change = 0; change < 90; change++) {
      var one = alive.get(this.random.nextInt(alive.size()));
      List<@Nullable Object> before = one.getValue();
      boolean told = this.random.nextInt(3) > 0;
      if (before != null && this.random.nextInt(5) == 0) {
        List<@Nullable Object> key = row(one.getKey(), null, null, null, null, null);
        this.add("orders", "d", told ? before : key, null);
        one.setValue(null);
        continue;
      }
      if (this.random.nextInt(40) == 0) {
        this.add("orders", "t", null, null);
        alive.forEach(other -> other.setValue(null));
        continue;
      }
      List<@Nullable Object> after = this.order(one.getKey());
      this.add("orders", before == null ? "c" : "u", told ? before : null, after);
      one.setValue(after);
    }
  }

  private List<@Nullable Object> order(long id) {
    int user = this.random.nextInt(15);
    List<@Nullable String> shop =
        new ArrayList<>(
            SHOPS.get(this.random.nextInt(SHOPS.size() - (this.random.nextInt(4) == 0 ? 0 : 1))));
    if (this.random.nextInt(6) == 0) {
      shop.set(this.random.nextInt(2), null);
    }
    // Users 13 and 14 never come.
    return row(
        id,
        user == 0 ? null : (long) user,
        shop.get(0),
        shop.get(1),
        "n" + this.random.nextInt(3),
        null);
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private void add(
      String table,
      String op,
      @Nullable List<@Nullable Object> before,
      @Nullable List<@Nullable Object> after) {
    this.place += 1 + this.random.nextInt(3);
    this.rows.get(table).add(new RawRow(op, before, after, this.place, this.place, table));
  }

  private List<List<RawRow>> split(List<RawRow> all, int count, double disorder) {
    List<List<RawRow>> result = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      result.add(new ArrayList<>());
    }
    for (int i = 0; i < all.size(); i++) {
      boolean any = this.random.nextDouble() < disorder;
      int batch = any ? this.random.nextInt(count) : i * count / all.size();
      result.get(batch).add(all.get(i));
      if (this.random.nextInt(8) == 0) {
        result.get(this.random.nextInt(count)).add(all.get(i));
      }
    }
    result.forEach(batch -> Collections.shuffle(batch, this.random));
    return result;
  }
}
