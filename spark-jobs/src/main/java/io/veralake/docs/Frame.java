package io.veralake.docs;

import java.util.List;

/** What is the same on all pages: head, search, list of tables. */
final class Frame {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en" data-root="{root}">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>{title}</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="{root}assets/site.css">
      </head>
      <body>
      <a class="skip" href="#main">To the content</a>
      <header class="top">
      <a class="brand" href="{root}index.html">Veralake <span>{environment}</span></a>
      <button class="menu" type="button" aria-expanded="false">Tables</button>
      <div class="search" role="search"><input type="search" placeholder="Search tables, columns, descriptions" aria-label="Search tables, columns and descriptions" role="combobox" aria-expanded="false" aria-controls="results" autocomplete="off" spellcheck="false"><kbd>/</kbd><ul class="results" id="results" role="listbox" aria-label="Found" hidden></ul></div>
      <button class="theme" type="button" aria-label="Light or dark">◐</button>
      </header>
      <div class="frame">
      <nav class="side" aria-label="Tables">
      {side}</nav>
      <main id="main">
      {main}</main>
      </div>
      <script src="{root}assets/model.js"></script>
      <script src="{root}assets/site.js"></script>
      </body>
      </html>
      """;

  private static final String PICTURE =
      """
      <div class="lineage" data-level="{level}" data-table="{table}" data-said="{said}">
      <div class="bar"><span class="said" aria-live="polite"></span>{options}</div>
      <div class="canvas" tabindex="0" role="group" aria-label="Lineage"></div>
      <div class="legend"><span><i></i> comes from</span><span><i class="weak"></i> decides about it</span><span><i class="compared"></i> is compared with</span>{layers}</div>
      </div>
      """;

  private static final String OPTIONS =
      """
      <button type="button" name="only" hidden>Only this</button><button type="button" name="all" hidden>All again</button>\
      <label><input type="checkbox" name="weak"> what decides, too</label>\
      <label><input type="checkbox" name="technical"> technical columns</label>""";

  private final Site.Content content;
  private final List<TableDoc> tables;

  Frame(Site.Content content, List<TableDoc> tables) {
    this.content = content;
    this.tables = tables;
  }

  /**
   * A page.
   *
   * @param root where the site's root is, seen from it
   * @param current id of the table that it is about, or the name of its file
   */
  String page(String root, String current, String title, String main) {
    return PAGE.replace("{root}", root)
        .replace("{title}", Html.text(title))
        .replace("{environment}", Html.text(this.content.environment()))
        .replace("{side}", this.side(root, current))
        .replace("{main}", main);
  }

  /** A picture of the whole model, or of what is connected with {@code table}. */
  String picture(String level, String table) {
    String said =
        level.equals("column")
            ? "Pick a column to see where its values come from, and where they go."
            : "Pick a table to see what it is made from, and what is made from it.";
    StringBuilder layers = new StringBuilder();
    for (Layer layer : Layer.values()) {
      layers.append(
          "<span><b class=\"dot %s\"></b> %s</span>"
              .formatted(layer.word(), Html.text(layer.title())));
    }
    return PICTURE
        .replace("{level}", level)
        .replace("{table}", Html.text(table))
        .replace("{said}", Html.text(said))
        .replace(
            "{options}",
            level.equals("column")
                ? OPTIONS
                : "<button type=\"button\" name=\"all\" hidden>All again</button>")
        .replace("{layers}", layers);
  }

  private String side(String root, String current) {
    StringBuilder html = new StringBuilder("<ul>");
    html.append(entry(root + "index.html", "Overview", current.equals("index.html")));
    html.append(entry(root + "lineage.html", "Lineage of columns", current.equals("lineage.html")));
    html.append("</ul>\n");
    for (Layer layer : Layer.values()) {
      List<TableDoc> own = this.tables.stream().filter(t -> t.layer() == layer).toList();
      if (own.isEmpty()) {
        continue;
      }
      html.append(
          "<section class=\"%s\"><h2><span class=\"dot\"></span>%s</h2><ul>"
              .formatted(layer.word(), Html.text(layer.title())));
      for (TableDoc table : own) {
        html.append(entry(root + Html.page(table.id()), table.name(), table.id().equals(current)));
      }
      html.append("</ul></section>\n");
    }
    return html.toString();
  }

  private static String entry(String href, String name, boolean current) {
    return "<li><a href=\"%s\"%s>%s</a></li>"
        .formatted(Html.text(href), current ? " aria-current=\"page\"" : "", Html.text(name));
  }
}
