package io.veralake.land;

import java.util.List;

/**
 * What a feed knows of the completeness of what it read. A feed says only what is certain; what
 * can't be told apart goes into {@code doubts} with all that it may be.
 *
 * @param gaps what the source lost before it was landed, in words
 * @param doubts what may be a loss and may be none, in words
 * @param repeated files that have the content of another one, in words; their records are
 *     duplicates
 * @param behind records that the source had and that were left for a later batch; -1: not known
 */
record Continuity(List<String> gaps, List<String> doubts, List<String> repeated, long behind) {
  /** Nothing is known to be lost, and nothing else is known. */
  static final Continuity UNKNOWN = new Continuity(List.of(), List.of(), List.of(), -1);

  Continuity {
    gaps = List.copyOf(gaps);
    doubts = List.copyOf(doubts);
    repeated = List.copyOf(repeated);
  }

  /** Known losses and no more. */
  static Continuity of(List<String> gaps) {
    return new Continuity(gaps, List.of(), List.of(), -1);
  }
}
