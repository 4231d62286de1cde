package io.veralake.land;

import io.veralake.land.Binlogs.Origin;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Binlog;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one binlog whose positions compare with each other, for each that the model knows to follow
 * another. What was there first counts, or else what most changes of a batch are from.
 */
final class OneBinlog implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<Long> declared;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, TreeSet<Long>> servers = new HashMap<>();
  private final Map<Integer, Long> until = new HashMap<>();

  /** Whose changes may be from the servers {@code declared}; none: from one. */
  OneBinlog(List<Long> declared) {
    this.declared = declared;
  }

  /** A name, unless there is one. */
  void known(int generation, String name) {
    this.names.putIfAbsent(generation, name);
  }

  /** A server of which changes were landed, the last of them sent at {@code millis}. */
  void known(Origin origin, long millis) {
    // A snapshot's rows name no server.
    if (origin.server() != 0) {
      this.servers(origin.generation()).add(origin.server());
    }
    this.until.merge(origin.generation(), millis, Math::max);
  }

  /** A server, unless there is one. */
  void chosen(Origin origin) {
    TreeSet<Long> found = this.servers(origin.generation());
    boolean named = origin.name().equals(this.names.get(origin.generation()));
    if (named && origin.server() != 0 && found.isEmpty()) {
      found.add(origin.server());
    }
  }

  private TreeSet<Long> servers(int generation) {
    return this.servers.computeIfAbsent(generation, none -> new TreeSet<>(this.declared));
  }

  /** Whether changes of {@code origin} are of it. */
  boolean has(Origin origin) {
    return origin.name().equals(this.names.get(origin.generation()))
        && (origin.server() == 0
            || this.servers
                .getOrDefault(origin.generation(), new TreeSet<>())
                .contains(origin.server()));
  }

  /** Refuses a change that isn't of it. */
  void check(int generation, Binlog binlog) throws BadRecordException {
    if (this.has(new Origin(generation, binlog.server(), binlog.name()))) {
      return;
    }
    TreeSet<Long> held = this.servers.getOrDefault(generation, new TreeSet<>());
    String name = this.names.getOrDefault(generation, "");
    String one =
        name.equals(binlog.name())
            ? "; if the connector reads a replica, whose binlog has the changes of all, binlog.servers = ["
                + texts(Stream.concat(held.stream(), Stream.of(binlog.server())))
                + "]"
            : "";
    Long last = this.until.get(generation);
    throw new BadRecordException(
        "Change of another binlog: %s of server %d, sent at %s (the table has %s of server %s%s: positions of two don't compare; if the connector went over from one to the other, binlog.anew = [\"…\"], an instant between its last change of the one and its first of the other%s)"
            .formatted(
                binlog.name(),
                binlog.server(),
                Instant.ofEpochMilli(binlog.sent()),
                name,
                held.isEmpty() ? "not told" : texts(held.stream()),
                last == null ? "" : ", the last sent at " + Instant.ofEpochMilli(last),
                one));
  }

  private static String texts(Stream<Long> numbers) {
    return numbers.map(String::valueOf).collect(Collectors.joining(", "));
  }
}
