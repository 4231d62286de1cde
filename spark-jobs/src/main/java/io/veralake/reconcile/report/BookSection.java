package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The part of the page about one reconciliation: the numbers, why they moved, and where. */
final class BookSection {
  private final Night night;
  private final Night.Book book;
  private final String measure;
  private final List<Night.Line> lines;
  private final Numbers numbers;
  private final Totals totals;

  BookSection(Night night, Night.Book book) {
    this.night = night;
    this.book = book;
    this.measure = book.measures().get(0);
    this.lines = book.lines(this.measure);
    this.numbers = Numbers.of(this.lines);
    this.totals = Totals.of(this.lines);
  }

  /** The section as HTML; {@code first} makes it the page's headline. */
  String html(String heading) {
    StringBuilder html = new StringBuilder();
    html.append("<section class=\"book\" id=\"")
        .append(Html.text(this.book.name()))
        .append("\">\n");
    html.append(this.headline(heading));
    html.append(this.figures());
    if (this.book.differing() > 0 || this.totals.difference().signum() != 0) {
      html.append("<h3>Why</h3>\n<div class=\"wide\">\n");
      html.append(
          new Waterfall(this.totals, this.night.reasons(), this.numbers)
              .svg(Numbers.title(this.measure)));
      html.append("</div>\n");
      html.append(this.reasons());
    }
    html.append(this.unusual());
    html.append(new Trend(this.book.trend()).html());
    html.append(new PartitionTable(this.night, this.book, this.measure).html());
    html.append(this.measures());
    html.append(new Drilldown(this.night, this.book).html());
    return html.append("</section>\n").toString();
  }

  private String unusual() {
    StringBuilder html = new StringBuilder();
    for (Night.Unusual unusual : this.book.unusual()) {
      html.append(
          String.format(
              Locale.ROOT,
              "<p class=\"unusual\">Unusual: <strong>%s</strong> in %s of the rows compared; in the %d nights before, %s was usual.</p>%n",
              Html.text(unusual.cause()),
              share(unusual.rate()),
              unusual.nights(),
              share(unusual.usual())));
    }
    return html.toString();
  }

  private static String share(double part) {
    return String.format(
        Locale.ROOT, part > 0 && part < 0.0001 ? "%.4f %%" : "%.2f %%", part * 100);
  }

  private String headline(String heading) {
    BigDecimal difference = this.totals.difference();
    String name = "<strong>" + Html.text(Numbers.title(this.measure)) + "</strong>";
    String verdict =
        switch (difference.signum()) {
          case 1 -> "The stream showed too little: " + name + " is corrected upwards by ";
          case -1 -> "The stream showed too much: " + name + " is corrected downwards by ";
          default ->
              this.book.differing() == 0
                  ? "The stream was right: " + name + " needs no correction"
                  : "The total was right, rows were not: " + name + " stays as it was";
        };
    String amount =
        difference.signum() == 0
            ? "."
            : "<strong>%s</strong> (%s)."
                .formatted(
                    this.numbers.plain(difference.abs()),
                    Numbers.share(difference, this.totals.streamed()));
    return "<%1$s>%2$s</%1$s>\n<p class=\"lead\">%3$s%4$s %5$s</p>\n"
        .formatted(
            heading, Html.text(Numbers.title(this.book.name())), verdict, amount, this.rows());
  }

  private String rows() {
    long differing = this.book.differing();
    if (this.book.compared() == 0 && differing == 0) {
      return "Nothing was touched since the last reconciliation.";
    }
    if (differing == 0) {
      return "All %s rows agree.".formatted(Numbers.count(this.book.compared()));
    }
    return "Of %s rows compared, %s (%s) differ, each with a cause."
        .formatted(
            Numbers.count(this.book.compared()),
            Numbers.count(differing),
            Numbers.part(differing, Math.max(1, this.book.compared())));
  }

  private String figures() {
    BigDecimal difference = this.totals.difference();
    String kind = difference.signum() > 0 ? "plus" : difference.signum() < 0 ? "minus" : "even";
    return """
        <div class="figures">
        <div><span>The stream showed</span><b>%s</b></div>
        <div class="%s"><span>Correction</span><b>%s</b><small>%s</small></div>
        <div class="true"><span>Corrected</span><b>%s</b></div>
        </div>
        """
        .formatted(
            this.numbers.plain(this.totals.streamed()),
            kind,
            this.numbers.signed(difference),
            Numbers.share(difference, this.totals.streamed()),
            this.numbers.plain(this.totals.corrected()));
  }

  private String reasons() {
    StringBuilder html =
        new StringBuilder(
            "<table class=\"reasons\">\n<caption class=\"hidden\">Corrections by cause</caption>\n");
    html.append("<thead><tr><th scope=\"col\">What happened</th><th scope=\"col\">Cause</th>");
    html.append(
        "<th scope=\"col\" class=\"n\">Rows</th><th scope=\"col\" class=\"n\">Adds to the total</th></tr></thead>\n<tbody>\n");
    this.night.reasons().stream()
        .filter(reason -> this.rowsOf(reason) > 0 || this.totals.cause(reason.word()).signum() != 0)
        .sorted(
            Comparator.comparing((Night.Reason reason) -> this.totals.cause(reason.word()).abs())
                .reversed())
        .forEach(reason -> html.append(this.reason(reason)));
    html.append(
        "</tbody>\n<tfoot><tr><th scope=\"row\" colspan=\"2\">Together</th><td class=\"n\">%s</td><td class=\"n\">%s</td></tr></tfoot>\n</table>\n"
            .formatted(
                Numbers.count(this.book.differing()),
                this.numbers.signed(this.totals.difference())));
    return html.toString();
  }

  private String reason(Night.Reason reason) {
    BigDecimal amount = this.totals.cause(reason.word());
    return "<tr><th scope=\"row\">%s</th><td><code>%s</code></td><td class=\"n\">%s</td><td class=\"n %s\">%s</td></tr>\n"
        .formatted(
            Html.text(reason.sentence()),
            Html.text(reason.word()),
            Numbers.count(this.rowsOf(reason)),
            amount.signum() > 0 ? "plus" : amount.signum() < 0 ? "minus" : "",
            this.numbers.signed(amount));
  }

  private long rowsOf(Night.Reason reason) {
    return this.book.counts().getOrDefault(reason.word(), 0L);
  }

  private String measures() {
    StringBuilder html =
        new StringBuilder(
            "<h3>Every measure</h3>\n<table>\n<caption class=\"hidden\">All measures</caption>\n");
    html.append(
        "<thead><tr><th scope=\"col\">Measure</th><th scope=\"col\" class=\"n\">Streamed</th>");
    html.append(
        "<th scope=\"col\" class=\"n\">Correction</th><th scope=\"col\" class=\"n\">Corrected</th><th scope=\"col\" class=\"n\">Off by</th></tr></thead>\n<tbody>\n");
    for (String name : this.book.measures()) {
      List<Night.Line> of = this.book.lines(name);
      Totals sum = Totals.of(of);
      Numbers format = Numbers.of(of);
      html.append(
          "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n"
              .formatted(
                  Html.text(Numbers.title(name)),
                  format.plain(sum.streamed()),
                  format.signed(sum.difference()),
                  format.plain(sum.corrected()),
                  Numbers.share(sum.difference(), sum.streamed())));
    }
    return html.append("</tbody>\n</table>\n").toString();
  }
}
