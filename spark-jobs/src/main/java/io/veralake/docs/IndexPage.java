package io.veralake.docs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The page that the site opens with. */
final class IndexPage {
  private final Site.Content content;
  private final List<TableDoc> tables;
  private final Frame frame;

  IndexPage(Site.Content content, List<TableDoc> tables, Frame frame) {
    this.content = content;
    this.tables = tables;
    this.frame = frame;
  }

  String html() {
    StringBuilder html = new StringBuilder("<h1>The model</h1>\n");
    html.append("<dl class=\"figures\">");
    for (Layer layer : Layer.values()) {
      long count = this.tables.stream().filter(t -> t.layer() == layer).count();
      if (count > 0) {
        figure(html, layer.title(), Long.toString(count));
      }
    }
    figure(
        html,
        "Columns",
        Figures.count(this.tables.stream().mapToLong(t -> t.columns().size()).sum()));
    Optional<Instant> last =
        this.content.stored().values().stream().map(Stored::committed).max(Instant::compareTo);
    last.ifPresent(
        time -> {
          long rows = this.content.stored().values().stream().mapToLong(Stored::rows).sum();
          long bytes = this.content.stored().values().stream().mapToLong(Stored::bytes).sum();
          figure(html, "Rows", Figures.count(rows));
          figure(html, "Size", Figures.size(bytes));
          figure(html, "Last load", Figures.time(time));
        });
    html.append("</dl>\n");
    if (!this.content.withoutLake().isEmpty()) {
      html.append("<p class=\"note\">Of the model alone, without rows and loads: ")
          .append(Html.text(this.content.withoutLake()))
          .append(".</p>\n");
    }
    html.append("<h2>Lineage</h2>\n").append(this.frame.picture("table", ""));
    for (Layer layer : Layer.values()) {
      this.layer(html, layer);
    }
    return this.frame.page("", "index.html", "Veralake: the model", html.toString());
  }

  private static void figure(StringBuilder html, String label, String value) {
    html.append("<div><dt>%s</dt><dd>%s</dd></div>".formatted(Html.text(label), Html.text(value)));
  }

  private void layer(StringBuilder html, Layer layer) {
    List<TableDoc> own = this.tables.stream().filter(t -> t.layer() == layer).toList();
    if (own.isEmpty()) {
      return;
    }
    boolean lake = !this.content.stored().isEmpty() && layer != Layer.STREAM;
    html.append(
        "<h2 id=\"%s\" class=\"%s\"><span class=\"dot\"></span> %s</h2><p class=\"note\">%s</p>"
            .formatted(
                layer.word(), layer.word(), Html.text(layer.title()), Html.text(layer.about())));
    html.append(
        "<div class=\"wide\"><table><thead><tr><th>Table</th><th>Kind</th><th>What it is</th>");
    html.append(lake ? "<th class=\"n\">Rows</th><th class=\"n\">Last load</th>" : "");
    html.append("</tr></thead><tbody>\n");
    for (TableDoc table : own) {
      html.append(
          "<tr><th scope=\"row\"><a href=\"%s\"><code>%s</code></a></th><td>%s</td><td>%s</td>"
              .formatted(
                  Html.text(Html.page(table.id())),
                  Html.text(table.name()),
                  Html.text(table.kind()),
                  Html.text(table.about())));
      if (lake) {
        Stored stored = this.content.stored().get(table.id());
        html.append(
            "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
                .formatted(
                    stored == null ? "–" : Figures.count(stored.rows()),
                    stored == null ? "not yet" : Figures.time(stored.committed())));
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
  }
}
