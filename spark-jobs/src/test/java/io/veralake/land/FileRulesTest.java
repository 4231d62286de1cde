package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.GateException;
import io.veralake.spec.FileRules;
import io.veralake.spec.FileRules.Complete;
import io.veralake.spec.FileRules.OnRewrite;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which files of a folder are landed, and when. */
final class FileRulesTest {
  /** Well before the run's time. */
  private static final long EARLY = Models.asOf().minus(Duration.ofDays(1)).toEpochMilli();

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void namesDecide() {
    FileRules rules =
        new FileRules(
            List.of("*.json", "**/in/*.txt"),
            List.of("old/**", "*_bad.json"),
            true,
            Complete.AT_ONCE,
            Duration.ZERO,
            "",
            OnRewrite.LAND);
    FileChoice choice = new FileChoice(rules);

    assertThat(
            Stream.of(
                    "a.json",
                    "deep/er/b.json",
                    "in/c.txt",
                    "x/in/d.txt",
                    "e.txt",
                    "old/f.json",
                    "g_bad.json",
                    ".h.json",
                    "_i/j.json",
                    "k.json.tmp",
                    "l.json._COPYING_",
                    "m.json~",
                    "in/x/n.txt")
                .filter(choice::has))
        .containsExactly("a.json", "deep/er/b.json", "in/c.txt", "x/in/d.txt");
    FileRules flat =
        new FileRules(
            List.of(),
            List.of(),
            false,
            Complete.MARKER,
            Duration.ZERO,
            "{name}.done",
            OnRewrite.LAND);
    assertThat(Stream.of("a", "b/c", "a.done", ".done").filter(new FileChoice(flat)::has))
        .containsExactly("a");
  }

  @Test
  void aFileThatWasWrittenShortlyBeforeTheRunWaits() throws IOException {
    Path input = TestLake.newFolder("input");
    LandTable table = table("settled", rules(Complete.SETTLED, "", OnRewrite.LAND));
    put(input, "settled/a", "{\"a\":1}\n", EARLY);
    put(input, "settled/b", "{\"b\":1}\n", Models.asOf().toEpochMilli() - 299_999);

    LandAudit first = land(input, table, "r1");
    LandAudit again = land(input, table, "r2");

    assertThat(first.landed()).isEqualTo(new Landed("settled", 1, 1, 1, 0, 0, 0));
    assertThat(again.landed()).isEqualTo(Landed.nothing("settled"));
    assertThat(again.doubts()).containsExactly("files that aren't complete yet wait: b");
    put(input, "settled/b", "{\"b\":1}\n", Models.asOf().toEpochMilli() - 300_000);
    assertThat(land(input, table, "r3").landed())
        .isEqualTo(new Landed("settled", 1, 1, 1, 0, 0, 0));
  }

  @Test
  void aMarkerSaysWhatIsComplete() throws IOException {
    Path input = TestLake.newFolder("input");
    LandTable folders = table("folders", rules(Complete.MARKER, "_SUCCESS", OnRewrite.LAND));
    put(input, "folders/day=1/x/a", "{\"a\":1}\n", EARLY);
    put(input, "folders/day=1/_SUCCESS", "", EARLY);
    put(input, "folders/day=1/x/late", "{\"late\":1}\n", EARLY + 1);
    put(input, "folders/day=2/b", "{\"b\":1}\n", EARLY);
    LandTable beside = table("beside", rules(Complete.MARKER, "{name}.done", OnRewrite.LAND));
    put(input, "beside/a", "{\"a\":1}\n", EARLY);
    put(input, "beside/a.done", "", EARLY);
    put(input, "beside/b", "{\"b\":1}\n", EARLY);

    LandAudit landed = land(input, folders, "r1");

    assertThat(landed.landed()).isEqualTo(new Landed("folders", 1, 1, 1, 0, 0, 0));
    assertThat(landed.doubts())
        .containsExactly("files that aren't complete yet wait: day=1/x/late, day=2/b");
    assertThat(land(input, beside, "r1").landed())
        .isEqualTo(new Landed("beside", 1, 1, 1, 0, 0, 0));
    put(input, "folders/_SUCCESS", "", EARLY + 1);
    assertThat(land(input, folders, "r2").landed().read()).isEqualTo(2);
  }

  @Test
  void aFileThatChangedIsToldOrStopsTheLanding() throws IOException {
    Path input = TestLake.newFolder("input");
    LandTable table = table("changed", rules(Complete.AT_ONCE, "", OnRewrite.LAND));
    put(input, "changed/a\tb %0A", "{\"a\":1}\n", EARLY);
    assertThat(land(input, table, "r1").landed().read()).isEqualTo(1);
    assertThat(land(input, table, "r2").landed()).isEqualTo(Landed.nothing("changed"));
    put(input, "changed/a\tb %0A", "{\"a\":1}\n{\"a\":2}\n", EARLY + 1000);

    LandTable stops = table("changed", rules(Complete.AT_ONCE, "", OnRewrite.STOP));
    assertThatThrownBy(() -> land(input, stops, "r3"))
        .isInstanceOf(GateException.class)
        .hasMessage(
            "Cannot land raw.changed: files that were landed have changed since: a\tb %0A (let the source write new files; files.on-rewrite = land lands them again)");
    assertThat(land(input, table, "r4").doubts())
        .containsExactly("files that were landed have changed since: a\tb %0A");
  }

  private static FileRules rules(Complete complete, String marker, OnRewrite onRewrite) {
    Duration settled = complete == Complete.SETTLED ? Duration.ofMinutes(5) : Duration.ZERO;
    return new FileRules(List.of(), List.of(), true, complete, settled, marker, onRewrite);
  }

  private static LandTable table(String name, FileRules rules) {
    return Models.source(
        name,
        LandTable.Format.JSON_LINES,
        new LandSource.Folder(name, rules, "UTF-8"),
        "documents");
  }

  private static LandAudit land(Path input, LandTable table, String run) {
    return LandStep.audited(Landing.context(LAKE.lake(), input, run), table);
  }

  private static void put(Path input, String name, String text, long modified) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }
}
