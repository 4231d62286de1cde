package io.veralake.publish;

import java.util.List;
import java.util.Locale;

/**
 * What a reproduction of a generation gave.
 *
 * @param star the star
 * @param generation the generation
 * @param source from what it was made
 * @param tables its tables, by name
 */
public record Reproduced(String star, long generation, Source source, List<Table> tables) {
  /** From what a generation is made again; the word of the command is the lower-case name. */
  public enum Source {
    /** The marts' queries run again over what the vault held then. */
    VAULT("the vault"),
    /** The marts' own rows of then. */
    MARTS("the marts");

    private final String words;

    Source(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return this.words;
    }
  }

  /**
   * A table.
   *
   * @param name its public name
   * @param rows rows that were published
   * @param published what was published, in words
   * @param made what was made now, in words; equal to {@code published} if it is that
   * @param written where its rows were written; empty: nowhere
   */
  public record Table(String name, long rows, String published, String made, String written) {
    /** Whether it is what was published. */
    public boolean isEqual() {
      return this.published.equals(this.made);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-28s %,15d rows  %s%s",
          this.name,
          this.rows,
          this.isEqual() ? "equal" : "differs: published " + this.published + ", made " + this.made,
          this.written.isEmpty() ? "" : ", written to " + this.written);
    }
  }

  /** Copies the list. */
  public Reproduced {
    tables = List.copyOf(tables);
  }

  /** Whether all tables are what was published. */
  public boolean isEqual() {
    return this.tables.stream().allMatch(Table::isEqual);
  }

  /** Rows that were published. */
  public long rows() {
    return this.tables.stream().mapToLong(Table::rows).sum();
  }
}
