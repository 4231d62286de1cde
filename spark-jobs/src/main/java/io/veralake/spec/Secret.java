package io.veralake.spec;

import java.io.Serializable;

/**
 * A value that must not be printed: {@code toString} hides it.
 *
 * @param value the secret itself; empty if none is needed
 */
public record Secret(String value) implements Serializable {
  /** No secret. */
  public static final Secret NONE = new Secret("");

  /** Whether there is none. */
  public boolean isEmpty() {
    return this.value.isEmpty();
  }

  @Override
  public String toString() {
    return "Secret[***]";
  }
}
