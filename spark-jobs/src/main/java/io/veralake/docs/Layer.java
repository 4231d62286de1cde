package io.veralake.docs;

/** Layers of the model, in the order in which data go through them. */
enum Layer {
  RAW("Raw", "What the sources said, append-only."),
  VAULT("Vault", "Keys, relations and their histories."),
  MART("Marts", "The star schema, and what is made from it."),
  STREAM("Stream", "The streaming layer's tables in ClickHouse, which marts are compared with.");

  private final String title;
  private final String about;

  Layer(String title, String about) {
    this.title = title;
    this.about = about;
  }

  String title() {
    return this.title;
  }

  String about() {
    return this.about;
  }

  /** The word in addresses and data. */
  String word() {
    return this.name().toLowerCase(java.util.Locale.ROOT);
  }
}
