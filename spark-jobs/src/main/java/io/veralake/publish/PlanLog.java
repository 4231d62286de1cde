package io.veralake.publish;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.TableChange.RowChange;
import io.veralake.spec.Publication;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The table {@code ops.plans}: what publications would have changed, a row a table. */
final class PlanLog {
  /** Its name. */
  static final String TABLE = "ops.plans";

  /** What became of a plan. */
  enum State {
    /** It was shown. */
    PLANNED,
    /** It was over a limit, and wasn't published. */
    STOPPED,
    /** Somebody approved it, and it was to be published. */
    APPROVED
  }

  private static final String AMOUNTS = "map<string,decimal(38," + Publication.MEASURE_SCALE + ")>";
  private static final StructType TYPE =
      StructType.fromDDL(
          "run_id string, as_of timestamp, plan_id string, state string, star string, generation bigint,"
              + " publication string, mart string, mart_snapshot bigint, declaration string,"
              + " rows_before bigint, rows_after bigint, rows_added bigint, rows_removed bigint, rows_changed bigint,"
              + " partitions_before bigint, partitions_after bigint, partitions_touched bigint, partitions_emptied bigint,"
              + " measures_before "
              + AMOUNTS
              + ", measures_after "
              + AMOUNTS
              + ", measures_moved "
              + AMOUNTS
              + ", exceeded array<string>");

  private final RunContext context;

  PlanLog(RunContext context) {
    this.context = context;
  }

  /** Appends what {@code shown} says of the tables of {@code plan}. */
  void write(State state, StarPlan plan, PublicationPlan shown) {
    Lake lake = this.context.lake();
    if (!lake.exists(TABLE)) {
      lake.spark().sql("CREATE NAMESPACE IF NOT EXISTS " + lake.sqlName("ops"));
      lake.spark()
          .sql(
              "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg"
                  .formatted(lake.sqlName(TABLE), TYPE.toDDL()));
    }
    List<Row> rows =
        shown.tables().stream().map(table -> this.row(state, plan, shown, table)).toList();
    lake.append(
        lake.spark().createDataFrame(rows, TYPE).coalesce(1),
        TABLE,
        this.context.runId(),
        Map.of());
  }

  private Row row(State state, StarPlan plan, PublicationPlan shown, TableChange table) {
    RowChange rows = Objects.requireNonNull(table.rows());
    Entry entry = Objects.requireNonNull(plan.wanted().get(table.name()));
    return RowFactory.create(
        this.context.runId(),
        Timestamp.from(this.context.asOf()),
        shown.id().toString(),
        state.name().toLowerCase(Locale.ROOT),
        shown.id().star(),
        shown.id().generation(),
        table.name(),
        table.mart(),
        entry.snapshot(),
        plan.declaration(table.name()),
        table.before().rows(),
        table.after().rows(),
        rows.added(),
        rows.removed(),
        rows.changed(),
        (long) table.before().partitions(),
        (long) table.after().partitions(),
        (long) table.partitions().size(),
        table.emptied(),
        amounts(table.before().totals(), measure -> table.before().totals().get(measure)),
        amounts(table.after().totals(), measure -> table.after().totals().get(measure)),
        amounts(table.after().totals(), table::moved),
        shown.excesses().stream()
            .filter(excess -> excess.table().equals(table.name()))
            .map(excess -> excess.found() + " (limits." + excess.limit() + ")")
            .toArray(String[]::new));
  }

  private static scala.collection.Map<String, BigDecimal> amounts(
      Map<String, BigDecimal> measures, Function<String, @Nullable BigDecimal> amount) {
    Map<String, BigDecimal> amounts = new LinkedHashMap<>();
    for (String measure : measures.keySet()) {
      amounts.put(
          measure,
          Objects.requireNonNull(amount.apply(measure))
              .setScale(Publication.MEASURE_SCALE, RoundingMode.UNNECESSARY));
    }
    return scala.jdk.javaapi.CollectionConverters.asScala(amounts);
  }

  /** In what the plan that was called {@code other} differs from {@code plan}. */
  List<String> differences(PlanId other, StarPlan plan) {
    List<String> differences = new ArrayList<>();
    if (other.generation() != plan.id().generation()) {
      differences.add(
          "it followed generation "
              + other.generation()
              + ", readers see generation "
              + plan.id().generation());
    }
    Map<String, Row> planned = this.planned(other);
    if (planned.isEmpty()) {
      differences.add("no plan of this name was ever shown here: what it held isn't known");
      return differences;
    }
    plan.wanted()
        .forEach(
            (name, entry) -> {
              Row was = planned.remove(name);
              if (was == null) {
                differences.add(name + " is new");
              } else if (was.getLong(1) != entry.snapshot()) {
                differences.add(
                    name
                        + ": the mart was at snapshot "
                        + was.getLong(1)
                        + ", now it is at "
                        + entry.snapshot());
              } else if (!plan.declaration(name).equals(was.getString(2))) {
                differences.add(name + ": its declaration is another one");
              }
            });
    planned.keySet().forEach(name -> differences.add(name + " isn't published any more"));
    return differences;
  }

  /** Rows of the plan, at most one a table. */
  private Map<String, Row> planned(PlanId id) {
    Map<String, Row> rows = new TreeMap<>();
    if (this.context.lake().exists(TABLE)) {
      this.context
          .lake()
          .rows(TABLE)
          .where(col("plan_id").equalTo(id.toString()))
          .select("publication", "mart_snapshot", "declaration")
          .distinct()
          .collectAsList()
          .forEach(row -> rows.put(row.getString(0), row));
    }
    return rows;
  }
}
