package io.veralake.land;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds files that have the content of another one, as far as their store tells by its names for
 * contents. Nothing is read: where a store has no such names, nothing is found.
 */
final class RepeatedFiles {
  /** What files of the same content have in common. */
  private record Content(long size, String etag) {}

  private RepeatedFiles() {}

  /**
   * Those of {@code batch} that have the content of a file of another name, one of {@code landed}
   * or one before them in the batch, in words. Empty files don't count.
   */
  static List<String> of(Collection<SourceFile> landed, List<SourceFile> batch) {
    if (batch.stream().noneMatch(RepeatedFiles::known)) {
      return List.of();
    }
    Map<Content, SourceFile> first = new HashMap<>();
    landed.stream()
        .filter(RepeatedFiles::known)
        .sorted(Comparator.comparing(SourceFile::name))
        .forEach(file -> first.putIfAbsent(content(file), file));
    List<String> repeated = new ArrayList<>();
    for (SourceFile file : batch) {
      SourceFile same = known(file) ? first.putIfAbsent(content(file), file) : null;
      if (same != null && !same.name().equals(file.name())) {
        repeated.add(file.name() + " has the content of " + same.name());
      }
    }
    return repeated;
  }

  private static boolean known(SourceFile file) {
    return file.size() > 0 && !file.etag().isEmpty();
  }

  private static Content content(SourceFile file) {
    return new Content(file.size(), file.etag());
  }
}
