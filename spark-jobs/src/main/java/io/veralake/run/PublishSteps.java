package io.veralake.run;

import io.veralake.flag.Answer.Verdict;
import io.veralake.lake.DataException;
import io.veralake.lake.GateException;
import io.veralake.lake.RunContext;
import io.veralake.publish.PlanStep;
import io.veralake.publish.PublicationPlan;
import io.veralake.publish.PublishStep;
import io.veralake.publish.Published;
import io.veralake.publish.UndoStep;
import io.veralake.publish.Verified;
import io.veralake.publish.VerifyStep;
import io.veralake.reconcile.ReportStep;
import io.veralake.spec.Model;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Steps on stars: publishing, planning, verifying and undoing, and what they did. */
final class PublishSteps {
  private final Steps steps;
  private final List<Published> published = Collections.synchronizedList(new ArrayList<>());
  private final List<PublicationPlan> plans = Collections.synchronizedList(new ArrayList<>());
  private final List<String> proofs = Collections.synchronizedList(new ArrayList<>());

  PublishSteps(Steps steps) {
    this.steps = steps;
  }

  /** Steps that make the previous generation of each star visible again. */
  static Steps undo(Model model, List<String> only) {
    Steps steps = new Steps();
    for (String star : stars(model)) {
      steps.add(
          "undo " + star,
          Set.of(),
          context -> {
            Published result = UndoStep.run(context, star);
            steps.publishing().published.add(result);
            return Outcome.of("generation", result.generation());
          });
    }
    steps.keep(only);
    return steps;
  }

  /** Steps that tell what the next publication of each star would change. */
  static Steps plan(Model model, List<String> only) {
    Steps steps = new Steps();
    for (String star : stars(model)) {
      steps.add(
          "plan " + star,
          Set.of(),
          context -> {
            PublicationPlan result = PlanStep.run(context, star);
            steps.publishing().plans.add(result);
            return Outcome.of(
                "tables", result.tables().stream().filter(table -> !table.isEmpty()).count());
          });
    }
    steps.keep(only);
    return steps;
  }

  /**
   * Steps that compare what ClickHouse serves with what Iceberg holds; {@code generation} null: of
   * the generation that readers see.
   */
  static Steps verify(Model model, List<String> only, @Nullable Long generation) {
    Steps steps = new Steps();
    Set<String> known = stars(model);
    model.publications().forEach(publication -> known.add(publication.name()));
    Steps.allKnown(only, known);
    for (String star : stars(model)) {
      List<String> tables =
          model.publications().stream()
              .filter(publication -> publication.star().equals(star))
              .map(Publication::name)
              .filter(only::contains)
              .toList();
      if (only.isEmpty() || only.contains(star) || !tables.isEmpty()) {
        List<String> some = only.contains(star) ? List.of() : tables;
        steps
            .publishing()
            .verify(
                star,
                Set.of(),
                context -> VerifyStep.all(context, star, some, generation),
                VerificationLines::full);
      }
    }
    return steps;
  }

  /** Adds the steps that publish all stars, and verify what was published. */
  void publish(Model model, Approvals approved) {
    approved.allKnown(stars(model));
    for (String star : stars(model)) {
      Set<String> inputs = this.steps.named("reconcile ");
      inputs.addAll(this.steps.named("mart "));
      this.steps.add(
          "publish " + star,
          inputs,
          context -> {
            Published result = this.gated(context, star, approved);
            this.published.add(result);
            return Outcome.of(
                "tables", result.tables(),
                "partitions", result.partitions(),
                "rows", result.rows());
          });
      this.verify(
          star,
          Set.of("publish " + star),
          context -> VerifyStep.published(context, star),
          VerificationLines::brief);
    }
    if (!model.publications().isEmpty()) {
      this.steps.add("answer flags", this.steps.named("verify "), PublishSteps::flags);
    }
  }

  private static Outcome flags(RunContext context) {
    Map<Verdict, Long> verdicts = FlagStep.run(context);
    return Outcome.of(
        "right", verdicts.getOrDefault(Verdict.RIGHT, 0L),
        "corrected", verdicts.getOrDefault(Verdict.CORRECTED, 0L),
        "behind", verdicts.getOrDefault(Verdict.BEHIND, 0L),
        "wrong", verdicts.getOrDefault(Verdict.WRONG, 0L),
        "unclear", verdicts.getOrDefault(Verdict.UNCLEAR, 0L));
  }

  private Published gated(RunContext context, String star, Approvals approved) {
    try {
      return PublishStep.run(context, star, approved.of(star));
    } catch (GateException e) {
      this.report(context);
      throw e;
    }
  }

  private void verify(
      String star,
      Set<String> inputs,
      Function<RunContext, Verified> check,
      Function<Verified, List<String>> lines) {
    this.steps.add(
        "verify " + star,
        inputs,
        context -> {
          Verified result = check.apply(context);
          this.proofs.addAll(lines.apply(result));
          if (!result.tables().isEmpty()) {
            this.report(context);
          }
          if (!result.isEqual()) {
            throw new DataException(VerificationLines.failure(result));
          }
          return Outcome.of("partitions", result.partitions(), "rows", result.rows());
        });
  }

  /** Writes the night's report again: it tells how the publication ended too. */
  private synchronized void report(RunContext context) {
    if (this.steps.reports()) {
      ReportStep.run(context);
    }
  }

  private static Set<String> stars(Model model) {
    return model.publications().stream()
        .map(Publication::star)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What was published. */
  List<Published> published() {
    return List.copyOf(this.published);
  }

  /** Lines on what was planned. */
  List<String> plans() {
    List<String> lines = new ArrayList<>();
    this.plans.stream()
        .sorted(Comparator.comparing(plan -> plan.id().star()))
        .forEach(plan -> lines.addAll(PlanLines.of(plan)));
    return lines;
  }

  /** Adds lines on what was proven. */
  void note(List<String> lines) {
    this.proofs.addAll(lines);
  }

  /** Lines on what was proven, also of a run that fails. */
  List<String> proofs() {
    return List.copyOf(this.proofs);
  }
}
