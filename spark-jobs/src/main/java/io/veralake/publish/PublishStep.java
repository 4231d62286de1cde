package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.Ledger.Generation;
import io.veralake.publish.Ledger.Moment;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Publishes one star: all its tables become visible together, or nothing changes. */
public final class PublishStep {
  private final RunContext context;
  private final Star star;
  private final ClickHouse clickHouse;
  private final WritePath path;
  private final Consumer<String> moves;
  private final Ledger ledger;
  private final Leftovers leftovers;

  private PublishStep(
      RunContext context,
      Star star,
      ClickHouse clickHouse,
      WritePath path,
      Consumer<String> moves) {
    this.context = context;
    this.star = star;
    this.clickHouse = clickHouse;
    this.path = path;
    this.moves = moves;
    this.ledger = new Ledger(clickHouse, star);
    this.leftovers = new Leftovers(clickHouse, star, this.ledger);
  }

  /**
   * Publishes {@code star} as of the marts' current snapshots; nothing happens if readers already
   * see them.
   */
  public static Published run(RunContext context, String star) {
    return run(context, star, null, move -> {});
  }

  /**
   * The same with exactly the plan {@code approved} (null: any that stays within the limits), which
   * may be over limits.
   *
   * @throws io.veralake.lake.GateException if a limit stops it, or the plan isn't the approved one;
   *     ClickHouse is then as before
   */
  public static Published run(RunContext context, String star, @Nullable PlanId approved) {
    return run(context, star, approved, move -> {});
  }

  /** With something to happen before each move: for tests. */
  static Published run(
      RunContext context, String name, @Nullable PlanId approved, Consumer<String> moves) {
    return run(context, name, approved, null, moves);
  }

  /** With another write path too: for tests. */
  static Published run(
      RunContext context,
      String name,
      @Nullable PlanId approved,
      @Nullable WritePath path,
      Consumer<String> moves) {
    Star star = Star.of(context.model(), name, context.engine().clickhouse().cluster());
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      WritePath way = path == null ? WritePath.of(context.engine(), clickHouse) : path;
      return new PublishStep(context, star, clickHouse, way, moves).publish(approved);
    }
  }

  private Published publish(@Nullable PlanId approved) {
    Watermarks.require(this.context, this.star);
    this.ledger.create();
    this.leftovers.ofCrashedRuns();
    Generation current = this.ledger.current();
    StarPlan plan = StarPlan.after(current, this.context, this.star, this.clickHouse);
    Map<String, Entry> wanted = plan.wanted();
    Gate gate = new Gate(this.context, plan, approved);
    if (plan.isDone()) {
      gate.passDone();
      plan.makeTables();
      this.ensureViews(wanted);
      return Published.unchanged(this.star.name(), current.number());
    }
    List<PlannedTable> planned = plan.tables(this.ledger.pointers(current.number()));
    gate.pass(planned);
    plan.makeTables();
    Optional<Generation> undone = plan.mends() ? Optional.empty() : this.undone(wanted);
    if (undone.isPresent()) {
      long number = undone.get().number();
      this.reveal(number, wanted, "forward");
      return new Published(this.star.name(), number, 0, 0, 0, true);
    }
    long number = this.ledger.nextNumber();
    List<StagedTable> tables = this.stage(planned, number);
    this.attach(tables, new Generation(number, current.number(), wanted));
    this.reveal(number, wanted, "publish");
    this.move("clean up");
    this.cleanUp(number, wanted);
    return new Published(
        this.star.name(),
        number,
        (int) tables.stream().filter(table -> table.loadedPartitions() > 0).count(),
        tables.stream().mapToInt(StagedTable::loadedPartitions).sum(),
        tables.stream().mapToLong(StagedTable::loadedRows).sum(),
        true);
  }

  /** Loads and verifies what changed, in private tables. */
  private List<StagedTable> stage(List<PlannedTable> planned, long number) {
    List<StagedTable> tables = new ArrayList<>();
    for (PlannedTable plan : planned) {
      this.move("load " + plan.publication().name());
      StagedTable table = new StagedTable(this.context, this.star, plan, number);
      table.load(this.clickHouse, this.path);
      tables.add(table);
    }
    return tables;
  }

  /** Puts everything beside what readers see. */
  private void attach(List<StagedTable> tables, Generation generation) {
    List<Ledger.Pointer> pointers = new ArrayList<>();
    for (StagedTable table : tables) {
      this.move("attach " + table.name());
      table.attach(this.clickHouse);
      pointers.addAll(table.pointers());
    }
    this.move("record");
    new PublicationLog(this.context, this.star.name())
        .write(generation, tables, this.star.publications());
    this.ledger.record(generation, pointers, this.moment());
  }

  private void reveal(long number, Map<String, Entry> wanted, String reason) {
    this.move("views");
    this.ensureViews(wanted);
    this.move("switch");
    this.ledger.switchTo(number, this.moment(), reason);
  }

  private Moment moment() {
    return new Moment(this.context.runId(), this.context.asOf());
  }

  /** After an undo: the generation that was undone, if it is what is wanted. */
  private Optional<Generation> undone(Map<String, Entry> wanted) {
    return this.ledger.generations().values().stream()
        .filter(generation -> generation.entries().equals(wanted))
        .findFirst();
  }

  private void ensureViews(Map<String, Entry> wanted) {
    Map<Publication, List<String>> tables = new LinkedHashMap<>();
    for (Publication publication : this.star.publications()) {
      String newest = Objects.requireNonNull(wanted.get(publication.name())).dataTable();
      Set<String> older = this.leftovers.usedTables(publication);
      older.remove(newest);
      List<String> all = new ArrayList<>(older);
      all.add(newest);
      tables.put(publication, all);
    }
    tables.forEach(
        (publication, all) ->
            new PublicViews(this.star, publication, this.ledger).ensure(this.clickHouse, all));
    tables.forEach(
        (publication, all) ->
            new PublicViews(this.star, publication, this.ledger).ensureLive(this.clickHouse, all));
  }

  private void cleanUp(long number, Map<String, Entry> wanted) {
    this.leftovers.ofOldGenerations(number, this.context.engine().publish().keepGenerations());
    this.ensureViews(wanted);
    for (Publication publication : this.star.publications()) {
      Set<String> used = this.leftovers.usedTables(publication);
      new DataTable(this.star, publication)
          .existing(this.clickHouse).keySet().stream()
              .filter(table -> !used.contains(table))
              .forEach(this.leftovers::drop);
    }
  }

  private void move(String name) {
    this.moves.accept(name);
  }
}
