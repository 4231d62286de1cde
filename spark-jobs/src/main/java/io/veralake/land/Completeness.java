package io.veralake.land;

import io.veralake.spec.FileRules;
import java.time.Instant;
import java.util.Map;

/**
 * Whether files are all there.
 *
 * <p>The clock of the store stamps the files; the run's time is {@code asOf}, which is no later
 * than its beginning. A file that was last written before {@code asOf} less the time that it must
 * have been left alone was left alone for at least as long, and so was its size. Asking for the
 * time that it is now would make a rerun read other files.
 */
final class Completeness {
  private final FileRules rules;
  private final Map<String, Long> markers;
  private final long latest;

  /**
   * By {@code rules}.
   *
   * @param markers when the files that mark others were last written, by name
   */
  Completeness(FileRules rules, Map<String, Long> markers, Instant asOf) {
    this.rules = rules;
    this.markers = markers;
    this.latest = asOf.minus(rules.settledFor()).toEpochMilli();
  }

  /** Whether {@code file} is. */
  boolean of(SourceFile file) {
    return switch (this.rules.complete()) {
      case AT_ONCE -> true;
      case SETTLED -> file.modified() <= this.latest;
      case MARKER -> this.marked(file);
    };
  }

  /** A file that was written behind its marker is one of the next delivery. */
  private boolean marked(SourceFile file) {
    String name = file.name();
    int slash = name.lastIndexOf('/');
    String own = this.rules.marker().replace(FileRules.NAME, name.substring(slash + 1));
    if (!own.equals(this.rules.marker())) {
      return this.isThere(name.substring(0, slash + 1) + own, file);
    }
    while (slash >= 0) {
      if (this.isThere(name.substring(0, slash + 1) + own, file)) {
        return true;
      }
      slash = slash == 0 ? -1 : name.lastIndexOf('/', slash - 1);
    }
    return this.isThere(own, file);
  }

  private boolean isThere(String marker, SourceFile file) {
    return this.markers.getOrDefault(marker, Long.MIN_VALUE) >= file.modified();
  }
}
