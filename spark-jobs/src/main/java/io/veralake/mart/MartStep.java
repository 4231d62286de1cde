package io.veralake.mart;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Brings a mart to the state of its inputs. */
public final class MartStep {
  /**
   * Summary property, after {@link Positions#PREFIX}: fingerprint of the declaration that the rows
   * were made by.
   */
  static final String DEFINITION = "definition";

  /**
   * An input of fewer rows is read as it is: looking for the rows that are needed would take
   * longer.
   */
  static final long SMALL_ROWS = 100_000;

  /** What a build does, in order; tests stop it after each. */
  enum Move {
    BRANCHED,
    WRITTEN,
    CHECKED,
    PUBLISHED
  }

  private final RunContext context;
  private final Mart mart;
  private final long smallRows;
  private final Consumer<Move> after;

  private MartStep(RunContext context, Mart mart, long smallRows, Consumer<Move> after) {
    this.context = context;
    this.mart = mart;
    this.smallRows = smallRows;
    this.after = after;
  }

  /**
   * Builds {@code mart} from its inputs as they stand; costs what changed since its last build.
   *
   * @throws io.veralake.lake.GateException if a check stops it; what readers see is then unchanged
   */
  public static Built run(RunContext context, Mart mart) {
    return run(context, mart, SMALL_ROWS, move -> {});
  }

  static Built run(RunContext context, Mart mart, long smallRows, Consumer<Move> after) {
    return new MartStep(context, mart, smallRows, after).build();
  }

  private Built build() {
    Lake lake = this.context.lake();
    Map<String, Input> inputs = new LinkedHashMap<>();
    this.mart.reads().forEach(name -> inputs.put(name, Input.now(this.context, this.mart, name)));
    new TableShape(lake, this.mart).ensure();
    MartTable table = new MartTable(lake, this.mart.name());
    Positions before = table.positions();
    boolean defined = before.value(DEFINITION).filter(Definition.of(this.mart)::equals).isPresent();
    if (defined && inputs.values().stream().noneMatch(input -> input.changedSince(before))) {
      return this.unchanged(table, inputs);
    }
    Views views =
        new Views(this.context, inputs).with("this", "SELECT * FROM " + lake.sqlName(table.name()));
    try (Scratch scratch = new Scratch(lake, this.mart)) {
      Dataset<Row> query = lake.spark().sql(views.query(this.mart.sql()));
      this.stopUnlessDeclared(query);
      Rebuild rebuild =
          defined
              ? new Increment(this.context, this.mart, views, query, scratch)
                  .since(before, this.large(inputs), inputs.values())
              : new Rebuild(query, PartitionSet.ALL);
      if (rebuild.partitions().count() == 0) {
        Built unchanged = this.unchanged(table, inputs);
        table.advance(this.context.runId(), this.positions(inputs));
        return unchanged;
      }
      return this.commit(table, rebuild, views, this.positions(inputs));
    }
  }

  /** The mart stays as it is; time may still tell against it. */
  private Built unchanged(MartTable table, Map<String, Input> inputs) {
    String standing = "SELECT * FROM " + this.context.lake().sqlName(table.name());
    Views views = new Views(this.context, inputs).with("this", standing).with("whole", standing);
    List<Checked> checks = new Audit(this.context, this.mart).inTime(views);
    if (!checks.isEmpty()) {
      CheckLog.settle(this.context, this.mart, checks);
    }
    return new Built(table.name(), 0, 0, checks);
  }

  private void stopUnlessDeclared(Dataset<Row> query) {
    Checked columns = new Audit(this.context, this.mart).columns(query);
    if (columns.stops()) {
      CheckLog.settle(this.context, this.mart, List.of(columns));
    }
  }

  private Built commit(
      MartTable table, Rebuild rebuild, Views views, Map<String, String> positions) {
    String partitions = rebuild.partitions().condition();
    table.branch();
    this.after.accept(Move.BRANCHED);
    table.overwrite(rebuild.rows(), functions.expr(partitions), this.context.runId(), positions);
    this.after.accept(Move.WRITTEN);
    String whole =
        "SELECT * FROM %s VERSION AS OF '%s'"
            .formatted(this.context.lake().sqlName(table.name()), MartTable.AUDIT);
    List<Checked> checks =
        new Audit(this.context, this.mart)
            .rows(views.with("this", whole + " WHERE " + partitions).with("whole", whole));
    CheckLog.settle(this.context, this.mart, checks);
    this.after.accept(Move.CHECKED);
    long added = table.addedRows();
    table.publish();
    this.after.accept(Move.PUBLISHED);
    return new Built(table.name(), rebuild.partitions().count(), added, checks);
  }

  private Set<String> large(Map<String, Input> inputs) {
    return inputs.values().stream()
        .filter(input -> input.rows() >= this.smallRows)
        .map(Input::name)
        .collect(Collectors.toSet());
  }

  private Map<String, String> positions(Map<String, Input> inputs) {
    Map<String, String> result = new LinkedHashMap<>();
    for (Input input : inputs.values()) {
      input
          .snapshot()
          .ifPresent(id -> result.put(Positions.READ + input.table(), Long.toString(id)));
    }
    result.put(Positions.PREFIX + DEFINITION, Definition.of(this.mart));
    return result;
  }
}
