package io.veralake.mart;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Mart;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows that a mart had, made anew from what its inputs were then. */
public final class MartAt {
  private final RunContext context;
  private final Mart mart;
  private final Map<String, Long> inputs;

  /**
   * The mart as of {@code inputs}: snapshots by {@code namespace.table}; an input that isn't named
   * had no rows.
   */
  public MartAt(RunContext context, Mart mart, Map<String, Long> inputs) {
    this.context = context;
    this.mart = mart;
    this.inputs = Map.copyOf(inputs);
  }

  /** Whether the mart is declared as it was when its declaration had fingerprint {@code then}. */
  public static boolean isDeclared(Mart mart, String then) {
    return Definition.of(mart).equals(then);
  }

  /** Inputs whose snapshots aren't there any more, each {@code namespace.table at snapshot}. */
  public List<String> expired() {
    List<String> expired = new ArrayList<>();
    Lake lake = this.context.lake();
    for (String name : this.mart.reads()) {
      String table = this.table(name);
      Long snapshot = this.inputs.get(table);
      if (snapshot != null
          && (!lake.exists(table) || lake.table(table).snapshot(snapshot) == null)) {
        expired.add(table + " at " + snapshot);
      }
    }
    return expired;
  }

  /** The rows that the mart's query gives. */
  public Dataset<Row> rows() {
    Lake lake = this.context.lake();
    Map<String, Input> known = new LinkedHashMap<>();
    Map<String, String> empty = new LinkedHashMap<>();
    for (String name : this.mart.reads()) {
      String table = this.table(name);
      Long snapshot = this.inputs.get(table);
      if (snapshot != null) {
        known.put(name, new Input(name, table, this.vault(name), OptionalLong.of(snapshot), 0));
      } else if (lake.exists(table)) {
        empty.put(name, "SELECT * FROM " + lake.sqlName(table) + " LIMIT 0");
      } else {
        throw new DataException(
            "Cannot rebuild mart.%s: missing table %s".formatted(this.mart.name(), table));
      }
    }
    Views views = new Views(this.context, known);
    for (Map.Entry<String, String> none : empty.entrySet()) {
      views = views.with(none.getKey(), none.getValue());
    }
    return lake.spark().sql(views.query(this.mart.sql()));
  }

  private String table(String name) {
    return this.vault(name).isPresent() ? "vault." + name : MartTable.name(name);
  }

  private Optional<VaultTable> vault(String name) {
    return this.context.model().vault().stream()
        .filter(table -> table.name().equals(name))
        .findFirst();
  }
}
