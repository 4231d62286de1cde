package io.veralake.spec;

import java.io.Serializable;
import java.util.Optional;

/**
 * A value of documents that has an order. Where a table of documents names a column, {@link
 * #toString}, {@code $.updatedAt as timestamp}, stands in its place.
 *
 * @param path where it is
 * @param type what is written there
 */
public record DocumentField(JsonPath path, Type type) implements Serializable {
  /** How a value is written; the word in a model is the lower-case name with dashes. */
  public enum Type {
    /** An instant as ISO text; without a zone it is UTC. */
    TIMESTAMP,
    /** A day as {@code 2026-03-01}. */
    DATE,
    /** A whole number. */
    BIGINT,
    /** An instant as a number. */
    EPOCH_SECONDS,
    /** An instant as a number. */
    EPOCH_MILLIS,
    /** An instant as a number. */
    EPOCH_MICROS;

    /** Whether it is an instant or a day. */
    public boolean time() {
      return this != BIGINT;
    }
  }

  private static final String AS = " as ";

  /** Whether a column's name is a document's field in truth. */
  public static boolean is(String column) {
    return column.startsWith("$");
  }

  /** As {@link #toString} writes it. */
  public static DocumentField parse(String text) {
    int as = text.lastIndexOf(AS);
    Optional<JsonPath> path = JsonPath.parse(text.substring(0, Math.max(0, as)));
    for (Type type : Type.values()) {
      if (path.isPresent() && Words.of(type).equals(text.substring(as + AS.length()))) {
        return new DocumentField(path.get(), type);
      }
    }
    throw new IllegalArgumentException("Invalid field of a document: " + text);
  }

  @Override
  public String toString() {
    return this.path + AS + Words.of(this.type);
  }
}
