package io.veralake.docs;

/** The page with the lineage of all columns. */
final class LineagePage {
  private LineagePage() {}

  static String html(Frame frame) {
    return frame.page(
        "",
        "lineage.html",
        "Lineage of columns",
        """
        <h1>Lineage of columns</h1>
        <p class="lead">From the source's columns and the values in its documents, through the vault, to the marts.</p>
        """
            + frame.picture("column", ""));
  }
}
