package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** How far the stream was off, night by night. */
final class Trend {
  private static final int WIDTH = 1040;
  private static final int MIDDLE = 62;
  private static final int REACH = 38;

  /** From a bar that points down to its value, and from the lowest value to the dates. */
  private static final int BELOW = 16;

  private static final int DATES = MIDDLE + REACH + BELOW + 22;
  private static final int HEIGHT = DATES + 12;

  private final List<Night.Point> points;

  Trend(List<Night.Point> points) {
    this.points = points;
  }

  String html() {
    if (this.points.size() < 2) {
      return "";
    }
    double most =
        Math.max(
            1e-12, this.points.stream().mapToDouble(point -> Math.abs(off(point))).max().orElse(0));
    StringBuilder svg = new StringBuilder("<h3>Night by night</h3>\n<div class=\"wide\">\n");
    svg.append(
        "<svg class=\"trend\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Correction in percent, night by night\">%n"
            .formatted(WIDTH, HEIGHT));
    svg.append(
        "<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n"
            .formatted(MIDDLE, WIDTH, MIDDLE));
    double pitch = Math.min(130, (double) WIDTH / this.points.size());
    for (int i = 0; i < this.points.size(); i++) {
      svg.append(bar(this.points.get(i), pitch * (i + 0.5), pitch, most));
    }
    return svg.append("</svg>\n</div>\n").toString();
  }

  private static String bar(Night.Point point, double middle, double pitch, double most) {
    double off = off(point);
    double height = Math.max(1.5, Math.abs(off) / most * REACH);
    double width = Math.min(64, pitch * 0.6);
    double top = off >= 0 ? MIDDLE - height : MIDDLE;
    BigDecimal difference = point.corrected().subtract(point.streamed());
    return """
        <rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="2"/>
        <text class="value" x="%s" y="%s">%s</text>
        <text class="name" x="%s" y="%d">%s</text>
        """
        .formatted(
            off >= 0 ? "plus" : "minus",
            px(middle - width / 2),
            px(top),
            px(width),
            px(height),
            px(middle),
            px(off >= 0 ? top - 7 : top + height + BELOW),
            Numbers.share(difference, point.streamed()),
            px(middle),
            DATES,
            Html.text(Numbers.day(point.asOf())));
  }

  private static double off(Night.Point point) {
    return point.streamed().signum() == 0
        ? 0
        : point.corrected().subtract(point.streamed()).doubleValue()
            / Math.abs(point.streamed().doubleValue());
  }

  private static String px(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
