package io.veralake.run;

import io.veralake.spec.Bridge;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Model;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import io.veralake.vault.RehashStep;
import io.veralake.vault.Rehashed;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The steps that make the hashes of a vault anew. */
final class RehashSteps {
  private static final String VERB = "rehash ";

  private RehashSteps() {}

  /**
   * A step a vault table, satellites before links before hubs before point-in-time tables and
   * bridges; with a non-empty {@code only}, those named there.
   */
  static Steps of(Model model, List<String> only) {
    Steps steps = new Steps();
    Set<String> satellites = names(model, table -> table instanceof Satellite);
    for (VaultTable table : model.vault()) {
      Set<String> first = Set.of();
      if (isOfSnapshots(table)) {
        first = names(model, other -> !isOfSnapshots(other));
      } else if (table instanceof Hub) {
        first = names(model, other -> other instanceof Link || other instanceof Satellite);
      } else if (table instanceof Link) {
        first = satellites;
      }
      steps.add(VERB + table.name(), first, context -> told(RehashStep.run(context, table)));
    }
    steps.keep(only);
    return steps;
  }

  private static boolean isOfSnapshots(VaultTable table) {
    return table instanceof Pit || table instanceof Bridge;
  }

  private static Set<String> names(Model model, Predicate<VaultTable> which) {
    return model.vault().stream()
        .filter(which)
        .map(table -> VERB + table.name())
        .collect(Collectors.toSet());
  }

  private static Outcome told(Rehashed done) {
    return Outcome.of("rows", done.rows(), "keys", done.keys());
  }
}
