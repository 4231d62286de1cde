package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Several tables among each other in the files of one folder. */
final class SharedFilesTest {
  private static final long SEED = Seed.of(20260311);

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @TempDir Path input;

  @Test
  void eachTableHasItsEventsAndOneHasWhatNamesNone() throws IOException {
    for (boolean schemas : new boolean[] {true, false}) {
      String prefix = schemas ? "with" : "without";
      Random random = new Random(SEED);
      SharedLog log = new SharedLog(random, 300, schemas);
      LandSource source = this.file(prefix, log);
      Map<String, Landed> landed = new TreeMap<>();
      for (String table : List.of("a", "b", "c")) {
        landed.put(table, Shared.land(this.context(), prefix, table, source, schemas));
      }

      Shared.check(LAKE.lake(), prefix, log, landed, "seed " + SEED + " " + prefix + " ");
    }
  }

  /** A model that took all of the source's records for its own is corrected. */
  @Test
  void replayLeavesTheRecordsOfOtherTablesInQuarantine() throws IOException {
    SharedLog log = new SharedLog(new Random(SEED), 100, false);
    LandSource source = this.file("late", log);
    Lake lake = LAKE.lake();
    Landed all =
        new LandStep(
                this.context(),
                Shared.table("late_a", source, Shared.columns("a").subList(0, 1), false),
                move -> {})
            .run();

    Landed replayed =
        ReplayStep.run(this.context(), List.of(Shared.table("late_a", "a", source, false))).get(0);

    assertThat(all.appended()).isZero();
    assertThat(Shared.rows(lake, "raw.late_a")).isEqualTo(List.copyOf(log.rows.get("a")));
    assertThat(replayed.appended()).isEqualTo(log.rows.get("a").size());
    assertThat(Quarantine.open(lake, "late_a").count())
        .isEqualTo(all.quarantined() - log.sent.get("a"));
  }

  private LandSource file(String folder, SharedLog log) throws IOException {
    Files.createDirectories(this.input.resolve(folder));
    Files.write(this.input.resolve(folder).resolve("1.jsonl"), log.lines());
    return new LandSource.Folder(folder);
  }

  private RunContext context() {
    return Landing.context(LAKE.lake(), this.input, "r1");
  }
}
