package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;

import io.veralake.fixture.HeapWatch;
import io.veralake.fixture.Lakes;
import io.veralake.fixture.Took;
import io.veralake.lake.Lake;
import io.veralake.spec.Hub;
import io.veralake.spec.Satellite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/**
 * Prints what a hub and its satellite take: the first load of {@code keys} keys, and nights in
 * which one key in a hundred changes and one in a thousand is new, by Veralake and by the usual
 * package's SQL on the same rows: {@code VaultBenchmark <folder> <keys> [nights] [versions]
 * [alone]}. With {@code versions} above 1 each key has so many before the nights; with {@code
 * alone} the package's SQL is left out, which takes hours at full size. Writes into the folder
 * which files hold which batch, for others to load.
 */
final class VaultBenchmark {
  /** Columns of the satellite, as DDL. */
  static final String PAYLOAD =
      "name string, email string, city string, birthday date, balance decimal(12,2)";

  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final Satellite PROFILE =
      new Satellite(
          "sat_customer",
          CUSTOMER,
          List.of(
              column("name", "string"),
              column("email", "string"),
              column("city", "string"),
              column("birthday", "date"),
              column("balance", "decimal(12,2)")),
          List.of(),
          List.of(source("users")));

  private VaultBenchmark() {}

  private static void print(Took took, String what, String who, long rows) {
    System.out.printf(
        Locale.ROOT,
        "vault %-8s %-10s %,12d rows %7.2f s %7.2f CPU s, read %,7d MB, written %,6d MB%n",
        what,
        who,
        rows,
        took.seconds(),
        took.cpu(),
        took.read() >> 20,
        took.written() >> 20);
  }

  public static void main(String[] arguments) throws NoSuchTableException, IOException {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    long keys = Long.parseLong(arguments[1]);
    int nights = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    int versions = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
    SparkSession spark = Lakes.sessionAsInstalled();
    Lake lake = Lakes.fresh(spark);
    VaultFixture vault =
        new VaultFixture(lake, "id bigint, " + PAYLOAD)
            .raw("shop", "users")
            .vault(CUSTOMER, PROFILE);
    boolean alone = arguments.length > 4 && arguments[4].equals("alone");
    PeerVault peer = new PeerVault(lake);
    double first = 0;
    List<String> batches = new ArrayList<>();
    for (int round = 0; round < versions + nights; round++) {
      boolean night = round >= versions;
      long rows = land(lake, keys, round, night);
      batches.add(files(lake, round));
      int batch = round;
      HeapWatch heap = HeapWatch.begun();
      Took ours = Took.by(vault::load);
      String what = night ? "night " + (round - versions + 1) : "load " + (round + 1);
      print(ours, what, "veralake", rows);
      first = Math.max(first, night ? 0 : ours.seconds());
      System.out.printf(
          Locale.ROOT,
          "vault %-8s size       %.1f %% of the longest first load; largest heap %,d MiB; %,d files in the tables%n",
          what,
          100 * ours.seconds() / first,
          heap.most(),
          liveFiles(lake, "vault.hub_customer") + liveFiles(lake, "vault.sat_customer"));
      if (!alone) {
        Took theirs = Took.by(() -> peer.load(batch));
        print(theirs, what, "automatedv", rows);
        compare(lake, what, ours, theirs);
      }
    }
    Files.write(folder.resolve("batches.txt"), batches);
    spark.stop();
  }

  private static void compare(Lake lake, String what, Took ours, Took theirs) {
    System.out.printf(
        Locale.ROOT,
        "vault %-8s ratio      %.1f times as fast, %.1f times by CPU; rows equal: %s%n",
        what,
        theirs.seconds() / ours.seconds(),
        theirs.cpu() / ours.cpu(),
        sum(lake, "vault.hub_customer", "id").equals(sum(lake, PeerVault.HUB_TABLE, "id"))
            && sum(lake, "vault.sat_customer", "name, balance, applied_time")
                .equals(sum(lake, PeerVault.SATELLITE_TABLE, "name, balance, applied_time")));
  }

  /**
   * Lands a version of all keys, or, at {@code night}, of one key in a hundred, spread evenly over
   * all, a tenth of which is as it was, and one new key in a thousand.
   */
  private static long land(Lake lake, long keys, int round, boolean night)
      throws NoSuchTableException {
    String chosen =
        night ? "pmod(xxhash64(id, %dL), 100) = 0 OR id >= %d".formatted(round, keys) : "true";
    long end = night ? keys + keys / 1000 : keys;
    String unchanged = "pmod(xxhash64(id), 10) = 0";
    String version = night ? "if(%s, 0, %d)".formatted(unchanged, round) : "%d".formatted(round);
    // New keys count on from round * keys: far enough apart that no night has late rows.
    long first = round * keys * 1000;
    lake.spark()
        .range(0, end, 1, 4)
        .where(chosen)
        .selectExpr(
            // New keys of each night are its own.
            "if(id >= %1$d, id + %2$dL, id) AS id".formatted(keys, round * keys),
            version + " AS version")
        .selectExpr(
            "'%s' AS _op".formatted(round == 0 ? "c" : "u"),
            "CAST(null AS struct<id: bigint, %s>) AS before"
                .formatted(PAYLOAD.replaceAll("(\\w+) (\\w+(\\(12,2\\))?)", "$1: $2")),
            """
            struct(id, concat('Customer ', id, ' version ', version) AS name, concat(md5(CAST(id AS string)), '@example.org') AS email,
              concat('City ', id % 5000) AS city, date_add(DATE'1950-01-01', CAST(id % 20000 AS int)) AS birthday,
              CAST((id % 100000 + version) / 100 AS decimal(12,2)) AS balance) AS after""",
            "CAST(null AS array<string>) AS _unavailable",
            "struct(%dL + id AS major, 0L AS minor, 0L AS row) AS _position".formatted(first),
            "timestamp_seconds(%dL) AS _commit_time".formatted(1_700_000_000L + round),
            "'shop' AS _record_source",
            "CAST(null AS timestamp) AS _load_time",
            "'file' AS _source_file",
            "id AS _source_row",
            "'%d' AS _batch".formatted(round))
        .writeTo(lake.sqlName("raw.users"))
        .append();
    return lake.rows("raw.users").where("_batch = '" + round + "'").count();
  }

  /** The files that the last landing added, on one line. */
  private static String files(Lake lake, int round) throws IOException {
    StringBuilder result = new StringBuilder().append(round);
    long snapshot = lake.snapshot("raw.users").orElseThrow();
    try (CloseableIterable<FileScanTask> files =
        lake.table("raw.users")
            .newIncrementalAppendScan()
            .fromSnapshotInclusive(snapshot)
            .planFiles()) {
      files.forEach(file -> result.append(' ').append(file.file().location()));
    }
    return result.toString();
  }

  private static int liveFiles(Lake lake, String table) {
    return Integer.parseInt(
        lake.table(table).currentSnapshot().summary().get(SnapshotSummary.TOTAL_DATA_FILES_PROP));
  }

  private static Row sum(Lake lake, String table, String columns) {
    return lake.rows(table)
        .selectExpr("CAST(xxhash64(" + columns + ") AS decimal(38, 0)) AS h")
        .selectExpr("count(*)", "sum(h)")
        .head();
  }
}
