package io.veralake.run;

import io.veralake.land.LandAudit;
import io.veralake.publish.Published;
import io.veralake.reconcile.Reconciled;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The lines at the end of a run: what the stream showed, what is right, why, where to look. */
final class RunSummary {
  private RunSummary() {}

  static List<String> lines(
      List<LandAudit> landed,
      Map<String, String> owners,
      List<Reconciled> reconciled,
      List<Published> published,
      List<Path> reports) {
    List<String> lines = new ArrayList<>();
    landed.stream()
        .sorted(Comparator.comparing(audit -> audit.landed().table()))
        .forEach(audit -> lines.addAll(LandingHistory.trouble(audit, owners)));
    reconciled.stream()
        .sorted(Comparator.comparing(Reconciled::name))
        .forEach(result -> lines.addAll(reconciliation(result)));
    published.forEach(result -> lines.add("  published " + result));
    reports.forEach(report -> lines.add("  report " + report));
    return lines;
  }

  private static List<String> reconciliation(Reconciled result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "  %s up to %s: %,d rows compared, %,d in flight, %,d differ",
            result.name(),
            result.watermark(),
            result.compared(),
            result.inFlight(),
            result.discrepancies()));
    new TreeMap<>(result.measures())
        .forEach((measure, restated) -> lines.addAll(measure(measure, restated)));
    return lines;
  }

  private static List<String> measure(String measure, Reconciled.Restated restated) {
    int digits =
        Stream.concat(
                Stream.of(restated.streamed(), restated.corrected()),
                restated.causes().values().stream())
            .mapToInt(RunSummary::digits)
            .max()
            .orElse(0);
    List<String> lines = new ArrayList<>();
    lines.add(amount(measure + ", streamed", restated.streamed(), digits));
    new TreeMap<>(restated.causes())
        .forEach(
            (cause, amount) -> {
              if (amount.signum() != 0) {
                lines.add(amount("  " + cause.word(), amount, digits));
              }
            });
    lines.add(amount(measure + ", corrected", restated.corrected(), digits));
    return lines;
  }

  /** Digits after the point that a number needs; at least two if it needs any. */
  private static int digits(BigDecimal amount) {
    int scale = Math.max(0, amount.stripTrailingZeros().scale());
    return scale == 0 ? 0 : Math.max(2, scale);
  }

  private static String amount(String what, BigDecimal amount, int digits) {
    return String.format(Locale.ROOT, "    %-36s %,20." + digits + "f", what, amount);
  }
}
