package io.veralake.publish;

import io.veralake.spec.Mart.PartitionField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Partitions of a mart whose files differ between two snapshots. Only manifests that one of the
 * snapshots has and the other hasn't are read, so the cost follows the change.
 *
 * @param whole everything is to be looked at: there is no earlier snapshot, or files lie in other
 *     partitions than declared
 * @param partitions the partitions that differ; empty if {@code whole}
 */
record ChangedPartitions(boolean whole, Set<List<String>> partitions) {
  static final ChangedPartitions WHOLE = new ChangedPartitions(true, Set.of());

  ChangedPartitions {
    partitions = Set.copyOf(partitions);
  }

  /** What differs between snapshot {@code before} (null: none is known) and {@code now}. */
  static ChangedPartitions between(
      Table table, @Nullable Long before, long now, MartPartitions mart) {
    Snapshot first = before == null ? null : table.snapshot(before);
    if (first == null) {
      return WHOLE;
    }
    Snapshot second = table.snapshot(now);
    Set<ManifestFile> old = new HashSet<>(first.allManifests(table.io()));
    Set<ManifestFile> current = new HashSet<>(second.allManifests(table.io()));
    Map<String, List<String>> had = new HashMap<>();
    Map<String, List<String>> has = new HashMap<>();
    boolean declared =
        collect(table, minus(old, current), mart, had)
            && collect(table, minus(current, old), mart, has);
    if (!declared) {
      return WHOLE;
    }
    Set<List<String>> changed = new HashSet<>();
    had.forEach(
        (file, partition) -> {
          if (!has.containsKey(file)) {
            changed.add(partition);
          }
        });
    has.forEach(
        (file, partition) -> {
          if (!had.containsKey(file)) {
            changed.add(partition);
          }
        });
    return new ChangedPartitions(false, changed);
  }

  private static Set<ManifestFile> minus(Set<ManifestFile> all, Set<ManifestFile> without) {
    Set<ManifestFile> rest = new HashSet<>(all);
    rest.removeAll(without);
    return rest;
  }

  /**
   * Adds the live files with their partitions; false if one lies in other partitions than declared.
   */
  private static boolean collect(
      Table table,
      Set<ManifestFile> manifests,
      MartPartitions mart,
      Map<String, List<String>> files) {
    for (ManifestFile manifest : manifests) {
      try (ManifestReader<? extends ContentFile<?>> reader =
              manifest.content() == ManifestContent.DATA
                  ? ManifestFiles.read(manifest, table.io(), table.specs())
                  : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs());
          CloseableIterator<? extends ContentFile<?>> iterator = reader.iterator()) {
        while (iterator.hasNext()) {
          ContentFile<?> file = iterator.next();
          if (!mart.declared(Objects.requireNonNull(table.specs().get(file.specId())))) {
            return false;
          }
          files.put(file.location(), mart.text().of(file.partition()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return true;
  }

  /**
   * How a mart is declared to be partitioned.
   *
   * @param fields the partition fields
   * @param text their names
   * @param columnName gives a column's name by its id in the table
   */
  record MartPartitions(
      List<PartitionField> fields, PartitionText text, Function<Integer, String> columnName) {
    /** Whether a spec of the table is the declared one. */
    boolean declared(PartitionSpec spec) {
      List<String> wanted = new ArrayList<>();
      for (PartitionField field : this.fields) {
        wanted.add(field.column() + " " + field.transform().name().toLowerCase(Locale.ROOT));
      }
      List<String> has = new ArrayList<>();
      spec.fields()
          .forEach(
              field -> has.add(this.columnName.apply(field.sourceId()) + " " + field.transform()));
      return wanted.equals(has);
    }
  }
}
