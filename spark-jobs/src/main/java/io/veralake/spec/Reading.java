package io.veralake.spec;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the readers of one configuration folder share. */
final class Reading {
  /**
   * Keys of earlier versions, {@code <kind>.<key>}, and what to write instead. There is none yet.
   */
  static final Map<String, String> REMOVED = Map.of();

  /** Ending of kinds whose keys are the author's own names. */
  static final String OPEN = ".entries";

  private final Path conf;
  private final Map<String, String> env;
  private final Map<String, String> removed;
  private final RowSql sql;
  private Path home;
  private final Problems problems = new Problems();
  private final SortedMap<String, SortedSet<String>> asked = new TreeMap<>();

  Reading(Path conf, Map<String, String> env, Map<String, String> removed, RowSql sql) {
    this.sql = sql;
    this.conf = conf;
    this.home = conf;
    this.env = env;
    this.removed = removed;
  }

  /** Who judges expressions. */
  RowSql sql() {
    return this.sql;
  }

  /** The configuration folder. */
  Path conf() {
    return this.conf;
  }

  /** Against what relative paths are resolved. */
  Path home() {
    return this.home;
  }

  /** Sets against what relative paths are resolved. */
  void home(Path folder) {
    this.home = folder;
  }

  /** The environment's variables. */
  Map<String, String> env() {
    return this.env;
  }

  /** What is wrong so far. */
  Problems problems() {
    return this.problems;
  }

  /** Removed keys of {@code kind} with what replaces them. */
  Map<String, String> removed(String kind) {
    Map<String, String> result = new TreeMap<>();
    this.removed.forEach(
        (key, replacement) -> {
          if (key.startsWith(kind + ".") && key.indexOf('.', kind.length() + 1) < 0) {
            result.put(key.substring(kind.length() + 1), replacement);
          }
        });
    return result;
  }

  /** Notes that {@code key} of {@code kind} is one that is read. */
  void asked(String kind, String key) {
    if (kind.isEmpty() || kind.endsWith(OPEN)) {
      return;
    }
    this.asked.computeIfAbsent(kind, any -> new TreeSet<>()).add(key);
  }

  /** Every key that was asked for, by kind. */
  SortedMap<String, SortedSet<String>> asked() {
    return Collections.unmodifiableSortedMap(this.asked);
  }
}
