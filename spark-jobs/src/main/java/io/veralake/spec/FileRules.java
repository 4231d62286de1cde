package io.veralake.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * Which files of a folder are landed, and when. Patterns with a slash are matched with the path
 * below the folder, others with the file's name.
 *
 * @param only patterns of which a file must match one; empty: all files
 * @param except patterns of which it must match none
 * @param recursive whether folders inside the folder count
 * @param complete how it is known that a file is all there
 * @param settledFor for {@link Complete#SETTLED}: how long before the run it was last written
 * @param marker for {@link Complete#MARKER}: name of the file that says so, in the file's folder or
 *     one above it; with {@code {name}} in it, of one beside the file
 * @param onRewrite what to do about a file that was landed and has changed since
 */
public record FileRules(
    List<String> only,
    List<String> except,
    boolean recursive,
    Complete complete,
    Duration settledFor,
    String marker,
    OnRewrite onRewrite)
    implements Serializable {
  /** What stands for a file's name in the name of its marker. */
  public static final String NAME = "{name}";

  /** All files, as soon as they are there. */
  public static final FileRules DEFAULT =
      new FileRules(
          List.of(), List.of(), true, Complete.AT_ONCE, Duration.ZERO, "", OnRewrite.LAND);

  /** How it is known that a file is all there. */
  public enum Complete {
    /** It is never seen before: object stores, files that are renamed into place. */
    AT_ONCE,
    /** It wasn't written for some time. */
    SETTLED,
    /** Another file says so. */
    MARKER
  }

  /** What to do about a file that was landed and has changed since. */
  public enum OnRewrite {
    /** Land it again, and tell of it. */
    LAND,
    /** Stop before anything of the table is landed. */
    STOP
  }

  /** Copies the lists. */
  public FileRules {
    only = List.copyOf(only);
    except = List.copyOf(except);
  }
}
