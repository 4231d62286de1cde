package io.veralake.spec;

/** What orders the versions of a satellite's keys; the word in a model is the lower-case name. */
public enum VersionOrder {
  /** The position in the source where all sources are of one system, else the applied time. */
  SOURCE,
  /** The applied time, then the position. */
  APPLIED_TIME
}
