package io.veralake.lineage;

import io.veralake.lake.FormColumns;
import io.veralake.lake.VaultColumns;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StructType;

/**
 * What every vault table and mart of a model depends on.
 *
 * @param tables by {@code namespace.table}, in the model's order
 * @param problems by the same name: why Spark can't make sense of a mart's SQL
 */
public record ModelLineage(Map<String, TableLineage> tables, Map<String, String> problems) {
  /** Copies the maps. */
  public ModelLineage {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    problems = Collections.unmodifiableMap(new TreeMap<>(problems));
  }

  /**
   * Finds it out on a session like {@code spark}, which reads no table.
   *
   * @param hash SQL type of the vault's hashes
   */
  public static ModelLineage of(Model model, String hash, SparkSession spark) {
    Finder finder = new Finder(model, spark.newSession());
    model.vault().forEach(table -> finder.vault(table, hash));
    model.marts().forEach(finder::mart);
    return new ModelLineage(finder.found, finder.problems);
  }

  /** Looks at one table after the other; each is a view for those after it. */
  private static final class Finder {
    private final SparkSession spark;
    private final VaultViews views;
    private final String queries;
    private final Map<String, Map<String, Origin>> relations = new HashMap<>();
    private final Map<String, TableLineage> found = new LinkedHashMap<>();
    private final Map<String, String> problems = new TreeMap<>();

    Finder(Model model, SparkSession spark) {
      this.spark = spark;
      this.views = new VaultViews(model);
      this.queries =
          model.marts().stream()
              .map(Mart::sql)
              .collect(Collectors.joining("\n"))
              .toLowerCase(Locale.ROOT);
    }

    void vault(VaultTable table, String hash) {
      String name = "vault." + table.name();
      this.found.put(name, VaultLineage.of(table));
      Map<String, String> types = VaultColumns.types(table, hash);
      Map<String, Origin> columns = new HashMap<>();
      types.keySet().forEach(column -> columns.put(lower(column), column(name, column)));
      if (table instanceof Satellite satellite && satellite.form() instanceof SatelliteForm.Sets) {
        columns.put(FormColumns.MEMBERS, members(name, satellite));
      }
      this.relation(table.name(), schema(types), columns);
      if (table instanceof Satellite satellite && satellite.versions()) {
        this.view(table.name() + VaultViews.HISTORY, this.views.history(satellite, table.name()));
        this.view(table.name() + VaultViews.CURRENT, this.views.current(satellite, table.name()));
      }
    }

    void mart(Mart mart) {
      String name = "mart." + mart.name();
      try {
        LogicalPlan plan = analysed(this.spark.sql(mart.sql()));
        QueryLineage query = new QueryLineage(this.relations);
        Map<String, Origin> given = query.columns(plan);
        Map<String, Set<Dependency>> columns = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Column column : mart.columns()) {
          Origin origin = given.get(lower(column.name()));
          if (origin == null) {
            missing.add(column.name());
          } else {
            columns.put(column.name(), origin.all());
          }
        }
        this.found.put(name, new TableLineage(name, columns, query.rows()));
        if (!missing.isEmpty()) {
          this.problems.put(name, "The SQL gives no column " + String.join(", ", missing));
        }
      } catch (Exception e) {
        // Spark's exceptions of SQL are checked ones that its API doesn't declare.
        this.problems.put(
            name, String.valueOf(e.getMessage()).strip().lines().limit(1).findFirst().orElse(""));
        this.found.put(name, new TableLineage(name, Map.of(), Set.of()));
      }
      Map<String, String> types = new LinkedHashMap<>();
      Map<String, Origin> columns = new HashMap<>();
      for (Column column : mart.columns()) {
        types.put(column.name(), column.type().sql());
        columns.put(lower(column.name()), column(name, column.name()));
      }
      this.relation(mart.name(), schema(types), columns);
    }

    /** What a satellite's view shows; what it hides and how it finds versions isn't followed. */
    private void view(String name, String sql) {
      if (!this.queries.contains(lower(name))) {
        return;
      }
      Dataset<Row> rows = this.spark.sql(sql);
      Map<String, Origin> columns = new HashMap<>();
      new QueryLineage(this.relations)
          .columns(analysed(rows))
          .forEach((column, origin) -> columns.put(column, origin.directly()));
      this.relation(name, rows.schema(), columns);
    }

    private void relation(String name, StructType schema, Map<String, Origin> columns) {
      this.relations.put(lower(name), columns);
      this.spark.createDataFrame(List.of(), schema).createOrReplaceTempView(name);
    }

    private static Origin column(String table, String column) {
      return Origin.of(new ColumnRef(table, column));
    }

    private static Origin members(String table, Satellite satellite) {
      Map<String, Origin> fields = new LinkedHashMap<>();
      for (Column column : satellite.payload()) {
        fields.put(lower(column.name()), column(table, VaultLineage.member(column.name())));
      }
      return Origin.struct(fields);
    }

    private static StructType schema(Map<String, String> types) {
      return StructType.fromDDL(
          types.entrySet().stream()
              .map(column -> "`" + column.getKey() + "` " + column.getValue())
              .collect(Collectors.joining(", ")));
    }

    private static LogicalPlan analysed(Dataset<Row> rows) {
      return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
    }

    private static String lower(String name) {
      return name.toLowerCase(Locale.ROOT);
    }
  }
}
