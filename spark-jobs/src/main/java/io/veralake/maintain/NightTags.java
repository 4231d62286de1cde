package io.veralake.maintain;

import io.veralake.lake.RunContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/**
 * The names by which past nights can be read: a tag {@code night_2026_03_01} at what a table was
 * when the last run for that night had finished with it. A name costs a commit of the table's
 * metadata, and no data.
 */
public final class NightTags {
  private static final String PREFIX = "night_";
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu_MM_dd");

  private NightTags() {}

  /** The name of the night that a run as of {@code asOf} is for: that of the last day before it. */
  public static String name(Instant asOf) {
    return PREFIX + DATE.format(night(asOf));
  }

  /** Gives {@code table} as it is now the name of the run's night, if nights have names. */
  public static void mark(RunContext context, String table) {
    if (context.engine().maintain().keepNights() == 0 || !context.lake().exists(table)) {
      return;
    }
    Table loaded = context.lake().table(table);
    Snapshot current = loaded.currentSnapshot();
    if (current == null) {
      return;
    }
    String name = name(context.asOf());
    SnapshotRef known = loaded.refs().get(name);
    if (known == null) {
      loaded.manageSnapshots().createTag(name, current.snapshotId()).commit();
    } else if (known.snapshotId() != current.snapshotId()) {
      loaded.manageSnapshots().replaceTag(name, current.snapshotId()).commit();
    }
  }

  /**
   * Drops the names of nights before the last {@code keep} ones, but leaves as many names as there
   * are: those of a table without nights since long ago stay. Returns how many were dropped.
   */
  static int drop(Table table, Instant asOf, int keep) {
    LocalDate first = night(asOf).minusDays(Math.max(0, keep - 1L));
    Set<LocalDate> newest =
        table.refs().entrySet().stream()
            .filter(ref -> ref.getValue().isTag())
            .flatMap(ref -> date(ref.getKey()).stream())
            .sorted(Comparator.reverseOrder())
            .limit(keep)
            .collect(Collectors.toSet());
    List<String> old =
        table.refs().entrySet().stream()
            .filter(ref -> ref.getValue().isTag())
            .map(java.util.Map.Entry::getKey)
            .filter(
                name ->
                    date(name)
                        .filter(date -> keep == 0 || date.isBefore(first))
                        .filter(date -> !newest.contains(date))
                        .isPresent())
            .toList();
    if (!old.isEmpty()) {
      ManageSnapshots update = table.manageSnapshots();
      old.forEach(update::removeTag);
      update.commit();
    }
    return old.size();
  }

  private static LocalDate night(Instant asOf) {
    return LocalDate.ofInstant(asOf.minusNanos(1000), ZoneOffset.UTC);
  }

  private static Optional<LocalDate> date(String tag) {
    try {
      return tag.startsWith(PREFIX)
          ? Optional.of(LocalDate.parse(tag.substring(PREFIX.length()), DATE))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
