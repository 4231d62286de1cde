package io.veralake.run;

import io.veralake.run.DepotStory.Good;
import io.veralake.run.DepotStory.Said;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the depot's vault, marts and published tables must show of the records that have landed. */
final class DepotOracle {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MIDNIGHTS = 8;

  /** What held of a good from when to when; no value: gone. */
  private record Held(@Nullable String value, Instant from, @Nullable Instant to) {
    boolean at(Instant instant) {
      Instant end = this.to;
      return !this.from.isAfter(instant) && (end == null || end.isAfter(instant));
    }
  }

  private final Map<Long, List<Held>> names = new TreeMap<>();
  private final Map<Long, List<Held>> states = new TreeMap<>();
  private final Map<Long, List<Held>> sellers = new TreeMap<>();
  private final Instant asOf;

  /**
   * @param landed in the order in which things happened
   * @param asOf of the night
   */
  DepotOracle(List<Said> landed, Instant asOf) {
    this.asOf = asOf;
    for (long id : landed.stream().map(Said::id).filter(id -> id > 0).distinct().toList()) {
      List<Said> told = told(landed, id);
      this.names.put(id, held(told, said -> true, DepotOracle::name));
      this.states.put(id, held(told, said -> true, new Status()::of));
      this.sellers.put(id, held(told, new Pointing()::changes, DepotOracle::seller));
    }
  }

  /** The records of a good, and truncates of its source since it was first seen. */
  private static List<Said> told(List<Said> landed, long id) {
    List<Said> told = new ArrayList<>();
    for (Said said : landed) {
      boolean known = !told.isEmpty() && told.get(0).source().equals(said.source());
      if (said.id() == id || said.op() == 't' && known) {
        told.add(said);
      }
    }
    return told;
  }

  private static List<Held> held(
      List<Said> told,
      java.util.function.Predicate<Said> counts,
      java.util.function.Function<Said, @Nullable String> value) {
    List<Held> held = new ArrayList<>();
    for (Said said : told) {
      if (!counts.test(said)) {
        continue;
      }
      String now = value.apply(said);
      Held last = held.isEmpty() ? null : held.get(held.size() - 1);
      if (last == null || !Objects.equals(last.value(), now)) {
        if (last != null) {
          held.set(held.size() - 1, new Held(last.value(), last.from(), said.time()));
        }
        held.add(new Held(now, said.time(), null));
      }
    }
    return held;
  }

  private static @Nullable String name(Said said) {
    Good now = said.now();
    return now == null ? null : now.name();
  }

  private static @Nullable String seller(Said said) {
    Good now = said.now();
    return now == null ? null : Long.toString(now.seller());
  }

  /** Created, updated, deleted: seen again, what was updated isn't new. */
  private static final class Status {
    private String told = "";

    String of(Said said) {
      String status =
          switch (said.op()) {
            case 'c', 'r' -> this.told.equals("updated") ? "updated" : "created";
            case 'u' -> "updated";
            default -> "deleted";
          };
      this.told = status.equals("created") ? this.told : status;
      return status;
    }
  }

  /** A delete ends the seller that it names, if the good is that seller's, else nothing. */
  private static final class Pointing {
    private @Nullable Long pointed;

    boolean changes(Said said) {
      Good before = said.before();
      if (said.now() != null) {
        this.pointed = said.now().seller();
        return true;
      }
      return before == null || Objects.equals(this.pointed, before.seller());
    }
  }

  /** {@code good_id, name, deleted, effective_from, effective_to}. */
  List<String> history() {
    return lines(
        this.names,
        (id, held) -> row(id, held.value(), held.value() == null, held.from(), held.to()));
  }

  /** {@code good_id, status, effective_from, effective_to}. */
  List<String> statuses() {
    return lines(this.states, (id, held) -> row(id, held.value(), held.from(), held.to()));
  }

  /** {@code good_id, seller_id, effective_from, effective_to}. */
  List<String> owners() {
    return lines(
        this.sellers,
        (id, held) -> held.value() == null ? "" : row(id, held.value(), held.from(), held.to()));
  }

  /** {@code good_id, snapshot_time, sat_good_from, sat_good_state_from}. */
  List<String> snapshots() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < MIDNIGHTS; i++) {
      Instant midnight = this.asOf.minus(java.time.Duration.ofDays(i));
      for (long id : this.names.keySet()) {
        Instant name = from(Objects.requireNonNull(this.names.get(id)), midnight);
        Instant state = from(Objects.requireNonNull(this.states.get(id)), midnight);
        if (name != null || state != null) {
          lines.add(row(id, midnight, name, state));
        }
      }
    }
    return lines.stream().sorted().toList();
  }

  private static @Nullable Instant from(List<Held> held, Instant at) {
    return held.stream()
        .filter(one -> one.at(at) && one.value() != null && !"deleted".equals(one.value()))
        .map(Held::from)
        .findFirst()
        .orElse(null);
  }

  /** {@code good_id, name, seller_id, since} of what is there. */
  List<String> goods() {
    List<String> lines = new ArrayList<>();
    for (long id : this.names.keySet()) {
      Held name = last(this.names, id);
      Held seller = last(this.sellers, id);
      if (name != null && seller != null) {
        lines.add(row(id, name.value(), seller.value(), name.from()));
      }
    }
    return lines.stream().sorted().toList();
  }

  private static @Nullable Held last(Map<Long, List<Held>> all, long id) {
    List<Held> held = Objects.requireNonNull(all.get(id));
    Held last = held.isEmpty() ? null : held.get(held.size() - 1);
    return last == null || last.value() == null ? null : last;
  }

  /** {@code good_id, name, effective_from, effective_to} of what was there. */
  List<String> names() {
    return lines(
        this.names,
        (id, held) -> held.value() == null ? "" : row(id, held.value(), held.from(), held.to()));
  }

  /** {@code seller_id, goods} of what is there. */
  List<String> counts() {
    Map<String, Long> counts =
        this.goods().stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.split("\\|")[2], TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream().map(one -> one.getKey() + "|" + one.getValue()).toList();
  }

  /** A line of {@link #lines}; empty: none. */
  private interface Line {
    String of(long id, Held held);
  }

  private static List<String> lines(Map<Long, List<Held>> all, Line line) {
    return all.entrySet().stream()
        .flatMap(one -> one.getValue().stream().map(held -> line.of(one.getKey(), held)))
        .filter(text -> !text.isEmpty())
        .sorted()
        .toList();
  }

  /** Values as text, times in UTC, separated by bars. */
  static String row(@Nullable Object... values) {
    return Stream.of(values)
        .map(value -> value instanceof Instant time ? TIME.format(time) : String.valueOf(value))
        .collect(Collectors.joining("|"));
  }
}
