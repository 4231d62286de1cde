package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.publish.DataTable.Choice;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.Ledger.Generation;
import io.veralake.publish.Ledger.Pointer;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What the next publication of a star would show. Finding it changes nothing. */
final class StarPlan {
  private final RunContext context;
  private final Star star;
  private final ClickHouse clickHouse;
  private final Generation current;
  private final Map<String, Set<List<String>>> wrong;
  private final Map<String, Choice> choices = new LinkedHashMap<>();
  private final Map<String, Entry> wanted = new LinkedHashMap<>();

  private StarPlan(RunContext context, Star star, ClickHouse clickHouse, Generation current) {
    this.context = context;
    this.star = star;
    this.clickHouse = clickHouse;
    this.current = current;
    this.wrong = new VerificationLog(context, star.name()).differing(current.number());
  }

  /** What follows {@code current}: the marts as they stand. */
  static StarPlan after(Generation current, RunContext context, Star star, ClickHouse clickHouse) {
    StarPlan plan = new StarPlan(context, star, clickHouse, current);
    star.publications().forEach(plan::want);
    return plan;
  }

  private void want(Publication publication) {
    String mart = "mart." + publication.mart().name();
    OptionalLong snapshot = this.context.lake().snapshot(mart);
    if (snapshot.isEmpty()) {
      throw new DataException(
          "Missing rows of "
              + mart
              + ", which star "
              + this.star.name()
              + " publishes (run veralake mart first)");
    }
    Choice choice =
        new DataTable(this.star, publication)
            .choose(
                this.clickHouse,
                Optional.ofNullable(this.current.entries().get(publication.name()))
                    .map(Entry::dataTable));
    this.choices.put(publication.name(), choice);
    this.wanted.put(
        publication.name(),
        new Entry(snapshot.getAsLong(), choice.table(), Watermarks.of(this.context, publication)));
  }

  /** What readers are to see, by publication: snapshots, tables and watermarks. */
  Map<String, Entry> wanted() {
    return this.wanted;
  }

  /** Whether readers see it already. */
  boolean isDone() {
    return this.current.number() > 0 && !this.mends() && this.current.entries().equals(this.wanted);
  }

  /**
   * Whether readers don't see what was published: a verification found it, or a table is gone that
   * they are shown.
   */
  boolean mends() {
    return !this.wrong.isEmpty()
        || this.current.entries().entrySet().stream()
            .anyMatch(
                entry -> {
                  Choice choice = this.choices.get(entry.getKey());
                  return choice != null
                      && choice.made()
                      && choice.table().equals(entry.getValue().dataTable());
                });
  }

  /** Its name: the same for the same marts, declarations and generation before it. */
  PlanId id() {
    return PlanId.of(this.star, this.current.number(), this.wanted);
  }

  /** The name of the plan that led to what readers see, if that is what the marts hold. */
  PlanId doneId() {
    return PlanId.of(this.star, this.current.parent(), this.wanted);
  }

  /** The generation that it follows. */
  Generation current() {
    return this.current;
  }

  /** A digest of how a table is declared. */
  String declaration(String name) {
    return this.star.publications().stream()
        .filter(publication -> publication.name().equals(name))
        .map(publication -> PlanId.declaration(this.star, publication))
        .findFirst()
        .orElseThrow();
  }

  /** What is to be done for each table; {@code pointers} are those of the current generation. */
  List<PlannedTable> tables(List<Pointer> pointers) {
    List<PlannedTable> tables = new ArrayList<>();
    for (Publication publication : this.star.publications()) {
      tables.add(
          PlannedTable.of(
              this.context,
              this.star,
              publication,
              this.clickHouse,
              Objects.requireNonNull(this.wanted.get(publication.name())),
              this.current.entries().get(publication.name()),
              pointers,
              this.wrong.getOrDefault(publication.name(), Set.of())));
    }
    return tables;
  }

  /** Makes or widens the data tables that it needs. */
  void makeTables() {
    for (Publication publication : this.star.publications()) {
      new DataTable(this.star, publication)
          .make(this.clickHouse, Objects.requireNonNull(this.choices.get(publication.name())));
    }
  }
}
