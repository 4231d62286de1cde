package io.veralake.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.catalog.Positions;
import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.LandStep;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.Engine;
import io.veralake.spec.Hub;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
import io.veralake.spec.ValueOrigin;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import io.veralake.vault.VaultStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;

/** Landing and loading with maintenance at any time in between come to what they do without. */
final class MaintainTest {
  private static final long SEED = Seed.of(20260321);
  private static final int NIGHTS = 2;
  private static final int KEPT = 1;
  private static final LandTable STOCK =
      new LandTable(
          "stock",
          LandTable.Format.CSV,
          new LandSource.Folder("stock"),
          "erp",
          ValueOrigin.constant("erp"),
          List.of("id"),
          TestModel.columns("id bigint", "level int", "at timestamp"),
          List.of("at"),
          ValueOrigin.column("at"),
          ValueOrigin.RUN,
          CsvDialect.DEFAULT);
  private static final List<VaultSource> SOURCES =
      List.of(new VaultSource("stock", Map.of(), "true"));
  private static final Hub HUB = new Hub("hub_stock", TestModel.columns("id bigint"), SOURCES);
  private static final Satellite SAT =
      new Satellite("sat_stock", HUB, TestModel.columns("level int"), List.of(), SOURCES);
  private static final Model MODEL =
      new Model(List.of(STOCK), List.of(HUB, SAT), List.of(), List.of(), List.of());
  private static final List<String> TABLES =
      List.of("raw.stock", "vault.hub_stock", "vault.sat_stock");

  private final Random random = new Random(SEED);
  private final Path input = TestLake.newFolder("input");
  private final Lake plain = TestLake.fresh();
  private final Lake maintained = TestLake.fresh();

  @Test
  void maintenanceAnywhereInBetweenChangesNothing() throws IOException {
    Map<String, String> nights = new TreeMap<>();
    for (int night = 0; night < NIGHTS; night++) {
      for (int part = 0; part <= this.random.nextInt(2); part++) {
        this.offer(night + "-" + part, night);
        this.alike(night, context -> LandStep.run(context, STOCK));
        this.maintainPerhaps(night);
      }
      for (VaultTable table : List.of(HUB, SAT)) {
        if (this.random.nextInt(3) > 0) {
          this.alike(night, context -> VaultStep.run(context, table));
          this.maintainPerhaps(night);
        }
      }
      RunContext context = context(this.maintained, this.input, night);
      TABLES.forEach(table -> NightTags.mark(context, table));
      nights.put(NightTags.name(context.asOf()), rows(this.maintained, "raw.stock", "").toString());
    }
    TABLES.forEach(table -> this.maintain(table, NIGHTS - 1));

    // What was never loaded is loaded now, and no more than that.
    for (VaultTable table : List.of(HUB, SAT)) {
      this.alike(NIGHTS, context -> VaultStep.run(context, table));
    }
    for (String table : TABLES) {
      assertThat(rows(this.maintained, table, ""))
          .as("%s, seed %d", table, SEED)
          .isEqualTo(rows(this.plain, table, ""));
    }
    this.maintain("raw.stock", NIGHTS - 1);
    this.assertNights(nights);
    this.assertTidy();
    assertThat(LandStep.run(context(this.maintained, this.input, NIGHTS), STOCK).read()).isZero();
  }

  private void assertNights(Map<String, String> nights) {
    int dropped = nights.size() - KEPT;
    for (Map.Entry<String, String> night : nights.entrySet()) {
      String version = " VERSION AS OF '" + night.getKey() + "'";
      if (dropped-- > 0) {
        assertThatThrownBy(() -> rows(this.maintained, "raw.stock", version))
            .hasMessageContaining("Cannot find matching snapshot ID or reference name");
      } else {
        assertThat(rows(this.maintained, "raw.stock", version).toString())
            .as("%s, seed %d", night.getKey(), SEED)
            .isEqualTo(night.getValue());
      }
    }
  }

  /** What is left is what is needed: the nights, the vault's position, the table as it is. */
  private void assertTidy() {
    Table raw = this.maintained.table("raw.stock");
    assertThat(raw.snapshots()).as("seed %d", SEED).hasSizeLessThanOrEqualTo(KEPT + 2);
    assertThat(Positions.of(raw).value("files")).isPresent();
    long held =
        this.maintained
            .spark()
            .table(this.maintained.sqlName("raw.stock.all_data_files"))
            .select("file_path")
            .distinct()
            .count();
    assertThat(files(raw, "data", ".parquet")).as("seed %d", SEED).isEqualTo(held);
    assertThat(files(raw, "_landed", ".gz")).as("seed %d", SEED).isLessThanOrEqualTo(KEPT + 2L);
  }

  private static long files(Table table, String folder, String suffix) {
    try (Stream<Path> files = Files.walk(Path.of(table.location().replace("file:", ""), folder))) {
      return files.filter(file -> file.toString().endsWith(suffix)).count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void maintainPerhaps(int night) {
    if (this.random.nextInt(3) == 0) {
      this.maintain(TABLES.get(this.random.nextInt(TABLES.size())), night);
    }
  }

  private void maintain(String table, int night) {
    // Nothing is too young, by a clock that is ahead.
    MaintainStep.Grace grace =
        new MaintainStep.Grace(Instant.now().plusSeconds(60), Duration.ZERO, Duration.ZERO);
    MaintainStep.run(
        context(this.maintained, this.input, night),
        table,
        true,
        grace,
        NeededSnapshots.of(this.maintained, TABLES));
  }

  private interface Step {
    Object run(RunContext context);
  }

  /** Runs {@code step} on both lakes; it must do the same. */
  private void alike(int night, Step step) {
    Object there = step.run(context(this.plain, this.input, night));
    assertThat(step.run(context(this.maintained, this.input, night)))
        .as("night %d, seed %d", night, SEED)
        .isEqualTo(there);
  }

  /** A file of new rows, late ones, and ones that were there before. */
  private void offer(String name, int night) throws IOException {
    StringBuilder text = new StringBuilder("id,level,at\n");
    for (int i = 0; i < 20; i++) {
      Instant at =
          Instant.parse("2026-03-01T00:00:00Z")
              .plus(this.random.nextInt(night + 1), ChronoUnit.DAYS)
              .plus(this.random.nextInt(24), ChronoUnit.HOURS);
      text.append(this.random.nextInt(8)).append(',').append(this.random.nextInt(3));
      text.append(',').append(at).append('\n');
    }
    Path folder = Files.createDirectories(this.input.resolve("stock"));
    Files.writeString(folder.resolve(name + ".csv"), text);
  }

  private static RunContext context(Lake lake, Path input, int night) {
    Engine engine =
        TestEngine.maintaining(
            TestEngine.of(lake, input, "MD5"),
            new Engine.Maintain(KEPT, Duration.ZERO, Duration.ZERO));
    Instant asOf = Models.asOf().plus(night, ChronoUnit.DAYS);
    return new RunContext("r" + night, asOf, lake, engine, MODEL);
  }

  private static List<String> rows(Lake lake, String table, String version) {
    return lake
        .spark()
        .sql("SELECT * FROM " + lake.sqlName(table) + version)
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
