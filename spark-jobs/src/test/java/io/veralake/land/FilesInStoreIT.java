package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestMinio;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.files.FileIoFileSystem;
import io.veralake.spec.Engine;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
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
  void icebergsClientReadsWhatHadoopsDoes() throws IOException {
    configure();
    // A folder of one name, an empty object that stands for a folder, names that begin alike.
    put("mine/docs/a.jsonl", "{\"a\":1}\n{\"a\":2}\n", false);
    put("mine/docs/deep down/ü %20.jsonl.gz", "{\"b\":1}\n{\"b\":2}\n", true);
    put("mine/docs2/c.jsonl", "{\"c\":1}\n", false);
    MINIO.put("mine/docs/empty/", new byte[0]);
    LandTable docs = table("mine/docs", "mine_docs", LandTable.Format.JSON_LINES);

    assertThat(landThroughIceberg(docs, "r1")).isEqualTo(new Landed("mine_docs", 2, 4, 4, 0, 0, 0));
    assertThat(landThroughIceberg(docs, "r2")).isEqualTo(Landed.nothing("mine_docs"));
    // Who reads it is no property of a file.
    assertThat(land(docs, "r3").landed()).isEqualTo(Landed.nothing("mine_docs"));
    put("mine/docs/d.jsonl", "{\"d\":1}\n", false);
    assertThat(landThroughIceberg(docs, "r4")).isEqualTo(new Landed("mine_docs", 1, 1, 1, 0, 0, 0));

    LAKE.lake()
        .spark()
        .sql("select id, repeat(uuid(), 30) t from range(20000)")
        .coalesce(1)
        .write()
        .option("parquet.block.size", 1_000_000)
        .option("compression", "uncompressed")
        .parquet("s3a://" + MINIO.bucket() + "/mine/rows");
    assertThat(landThroughIceberg(table("mine/rows", "mine_rows", LandTable.Format.PARQUET), "r1"))
        .isEqualTo(new Landed("mine_rows", 1, 20000, 20000, 0, 0, 0));
  }

  @Test
  void whatIcebergsClientCantReadIsSaid() throws IOException {
    configure();
    put("odd/a#1.jsonl", "{}\n", false);
    LandTable odd = table("odd", "odd", LandTable.Format.JSON_LINES);
    assertThatThrownBy(() -> landThroughIceberg(odd, "r1"))
        .hasStackTraceContaining(
            "a#1.jsonl: Iceberg's client knows no names with ? or # (read it by an address that begins with s3a:)");
    LandTable missing = table("no such folder", "missing", LandTable.Format.JSON_LINES);
    assertThatThrownBy(() -> landThroughIceberg(missing, "r1"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Missing folder of raw.missing: s3://");
    assertThatThrownBy(() -> landThroughIceberg(lost(), "r1"))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot list the folder of raw.lost: s3://no-such-bucket/docs: ")
        .hasMessageContaining("The specified bucket does not exist");
  }

  private static Landed landThroughIceberg(LandTable table, String run) {
    RunContext context = Landing.context(LAKE.lake(), Path.of("unused"), run);
    Engine engine = TestEngine.readingS3(context.engine());
    return LandStep.audited(
            new RunContext(run, context.asOf(), context.lake(), engine, context.model()), table)
        .landed();
  }

  private static LandTable lost() {
    return Models.source(
        "lost",
        LandTable.Format.JSON_LINES,
        new LandSource.Folder("s3://no-such-bucket/docs"),
        "store");
  }

  @Test
  void aMissingBucketSaysWhatToDo() {
    configure();
    assertThatThrownBy(() -> land(lost(), "r1"))
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
    FileIoFileSystem.settings(
            "s3",
            Map.of(
                "io-impl",
                "org.apache.iceberg.aws.s3.S3FileIO",
                "s3.endpoint",
                MINIO.endpoint(),
                "s3.path-style-access",
                "true",
                "s3.access-key-id",
                MINIO.accessKey(),
                "s3.secret-access-key",
                MINIO.secretKey(),
                "client.region",
                "us-east-1"))
        .forEach(conf::set);
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
    return table(name, name, format);
  }

  private static LandTable table(String folder, String name, LandTable.Format format) {
    return Models.source(
        name, format, new LandSource.Folder("s3://" + MINIO.bucket() + "/" + folder), "store");
  }

  private static LandAudit land(LandTable table, String run) {
    return LandStep.audited(Landing.context(LAKE.lake(), Path.of("unused"), run), table);
  }
}
