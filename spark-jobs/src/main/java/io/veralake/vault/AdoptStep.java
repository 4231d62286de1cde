package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.veralake.catalog.Positions;
import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Bridge;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateProperties;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Takes over a vault table that another tool filled: checks that its columns and hashes are the
 * declared ones, adds what a satellite lacks, and says in its properties that it is Veralake's from
 * now on. The properties come last: killed before, it is repeated as if nothing had happened.
 */
public final class AdoptStep {
  private final RunContext context;
  private final VaultTable table;
  private final Lake lake;
  private final HashText hash;
  private final VaultTables tables;
  private final String name;

  private AdoptStep(RunContext context, VaultTable table) {
    this.context = context;
    this.table = table;
    this.lake = context.lake();
    this.hash = new HashText(context.engine().hash());
    this.tables = new VaultTables(this.lake, this.hash);
    this.name = VaultTables.name(table);
  }

  /** Adopts {@code table}; does nothing if it isn't there or is Veralake's already. */
  public static Adopted run(RunContext context, VaultTable table) {
    return new AdoptStep(context, table).adopt();
  }

  private Adopted adopt() {
    if (!this.lake.exists(this.name)
        || this.lake.table(this.name).properties().containsKey(HashText.VERSION_PROPERTY)) {
      return new Adopted(this.table.name(), 0, 0, 0, 0);
    }
    Set<String> missing = this.missing();
    Optional<Dataset<Row>> hashed = new StoredHashes(this.lake, this.hash).of(this.table);
    long checked = 0;
    long different = 0;
    if (hashed.isPresent()) {
      Column differs = col(StoredHashes.FOUND).eqNullSafe(col(StoredHashes.COMPUTED)).unary_$bang();
      Dataset<Row> own = hashed.get().filter(not(this.hash.isGhost(col(this.table.hashKey()))));
      Row counts = own.agg(count(lit(1)), count_if(differs)).first();
      checked = counts.getLong(0);
      different = counts.getLong(1);
      this.checkHashes(checked, different, own.filter(differs));
    }
    this.complete(missing);
    this.keepGhosts();
    long ties = this.ties();
    Table stored = this.lake.table(this.name);
    UpdateProperties properties = stored.updateProperties();
    String order =
        SourceOrder.of(this.table, new VaultViews(this.context.model()))
            .map(SourceOrder::word)
            .orElse("");
    this.tables.properties(this.table, order).forEach(properties::set);
    properties.commit();
    return new Adopted(
        this.table.name(), this.lake.rows(this.name).count(), checked, different, ties);
  }

  /** Columns that the table lacks and that can be filled. */
  private Set<String> missing() {
    boolean another =
        VaultTables.events(this.table)
            || this.table instanceof Pit
            || this.table instanceof Bridge
            || this.table instanceof Satellite satellite
                && !(satellite.form() instanceof SatelliteForm.Plain);
    if (another) {
      throw this.refused(
          "it is of another family",
          "hubs, links and satellites; drop it, and a load makes it from raw");
    }
    if (this.table instanceof Satellite
        && new VaultViews(this.context.model()).orderedByPosition(this.table)) {
      throw this.refused(
          "its rows have no position that orders them", "with order = applied-time in its model");
    }
    StructType stored = this.lake.rows(this.name).schema();
    Set<String> fillable = new TreeSet<>();
    if (this.table instanceof Satellite) {
      fillable.add(this.table.names().appliedTime());
      fillable.add(this.table.names().deleted());
      fillable.addAll(this.table.names().position());
    }
    Set<String> missing = new TreeSet<>();
    this.tables
        .types(this.table)
        .forEach(
            (column, type) -> {
              Optional<DataType> found = VaultTables.type(stored, column);
              if (found.isEmpty() && fillable.contains(column)) {
                missing.add(column);
              } else if (found.filter(known -> VaultTables.same(known, type)).isEmpty()) {
                throw this.refused(
                    "its column %s is %s"
                        .formatted(column, found.map(DataType::sql).orElse("missing")),
                    type + ", as its model and veralake.vault.hash-form say");
              }
            });
    return missing;
  }

  /** Says which of the declared ghost records are there, so that no load adds them again. */
  private void keepGhosts() {
    String held =
        this.table.rules().ghosts().keySet().stream()
            .filter(
                ghost ->
                    !this.lake
                        .rows(this.name)
                        .filter(col(this.table.hashKey()).equalTo(expr(this.hash.ghostKey(ghost))))
                        .isEmpty())
            .map(Enum::name)
            .sorted()
            .collect(Collectors.joining(","));
    if (!held.isEmpty()) {
      this.lake.advance(
          this.name, this.context.runId(), Map.of(Positions.PREFIX + GhostRows.GHOSTS, held));
    }
  }

  private void checkHashes(long checked, long different, Dataset<Row> examples) {
    boolean wrong =
        this.table instanceof Satellite ? different == checked && checked > 0 : different > 0;
    if (wrong) {
      Row first =
          examples
              .select(
                  hex(col(StoredHashes.FOUND).cast("binary")),
                  hex(col(StoredHashes.COMPUTED).cast("binary")))
              .first();
      throw this.refused(
          "%d of %d hashes aren't those of the declared text; one is %s, computed %s"
              .formatted(different, checked, first.get(0), first.get(1)),
          "the text, algorithm, columns and their order with which it was filled; declared: %s %s"
              .formatted(this.hash.rules().algorithm(), this.hash.rules().version()));
    }
  }

  private void complete(Set<String> missing) {
    if (missing.isEmpty()) {
      return;
    }
    Map<String, String> types = this.tables.types(this.table);
    List<String> added = new ArrayList<>();
    Map<String, String> filled = new LinkedHashMap<>();
    String applied = this.table.names().appliedTime();
    for (String column : missing) {
      added.add("`" + column + "` " + types.get(column));
    }
    if (missing.contains(applied)) {
      filled.put(applied, "`" + this.table.names().loadTime() + "`");
    }
    if (missing.contains(this.table.names().deleted())) {
      filled.put(this.table.names().deleted(), "false");
    }
    String sqlName = this.lake.sqlName(this.name);
    this.lake
        .spark()
        .sql("ALTER TABLE %s ADD COLUMNS (%s)".formatted(sqlName, String.join(", ", added)));
    this.lake.table(this.name);
    if (!filled.isEmpty()) {
      this.lake
          .spark()
          .sql(
              filled.entrySet().stream()
                  .map(value -> "`" + value.getKey() + "` = " + value.getValue())
                  .collect(Collectors.joining(", ", "UPDATE " + sqlName + " SET ", "")));
    }
  }

  private long ties() {
    if (!(this.table instanceof Satellite)) {
      return 0;
    }
    return this.lake
        .rows(this.name)
        .groupBy(col(this.table.hashKey()), col(this.table.names().appliedTime()))
        .count()
        .filter(col("count").gt(1))
        .select(this.table.hashKey())
        .distinct()
        .count();
  }

  private DataException refused(String why, String allowed) {
    return new DataException("Cannot adopt %s: %s (%s)".formatted(this.name, why, allowed));
  }
}
