package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.GateException;
import io.veralake.spec.DumpMode;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Full dumps that come as files and folders. */
final class DumpFilesTest {
  private static final long SEED = Seed.of(20261121);

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void randomDumpsInAnyBatchesKilledAnywhereGiveTheSourcesRows() throws IOException {
    Random random = new Random(SEED);
    Path input = TestLake.newFolder("input");
    TreeMap<Long, String> source = new TreeMap<>();
    TreeMap<Long, String> last = new TreeMap<>();
    int versions = 0;
    for (int dump = 0; dump < 8; dump++) {
      for (int i = 0; i < 12; i++) {
        long id = random.nextInt(30);
        if (random.nextInt(4) == 0 && source.size() > 8) {
          source.remove(source.floorKey(source.lastKey() - random.nextInt(3)));
        } else {
          source.put(id, random.nextInt(4) + "|" + (random.nextBoolean() ? "x" : "y"));
        }
      }
      TreeMap<Long, String> before = new TreeMap<>(last);
      versions +=
          (int) source.entrySet().stream().filter(e -> !before.entrySet().contains(e)).count();
      versions += (int) before.keySet().stream().filter(id -> !source.containsKey(id)).count();
      last = new TreeMap<>(source);
      write(input, dump, source, random.nextBoolean());
      if (random.nextInt(3) == 0) {
        LandStep.Move killed = LandStep.Move.values()[random.nextInt(3)];
        assertThatThrownBy(
                () ->
                    new LandStep(
                            Landing.context(LAKE.lake(), input, "r1"),
                            csv("goods"),
                            move -> {
                              if (move == killed) {
                                throw new IllegalStateException("killed");
                              }
                            })
                        .run())
            .hasMessage("killed");
      }
      if (random.nextInt(3) == 0 || dump == 7) {
        land(input, csv("goods"));
        assertThat(DumpedRows.current(LAKE.lake(), "goods"))
            .as("seed %d, dump %d", SEED, dump)
            .isEqualTo(source);
      }
    }
    assertThat(LAKE.lake().rows("raw.goods").count()).as("seed %d", SEED).isEqualTo(versions);
    assertThat(land(input, csv("goods"))).isEqualTo(Landed.nothing("goods"));
  }

  @Test
  void whatIsNotCertainIsNotDeleted() throws IOException {
    Path input = TestLake.newFolder("input");
    file(input, "shop/1.csv", 1, "id,n,note\n1,1,a\n2,2,b\n3,3,c\n");
    assertThat(land(input, csv("shop")).appended()).isEqualTo(3);

    // A record that can't be read may be any of those that are missing.
    file(input, "shop/2.csv", 2, "id,n,note\n1,1,a\n2,x,b\n,4,d\n");
    LandAudit doubtful = LandStep.audited(Landing.context(LAKE.lake(), input, "r1"), csv("shop"));
    assertThat(doubtful.landed()).isEqualTo(new Landed("shop", 1, 3, 0, 1, 2, 0));
    assertThat(doubtful.doubts()).hasSize(1);
    assertThat(doubtful.doubts().get(0))
        .startsWith("2 records of file:")
        .endsWith(
            "2.csv can't be read, not even their keys: no key that it doesn't have was taken as deleted");
    assertThat(DumpedRows.current(LAKE.lake(), "shop")).hasSize(3);

    // An empty dump is no sale of everything.
    file(input, "shop/3.csv", 3, "id,n,note\n");
    assertThatThrownBy(() -> land(input, csv("shop")))
        .isInstanceOf(GateException.class)
        .hasMessageContaining("3 of 3 rows aren't in file:");
    Files.delete(input.resolve("shop/3.csv"));
    file(input, "shop/4.csv", 4, "id,n,note\n1,1,a\n3,3,c\n");
    assertThat(land(input, csv("shop")).absent()).isOne();

    // Late: what it says was overtaken.
    file(input, "shop/0.csv", 2, "id,n,note\n9,9,z\n");
    assertThat(land(input, csv("shop")).gaps())
        .containsExactly(
            "dump 0.csv of 2026-03-01T02:00:00Z came after the one of 2026-03-01T04:00:00Z had been landed, and was left out (take it away)");
    assertThat(DumpedRows.current(LAKE.lake(), "shop").keySet()).containsExactly(1L, 3L);
  }

  @Test
  void documentsHaveTheirKeysInside() throws IOException {
    Path input = TestLake.newFolder("input");
    LandTable docs =
        Dumping.table(
            "docs",
            LandTable.Format.JSON_LINES,
            List.of("$._id"),
            new LandSource.Dumps(new LandSource.Folder("docs"), new DumpMode.Full(60)));
    file(
        input,
        "docs/2026-03-01/part-0.jsonl",
        1,
        "{\"_id\":{\"$oid\":\"a\"},\"n\":1}\n{\"_id\":{\"$oid\":\"b\"},\"n\":1}\n");
    file(input, "docs/2026-03-01/part-1.jsonl", 1, "{\"_id\":7}\n");
    file(
        input,
        "docs/2026-03-02/part-0.jsonl",
        2,
        "{\"_id\":{\"$oid\":\"b\"},\"n\":2}\n{\"_id\":{\"$oid\":\"a\"},\"n\":1}\n");

    assertThat(land(input, docs)).isEqualTo(new Landed("docs", 3, 5, 4, 1, 0, 0, 1, List.of()));
    assertThat(
            LAKE.lake()
                .rows("raw.docs")
                .selectExpr("concat(_op, coalesce(after, before).document)")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder(
            "r{\"_id\":{\"$oid\":\"a\"},\"n\":1}",
            "r{\"_id\":{\"$oid\":\"b\"},\"n\":1}",
            "r{\"_id\":7}",
            "r{\"_id\":{\"$oid\":\"b\"},\"n\":2}",
            "d{\"_id\":7}");
  }

  /** In the form that dsbulk's documentation gives for its unloads. */
  @Test
  void exportsOfCassandraAreDumps() throws IOException {
    Path input = TestLake.newFolder("input");
    file(
        input,
        "goods_json/2026-03-01/output-000001.json",
        1,
        """
        {"id":"6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab","name":"a \\"b\\"","price":12.30,"changed":"2026-03-01T10:00:00Z","tags":["x"]}
        {"id":"6f1a0b1e-3a1c-4e1b-9a3a-0123456789ac","name":null,"price":0.1,"changed":"2026-03-01T10:00:00.123Z","tags":[]}
        """);
    LandTable goods =
        Dumping.table(
            "goods_json",
            LandTable.Format.JSON_LINES,
            List.of("$.id"),
            new LandSource.Dumps(new LandSource.Folder("goods_json"), new DumpMode.Full(50)));
    assertThat(land(input, goods).appended()).isEqualTo(2);

    LandTable stock =
        Dumping.table(
            "stock_csv",
            LandTable.Format.CSV,
            List.of("warehouse", "sku"),
            new LandSource.Dumps(new LandSource.Folder("stock_csv"), new DumpMode.Full(50)),
            "warehouse int",
            "sku string",
            "counted_at timestamp",
            "left decimal(12,2)");
    file(
        input,
        "stock_csv/2026-03-01/output-000001.csv",
        1,
        "warehouse,sku,counted_at,left\n1,\"a \"\"b\"\"\",2026-03-01T10:00:00.123Z,12.3\n1,c,,0\n");
    file(
        input,
        "stock_csv/2026-03-02/output-000001.csv",
        2,
        "warehouse,sku,counted_at,left\n1,\"a \"\"b\"\"\",2026-03-01T10:00:00.123Z,12.30\n");
    assertThat(land(input, stock))
        .isEqualTo(new Landed("stock_csv", 2, 3, 2, 1, 0, 0, 1, List.of()));
  }

  private static LandTable csv(String name) {
    return Dumping.table(
        name,
        LandTable.Format.CSV,
        List.of("id"),
        new LandSource.Dumps(new LandSource.Folder(name), new DumpMode.Full(80)),
        "id bigint",
        "n int",
        "note string");
  }

  private static Landed land(Path input, LandTable table) {
    return LandStep.run(Landing.context(LAKE.lake(), input, "r1"), table);
  }

  /** A dump, in one file or in two of a folder. */
  private static void write(Path input, int dump, TreeMap<Long, String> rows, boolean folder)
      throws IOException {
    StringBuilder first = new StringBuilder("id,n,note\n");
    StringBuilder second = new StringBuilder("id,n,note\n");
    rows.forEach(
        (id, row) ->
            (folder && id % 2 == 0 ? second : first)
                .append(id + "," + row.replace("|", ",") + "\n"));
    // Two dumps have one time.
    int hour = dump / 2;
    if (folder) {
      file(input, "goods/" + dump + "/a.csv", hour, first.toString());
      file(input, "goods/" + dump + "/b.csv", hour, second.toString());
    } else {
      file(input, "goods/" + dump + ".csv", hour, first.toString());
    }
  }

  private static void file(Path input, String name, int hour, String text) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_772_323_200_000L + hour * 3_600_000L));
  }
}
