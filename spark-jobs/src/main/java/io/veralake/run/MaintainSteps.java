package io.veralake.run;

import io.veralake.lake.RunContext;
import io.veralake.maintain.MaintainStep;
import io.veralake.maintain.Maintained;
import io.veralake.maintain.NeededSnapshots;
import io.veralake.spec.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The steps that maintain the tables of a lake, those of the model and the engine's own. */
final class MaintainSteps {
  private static final String MART = "mart.";
  private static final List<String> OWN =
      List.of(
          "raw.quarantine",
          "raw.quarantine_replayed",
          "recon.discrepancy",
          "recon.restatement",
          "recon.summary",
          "ops.runs",
          "ops.landings",
          "ops.checks");

  private MaintainSteps() {}

  /** A step a table; with a non-empty {@code only}, those named there as {@code raw.orders}. */
  static Steps of(Model model, List<String> only, MaintainStep.Grace grace) {
    List<String> filled = new ArrayList<>();
    model.land().forEach(table -> filled.add("raw." + table.name()));
    model.prejoins().forEach(prejoin -> prejoin.tables().forEach(filled::add));
    model.vault().forEach(table -> filled.add("vault." + table.name()));
    model.marts().forEach(mart -> filled.add(MART + mart.name()));
    List<String> all = new ArrayList<>(filled);
    all.addAll(OWN);
    // Who needs which snapshot of whom isn't changed by maintenance: it is found out once.
    AtomicReference<@Nullable NeededSnapshots> needed = new AtomicReference<>();
    Steps steps = new Steps();
    for (String table : all) {
      steps.add(
          "maintain " + table,
          Set.of(),
          context ->
              told(
                  MaintainStep.run(
                      context,
                      table,
                      !table.startsWith(MART),
                      grace,
                      once(needed, context, filled))));
    }
    steps.keep(only);
    return steps;
  }

  private static NeededSnapshots once(
      AtomicReference<@Nullable NeededSnapshots> needed, RunContext context, List<String> tables) {
    synchronized (needed) {
      NeededSnapshots known = needed.get();
      if (known == null) {
        known = NeededSnapshots.of(context.lake(), tables);
        needed.set(known);
      }
      return known;
    }
  }

  private static Outcome told(Maintained done) {
    return Outcome.of(
        "files", done.filesAfter(),
        "files fewer", Math.max(0, done.filesBefore() - done.filesAfter()),
        "bytes fewer", Math.max(0, done.bytesBefore() - done.bytesAfter()),
        "nights dropped", done.nights(),
        "snapshots dropped", done.snapshots(),
        "files removed", done.removed());
  }
}
