package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.Command;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code kill -9} of the driver at random moments of the night, then the night again: what is
 * published equals what clean nights publish. The seed is printed with a failure; {@code
 * -Dveralake.seed} sets it.
 */
final class KillIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final long SEED = Seed.of(20260301L);
  private static final List<String> TABLES =
      List.of("dim_member", "dim_book", "fact_loan", "agg_genre_month");
  private static final int NIGHTS = 2;

  @Test
  void aKilledNightRepeatedEqualsACleanOne() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> clean = this.nights(TestLake.newFolder("clean"), null);
    List<String> killed = this.nights(TestLake.newFolder("killed"), random);
    assertThat(clean).hasSizeGreaterThan(10);
    assertThat(killed).as("published after kills, seed %d", SEED).isEqualTo(clean);
  }

  private List<String> nights(Path home, @org.jspecify.annotations.Nullable SplittableRandom kills)
      throws Exception {
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      clickHouse.execute("DROP DATABASE IF EXISTS library SYNC");
      clickHouse.execute("DROP DATABASE IF EXISTS library_data SYNC");
      for (int day = 1; day <= NIGHTS; day++) {
        for (int kill = 0; kills != null && kill < 2; kill++) {
          this.kill(home, day, kills.nextInt(3_000, 25_000));
        }
        Command.Result result = this.command(home, day).run(words(day));
        assertThat(result.exit()).as(result.output()).isZero();
      }
      List<String> rows = new ArrayList<>();
      for (String table : TABLES) {
        clickHouse
            .rows("SELECT * FROM library." + table + " ORDER BY ALL")
            .forEach(row -> rows.add(table + " " + row));
      }
      return rows;
    }
  }

  private void kill(Path home, int day, int milliseconds) throws IOException, InterruptedException {
    Process night =
        this.command(home, day).start(home.resolve("killed-" + milliseconds).toFile(), words(day));
    if (!night.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
      night.destroyForcibly().waitFor();
    }
  }

  private Command command(Path home, int day) {
    return new Command()
        .with("VERALAKE_HOME", home)
        .with("VERALAKE_INPUT", Command.PROJECT.resolve("examples/library/data/day" + day))
        .with("VERALAKE_CLICKHOUSE_URL", CLICKHOUSE.url())
        .quick();
  }

  private static String[] words(int day) {
    return new String[] {
      "bin/veralake",
      "nightly",
      "--conf",
      "examples/library/conf",
      "--as-of",
      "2026-05-0" + (day + 1)
    };
  }
}
