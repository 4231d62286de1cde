package io.veralake.run;

import io.veralake.spec.Model;
import io.veralake.vault.AdoptStep;
import io.veralake.vault.Adopted;
import java.util.List;
import java.util.Set;

/** The steps that take over vault tables which another tool filled. */
final class AdoptSteps {
  private AdoptSteps() {}

  /** A step a vault table; with a non-empty {@code only}, those named there. */
  static Steps of(Model model, List<String> only) {
    Steps steps = new Steps();
    model
        .vault()
        .forEach(
            table ->
                steps.add(
                    "adopt " + table.name(),
                    Set.of(),
                    context -> told(AdoptStep.run(context, table))));
    steps.keep(only);
    return steps;
  }

  private static Outcome told(Adopted done) {
    return Outcome.of(
        "rows", done.rows(),
        "checked", done.checked(),
        "of another hashdiff", done.different(),
        "keys with ties", done.ties());
  }
}
