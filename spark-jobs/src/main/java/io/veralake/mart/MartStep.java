package io.veralake.mart;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Brings a mart to the state of its inputs. */
public final class MartStep {
  /** Summary property, after {@link Positions#PREFIX}: fingerprint of the declaration that the rows were made by. */
  static final String DEFINITION = "definition";

  /** What a build does, in order; tests stop it after each. */
  enum Move {
    BRANCHED,
    WRITTEN,
    CHECKED,
    PUBLISHED
  }

  private final RunContext context;
  private final Mart mart;
  private final Consumer<Move> after;

  private MartStep(RunContext context, Mart mart, Consumer<Move> after) {
    this.context = context;
    this.mart = mart;
    this.after = after;
  }

  /**
   * Builds {@code mart} from its inputs as they stand; costs what changed since its last build.
   *
   * @throws io.veralake.lake.GateException if a check stops it; what readers see is then unchanged
   */
  public static Built run(RunContext context, Mart mart) {
    return run(context, mart, move -> {});
  }

  static Built run(RunContext context, Mart mart, Consumer<Move> after) {
    return new MartStep(context, mart, after).build();
  }

  private Built build() {
    Lake lake = this.context.lake();
    Map<String, Input> inputs = new LinkedHashMap<>();
    this.mart.reads().forEach(name -> inputs.put(name, Input.now(this.context, this.mart, name)));
    MartTable table = new MartTable(lake, this.mart);
    table.ensure();
    Positions before = table.positions();
    if (inputs.values().stream().noneMatch(input -> input.changedSince(before))
        && before.value(DEFINITION).isPresent()) {
      return new Built(table.name(), 0, 0, List.of());
    }
    Views views = new Views(this.context, inputs);
    Dataset<Row> rows = lake.spark().sql(views.query(this.mart.sql()));
    Audit audit = new Audit(this.context, this.mart);
    Checked columns = audit.columns(rows);
    if (columns.stops()) {
      CheckLog.settle(this.context, this.mart, List.of(columns));
    }
    table.branch();
    this.after.accept(Move.BRANCHED);
    table.overwrite(rows, functions.lit(true), this.context.runId(), positions(inputs));
    this.after.accept(Move.WRITTEN);
    List<Checked> checks =
        audit.rows(views.with("this", "SELECT * FROM " + lake.sqlName(table.name()) + " VERSION AS OF '" + MartTable.AUDIT + "'"));
    CheckLog.settle(this.context, this.mart, checks);
    this.after.accept(Move.CHECKED);
    long added = table.addedRows();
    table.publish();
    this.after.accept(Move.PUBLISHED);
    return new Built(table.name(), 1, added, checks);
  }

  private static Map<String, String> positions(Map<String, Input> inputs) {
    Map<String, String> result = new LinkedHashMap<>();
    inputs.values().forEach(input -> input.snapshot().ifPresent(id -> result.put(Positions.READ + input.table(), Long.toString(id))));
    result.put(Positions.PREFIX + DEFINITION, "1");
    return result;
  }
}
