package io.veralake.docs;

import io.veralake.lineage.ColumnRef;
import io.veralake.lineage.Dependency;
import io.veralake.lineage.TableLineage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The page on a table. */
final class TablePage {
  /** More origins of a column than this are folded. */
  private static final int SHOWN = 3;

  private final Site.Content content;
  private final List<TableDoc> tables;
  private final Frame frame;
  private final TableDoc table;
  private final TableLineage lineage;

  TablePage(Site.Content content, List<TableDoc> tables, Frame frame, TableDoc table) {
    this.content = content;
    this.tables = tables;
    this.frame = frame;
    this.table = table;
    this.lineage =
        content
            .lineage()
            .tables()
            .getOrDefault(table.id(), new TableLineage(table.id(), Map.of(), Set.of()));
  }

  String html() {
    StringBuilder html = new StringBuilder();
    html.append(
        "<p class=\"kind %s\"><span class=\"dot\"></span>%s · %s</p>\n<h1><code>%s</code></h1>\n"
            .formatted(
                this.table.layer().word(),
                Html.text(this.table.layer().title()),
                Html.text(this.table.kind()),
                Html.text(this.table.id())));
    if (!this.table.about().isEmpty()) {
      html.append("<p class=\"lead\">").append(Html.text(this.table.about())).append("</p>\n");
    }
    String problem = this.content.lineage().problems().get(this.table.id());
    if (problem != null) {
      html.append("<p class=\"problem\">Where its columns come from isn't known: ")
          .append(Html.text(problem))
          .append("</p>\n");
    }
    this.stored(html);
    this.facts(html);
    this.columns(html);
    html.append("<h2 id=\"lineage\">Lineage</h2>\n");
    html.append(this.frame.picture("column", this.table.id()));
    this.rows(html);
    for (TableDoc.Section section : this.table.sections()) {
      html.append("<h2>").append(Html.text(section.title())).append("</h2>\n<div class=\"wide\">");
      html.append(section.html()).append("</div>\n");
    }
    return this.frame.page("../", this.table.id(), this.table.id(), html.toString());
  }

  private void stored(StringBuilder html) {
    Stored stored = this.content.stored().get(this.table.id());
    if (this.table.layer() == Layer.STREAM || !this.content.withoutLake().isEmpty()) {
      return;
    }
    if (stored == null) {
      html.append("<p class=\"note\">Nothing was loaded into it yet.</p>\n");
      return;
    }
    html.append("<dl class=\"figures\">");
    figure(html, "Rows", Figures.count(stored.rows()));
    figure(html, "Last load", Figures.time(stored.committed()));
    figure(html, "Run", stored.run());
    figure(html, "Size", Figures.size(stored.bytes()));
    figure(html, "Files", Figures.count(stored.files()));
    figure(html, "Snapshot", Long.toString(stored.snapshot()));
    html.append("</dl>\n");
  }

  private static void figure(StringBuilder html, String label, String value) {
    html.append("<div><dt>%s</dt><dd>%s</dd></div>".formatted(Html.text(label), Html.text(value)));
  }

  private void facts(StringBuilder html) {
    html.append("<dl class=\"facts\">");
    for (TableDoc.Fact fact : this.table.facts()) {
      html.append("<dt>%s</dt><dd>%s</dd>".formatted(Html.text(fact.label()), fact.html()));
    }
    this.tables(html, "Made from", this.lineage.inputs());
    Set<String> users = new TreeSet<>();
    this.content
        .lineage()
        .tables()
        .forEach(
            (id, other) -> {
              if (other.inputs().contains(this.table.id())) {
                users.add(id);
              }
            });
    this.tables(html, "Used by", users);
    html.append("</dl>\n");
  }

  private void tables(StringBuilder html, String label, Set<String> ids) {
    List<String> links = new ArrayList<>();
    for (String id : ids) {
      if (this.tables.stream().anyMatch(other -> other.id().equals(id))) {
        links.add(Html.table(id));
      }
    }
    if (!links.isEmpty()) {
      html.append("<dt>%s</dt><dd>%s</dd>".formatted(label, String.join(", ", links)));
    }
  }

  private void columns(StringBuilder html) {
    boolean own = this.table.columns().stream().anyMatch(ColumnDoc::bookkeeping);
    boolean origins = !this.lineage.columns().isEmpty();
    html.append("<section><h2>Columns</h2>\n");
    if (own) {
      html.append(
          "<label class=\"tech\"><input type=\"checkbox\" checked> Veralake's own columns, too</label>\n");
    }
    html.append(
        "<div class=\"wide\"><table class=\"columns\"><thead><tr><th>Column</th><th>Type</th><th></th><th>What it is</th>");
    html.append(origins ? "<th>Comes from</th>" : "").append("</tr></thead><tbody>\n");
    for (ColumnDoc column : this.table.columns()) {
      html.append(
          "<tr id=\"%s\"%s><th scope=\"row\"><a href=\"#%s\"><code>%s</code></a></th>"
              .formatted(
                  Html.text(column.name()),
                  column.bookkeeping() ? " class=\"book\"" : "",
                  Html.text(column.name()),
                  Html.text(column.name())));
      html.append("<td class=\"type mono\">").append(Html.text(column.type())).append("</td><td>");
      column.marks().forEach(mark -> html.append(mark(mark)).append(' '));
      html.append("</td><td>").append(Html.text(column.about())).append("</td>");
      if (origins) {
        html.append("<td class=\"from\">");
        Set<Dependency> from = this.lineage.columns().get(column.name());
        html.append(from == null ? "" : this.origins(from));
        html.append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div></section>\n");
  }

  private static String mark(String mark) {
    boolean hidden = mark.equals(ColumnDoc.PERSONAL) || mark.startsWith("sensitive");
    boolean key = mark.endsWith("key") || mark.equals("grain");
    return "<span class=\"mark%s\">%s</span>"
        .formatted(hidden ? " private" : key ? " key" : "", Html.text(mark));
  }

  private String origins(Set<Dependency> from) {
    List<String> direct = new ArrayList<>();
    List<String> indirect = new ArrayList<>();
    for (Dependency one : from) {
      boolean hashed = one.masked() && one.kind().direct();
      String how = hashed ? "hashed" : GraphData.word(one.kind());
      String line =
          "<li>%s <span class=\"how\">%s</span></li>"
              .formatted(this.link(one.from()), Html.text(how));
      (one.kind().direct() ? direct : indirect).add(line);
    }
    StringBuilder html = new StringBuilder();
    if (direct.isEmpty() && this.table.layer() == Layer.MART) {
      html.append("<span class=\"how\">no column: constant or generated</span> ");
    }
    if (!direct.isEmpty()) {
      List<String> first = direct.subList(0, Math.min(SHOWN, direct.size()));
      html.append("<ul>").append(String.join("", first)).append("</ul>");
      fold(html, direct.subList(first.size(), direct.size()), "more");
    }
    fold(html, indirect, "that decide");
    return html.toString();
  }

  private static void fold(StringBuilder html, List<String> lines, String what) {
    if (!lines.isEmpty()) {
      html.append(
          "<details><summary>%d %s</summary><ul>%s</ul></details>"
              .formatted(lines.size(), what, String.join("", lines)));
    }
  }

  private String link(ColumnRef column) {
    boolean there = this.tables.stream().anyMatch(other -> other.id().equals(column.table()));
    String code = Html.code(column.toString());
    return there
        ? "<a href=\"../%s#%s\">%s</a>"
            .formatted(
                Html.text(Html.page(column.table())),
                java.net.URLEncoder.encode(column.column(), java.nio.charset.StandardCharsets.UTF_8)
                    .replace("+", "%20"),
                code)
        : code;
  }

  /** What decides which rows there are. */
  private void rows(StringBuilder html) {
    Map<String, Set<String>> byKind = new TreeMap<>();
    for (Dependency one : this.lineage.rows()) {
      byKind
          .computeIfAbsent(GraphData.word(one.kind()), any -> new TreeSet<>())
          .add(this.link(one.from()));
    }
    if (byKind.isEmpty()) {
      return;
    }
    html.append("<h2>What decides about its rows</h2>\n<dl class=\"facts\">");
    byKind.forEach(
        (kind, columns) ->
            html.append(
                "<dt>%s</dt><dd>%s</dd>"
                    .formatted(
                        kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1),
                        String.join(", ", columns))));
    html.append("</dl>\n");
  }
}
