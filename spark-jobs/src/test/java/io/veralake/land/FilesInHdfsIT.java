package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestHdfs;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files in a real HDFS. */
final class FilesInHdfsIT {
  @RegisterExtension static final TestHdfs HDFS = new TestHdfs();
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void filesAreLandedOnceTheyAreClosed() throws IOException {
    FileSystem files = HDFS.files();
    LandTable docs = table("docs", LandTable.Format.JSON_LINES);
    put("docs/a.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    FSDataOutputStream open = files.create(new Path("/docs/b.jsonl"));
    open.writeBytes("{\"b\":1}\n{\"b\"");
    // What was written can be read by everybody from now on, and is half a record.
    open.hflush();

    LandAudit first = land(docs, "r1");
    assertThat(first.landed()).isEqualTo(new Landed("docs", 1, 2, 2, 0, 0, 0));
    assertThat(first.doubts()).containsExactly("files that aren't complete yet wait: b.jsonl");
    open.writeBytes(":2}\n");
    open.close();
    assertThat(land(docs, "r2").landed()).isEqualTo(new Landed("docs", 1, 2, 2, 0, 0, 0));

    // Appended to in place: noticed, and open for as long as it lasts.
    FSDataOutputStream more = files.append(new Path("/docs/b.jsonl"));
    more.writeBytes("{\"b\":3}\n");
    more.hflush();
    assertThat(land(docs, "r3").landed()).isEqualTo(Landed.nothing("docs"));
    more.close();
    files.close();
    LandAudit rewritten = land(docs, "r4");
    assertThat(rewritten.landed().files()).isEqualTo(1);
    assertThat(rewritten.doubts())
        .containsExactly("files that were landed have changed since: b.jsonl");
  }

  @Test
  void containersAreReadInPieces() throws IOException {
    LAKE.lake()
        .spark()
        .sql("select id, repeat(uuid(), 30) t from range(20000)")
        .coalesce(1)
        .write()
        .option("parquet.block.size", 1_000_000)
        .option("compression", "uncompressed")
        .parquet(HDFS.url() + "/rows");

    assertThat(land(table("rows", LandTable.Format.PARQUET), "r1").landed())
        .isEqualTo(new Landed("rows", 1, 20000, 20000, 0, 0, 0));
    assertThat(LAKE.lake().rows("raw.rows").where("after.id + 1 <> _source_row").count()).isZero();
  }

  @Test
  void aMissingFolderSaysWhatToDo() {
    assertThatThrownBy(() -> land(table("lost", LandTable.Format.JSON_LINES), "r1"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Missing folder of raw.lost: hdfs://localhost:")
        .hasMessageEndingWith(
            "/lost (create it, or correct path of the land model or veralake.input; an empty folder is fine)");
  }

  private static void put(String name, String text) throws IOException {
    try (FileSystem files = HDFS.files();
        FSDataOutputStream out = files.create(new Path("/" + name))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static LandTable table(String name, LandTable.Format format) {
    return Models.source(name, format, new LandSource.Folder(HDFS.url() + "/" + name), "store");
  }

  private static LandAudit land(LandTable table, String run) {
    return LandStep.audited(
        Landing.context(LAKE.lake(), java.nio.file.Path.of("unused"), run), table);
  }
}
