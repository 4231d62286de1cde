package io.veralake.run;

import io.veralake.publish.Verified;
import io.veralake.publish.Verified.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a verification says, for people. */
final class VerificationLines {
  private static final int MOST = 10;

  private VerificationLines() {}

  /** One line, and one for each table that isn't equal; nothing if nothing was to be verified. */
  static List<String> brief(Verified verified) {
    List<String> lines = new ArrayList<>();
    if (verified.tables().isEmpty()) {
      return lines;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  verified %s, generation %d: %,d partitions, %,d rows%s",
            verified.star(),
            verified.generation(),
            verified.partitions(),
            verified.rows(),
            verified.isEqual() ? ", ClickHouse serves what Iceberg holds" : ""));
    verified.tables().stream()
        .filter(table -> table.state() != State.EQUAL)
        .forEach(table -> lines.add("    " + table));
    return lines;
  }

  /** The same with all tables. */
  static List<String> full(Verified verified) {
    List<String> lines = new ArrayList<>(brief(verified).stream().limit(1).toList());
    verified.tables().forEach(table -> lines.add("    " + table));
    return lines;
  }

  /** Why {@code verified} isn't equal. */
  static String failure(Verified verified) {
    List<String> lines = new ArrayList<>();
    for (Verified.Table table : verified.tables()) {
      List<String> partitions = List.copyOf(table.differences().values());
      List<String> found = new ArrayList<>();
      if (!table.trouble().isEmpty()) {
        found.add(table.trouble());
      }
      found.addAll(partitions.subList(0, Math.min(MOST, partitions.size())));
      if (partitions.size() > MOST) {
        found.add("and " + (partitions.size() - MOST) + " more partitions");
      }
      found.addAll(table.keys().subList(0, Math.min(MOST, table.keys().size())));
      found.forEach(text -> lines.add("  " + table.name() + ": " + text));
    }
    boolean wrong =
        verified.tables().stream()
            .anyMatch(table -> table.state() == State.DIFFERS || table.state() == State.BROKEN);
    return (wrong
            ? "ClickHouse doesn't serve what Iceberg holds"
            : "It can't be told whether ClickHouse serves what Iceberg holds")
        + ", star "
        + verified.star()
        + ", generation "
        + verified.generation()
        + ":\n"
        + String.join("\n", lines)
        + (wrong
            ? "\nrecon.verification has all of it. If readers see this generation, veralake publish puts it right"
            : "");
  }
}
