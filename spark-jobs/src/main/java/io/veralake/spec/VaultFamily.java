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
  SATELLITE("sat_{name}");

  private final String table;

  VaultFamily(String table) {
    this.table = table;
  }

  /** How its tables are called where nothing else is declared. */
  String table() {
    return this.table;
  }
}
