package io.veralake.reconcile.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Single rows that differ, folded by partition and cause. */
final class Drilldown {
  private final Night.Book book;
  private final Map<String, Night.Reason> reasons = new LinkedHashMap<>();

  Drilldown(Night night, Night.Book book) {
    this.book = book;
    night.reasons().forEach(reason -> this.reasons.put(reason.word(), reason));
  }

  String html() {
    if (this.book.examples().isEmpty()) {
      return "";
    }
    Map<@Nullable String, List<Night.Examples>> byPartition = new LinkedHashMap<>();
    for (Night.Examples examples : this.book.examples()) {
      byPartition.computeIfAbsent(examples.partition(), any -> new ArrayList<>()).add(examples);
    }
    StringBuilder html = new StringBuilder("<h3>Row by row</h3>\n");
    byPartition.forEach((partition, examples) -> html.append(this.partition(partition, examples)));
    return html.toString();
  }

  private String partition(@Nullable String partition, List<Night.Examples> causes) {
    long count = causes.stream().mapToLong(Night.Examples::count).sum();
    StringBuilder html = new StringBuilder("<details class=\"partition\"><summary><b>");
    html.append(Html.text(partition == null ? "no " + this.book.partitionColumn() : partition));
    html.append("</b> <span>%s</span></summary>\n".formatted(rows(count)));
    causes.forEach(examples -> html.append(this.cause(examples)));
    return html.append("</details>\n").toString();
  }

  private String cause(Night.Examples examples) {
    Night.Reason reason = this.reasons.get(examples.cause());
    String sentence = reason == null ? "" : reason.sentence();
    StringBuilder html = new StringBuilder("<details class=\"cause\"><summary>");
    html.append(
        "%s <code>%s</code> <span>%s</span></summary>\n"
            .formatted(Html.text(sentence), Html.text(examples.cause()), rows(examples.count())));
    html.append(
        "<div class=\"wide\"><table class=\"rows\">\n<thead><tr><th scope=\"col\">Key</th><th scope=\"col\">The stream shows</th>");
    html.append(
        "<th scope=\"col\">True is</th><th scope=\"col\">Evidence</th></tr></thead>\n<tbody>\n");
    for (Night.Example example : examples.rows()) {
      html.append(
          "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n"
              .formatted(
                  pairs(example.key(), List.copyOf(example.key().keySet())),
                  this.side(example, example.streamed()),
                  this.side(example, example.corrected()),
                  Html.text(example.evidence())));
    }
    html.append("</tbody></table></div>\n");
    if (examples.rows().size() < examples.count()) {
      html.append(
          "<p class=\"note\">%d of %s shown, the weightiest first; all are in <code>recon.discrepancy</code>.</p>\n"
              .formatted(examples.rows().size(), Numbers.count(examples.count())));
    }
    return html.append("</details>\n").toString();
  }

  private String side(Night.Example example, @Nullable Map<String, String> values) {
    if (values == null) {
      return "<i>nothing</i>";
    }
    List<String> columns =
        example.columns().isEmpty()
            ? this.book.measures().stream().filter(values::containsKey).toList()
            : example.columns();
    return pairs(values, columns);
  }

  private static String pairs(Map<String, String> values, List<String> columns) {
    StringBuilder html = new StringBuilder();
    for (String column : columns) {
      html.append(
          "<span class=\"pair\"><em>%s</em> %s</span> "
              .formatted(Html.text(column), Html.text(values.getOrDefault(column, "null"))));
    }
    return html.toString().strip();
  }

  private static String rows(long count) {
    return Numbers.count(count) + (count == 1 ? " row" : " rows");
  }
}
