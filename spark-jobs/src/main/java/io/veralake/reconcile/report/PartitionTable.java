package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;

/**
 * The ledger by partition: a row each, a column for each cause that occurred, tinted by its weight.
 */
final class PartitionTable {
  private static final int MOST = 45;

  private final Night.Book book;
  private final List<Night.Line> lines;
  private final List<Night.Reason> reasons;
  private final Numbers numbers;
  private final Totals totals;
  private final BigDecimal heaviest;

  PartitionTable(Night night, Night.Book book, String measure) {
    this.book = book;
    this.lines = book.lines(measure);
    this.numbers = Numbers.of(this.lines);
    this.totals = Totals.of(this.lines);
    this.reasons =
        night.reasons().stream()
            .filter(
                reason -> this.lines.stream().anyMatch(line -> amount(line, reason).signum() != 0))
            .toList();
    this.heaviest =
        this.lines.stream()
            .flatMap(line -> this.reasons.stream().map(reason -> amount(line, reason).abs()))
            .max(Comparator.naturalOrder())
            .orElse(BigDecimal.ZERO);
  }

  String html() {
    if (this.lines.isEmpty()) {
      return "";
    }
    StringBuilder html = new StringBuilder();
    html.append(
        "<h3>By %s</h3>\n"
            .formatted(
                Html.text(
                    Numbers.title(this.book.partitionColumn())
                        .toLowerCase(java.util.Locale.ROOT))));
    html.append(
        "<div class=\"wide\"><table class=\"ledger\">\n<caption class=\"hidden\">Ledger by partition</caption>\n<thead><tr><th scope=\"col\">");
    html.append(Html.text(Numbers.title(this.book.partitionColumn())));
    html.append("</th><th scope=\"col\" class=\"n\">Streamed</th>");
    for (Night.Reason reason : this.reasons) {
      html.append(
          "<th scope=\"col\" class=\"n\">%s</th>"
              .formatted(Html.text(Numbers.title(reason.word()))));
    }
    html.append(
        "<th scope=\"col\" class=\"n\">Corrected</th><th scope=\"col\" class=\"n\">Off by</th><th scope=\"col\" class=\"n\">Since last night</th></tr></thead>\n<tbody>\n");
    List<Night.Line> shown = this.shown();
    shown.forEach(line -> html.append(this.row(line)));
    html.append("</tbody>\n<tfoot>").append(this.sum()).append("</tfoot>\n</table></div>\n");
    if (shown.size() < this.lines.size()) {
      html.append(
          "<p class=\"note\">The %d with the largest corrections of %s; all of them are in <code>recon.restatement</code>.</p>\n"
              .formatted(shown.size(), Numbers.count(this.lines.size())));
    }
    return html.toString();
  }

  private List<Night.Line> shown() {
    if (this.lines.size() <= MOST) {
      return this.lines;
    }
    List<Night.Line> heaviest =
        this.lines.stream()
            .sorted(Comparator.comparing((Night.Line line) -> line.difference().abs()).reversed())
            .limit(MOST)
            .toList();
    return this.lines.stream().filter(heaviest::contains).toList();
  }

  private String row(Night.Line line) {
    StringBuilder html = new StringBuilder("<tr><th scope=\"row\">");
    html.append(Html.text(line.partition() == null ? "none" : line.partition()));
    html.append("</th><td class=\"n\">")
        .append(this.numbers.plain(line.streamed()))
        .append("</td>");
    for (Night.Reason reason : this.reasons) {
      html.append(this.cell(amount(line, reason)));
    }
    BigDecimal previous = line.previous();
    html.append(
        "<td class=\"n\"><b>%s</b></td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n"
            .formatted(
                this.numbers.plain(line.corrected()),
                Numbers.share(line.difference(), line.streamed()),
                previous == null
                    ? "new"
                    : this.numbers.signed(line.corrected().subtract(previous))));
    return html.toString();
  }

  private String cell(BigDecimal amount) {
    if (amount.signum() == 0) {
      return "<td class=\"n zero\">\u00b7</td>";
    }
    BigDecimal weight = amount.abs().movePointRight(2).divide(this.heaviest, 0, RoundingMode.UP);
    return "<td class=\"n %s\" style=\"--w:%s%%\">%s</td>"
        .formatted(amount.signum() > 0 ? "up" : "down", weight, this.numbers.signed(amount));
  }

  private String sum() {
    StringBuilder html = new StringBuilder("<tr><th scope=\"row\">All</th><td class=\"n\">");
    html.append(this.numbers.plain(this.totals.streamed())).append("</td>");
    for (Night.Reason reason : this.reasons) {
      html.append(
          "<td class=\"n\">%s</td>"
              .formatted(this.numbers.signed(this.totals.cause(reason.word()))));
    }
    html.append(
        "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>"
            .formatted(
                this.numbers.plain(this.totals.corrected()),
                Numbers.share(this.totals.difference(), this.totals.streamed()),
                this.moved()));
    return html.toString();
  }

  private String moved() {
    if (this.lines.stream().allMatch(line -> line.previous() == null)) {
      return "new";
    }
    BigDecimal moved = BigDecimal.ZERO;
    for (Night.Line line : this.lines) {
      BigDecimal previous = line.previous();
      moved = moved.add(previous == null ? line.corrected() : line.corrected().subtract(previous));
    }
    return this.numbers.signed(moved);
  }

  private static BigDecimal amount(Night.Line line, Night.Reason reason) {
    return line.causes().getOrDefault(reason.word(), BigDecimal.ZERO);
  }
}
