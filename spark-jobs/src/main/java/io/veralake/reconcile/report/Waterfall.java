package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The way from what the stream showed to what is true, a column for each cause. The scale begins
 * near the smallest total, as the corrections would otherwise be too small to see; a gap in the
 * totals' columns says so.
 */
final class Waterfall {
  private static final int WIDTH = 1040;
  private static final int HEIGHT = 330;
  private static final int TOP = 34;
  private static final int BASE = 262;

  private record Step(String word, BigDecimal from, BigDecimal to, boolean total) {}

  private final List<Step> steps = new ArrayList<>();
  private final Numbers numbers;
  private final double low;
  private final double high;
  private final boolean broken;

  Waterfall(Totals totals, List<Night.Reason> reasons, Numbers numbers) {
    this.numbers = numbers;
    BigDecimal level = totals.streamed();
    this.steps.add(new Step("streamed", BigDecimal.ZERO, level, true));
    for (Night.Reason reason : reasons) {
      BigDecimal amount = totals.cause(reason.word());
      if (amount.signum() != 0) {
        this.steps.add(new Step(reason.word(), level, level.add(amount), false));
        level = level.add(amount);
      }
    }
    this.steps.add(new Step("corrected", BigDecimal.ZERO, level, true));
    double least = this.steps.stream().mapToDouble(step -> step.to().doubleValue()).min().orElse(0);
    double most = this.steps.stream().mapToDouble(step -> step.to().doubleValue()).max().orElse(0);
    double spread = Math.max(most - least, Math.abs(most) * 1e-6);
    this.broken = least > 0 && spread < 0.6 * most;
    this.low = this.broken ? Math.max(0, least - 0.35 * spread) : Math.min(0, least);
    this.high = Math.max(most, this.low + 1e-9);
  }

  /** The chart as SVG. */
  String svg(String measure) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"waterfall\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n"
            .formatted(WIDTH, HEIGHT, Html.text(this.description(measure))));
    svg.append(line(0, BASE, WIDTH, BASE, "axis"));
    double pitch = (double) WIDTH / this.steps.size();
    double width = Math.min(92, pitch * 0.64);
    for (int i = 0; i < this.steps.size(); i++) {
      this.column(svg, i, pitch, width);
    }
    svg.append("</svg>\n");
    if (this.broken) {
      svg.append(
          "<p class=\"scale\">The scale leaves out the lower part of the totals, so that corrections can be seen.</p>\n");
    }
    return svg.toString();
  }

  private void column(StringBuilder svg, int place, double pitch, double width) {
    Step step = this.steps.get(place);
    double middle = pitch * (place + 0.5);
    double left = middle - width / 2;
    double from = step.total() ? BASE : this.y(step.from());
    double to = this.y(step.to());
    double top = Math.min(from, to);
    double height = Math.max(1.5, Math.abs(from - to));
    BigDecimal amount = step.to().subtract(step.from());
    String kind = step.total() ? "total" : amount.signum() > 0 ? "plus" : "minus";
    svg.append(
        "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"3\"><title>%s: %s</title></rect>%n"
            .formatted(
                kind,
                px(left),
                px(top),
                px(width),
                px(height),
                Html.text(Numbers.title(step.word())),
                step.total() ? this.numbers.plain(step.to()) : this.numbers.signed(amount)));
    if (step.total() && this.broken) {
      svg.append(gap(left, width));
    }
    if (place + 1 < this.steps.size()) {
      svg.append(line(left + width, to, pitch * (place + 1.5) - width / 2, to, "level"));
    }
    String text = step.total() ? this.numbers.plain(step.to()) : this.numbers.signed(amount);
    svg.append(text(middle, top - 9, kind + " value", text));
    svg.append(text(middle, BASE + 24, "name", Numbers.title(step.word())));
  }

  private double y(BigDecimal level) {
    double share = (level.doubleValue() - this.low) / (this.high - this.low);
    return BASE - share * (BASE - TOP);
  }

  private String description(String measure) {
    StringBuilder text = new StringBuilder("Waterfall of " + measure + ". ");
    for (Step step : this.steps) {
      text.append(Numbers.title(step.word()))
          .append(' ')
          .append(
              step.total()
                  ? this.numbers.plain(step.to())
                  : this.numbers.signed(step.to().subtract(step.from())))
          .append(". ");
    }
    return text.toString().strip();
  }

  private static String gap(double left, double width) {
    double y = BASE - 22;
    String path =
        "M%s %s l%s -9 l%s 9 l%s -9 l%s 9"
            .formatted(
                px(left - 4),
                px(y),
                px((width + 8) / 4),
                px((width + 8) / 4),
                px((width + 8) / 4),
                px((width + 8) / 4));
    return "<path class=\"gap\" d=\"%s\"/>%n".formatted(path);
  }

  private static String line(double x1, double y1, double x2, double y2, String kind) {
    return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>%n"
        .formatted(kind, px(x1), px(y1), px(x2), px(y2));
  }

  private static String text(double x, double y, String kind, String text) {
    return "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>%n"
        .formatted(kind, px(x), px(y), Html.text(text));
  }

  private static String px(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
