package io.veralake.spec;

import java.io.Serializable;

/**
 * Where a bookkeeping value of a row comes from.
 *
 * @param kind the family
 * @param text the column's name (or a {@link DocumentField}) for {@link Kind#COLUMN}, the text
 *     itself for {@link Kind#CONSTANT}, else empty
 */
public record ValueOrigin(Kind kind, String text) implements Serializable {
  /** Families of origins. */
  public enum Kind {
    /** The run: its {@code --as-of} instant. */
    RUN,
    /**
     * The source's own metadata: the envelope's commit time and position, or the file's
     * modification time and row number.
     */
    SOURCE,
    /** A column of the data. */
    COLUMN,
    /** A text that the model gives. */
    CONSTANT
  }

  /** From the run. */
  public static final ValueOrigin RUN = new ValueOrigin(Kind.RUN, "");

  /** From the source's metadata. */
  public static final ValueOrigin SOURCE = new ValueOrigin(Kind.SOURCE, "");

  /** From the column {@code name} of the data. */
  public static ValueOrigin column(String name) {
    return new ValueOrigin(Kind.COLUMN, name);
  }

  /** Always {@code text}. */
  public static ValueOrigin constant(String text) {
    return new ValueOrigin(Kind.CONSTANT, text);
  }
}
