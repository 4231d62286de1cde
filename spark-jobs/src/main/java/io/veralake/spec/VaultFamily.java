package io.veralake.spec;

/** Families of vault tables; the word in a model ({@code type = …}) is the lower-case name. */
public enum VaultFamily {
  /** A list of business keys. */
  HUB("hub_{name}"),
  /** A relationship between hubs. */
  LINK("link_{name}"),
  /** A list of events. */
  NON_HISTORISED_LINK("link_{name}"),
  /** The history of what is known about keys. */
  SATELLITE("sat_{name}"),
  /** The history of a key's members, of which there are several at a time. */
  MULTI_ACTIVE_SATELLITE("sat_{name}"),
  /** When each row of a link held, if a part of its key points to one at a time. */
  EFFECTIVITY_SATELLITE("sat_{name}"),
  /** Whether keys were created, updated or deleted. */
  STATUS_SATELLITE("sat_{name}"),
  /** Which source named which key when. */
  RECORD_TRACKING_SATELLITE("sat_{name}"),
  /** What is known about keys once and for all. */
  NON_HISTORISED_SATELLITE("sat_{name}"),
  /** A list that others refer to by its natural key. */
  REFERENCE("ref_{name}"),
  /** Which versions held at many instants. */
  PIT("pit_{name}"),
  /** Which keys belonged together at many instants. */
  BRIDGE("bridge_{name}");

  private final String table;

  VaultFamily(String table) {
    this.table = table;
  }

  /** Whether its tables describe keys: of a hub, of a link, or their own. */
  boolean satellite() {
    return this.name().endsWith("SATELLITE") || this == REFERENCE;
  }

  /** How its tables are called where nothing else is declared. */
  String table() {
    return this.table;
  }
}
