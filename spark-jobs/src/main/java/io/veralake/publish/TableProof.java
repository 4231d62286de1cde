package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.publish.Contents.Content;
import io.veralake.publish.Ledger.Entry;
import io.veralake.publish.Ledger.Generation;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Compares one table of a generation, as readers get it, with the mart that it was made from. */
final class TableProof {
  /** What ClickHouse says if a table, view or column isn't there; the rows may all be. */
  private static final Set<Integer> GONE = Set.of(16, 46, 47, 60, 81, 456);

  /** What says nothing about the table: account, memory, time, too much at once. */
  private static final Set<Integer> NOT_THE_TABLE =
      Set.of(-1, 159, 160, 164, 193, 194, 202, 209, 210, 241, 394, 497, 516);

  private final RunContext context;
  private final Star star;
  private final ClickHouse clickHouse;
  private final Generation generation;
  private final Publication publication;

  TableProof(
      RunContext context,
      Star star,
      ClickHouse clickHouse,
      Generation generation,
      Publication publication) {
    this.context = context;
    this.star = star;
    this.clickHouse = clickHouse;
    this.generation = generation;
    this.publication = publication;
  }

  /**
   * Compares the partitions {@code some} (null: all); {@code shown}: readers see this generation.
   */
  Verified.Table of(boolean shown, @Nullable Set<List<String>> some) {
    Lake lake = this.context.lake();
    Mart mart = this.publication.mart();
    Entry entry = this.generation.entries().get(this.publication.name());
    if (entry == null) {
      return Verified.Table.unknown(
          this.publication.name(),
          mart.name(),
          0,
          "generation " + this.generation.number() + " doesn't have it");
    }
    Verified.Table table =
        Verified.Table.equal(this.publication.name(), mart.name(), entry.snapshot());
    if (some != null && some.isEmpty()) {
      return table;
    }
    if (!MartRows.known(lake, mart, entry.snapshot())) {
      return Verified.Table.unknown(
          this.publication.name(),
          mart.name(),
          entry.snapshot(),
          Generations.expired(mart, entry.snapshot()));
    }
    List<Column> columns = this.comparable(entry);
    Map<List<String>, Content> truth =
        new Contents(this.publication, columns)
            .iceberg(
                some == null
                    ? MartRows.at(lake, mart, entry.snapshot())
                    : MartRows.at(lake, mart, entry.snapshot(), some));
    Verified.Table sized =
        table.sized(
            some == null ? truth.size() : some.size(),
            truth.values().stream().mapToLong(content -> content.sums().count()).sum());
    try {
      return this.compared(sized, entry, columns, truth, this.view(shown), some);
    } catch (DataException e) {
      int code = ClickHouse.errorCode(e);
      if (NOT_THE_TABLE.contains(code)) {
        throw e;
      }
      return sized.broken(
          GONE.contains(code) ? Set.of() : truth.keySet(),
          "readers get an error: " + e.getMessage());
    }
  }

  private String view(boolean shown) {
    return shown
        ? this.star.inPublic(this.publication.name())
        : this.star.inData(Star.at(this.publication))
            + "(generation = "
            + this.generation.number()
            + ")";
  }

  private Verified.Table compared(
      Verified.Table table,
      Entry entry,
      List<Column> columns,
      Map<List<String>, Content> truth,
      String view,
      @Nullable Set<List<String>> some) {
    Map<List<String>, Content> served =
        new Contents(this.publication, columns)
            .view(
                this.clickHouse,
                view,
                some == null
                    ? "true"
                    : new PartitionText(this.publication.mart()).clickHouseFilter(some));
    Map<List<String>, String> differences = Verification.differences(truth, served);
    if (differences.isEmpty()) {
      return table;
    }
    Set<List<String>> all = new HashSet<>(truth.keySet());
    all.addAll(served.keySet());
    DifferingKeys keys = new DifferingKeys(this.context, this.publication, columns);
    List<String> named = new ArrayList<>();
    differences.keySet().stream()
        .limit(DifferingKeys.MOST_PARTITIONS)
        .forEach(
            partition ->
                named.addAll(
                    keys.in(
                        partition,
                        this.rows(entry, partition),
                        this.clickHouse,
                        view,
                        larger(truth.get(partition), served.get(partition)))));
    return table
        .sized(some == null ? all.size() : some.size(), table.rows())
        .differing(differences, named);
  }

  private Dataset<Row> rows(Entry entry, List<String> partition) {
    return MartRows.at(
        this.context.lake(), this.publication.mart(), entry.snapshot(), Set.of(partition));
  }

  private static Content larger(@Nullable Content one, @Nullable Content other) {
    if (one == null || other == null) {
      return Objects.requireNonNull(one == null ? other : one);
    }
    return one.sums().count() >= other.sums().count() ? one : other;
  }

  /**
   * The columns that the generation's table has as they are declared today. A view shows the others
   * converted, which Iceberg's rows aren't. All of them if the table is gone.
   */
  private List<Column> comparable(Entry entry) {
    DataTable table = new DataTable(this.star, this.publication);
    Map<String, List<String>> layouts = new HashMap<>(table.existing(this.clickHouse));
    List<String> layout = layouts.getOrDefault(entry.dataTable(), table.layout());
    Map<String, String> types = table.types();
    return this.publication.mart().columns().stream()
        .filter(
            column ->
                layout.contains(Sql.identifier(column.name()) + " " + types.get(column.name())))
        .toList();
  }
}
