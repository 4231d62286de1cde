package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The four properties of landing, on random logs against {@link LandOracle}. */
final class LandPropertiesTest {
  private static final long SEED = Seed.of(20260301);

  @RegisterExtension static final TestLake LAKE = new TestLake();

  private final Random random = new Random(SEED);
  private final List<byte[]> files = Envelopes.files(this.random, 6, 400);
  private final LandOracle oracle = new LandOracle(this.files);

  @Test
  void oneBatchLandsEachRowOnceAndARerunChangesNothing() throws IOException {
    Path input = TestLake.newFolder("input");
    this.offer(input, List.of(0, 1, 2, 3, 4, 5));

    Landed landed = land(LAKE.lake(), input, "r1", move -> {});

    this.assertLanded(LAKE.lake());
    assertThat(landed.read()).as("seed %d", SEED).isEqualTo(this.oracle.read);
    assertThat(landed.appended()).isEqualTo(this.oracle.rows.size());
    assertThat(landed.quarantined()).isEqualTo(this.oracle.bad.size());
    long snapshot = LAKE.lake().snapshot("raw.log").orElseThrow();
    assertThat(land(LAKE.lake(), input, "r2", move -> {})).isEqualTo(Landed.nothing("log"));
    assertThat(LAKE.lake().snapshot("raw.log")).hasValue(snapshot);
  }

  @Test
  void anySplitInAnyOrderWithRepetitionsLandsTheSameRows() throws IOException {
    Lake lake = TestLake.fresh();
    Path input = TestLake.newFolder("input");
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
    Collections.shuffle(order, this.random);
    long read = 0;
    long appended = 0;
    for (int i = 0; i < order.size(); i += 2) {
      this.offer(input, order.subList(i, i + 2));
      if (i == 2) {
        // The same file again, as if it had been written anew.
        this.offer(input, order.subList(0, 1));
        Files.setLastModifiedTime(
            input.resolve("log/" + order.get(0) + ".json"), FileTime.fromMillis(1));
      }
      Landed landed = land(lake, input, "r" + i, move -> {});
      read += landed.read();
      appended += landed.appended();
    }

    this.assertLanded(lake);
    assertThat(read).as("seed %d", SEED).isGreaterThan(this.oracle.read);
    assertThat(appended).isEqualTo(this.oracle.rows.size());
  }

  @Test
  void aRunKilledAnywhereAndRepeatedEqualsACleanRun() throws IOException {
    for (LandStep.Move killed : LandStep.Move.values()) {
      Lake lake = TestLake.fresh();
      Path input = TestLake.newFolder("input");
      this.offer(input, List.of(0, 1, 2, 3, 4, 5));

      assertThatThrownBy(
              () ->
                  land(
                      lake,
                      input,
                      "r1",
                      move -> {
                        if (move == killed) {
                          throw new IllegalStateException("killed after " + move);
                        }
                      }))
          .hasMessage("killed after " + killed);
      land(lake, input, "r1", move -> {});

      this.assertLanded(lake);
    }
  }

  private void assertLanded(Lake lake) {
    List<String> rows = LandOracle.landed(lake, "raw.log");
    assertThat(rows).as("seed %d", SEED).hasSize(this.oracle.rows.size());
    assertThat(new TreeSet<>(rows)).isEqualTo(this.oracle.rows);
    List<String> bad =
        texts(
            lake,
            "select concat(regexp_extract(file, '(.)[.]json', 1), ':', row) from raw.quarantine");
    assertThat(bad.stream().map(text -> text.substring(1, text.length() - 1)))
        .containsExactlyInAnyOrderElementsOf(this.oracle.bad);
  }

  private void offer(Path input, List<Integer> numbers) throws IOException {
    Path folder = Files.createDirectories(input.resolve("log"));
    for (int number : numbers) {
      Files.write(folder.resolve(number + ".json"), this.files.get(number));
    }
  }

  private static Landed land(
      Lake lake, Path input, String run, java.util.function.Consumer<LandStep.Move> hook) {
    return new LandStep(Landing.context(lake, input, run), Landing.debezium("log", "log"), hook)
        .run();
  }

  private static List<String> texts(Lake lake, String sql) {
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
