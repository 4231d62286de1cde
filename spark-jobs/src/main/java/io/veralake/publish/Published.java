package io.veralake.publish;

import java.util.Locale;

/**
 * What a publication or an undo did.
 *
 * @param star the star
 * @param generation the generation that readers see now
 * @param tables tables of which partitions were loaded
 * @param partitions partitions that were loaded
 * @param rows rows that were loaded
 * @param changed whether readers see another generation than before
 */
public record Published(
    String star, long generation, int tables, int partitions, long rows, boolean changed) {
  /** Nothing had changed: {@code generation} stays. */
  static Published unchanged(String star, long generation) {
    return new Published(star, generation, 0, 0, 0, false);
  }

  @Override
  public String toString() {
    return this.changed
        ? String.format(
            Locale.ROOT,
            "%s: generation %d, %d rows in %d partitions of %d tables loaded",
            this.star,
            this.generation,
            this.rows,
            this.partitions,
            this.tables)
        : this.star + ": nothing changed, generation " + this.generation + " stays";
  }
}
