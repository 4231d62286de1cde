package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Books of vault tables, made from what the store knows to be true: plain loops over all that ever
 * was, a file of tab-separated text for each table.
 */
final class Books {
  static final String NULL = "\\N";
  private static final List<String> VALIDITY = List.of("deleted", "effective_from", "effective_to");

  /** What a key was from a place in its source's order on: rows of values; null: gone. */
  private record State(
      long major, long minor, long applied, @Nullable List<List<String>> members) {}

  /** A state that a key had for some time; {@code to} is null for the last. */
  private record Held(State state, long from, @Nullable Long to) {}

  private final Truth truth;
  private final Map<String, Collection<String>> books = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, Map<List<String>, List<Held>>> histories = new LinkedHashMap<>();

  Books(Truth truth) {
    this.truth = truth;
  }

  /** Writes all of them into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Collection<String>> book : this.books.entrySet()) {
      List<String> lines = new ArrayList<>(book.getValue());
      Collections.sort(lines);
      lines.add(0, Objects.requireNonNull(this.headers.get(book.getKey())));
      Files.write(folder.resolve(book.getKey() + ".tsv"), lines);
    }
  }

  void book(String name, List<String> columns, Collection<String> rows) {
    this.headers.put(name, String.join("\t", columns));
    this.books.computeIfAbsent(name, any -> rows instanceof TreeSet ? new TreeSet<>() : rows);
    Collection<String> book = Objects.requireNonNull(this.books.get(name));
    if (book != rows) {
      book.addAll(rows);
    }
  }

  /** Keys that rows of the tables ever had. */
  void keys(String name, String key, SourceTable... tables) {
    BookColumns columns = new BookColumns(key);
    TreeSet<String> rows = new TreeSet<>();
    for (SourceTable table : tables) {
      for (List<Long> id : this.truth.keys(table)) {
        for (Truth.Version version : this.truth.versions(table, id.get(0), id.get(1))) {
          @Nullable Object[] row = version.row();
          if (row != null) {
            rows.add(String.join("\t", columns.of(table, row)));
          }
        }
      }
    }
    this.book(name, columns.names(), rows);
  }

  /** Keys of rows of a source without a log: some of the values that its keys are made of. */
  void rowKeys(String name, String source, String key, int... parts) {
    TreeSet<String> rows = new TreeSet<>();
    for (List<String> id : this.truth.rows(source).keySet()) {
      rows.add(String.join("\t", Arrays.stream(parts).mapToObj(id::get).toList()));
    }
    this.book(name, new BookColumns(key).names(), rows);
  }

  /** What never changes: the first row of each key. */
  void events(String name, String source, String key, String payload) {
    List<String> lines = new ArrayList<>();
    this.truth
        .rows(source)
        .forEach(
            (id, rows) -> {
              List<String> line = new ArrayList<>(id);
              line.addAll(Objects.requireNonNull(rows.get(0).values()));
              line.add(time(rows.get(0).order()));
              lines.add(String.join("\t", line));
            });
    this.book(name, new BookColumns(key + " " + payload + " applied_time").names(), lines);
  }

  /** The history of a table of the shop. */
  void satellite(String name, SourceTable table, String key, String payload) {
    this.satellite(name, table, key, payload, row -> true);
  }

  /** The history of those rows of a table of the shop that are {@code wanted}. */
  void satellite(
      String name,
      SourceTable table,
      String key,
      String payload,
      Predicate<@Nullable Object[]> wanted) {
    BookColumns keys = new BookColumns(key);
    BookColumns values = new BookColumns(payload);
    Map<List<String>, List<State>> states = new LinkedHashMap<>();
    for (List<Long> id : this.truth.keys(table)) {
      List<String> last = List.of();
      for (Truth.Version version : this.truth.versions(table, id.get(0), id.get(1))) {
        @Nullable Object[] row = version.row();
        if (row != null) {
          last = wanted.test(row) ? keys.of(table, row) : List.of();
        }
        if (last.isEmpty()) {
          continue;
        }
        states
            .computeIfAbsent(last, any -> new ArrayList<>())
            .add(
                new State(
                    version.lsn(),
                    version.order(),
                    version.commit(),
                    row == null ? null : List.of(values.of(table, row))));
      }
    }
    this.history(name, keys.names(), values.names(), states);
  }

  /** The history of what a source without a log says. */
  void rowHistory(String name, String source, String key, String payload) {
    this.history(
        name,
        new BookColumns(key).names(),
        new BookColumns(payload).names(),
        this.rowStates(source, values -> values == null ? null : List.of(values)));
  }

  /** The history of sets: each value of a row is a member, its columns separated by tabs. */
  void sets(String name, String source, String key, String payload) {
    this.history(
        name,
        new BookColumns(key).names(),
        new BookColumns(payload).names(),
        this.rowStates(
            source,
            values ->
                values == null
                    ? null
                    : new TreeSet<>(values)
                        .stream().map(member -> List.of(member.split("\t", -1))).toList()));
  }

  private Map<List<String>, List<State>> rowStates(
      String source, Function<@Nullable List<String>, @Nullable List<List<String>>> members) {
    Map<List<String>, List<State>> states = new LinkedHashMap<>();
    this.truth
        .rows(source)
        .forEach(
            (id, rows) -> {
              List<State> all = new ArrayList<>();
              for (Truth.Row row : rows) {
                all.add(
                    new State(row.order(), all.size(), row.order(), members.apply(row.values())));
              }
              states.put(id, all);
            });
    return states;
  }

  private void history(
      String name, List<String> key, List<String> payload, Map<List<String>, List<State>> states) {
    List<String> lines = new ArrayList<>();
    Map<List<String>, List<Held>> history = new LinkedHashMap<>();
    states.forEach(
        (id, all) -> {
          List<Held> held = held(all);
          history.put(id, held);
          for (Held one : held) {
            List<List<String>> members = one.state().members();
            for (List<String> values : shown(members, payload.size())) {
              Long to = one.to();
              lines.add(
                  String.join("\t", id)
                      + "\t"
                      + String.join("\t", values)
                      + (members == null ? "\ttrue\t" : "\tfalse\t")
                      + time(one.from())
                      + "\t"
                      + (to == null ? NULL : time(to)));
            }
          }
        });
    this.histories.put(name, history);
    this.book(name, Stream.of(key, payload, VALIDITY).flatMap(List::stream).toList(), lines);
  }

  /** A row for each member; without any, one row of nulls. */
  private static List<List<String>> shown(@Nullable List<List<String>> members, int columns) {
    return members == null || members.isEmpty()
        ? List.of(Collections.nCopies(columns, NULL))
        : members;
  }

  private static List<Held> held(List<State> states) {
    List<State> versions = versions(states);
    List<Held> held = new ArrayList<>();
    long from = Long.MIN_VALUE;
    for (int i = 0; i < versions.size(); i++) {
      from = Math.max(from, versions.get(i).applied());
      boolean last = i + 1 == versions.size();
      held.add(
          new Held(
              versions.get(i), from, last ? null : Math.max(from, versions.get(i + 1).applied())));
    }
    return held;
  }

  /**
   * Which rows held of a relationship that points to one at a time: the satellite's states are the
   * ends, its key is what drives.
   */
  void effectivity(String name, SourceTable table, String driving, String pointed) {
    this.satellite(name, table, driving, pointed);
    List<String> lines = new ArrayList<>();
    Objects.requireNonNull(this.histories.get(name))
        .forEach(
            (id, all) -> {
              for (Held one : all) {
                List<List<String>> ends = one.state().members();
                Long to = one.to();
                if (ends != null) {
                  lines.add(
                      String.join("\t", id)
                          + "\t"
                          + String.join("\t", ends.get(0))
                          + "\t"
                          + time(one.from())
                          + "\t"
                          + (to == null ? NULL : time(to)));
                }
              }
            });
    this.books.remove(name);
    this.book(
        name,
        new BookColumns(driving + " " + pointed + " effective_from effective_to").names(),
        lines);
  }

  /** Whether a key of a source without a log is there: {@code created} or {@code deleted}. */
  void rowStatus(String name, String source, String key) {
    this.history(
        name,
        new BookColumns(key).names(),
        List.of("status"),
        this.rowStates(source, values -> List.of(List.of(values == null ? "deleted" : "created"))));
    this.deletedByStatus(name);
  }

  /** Whether a row of the shop was {@code created}, {@code updated} or {@code deleted}. */
  void status(String name, SourceTable table, String key) {
    BookColumns keys = new BookColumns(key);
    Map<List<String>, List<State>> states = new LinkedHashMap<>();
    for (List<Long> id : this.truth.keys(table)) {
      List<String> last = List.of();
      boolean there = false;
      for (Truth.Version version : this.truth.versions(table, id.get(0), id.get(1))) {
        @Nullable Object[] row = version.row();
        last = row == null ? last : keys.of(table, row);
        String status = row == null ? "deleted" : there ? "updated" : "created";
        there = row != null;
        states
            .computeIfAbsent(last, any -> new ArrayList<>())
            .add(
                new State(
                    version.lsn(), version.order(), version.commit(), List.of(List.of(status))));
      }
    }
    this.history(name, keys.names(), List.of("status"), states);
    this.deletedByStatus(name);
  }

  private void deletedByStatus(String name) {
    this.books.computeIfPresent(
        name,
        (any, lines) ->
            lines.stream()
                .map(line -> line.replace("\tdeleted\tfalse\t", "\tdeleted\ttrue\t"))
                .toList());
  }

  /**
   * Which versions of satellites held at midnights.
   *
   * @param midnights micros since epoch
   */
  void pit(String name, String key, List<Long> midnights, String... satellites) {
    TreeSet<String> lines = new TreeSet<>();
    Map<List<String>, List<Long>> froms = new LinkedHashMap<>();
    for (int i = 0; i < satellites.length; i++) {
      int column = i;
      Objects.requireNonNull(this.histories.get(satellites[i]))
          .forEach(
              (id, all) -> {
                for (Held one : all) {
                  Long to = one.to();
                  for (Long midnight : midnights) {
                    if (one.state().members() != null
                        && one.from() <= midnight
                        && (to == null || midnight < to)) {
                      List<String> at = new ArrayList<>(id);
                      at.add(time(midnight));
                      froms
                          .computeIfAbsent(
                              at,
                              any ->
                                  new ArrayList<>(
                                      Collections.nCopies(satellites.length, Long.MIN_VALUE)))
                          .set(column, one.from());
                    }
                  }
                }
              });
    }
    froms.forEach(
        (at, times) -> {
          List<String> line = new ArrayList<>(at);
          times.forEach(from -> line.add(from == Long.MIN_VALUE ? NULL : time(from)));
          lines.add(String.join("\t", line));
        });
    List<String> header = new ArrayList<>(List.of(key, "snapshot_time"));
    Stream.of(satellites).map(satellite -> satellite + "_from").forEach(header::add);
    this.book(name, header, lines);
  }

  /** What held at {@code midnight}: keys, and behind them the values of one member. */
  Collection<List<String>> heldAt(String satellite, long midnight) {
    List<List<String>> found = new ArrayList<>();
    Objects.requireNonNull(this.histories.get(satellite))
        .forEach(
            (id, all) -> {
              for (Held one : all) {
                List<List<String>> members = one.state().members();
                Long to = one.to();
                if (members != null && one.from() <= midnight && (to == null || midnight < to)) {
                  found.add(Stream.concat(id.stream(), members.get(0).stream()).toList());
                }
              }
            });
    return found;
  }

  /** The states that differ from the one before, in the source's order. */
  private static List<State> versions(List<State> states) {
    List<State> sorted = new ArrayList<>(states);
    sorted.sort(Comparator.comparingLong(State::major).thenComparingLong(State::minor));
    List<State> versions = new ArrayList<>();
    for (State state : sorted) {
      if (versions.isEmpty()
          || !Objects.equals(versions.get(versions.size() - 1).members(), state.members())) {
        versions.add(state);
      }
    }
    return versions;
  }

  static String time(long micros) {
    return new ByteText().time(micros, ' ').toString();
  }
}
