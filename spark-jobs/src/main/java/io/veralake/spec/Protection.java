package io.veralake.spec;

/**
 * What becomes of a sensitive value when it is landed; the word in a model is the lower-case name.
 */
public enum Protection {
  /** It isn't landed. */
  DROP,
  /** A keyed hash of it is landed: equal values stay equal, and nothing leads back. */
  HASH,
  /** It is landed encrypted: equal values stay equal, and who has the key can read it. */
  ENCRYPT
}
