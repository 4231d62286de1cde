package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files without positions of their own that change in place. */
final class GrownFilesTest {
  private static final long SEED = Seed.of(20261121);
  private static final int STEPS = 8;
  private static final String BAD = "{\"k\":";

  @RegisterExtension static final TestLake LAKE = new TestLake();

  private final Random random = new Random(SEED);
  private final Path input = TestLake.newFolder("input");
  private final LandTable logs = Landing.documents("logs", "logs");
  private final Map<String, List<List<String>>> versions = new TreeMap<>();
  private final List<String> expected = new ArrayList<>();
  private long time = Models.asOf().toEpochMilli() - 1_000_000;

  /** Against all versions of all files, kept as lists of lines. */
  @Test
  void whatWasWrittenOnIsLandedAndNothingAgain() throws IOException {
    Path folder = Files.createDirectories(this.input.resolve("logs"));
    for (int step = 0; step < STEPS; step++) {
      for (String file : List.of("a", "b")) {
        if (this.random.nextInt(3) > 0) {
          List<List<String>> own = this.versions.computeIfAbsent(file, name -> new ArrayList<>());
          List<String> next = this.changed(own.isEmpty() ? List.of() : own.get(own.size() - 1));
          this.time += 1000;
          Path path = folder.resolve(file);
          Files.writeString(path, next.isEmpty() ? "" : String.join("\n", next) + "\n");
          Files.setLastModifiedTime(path, FileTime.fromMillis(this.time));
          this.expected.addAll(good(next.subList(said(own, next), next.size())));
          own.add(next);
        }
      }
      LandAudit landed =
          LandStep.audited(Landing.context(LAKE.lake(), this.input, "r" + step), this.logs);
      assertThat(this.landed()).as("step %d, seed %d", step, SEED).isEqualTo(this.expected);
      assertThat(landed.twice()).as("step %d, seed %d", step, SEED).isZero();
    }
  }

  /** How many lines of {@code next} say nothing that the last version, {@code own}'s, didn't. */
  private static int said(List<List<String>> own, List<String> next) {
    if (own.isEmpty()) {
      return 0;
    }
    List<String> last = own.get(own.size() - 1);
    int known = end(last);
    // What a longer version held is still held, and isn't in the one that takes its place.
    boolean longest = own.stream().allMatch(version -> end(version) <= known);
    boolean grown = next.size() >= known && next.subList(0, known).equals(last.subList(0, known));
    return longest && grown ? known : 0;
  }

  /** Lines up to the last one that was landed. */
  private static int end(List<String> lines) {
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).equals(BAD)) {
      end--;
    }
    return end;
  }

  private List<String> changed(List<String> lines) {
    List<String> next = new ArrayList<>(lines);
    int kind = this.random.nextInt(6);
    if (kind == 0 && !next.isEmpty()) {
      next.set(this.random.nextInt(next.size()), this.line());
    } else if (kind == 1 && !next.isEmpty()) {
      next.remove(this.random.nextInt(next.size()));
    } else if (kind == 2 && !next.isEmpty() && next.get(next.size() - 1).equals(BAD)) {
      next.set(next.size() - 1, this.line());
    } else {
      for (int i = 0; i <= this.random.nextInt(3); i++) {
        next.add(this.line());
      }
    }
    return next;
  }

  private String line() {
    return this.random.nextInt(6) == 0
        ? BAD
        : "{\"k\":%d,\"v\":%d}".formatted(this.random.nextInt(2), this.random.nextInt(3));
  }

  private static List<String> good(List<String> lines) {
    return lines.stream().filter(line -> !line.equals(BAD)).toList();
  }

  private List<String> landed() {
    return LAKE
        .lake()
        .rows("raw.logs")
        .orderBy("_position.major", "_position.row")
        .selectExpr("after.document")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
