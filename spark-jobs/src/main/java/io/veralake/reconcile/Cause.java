package io.veralake.reconcile;

import java.util.Locale;

/** Why the stream and the truth differ; docs/causes.md explains each with an example. */
public enum Cause {
  /** The truth has the row, the stream doesn't. */
  MISSING("The stream never showed them", "The truth has the row, the stream has none."),
  /** The stream has the row, or its last change, but received it after the books were closed. */
  LATE(
      "Arrived after the books were closed",
      "The stream received the row, or the change that makes it right, only after the books were closed, though it had been committed before."),
  /** One more row of the stream for a key that has one already. */
  DUPLICATE(
      "Counted more than once",
      "The stream has more than one live row for the key. The one closest to the truth counts, the others are too many."),
  /** The stream has the row, the truth doesn't. */
  PHANTOM(
      "Shown, but they don't exist",
      "The stream has a row that the truth doesn't have: its deletion was lost, or it never existed. The evidence says which."),
  /** The stream shows an earlier version: a later change was lost. */
  STALE(
      "A later change was lost",
      "The stream shows an earlier version of the row and never got the later one."),
  /** The stream shows an earlier version that it received after the later one. */
  OUT_OF_ORDER(
      "An older change overwrote a newer one",
      "The stream shows an earlier version that arrived after the later one and overwrote it."),
  /** The stream shows values that the row never had. */
  WRONG_VALUE(
      "Values that the row never had", "The stream shows values that the row had at no time."),
  /** No difference: within the declared tolerance. Only the ledger shows it. */
  TOLERATED(
      "Within the declared tolerance",
      "The values differ by no more than the model allows. Not counted as a difference, but the totals show it."),
  /**
   * No difference: the row changed after the watermark, on one side or both. Never in the ledger.
   */
  IN_FLIGHT(
      "Still in flight",
      "The row changed after the watermark: neither side is final, so it isn't compared.");

  private final String sentence;
  private final String meaning;

  Cause(String sentence, String meaning) {
    this.sentence = sentence;
    this.meaning = meaning;
  }

  /** The cause in words, for a reader who knows the numbers but not the engine. */
  public String sentence() {
    return this.sentence;
  }

  /** How the cause is told from the others. */
  public String meaning() {
    return this.meaning;
  }

  /** The word in tables: {@code out-of-order}. */
  public String word() {
    return this.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The ledger's column: {@code out_of_order}. */
  public String column() {
    return this.name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is a difference at all. */
  public boolean isDiscrepancy() {
    return this != TOLERATED && this != IN_FLIGHT;
  }

  /** The cause whose {@link #word} is {@code word}. */
  public static Cause of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
