package io.veralake.spec;

import com.typesafe.config.ConfigOrigin;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where something is written.
 *
 * @param file path below the configuration folder, with slashes, or a description of another source
 * @param line from 1; 0: the file as a whole
 */
record Place(String file, int line) {
  /** An object put together from several sources; the first, which goes before the others. */
  private static final Pattern MERGED = Pattern.compile("^merge of (.*?\\.\\w+): (\\d+)");

  /** Stands for the engine's own defaults. */
  static final String DEFAULTS = "the defaults of engine.conf";

  /** Stands for values that are missing; nobody hears of what else is wrong with them. */
  static final String MISSING = "a missing variable";

  /**
   * The place that {@code origin} names, its file relative to {@code conf} where it lies below it.
   */
  static Place of(ConfigOrigin origin, Path conf) {
    int line = Math.max(origin.lineNumber(), 0);
    @Nullable String filename = origin.filename();
    Matcher merged = MERGED.matcher(origin.description());
    if (merged.find()) {
      return new Place(relative(Path.of(merged.group(1)), conf), Integer.parseInt(merged.group(2)));
    }
    if (filename == null) {
      String described = origin.description().replaceFirst(": \\d+$", "");
      return new Place(described, described.equals(DEFAULTS) ? 0 : line);
    }
    return new Place(relative(Path.of(filename), conf), line);
  }

  /** {@code file} relative to {@code conf} where it lies below it. */
  static String relative(Path file, Path conf) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = conf.toAbsolutePath().normalize();
    Path shown = absolute.startsWith(folder) ? folder.relativize(absolute) : absolute;
    return shown.toString().replace('\\', '/');
  }

  @Override
  public String toString() {
    return this.line == 0 ? this.file : this.file + ": " + this.line;
  }
}
