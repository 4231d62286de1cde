package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.Lake;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

final class BatchFilesTest {
  private static final LocalDate DAY = LocalDate.parse("2026-03-01");

  private final Lake lake = TestLake.fresh();
  private final Path input = TestLake.newFolder("input");

  @Test
  void aNightLiesInItsDays() throws IOException {
    this.land("a.csv", 300, row -> DAY.minusDays(row % 2));
    assertThat(this.files())
        .containsExactly("days(_commit_time) 2026-02-28 150", "days(_commit_time) 2026-03-01 150");
  }

  @Test
  void thinHistoryIsNotCutIntoDays() throws IOException {
    this.land("dump.csv", 3000, row -> DAY.minusDays(row));
    this.land("night.csv", 10, row -> DAY.plusDays(1));
    // Nine calendar years in part, of a tenth of what is worth a file each: one file.
    assertThat(this.files()).containsExactly(" null 3000", "days(_commit_time) 2026-03-02 10");
    assertThat(this.lake.rows("raw.stock").where("_commit_time = timestamp'2024-02-29'").count())
        .isEqualTo(1);
  }

  @Test
  void manyThickDaysAreWrittenOneByOne() throws IOException {
    this.land("dump.csv", 120_000, row -> DAY.minusDays(row % 12));
    assertThat(this.files())
        .hasSize(12)
        .allMatch(
            file ->
                file.startsWith("days(_commit_time) 2026-02")
                    || file.startsWith("days(_commit_time) 2026-03-01"))
        .allMatch(file -> file.endsWith(" 10000"));
  }

  @Test
  void aTableOfAnEarlierVersionGoesOnByDays() throws IOException {
    this.land("a.csv", 5, row -> DAY);
    this.lake
        .spark()
        .sql(
            "ALTER TABLE %s DROP PARTITION FIELD days(_commit_time)"
                .formatted(this.lake.sqlName("raw.stock")));
    this.land("b.csv", 7, row -> DAY);
    this.land("c.csv", 9, row -> DAY);
    assertThat(this.files())
        .containsExactly(
            "days(_commit_time) 2026-03-01 5",
            "days(_commit_time) 2026-03-01 7",
            "days(_commit_time) 2026-03-01 9");
  }

  /** Each data file: how it is parted, its day, its rows. */
  private List<String> files() {
    return this.lake
        .spark()
        .sql(
            "SELECT spec_id, partition._commit_time_day, record_count FROM %s.data_files ORDER BY 2, 3"
                .formatted(this.lake.sqlName("raw.stock")))
        .collectAsList()
        .stream()
        .map(this::text)
        .toList();
  }

  private String text(Row file) {
    String spec =
        this.lake.table("raw.stock").specs().get(file.getInt(0)).fields().stream()
            .map(field -> field.transform() + "s(_commit_time)")
            .collect(Collectors.joining());
    return spec + " " + file.get(1) + " " + file.get(2);
  }

  private void land(String name, int rows, IntFunction<LocalDate> day) throws IOException {
    Path folder = Files.createDirectories(this.input.resolve("stock"));
    Files.writeString(
        folder.resolve(name),
        IntStream.range(0, rows)
            .mapToObj(row -> name.charAt(0) * 1_000_000L + row + "," + day.apply(row))
            .collect(Collectors.joining("\n", "id,at\n", "\n")));
    LandTable table =
        new LandTable(
            "stock",
            LandTable.Format.CSV,
            new LandSource.Folder("stock"),
            "erp",
            ValueOrigin.constant("erp"),
            List.of(),
            TestModel.columns("id bigint", "at date"),
            List.of("id"),
            ValueOrigin.column("at"),
            ValueOrigin.RUN,
            CsvDialect.DEFAULT);
    assertThat(LandStep.run(Landing.context(this.lake, this.input, name), table).appended())
        .isEqualTo(rows);
  }
}
