package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.LandStep;
import io.veralake.mart.MartStep;
import io.veralake.publish.PublishStep;
import io.veralake.publish.ReproduceStep;
import io.veralake.publish.ReproduceStep.Target;
import io.veralake.publish.ReproduceStep.Wanted;
import io.veralake.publish.Reproduced;
import io.veralake.publish.Reproduced.Source;
import io.veralake.spec.Configured;
import io.veralake.spec.LandTable;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.ModelReader;
import io.veralake.spec.Publication;
import io.veralake.spec.VaultTable;
import io.veralake.vault.VaultStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Four nights of the library with late loans and corrections in between, of which ClickHouse
 * remembers two; each generation is made again, row by row what it was, as long as its snapshots
 * are there.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ReproduceIT {
  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final int NIGHTS = 4;

  /** What was published: by generation, then table, the rows as sorted texts. */
  private static final Map<Long, Map<String, List<String>>> PUBLISHED = new TreeMap<>();

  @BeforeAll
  static void fourNights() {
    for (int day = 1; day <= NIGHTS; day++) {
      RunContext run = run(day);
      for (LandTable table : run.model().land()) {
        LandStep.run(run, table);
      }
      for (VaultTable table : run.model().vault()) {
        VaultStep.run(run, table);
      }
      for (Mart mart : run.model().marts()) {
        MartStep.run(run, mart);
      }
      long generation = PublishStep.run(run, "library").generation();
      Map<String, List<String>> tables = new TreeMap<>();
      for (Publication publication : run.model().publications()) {
        tables.put(publication.name(), texts(run.lake().rows("mart." + publication.mart().name())));
      }
      PUBLISHED.put(generation, tables);
    }
  }

  private static RunContext run(int day) {
    Configured configured =
        ModelReader.read(
            LibraryBooks.EXAMPLE.resolve("conf"),
            "local",
            Map.of(
                "VERALAKE_INPUT", "data/day" + day, "VERALAKE_CLICKHOUSE_URL", CLICKHOUSE.url()));
    return new RunContext(
        "library-" + day,
        Instant.parse("2026-05-0%dT00:00:00Z".formatted(day + 1)),
        LAKE.lake(),
        configured.engine(),
        configured.model());
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static Reproduced reproduce(Wanted wanted) {
    return ReproduceStep.run(run(NIGHTS), "library", wanted, new ReproduceCommand.FromMarts());
  }

  private static Wanted wanted(long generation, Source source, @Nullable Target target) {
    return new Wanted(generation, List.of(), source, target);
  }

  @Test
  @Order(1)
  void eachGenerationComesOutAsItWasPublished() throws IOException {
    assertThat(PUBLISHED).as("every night brought something").hasSize(NIGHTS);
    for (Source source : Source.values()) {
      for (Map.Entry<Long, Map<String, List<String>>> then : PUBLISHED.entrySet()) {
        Path folder = TestLake.newFolder("reproduced");
        Reproduced made =
            reproduce(wanted(then.getKey(), source, new Target(folder.toString(), "parquet")));
        assertThat(made.isEqual()).as("%s", made).isTrue();
        Map<String, List<String>> rows = new TreeMap<>();
        for (Reproduced.Table table : made.tables()) {
          rows.put(table.name(), texts(LAKE.lake().spark().read().parquet(table.written())));
        }
        assertThat(rows).isEqualTo(then.getValue());
        assertThat(made.rows())
            .isEqualTo(then.getValue().values().stream().mapToLong(List::size).sum());
      }
    }
    assertThat(PUBLISHED.get(1L)).isNotEqualTo(PUBLISHED.get(2L));
    assertThat(PUBLISHED.get(3L)).isNotEqualTo(PUBLISHED.get(4L));
  }

  @Test
  @Order(2)
  void rowsCanBeTakenAsText() throws IOException {
    Path folder = TestLake.newFolder("text");
    Target target = new Target(folder.toString(), "csv");
    Wanted loans = new Wanted(2, List.of("fact_loan"), Source.VAULT, target);
    assertThat(reproduce(loans).tables()).hasSize(1);
    List<String> lines = new ArrayList<>();
    try (var files = Files.list(folder.resolve("fact_loan"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    assertThat(lines.get(0)).startsWith("loan_id,");
    assertThatThrownBy(() -> reproduce(loans))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot write to %s/fact_loan: it is there already (name another folder with --to)"
                .formatted(folder));
  }

  @Test
  @Order(3)
  void otherRowsAreToldAndNotWritten() {
    Path folder = TestLake.newFolder("other").resolve("rows");
    ReproduceCommand.FromMarts less =
        new ReproduceCommand.FromMarts() {
          @Override
          public Dataset<Row> rows(RunContext context, Mart mart, Map<String, Long> inputs) {
            Dataset<Row> rows = super.rows(context, mart, inputs);
            return mart.name().equals("fact_loan")
                ? rows.where("loan_id <> " + rows.selectExpr("min(loan_id)").head().get(0))
                : rows;
          }
        };
    Reproduced made =
        ReproduceStep.run(
            run(NIGHTS),
            "library",
            wanted(4, Source.VAULT, new Target(folder.toString(), "parquet")),
            less);
    assertThat(made.isEqual()).isFalse();
    assertThat(made.tables().stream().filter(table -> !table.isEqual()))
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.name()).isEqualTo("fact_loan");
              assertThat(table.written()).isEmpty();
              assertThat(table.published()).startsWith(table.rows() + " rows, checksum ");
              assertThat(table.made()).startsWith((table.rows() - 1) + " rows, checksum ");
            });
    assertThat(folder.resolve("fact_loan")).doesNotExist();
    assertThat(folder.resolve("dim_book")).isDirectory();
  }

  @Test
  @Order(4)
  void whatIsntThereIsSaid() {
    assertThatThrownBy(() -> reproduce(wanted(9, Source.VAULT, null)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing generation 9 of star library (recorded are 1 to 4, see ops.publications)");
    assertThatThrownBy(() -> reproduce(new Wanted(1, List.of("fact_lone"), Source.VAULT, null)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing table fact_lone in generation 1 of star library (it has agg_genre_month, dim_book, dim_member, fact_loan)");
  }

  @Test
  @Order(5)
  void aMartThatIsDeclaredOtherwiseIsNotRebuilt() {
    RunContext now = run(NIGHTS);
    Model model = now.model();
    List<Mart> marts =
        model.marts().stream()
            .map(
                mart ->
                    mart.name().equals("dim_book")
                        ? new Mart(
                            mart.name(),
                            mart.kind(),
                            mart.sql() + " WHERE true",
                            mart.columns(),
                            mart.grain(),
                            mart.partitionBy(),
                            mart.reads(),
                            mart.refresh(),
                            mart.checks())
                        : mart)
            .toList();
    RunContext other =
        new RunContext(
            now.runId(),
            now.asOf(),
            now.lake(),
            now.engine(),
            new Model(
                model.land(), model.vault(), marts, model.reconciliations(), model.publications()));
    assertThatThrownBy(
            () ->
                ReproduceStep.run(
                    other,
                    "library",
                    wanted(3, Source.VAULT, null),
                    new ReproduceCommand.FromMarts()))
        .isInstanceOf(DataException.class)
        .hasMessage(
            """
            Cannot reproduce generation 3 of star library:
              dim_book: mart.dim_book is declared otherwise now (take --conf with the model of that night, or --from marts: mart.dim_book has its rows)""");
    assertThat(
            ReproduceStep.run(
                    other,
                    "library",
                    wanted(3, Source.MARTS, null),
                    new ReproduceCommand.FromMarts())
                .isEqual())
        .isTrue();
  }

  @Test
  @Order(6)
  void anExpiredSnapshotIsSaid() {
    Lake lake = LAKE.lake();
    long book = lake.positions("mart.dim_book").lastRead("vault.sat_book").orElseThrow();
    onlyCurrent("vault.sat_book");
    assertThat(lake.table("vault.sat_book").currentSnapshot().snapshotId()).isEqualTo(book);
    assertThatThrownBy(() -> reproduce(wanted(1, Source.VAULT, null)))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot reproduce generation 1 of star library:\n  ")
        .hasMessageMatching(
            "(?s).*\n  dim_book: vault.sat_book at \\d+ is gone, or --from marts: mart.dim_book has its rows\n.*")
        .hasMessageEndingWith(
            "\nveralake maintain drops snapshots older than maintain.expire-after, and those of nights after maintain.keep-nights nights: set maintain.keep-nights to as many nights as are to be reproduced");
    assertThat(reproduce(wanted(1, Source.MARTS, null)).isEqual()).isTrue();
    assertThat(reproduce(wanted(4, Source.VAULT, null)).isEqual()).isTrue();

    onlyCurrent("mart.dim_book");
    Object mart =
        lake.rows("ops.publications")
            .where("generation = 1 AND publication = 'dim_book'")
            .select("mart_snapshot")
            .head()
            .get(0);
    assertThatThrownBy(() -> reproduce(wanted(1, Source.MARTS, null)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("\n  dim_book: mart.dim_book at %d is gone\n".formatted(mart));
    assertThat(reproduce(wanted(4, Source.MARTS, null)).isEqual()).isTrue();
  }

  /** Expires all snapshots but the current one. */
  private static void onlyCurrent(String name) {
    Table table = LAKE.lake().table(name);
    table
        .expireSnapshots()
        .expireOlderThan(table.currentSnapshot().timestampMillis() + 1)
        .retainLast(1)
        .commit();
  }
}
