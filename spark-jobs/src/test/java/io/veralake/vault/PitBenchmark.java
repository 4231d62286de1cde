package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;

import io.veralake.fixture.HeapWatch;
import io.veralake.fixture.Lakes;
import io.veralake.fixture.Models;
import io.veralake.fixture.Took;
import io.veralake.lake.Lake;
import io.veralake.spec.Hub;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultTable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/**
 * Prints what a point-in-time table over seven satellites takes, at a tenth of the snapshots, at
 * all of them and for one night more, and what the usual joins by {@code <=} take for a tenth:
 * {@code PitBenchmark <keys> <snapshots> [versions]}.
 */
final class PitBenchmark {
  private static final int SATELLITES = 7;
  private static final LocalDate TODAY = Models.asOf().atZone(ZoneOffset.UTC).toLocalDate();
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final List<Satellite> PARTS =
      IntStream.rangeClosed(1, SATELLITES)
          .mapToObj(
              i ->
                  new Satellite(
                      "sat_" + i,
                      CUSTOMER,
                      List.of(column("c" + i, "int")),
                      List.of(),
                      List.of(source("users"))))
          .toList();

  private final Lake lake;
  private final VaultFixture vault;
  private final long keys;
  private final int snapshots;

  private PitBenchmark(Lake lake, long keys, int snapshots) {
    this.lake = lake;
    this.keys = keys;
    this.snapshots = snapshots;
    List<VaultTable> tables = new ArrayList<>(List.of(CUSTOMER));
    tables.addAll(PARTS);
    this.vault =
        new VaultFixture(lake, "id bigint, " + columns(i -> "c" + i + " int"))
            .raw("shop", "users")
            .vault(tables.toArray(VaultTable[]::new));
  }

  public static void main(String[] arguments) throws NoSuchTableException {
    SparkSession spark = Lakes.sessionAsInstalled();
    int snapshots = Integer.parseInt(arguments[1]);
    PitBenchmark bench =
        new PitBenchmark(Lakes.fresh(spark), Long.parseLong(arguments[0]), snapshots);
    int versions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    for (int round = 0; round < versions; round++) {
      bench.land(round, TODAY.minusDays((long) snapshots * (versions - round) / versions));
      bench.vault.load();
    }
    bench.run();
    spark.stop();
  }

  private void run() {
    int tenth = Math.max(1, this.snapshots / 10);
    this.ours("pit_tenth", tenth, 0);
    this.ours("pit_all", this.snapshots, 0);
    this.ours("pit_all", this.snapshots, 1);
    this.peer("automatedv", tenth, allAtOnce());
    this.peer("one by one", tenth, oneByOne());
    System.out.println(
        "pit   equal     "
            + this.same("automatedv", tenth)
            + ", "
            + this.same("one by one", tenth));
  }

  private void ours(String name, int days, int night) {
    Pit pit =
        new Pit(name, CUSTOMER, PARTS, new SnapshotCalendar(days, 0, 0, 0), PARTS.get(0).names());
    HeapWatch heap = HeapWatch.begun();
    Took took = Took.by(() -> VaultStep.run(this.vault.context(night), pit));
    long rows = this.lake.rows("vault." + name).count();
    String what = night == 0 ? "made" : "a night more";
    print("veralake", what, night == 0 ? rows : rows / days, took, heap.most());
  }

  private void peer(String name, int days, String sql) {
    this.lake
        .spark()
        .sql(
            "SELECT explode(sequence(TIMESTAMP '%s 00:00:00Z', TIMESTAMP '%s 00:00:00Z', INTERVAL 1 DAY)) AS as_of"
                .formatted(TODAY.minusDays(days - 1L), TODAY))
        .createOrReplaceTempView("as_of_dates");
    for (VaultTable table : List.of(CUSTOMER)) {
      this.lake.rows("vault." + table.name()).createOrReplaceTempView(table.name());
    }
    PARTS.forEach(p -> this.lake.rows("vault." + p.name()).createOrReplaceTempView(p.name()));
    String table = this.lake.sqlName("vault." + name.replace(' ', '_'));
    HeapWatch heap = HeapWatch.begun();
    Took took =
        Took.by(() -> this.lake.spark().sql("CREATE TABLE " + table + " USING iceberg AS " + sql));
    print(name, "made", this.keys * days, took, heap.most());
  }

  /** As AutomateDV's macro {@code pit} writes it: all satellites at once, the newest of each. */
  private static String allAtOnce() {
    return "SELECT h.customer_hk, h.as_of, %s FROM (SELECT customer_hk, as_of FROM hub_customer CROSS JOIN as_of_dates) AS h %s GROUP BY h.customer_hk, h.as_of"
        .formatted(
            columns(i -> "max(s%1$d.applied_time) AS f%1$d".formatted(i)),
            IntStream.rangeClosed(1, SATELLITES)
                .mapToObj(
                    "LEFT JOIN sat_%1$d AS s%1$d ON s%1$d.customer_hk = h.customer_hk AND s%1$d.applied_time <= h.as_of"
                        ::formatted)
                .collect(Collectors.joining(" ")));
  }

  /** The same with care: each satellite's newest alone, so that versions don't multiply. */
  private static String oneByOne() {
    return "SELECT h.customer_hk, h.as_of, %s FROM (SELECT customer_hk, as_of FROM hub_customer CROSS JOIN as_of_dates) AS h %s"
        .formatted(
            columns("f%d"::formatted),
            IntStream.rangeClosed(1, SATELLITES)
                .mapToObj(
                    ("LEFT JOIN (SELECT s.customer_hk, d.as_of, max(s.applied_time) AS f%1$d FROM sat_%1$d AS s JOIN as_of_dates AS d"
                            + " ON s.applied_time <= d.as_of GROUP BY s.customer_hk, d.as_of) AS s%1$d"
                            + " ON s%1$d.customer_hk = h.customer_hk AND s%1$d.as_of = h.as_of")
                        ::formatted)
                .collect(Collectors.joining(" ")));
  }

  private boolean same(String peer, int days) {
    String froms = columns("f%d"::formatted);
    Row theirs =
        this.sum(
            "vault." + peer.replace(' ', '_'),
            "xxhash64(customer_hk, as_of, " + froms + ")",
            "coalesce(" + froms + ") IS NOT NULL");
    Row ours =
        this.sum(
            "vault.pit_tenth",
            "xxhash64(customer_hk, snapshot_time, " + columns("sat_%d_from"::formatted) + ")",
            "true");
    return theirs.equals(ours) && ours.getLong(0) <= this.keys * days;
  }

  private Row sum(String table, String hash, String where) {
    return this.lake
        .rows(table)
        .where(where)
        .selectExpr("CAST(" + hash + " AS decimal(38, 0)) AS h")
        .selectExpr("count(*)", "sum(h)")
        .head();
  }

  private static void print(String who, String what, long rows, Took took, long heap) {
    System.out.printf(
        Locale.ROOT,
        "pit   %-10s %-12s %,12d rows %8.2f s %8.2f CPU s %,12.0f rows/s, read %,d MB, written %,d MB, largest heap %,d MiB%n",
        who,
        what,
        rows,
        took.seconds(),
        took.cpu(),
        rows / took.seconds(),
        took.read() >> 20,
        took.written() >> 20,
        heap);
  }

  /** Lands a row of each key on {@code day}; a third of them has another value in each column. */
  private void land(int round, LocalDate day) throws NoSuchTableException {
    String row =
        columns(
            i ->
                "CAST(array_max(filter(sequence(0, %2$d), r -> r = 0 OR pmod(xxhash64(id, r, %1$d), 3) = 0)) AS int) AS c%1$d"
                    .formatted(i, round));
    this.lake
        .spark()
        .range(0, this.keys, 1, 4)
        .selectExpr(
            "'u' AS _op",
            "CAST(null AS struct<id: bigint, %s>) AS before"
                .formatted(columns(i -> "c" + i + ": int")),
            "struct(id, " + row + ") AS after",
            "CAST(null AS array<string>) AS _unavailable",
            "struct(%dL + id AS major, 0L AS minor, 0L AS row) AS _position"
                .formatted(round * this.keys),
            "timestamp_seconds(%dL + pmod(xxhash64(id, %d), 86400)) AS _commit_time"
                .formatted(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC), round),
            "'shop' AS _record_source",
            "CAST(null AS timestamp) AS _load_time",
            "'file' AS _source_file",
            "id AS _source_row",
            "'%d' AS _batch".formatted(round))
        .writeTo(this.lake.sqlName("raw.users"))
        .append();
  }

  private static String columns(java.util.function.IntFunction<String> column) {
    return IntStream.rangeClosed(1, SATELLITES).mapToObj(column).collect(Collectors.joining(", "));
  }
}
