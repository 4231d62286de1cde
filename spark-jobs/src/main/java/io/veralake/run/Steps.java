package io.veralake.run;

import io.veralake.lake.RunContext;
import io.veralake.land.LandAudit;
import io.veralake.land.LandStep;
import io.veralake.land.Landed;
import io.veralake.land.ReplayStep;
import io.veralake.maintain.NightTags;
import io.veralake.mart.Built;
import io.veralake.mart.MartStep;
import io.veralake.reconcile.ReconcileStep;
import io.veralake.reconcile.Reconciled;
import io.veralake.reconcile.ReportStep;
import io.veralake.spec.Bridge;
import io.veralake.spec.LandTable;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Pit;
import io.veralake.spec.Prejoin;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import io.veralake.vault.Loaded;
import io.veralake.vault.PrejoinStep;
import io.veralake.vault.Prejoined;
import io.veralake.vault.VaultStep;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The steps of a run over the model, what each waits for, and what they did. */
final class Steps {
  /** What a step does on the context that it is given. */
  @FunctionalInterface
  interface Work {
    Outcome run(RunContext context);
  }

  /** Wraps the work of a step, with everything that is the same for all steps. */
  @FunctionalInterface
  interface Wrapper {
    Callable<?> wrap(String name, Work work);
  }

  private static final String REPORT = "reconcile report";

  private final Map<String, Set<String>> after = new LinkedHashMap<>();
  private final Map<String, Work> work = new LinkedHashMap<>();
  private final Map<String, String> owners = new LinkedHashMap<>();
  private final List<LandAudit> landed = Collections.synchronizedList(new ArrayList<>());
  private final List<Reconciled> reconciled = Collections.synchronizedList(new ArrayList<>());
  private final PublishSteps publishing = new PublishSteps(this);
  private final List<Path> reports = Collections.synchronizedList(new ArrayList<>());

  /**
   * Steps of {@code stages}; with a non-empty {@code only}, those of the tables and stars named
   * there.
   */
  Steps(Model model, Set<Stage> stages, List<String> only) {
    this(model, stages, only, Approvals.NONE);
  }

  /** The same with plans of publications that were approved. */
  Steps(Model model, Set<Stage> stages, List<String> only, Approvals approved) {
    for (Stage stage : stages) {
      switch (stage) {
        case LAND -> model.land().forEach(this::land);
        case VAULT -> {
          model.prejoins().forEach(this::prejoin);
          model.vault().forEach(this::vault);
        }
        case MART -> model.marts().forEach(mart -> this.mart(mart, model.marts()));
        case RECONCILE -> this.reconcile(model.reconciliations(), only);
        case PUBLISH -> this.publishing.publish(model, approved);
      }
    }
    this.keep(only);
  }

  Steps() {}

  /** The step that lands quarantined records again. */
  static Steps replay(Model model, List<String> only) {
    Steps steps = new Steps();
    allKnown(only, model.land().stream().map(LandTable::name).collect(Collectors.toSet()));
    List<LandTable> tables =
        model.land().stream()
            .filter(table -> only.isEmpty() || only.contains(table.name()))
            .toList();
    steps.add(
        "replay quarantine",
        Set.of(),
        context -> {
          long landed = ReplayStep.run(context, tables).stream().mapToLong(Landed::appended).sum();
          return Outcome.of("new", landed);
        });
    return steps;
  }

  int size() {
    return this.work.size();
  }

  /** Whether a step works with ClickHouse. */
  boolean needClickHouse() {
    return this.work.keySet().stream()
        .anyMatch(
            name ->
                name.startsWith("reconcile ")
                    || name.startsWith("publish ")
                    || name.startsWith("plan ")
                    || name.startsWith("verify ")
                    || name.startsWith("answer ")
                    || name.startsWith("undo "));
  }

  /** Adds all steps to {@code graph}. */
  void addTo(StepGraph graph, Wrapper wrapper) {
    this.work.forEach(
        (name, step) ->
            graph.add(name, this.after.getOrDefault(name, Set.of()), wrapper.wrap(name, step)));
  }

  /** Writes {@code ops.landings}; the run ended {@code now}. */
  void account(RunContext run, Instant now) {
    LandingsLedger.write(run, List.copyOf(this.landed), now);
  }

  /** What was landed so far. */
  List<LandAudit> landed() {
    return List.copyOf(this.landed);
  }

  /** The lines that end a run's output. */
  List<String> summary() {
    List<String> lines = this.publishing.plans();
    lines.addAll(
        RunSummary.lines(
            this.landed, this.owners, this.reconciled, this.publishing.published(), this.reports));
    return lines;
  }

  /** The steps of publications. */
  PublishSteps publishing() {
    return this.publishing;
  }

  /** Whether this run writes a report. */
  boolean reports() {
    return this.work.containsKey(REPORT);
  }

  private void land(LandTable table) {
    this.owners.put(table.name(), table.owner());
    this.add(
        "land " + table.name(),
        Set.of(),
        context -> {
          LandAudit audit = LandStep.audited(context, table);
          this.landed.add(audit);
          NightTags.mark(context, "raw." + table.name());
          Landed result = audit.landed();
          return Outcome.of(
              "read", result.read(),
              "new", result.appended(),
              "repeated", result.duplicate(),
              "gone", result.absent(),
              "quarantined", result.quarantined(),
              "gaps", result.gaps().size(),
              "doubts", audit.doubts().size(),
              "repeated files", audit.repeated().size());
        });
  }

  private void prejoin(Prejoin prejoin) {
    this.add(
        "stage " + prejoin.name(),
        inputs(prejoin.sources()),
        context -> {
          Prejoined result = PrejoinStep.run(context, prejoin);
          prejoin.tables().forEach(table -> NightTags.mark(context, table));
          return Outcome.of(
              "read", result.read(),
              "joined", result.joined(),
              "waiting for a partner", result.waiting(),
              "new partners", result.partners());
        });
  }

  /** Steps that fill what {@code sources} read. */
  private static Set<String> inputs(List<VaultSource> sources) {
    return sources.stream()
        .map(
            source ->
                source.prejoin().map(one -> "stage " + one.name()).orElse("land " + source.from()))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private void vault(VaultTable table) {
    Set<String> inputs = inputs(table.sources());
    if (table instanceof Pit pit) {
      inputs.addAll(names("vault ", pit.satellites(), Satellite::name));
    }
    if (table instanceof Bridge bridge) {
      inputs.addAll(names("vault ", bridge.inputs(), VaultTable::name));
    }
    if (table instanceof Link link && link.rules().absentHubs() != VaultRules.AbsentHubs.ACCEPT) {
      inputs.addAll(names("vault ", link.ends(), end -> end.hub().name()));
    }
    this.add(
        "vault " + table.name(),
        inputs,
        context -> {
          Loaded result = VaultStep.run(context, table);
          NightTags.mark(context, "vault." + table.name());
          return Outcome.of(
              "read", result.read(),
              "inserted", result.inserted(),
              "filtered", result.filtered(),
              "without a key", result.skipped(),
              "to ghost records", result.ghosted(),
              "keys of several collision codes", result.shared(),
              "ends without a hub row", result.absent(),
              "values unreadable", result.unreadable());
        });
  }

  private void mart(Mart mart, List<Mart> all) {
    Set<String> inputs = new HashSet<>(names("vault ", mart.reads(), Function.identity()));
    inputs.addAll(names("mart ", mart.reads(), Function.identity()));
    List<Mart> checkedAgainst =
        all.stream().filter(other -> other != mart && mart.checksNeed(other.name())).toList();
    inputs.addAll(names("mart ", checkedAgainst, Mart::name));
    this.add(
        "mart " + mart.name(),
        inputs,
        context -> {
          Built result = MartStep.run(context, mart);
          NightTags.mark(context, "mart." + mart.name());
          return Outcome.of(
              "partitions", result.partitions(),
              "rows", result.rows(),
              "checks", result.checks().size());
        });
  }

  private void reconcile(List<Reconciliation> reconciliations, List<String> only) {
    for (Reconciliation reconciliation : reconciliations) {
      Set<String> inputs = this.named("vault ");
      inputs.add("mart " + reconciliation.mart().name());
      this.add(
          "reconcile " + reconciliation.name(),
          inputs,
          context -> {
            Reconciled result = ReconcileStep.run(context, reconciliation);
            this.reconciled.add(result);
            return Outcome.of(
                "rows compared", result.compared(), "differences", result.discrepancies());
          });
    }
    if (!reconciliations.isEmpty() && only.isEmpty()) {
      this.add(
          REPORT,
          names("reconcile ", reconciliations, Reconciliation::name),
          context -> {
            this.reports.add(ReportStep.run(context));
            return Outcome.of("written", 1);
          });
    }
  }

  /** Drops the steps on other tables, if {@code only} names some. */
  void keep(List<String> only) {
    if (only.isEmpty()) {
      return;
    }
    Set<String> known =
        this.work.keySet().stream()
            .map(name -> name.substring(name.indexOf(' ') + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    allKnown(only, known);
    this.work.keySet().removeIf(name -> !only.contains(name.substring(name.indexOf(' ') + 1)));
  }

  /** Throws if {@code only} names something that isn't {@code known}. */
  static void allKnown(List<String> only, Set<String> known) {
    for (String name : only) {
      if (!known.contains(name)) {
        throw new UsageException(
            "Invalid --only: "
                + name
                + " (any of "
                + String.join(", ", new TreeSet<>(known))
                + ")");
      }
    }
  }

  /** Adds a step. */
  void add(String name, Set<String> waitsFor, Work step) {
    this.after.put(name, waitsFor);
    this.work.put(name, step);
  }

  /** Steps so far whose names begin with {@code prefix}. */
  Set<String> named(String prefix) {
    return this.work.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static <T> Set<String> names(String prefix, List<T> things, Function<T, String> name) {
    return things.stream().map(name).map(prefix::concat).collect(Collectors.toSet());
  }
}
