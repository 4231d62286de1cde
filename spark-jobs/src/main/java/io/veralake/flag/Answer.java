package io.veralake.flag;

import java.util.Locale;

/**
 * What a night says of a flagged figure.
 *
 * @param verdict in a word
 * @param text in a sentence or two
 * @param explanation the figure's way, as JSON; empty if there is none
 */
public record Answer(Verdict verdict, String text, String explanation) {
  /** What came out. */
  public enum Verdict {
    /** Readers see what the records of the sources give. */
    RIGHT,
    /** So they do now; the reader saw something else. */
    CORRECTED,
    /** The mart has other values since it was published: they weren't published yet. */
    BEHIND,
    /** ClickHouse shows something else than was published. */
    WRONG,
    /** The flag doesn't name a figure. */
    UNCLEAR;

    /** As it is written down. */
    public String word() {
      return this.name().toLowerCase(Locale.ROOT);
    }
  }
}
