package io.veralake.land;

import io.veralake.spec.FileRules;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/**
 * Which files of a folder are landed. Names that writers give to files that they aren't done with
 * never are, nor are hidden ones.
 */
final class FileChoice {
  private static final List<String> UNFINISHED =
      List.of(
          ".tmp",
          ".part",
          ".partial",
          ".filepart",
          ".crdownload",
          ".inprogress",
          ".writing",
          ".crc",
          ".swp",
          "._COPYING_",
          "~");

  private final FileRules rules;
  private final List<PathMatcher> include;
  private final List<PathMatcher> exclude;

  FileChoice(FileRules rules) {
    this.rules = rules;
    this.include = rules.only().stream().map(FileChoice::matcher).toList();
    this.exclude = rules.except().stream().map(FileChoice::matcher).toList();
  }

  /** Whether the file at {@code name} below the folder is one. */
  boolean has(String name) {
    for (String part : name.split("/", -1)) {
      if (part.startsWith(".") || part.startsWith("_")) {
        return false;
      }
    }
    boolean unfinished = UNFINISHED.stream().anyMatch(name::endsWith);
    if (unfinished || this.marks(name) || (!this.rules.recursive() && name.contains("/"))) {
      return false;
    }
    Path path = Path.of(name);
    boolean included =
        this.include.isEmpty() || this.include.stream().anyMatch(one -> one.matches(path));
    return included && this.exclude.stream().noneMatch(one -> one.matches(path));
  }

  /** Whether the file at {@code name} says that others are complete. */
  boolean marks(String name) {
    String marker = this.rules.marker();
    if (this.rules.complete() != FileRules.Complete.MARKER) {
      return false;
    }
    String own = name.substring(name.lastIndexOf('/') + 1);
    int place = marker.indexOf(FileRules.NAME);
    if (place < 0) {
      return own.equals(marker);
    }
    String before = marker.substring(0, place);
    String behind = marker.substring(place + FileRules.NAME.length());
    return own.length() > before.length() + behind.length()
        && own.startsWith(before)
        && own.endsWith(behind);
  }

  private static PathMatcher matcher(String pattern) {
    PathMatcher whole = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    if (!pattern.contains("/")) {
      return path -> whole.matches(path.getFileName());
    }
    if (!pattern.startsWith("**/")) {
      return whole;
    }
    // No folder at all is one of the folders that ** stands for.
    PathMatcher below = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(3));
    return path -> whole.matches(path) || below.matches(path);
  }
}
