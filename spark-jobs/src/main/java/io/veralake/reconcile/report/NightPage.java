package io.veralake.reconcile.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The whole page. */
public final class NightPage {
  private final Night night;

  /** About {@code night}. */
  public NightPage(Night night) {
    this.night = night;
  }

  /** One HTML document that refers to nothing outside itself. */
  public String html() {
    String title = "Books closed as of " + Numbers.time(this.night.asOf());
    StringBuilder html =
        new StringBuilder(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<title>Veralake: ").append(Html.text(title)).append("</title>\n<style>\n");
    html.append(style()).append("</style>\n</head>\n<body>\n<header>\n");
    html.append("<p class=\"brand\">Veralake <span>night report</span></p>\n<h1>");
    html.append(Html.text(title)).append("</h1>\n");
    html.append(this.contents());
    html.append("</header>\n<main>\n");
    this.night.books().forEach(book -> html.append(new BookSection(this.night, book).html("h2")));
    if (this.night.books().isEmpty()) {
      html.append("<p class=\"lead\">No reconciliation was made as of this instant.</p>\n");
    }
    html.append(this.proof());
    html.append(this.glossary());
    html.append("</main>\n<footer>Run <code>").append(Html.text(this.night.runId()));
    html.append("</code> \u00b7 as of ").append(Html.text(this.night.asOf().toString()));
    html.append(
        " \u00b7 everything shown is in <code>recon.summary</code>, <code>recon.restatement</code> and <code>recon.discrepancy</code></footer>\n");
    return html.append("</body>\n</html>\n").toString();
  }

  private String contents() {
    if (this.night.books().size() < 2) {
      return "";
    }
    StringBuilder html = new StringBuilder("<nav aria-label=\"Reconciliations\">");
    for (Night.Book book : this.night.books()) {
      Totals totals = Totals.of(book.lines(book.measures().get(0)));
      html.append(
          "<a href=\"#%s\">%s <b>%s</b></a>"
              .formatted(
                  Html.text(book.name()),
                  Html.text(Numbers.title(book.name())),
                  Numbers.share(totals.difference(), totals.streamed())));
    }
    return html.append("</nav>\n").toString();
  }

  private String proof() {
    StringBuilder html =
        new StringBuilder("<section>\n<h2>What was checked</h2>\n<ul class=\"checks\">\n");
    long lines = this.night.books().stream().mapToLong(book -> book.lines().size()).sum();
    html.append(
        check(
            true,
            "The causes add up",
            "streamed + causes = corrected, exactly, in each of %s lines of the ledger. Totals were measured by each engine on its own, apart from the rows."
                .formatted(Numbers.count(lines))));
    for (Night.Book book : this.night.books()) {
      html.append(
          check(
              true,
              Numbers.title(book.name()) + " compared up to " + Numbers.time(book.watermark()),
              "Both sides know everything up to there. %s later rows are in flight and wait for the next night."
                  .formatted(Numbers.count(book.inFlight()))));
    }
    List<Night.Check> violated =
        this.night.checks().stream().filter(check -> check.violations() > 0).toList();
    int passed = this.night.checks().size() - violated.size();
    if (passed > 0) {
      html.append(
          check(true, passed + (passed == 1 ? " check" : " checks") + " of the marts passed", ""));
    }
    this.night
        .publications()
        .forEach(
            publication ->
                html.append(check(publication.good(), publication.what(), publication.detail())));
    for (Night.Check violation : violated) {
      html.append(
          check(
              false,
              violation.mart() + ": " + violation.check(),
              Numbers.count(violation.violations())
                  + " violations, severity "
                  + violation.severity()));
    }
    return html.append("</ul>\n</section>\n").toString();
  }

  private static String check(boolean good, String what, String detail) {
    return "<li class=\"%s\"><b>%s</b>%s</li>\n"
        .formatted(
            good ? "good" : "bad",
            Html.text(what),
            detail.isEmpty() ? "" : "<span>" + Html.text(detail) + "</span>");
  }

  private String glossary() {
    StringBuilder html = new StringBuilder("<section>\n<h2>The causes</h2>\n<dl>\n");
    for (Night.Reason reason : this.night.reasons()) {
      html.append(
          "<dt><code>%s</code></dt><dd>%s</dd>\n"
              .formatted(Html.text(reason.word()), Html.text(reason.meaning())));
    }
    return html.append("</dl>\n</section>\n").toString();
  }

  private static String style() {
    try (InputStream css = NightPage.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("Missing report.css");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
