package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestMinio;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.RuntimeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files in a real object store. */
final class FilesInStoreIT {
  @RegisterExtension static final TestMinio MINIO = new TestMinio();
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void objectsAreLandedOnceByTheirEtags() throws IOException {
    configure();
    put("docs/a.jsonl", "{\"a\":1}\n{\"a\":2}\n", false);
    put("docs/b.jsonl.gz", "{\"b\":1}\n", true);
    // Without an ending, and with two members.
    put("docs/c", "{\"c\":1}\n{\"c\":2}\n", true);
    LandTable docs = table("docs", LandTable.Format.JSON_LINES);

    assertThat(land(docs, "r1").landed()).isEqualTo(new Landed("docs", 3, 5, 5, 0, 0, 0));
    // The same bytes again: another time, the same etag.
    put("docs/a.jsonl", "{\"a\":1}\n{\"a\":2}\n", false);
    assertThat(land(docs, "r2").landed()).isEqualTo(Landed.nothing("docs"));
    put("docs/a.jsonl", "{\"a\":1}\n{\"a\":3}\n", false);
    LandAudit changed = land(docs, "r3");
    assertThat(changed.landed().files()).isEqualTo(1);
    assertThat(changed.doubts())
        .containsExactly("files that were landed have changed since: a.jsonl");
    put("docs/copy.jsonl", "{\"a\":1}\n{\"a\":3}\n", false);
    assertThat(land(docs, "r4").repeated())
        .containsExactly("copy.jsonl has the content of a.jsonl");
  }

  @Test
  void containersAreReadInPieces() throws IOException {
    configure();
    Lake lake = LAKE.lake();
    lake.spark()
        .sql("select id, repeat(uuid(), 30) t from range(20000)")
        .coalesce(1)
        .write()
        .option("parquet.block.size", 1_000_000)
        .option("compression", "uncompressed")
        .parquet("s3a://" + MINIO.bucket() + "/rows");

    assertThat(land(table("rows", LandTable.Format.PARQUET), "r1").landed())
        .isEqualTo(new Landed("rows", 1, 20000, 20000, 0, 0, 0));
    assertThat(lake.rows("raw.rows").where("after.id + 1 <> _source_row").count()).isZero();
  }

  @Test
  void aMissingBucketSaysWhatToDo() {
    configure();
    LandTable lost =
        Models.source(
            "lost",
            LandTable.Format.JSON_LINES,
            new LandSource.Folder("s3://no-such-bucket/docs"),
            "store");
    assertThatThrownBy(() -> land(lost, "r1"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("s3a://no-such-bucket/docs");
  }

  private static void configure() {
    RuntimeConfig conf = LAKE.lake().spark().conf();
    conf.set("fs.s3a.endpoint", MINIO.endpoint());
    conf.set("fs.s3a.path.style.access", "true");
    conf.set("fs.s3a.access.key", MINIO.accessKey());
    conf.set("fs.s3a.secret.key", MINIO.secretKey());
    conf.set("fs.s3a.endpoint.region", "us-east-1");
  }

  private static void put(String name, String text, boolean zipped) throws IOException {
    org.apache.hadoop.fs.Path path =
        new org.apache.hadoop.fs.Path("s3a://" + MINIO.bucket() + "/" + name);
    FileSystem store = path.getFileSystem(FolderFeed.hadoop(LAKE.lake().spark()).value());
    try (OutputStream out = store.create(path, true)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (!zipped) {
        out.write(bytes);
        return;
      }
      // As many members as lines.
      for (String line : text.split("(?<=\n)")) {
        GZIPOutputStream member = new GZIPOutputStream(out);
        member.write(line.getBytes(StandardCharsets.UTF_8));
        member.finish();
      }
    }
  }

  private static LandTable table(String name, LandTable.Format format) {
    return Models.source(
        name, format, new LandSource.Folder("s3://" + MINIO.bucket() + "/" + name), "store");
  }

  private static LandAudit land(LandTable table, String run) {
    return LandStep.audited(Landing.context(LAKE.lake(), Path.of("unused"), run), table);
  }
}
