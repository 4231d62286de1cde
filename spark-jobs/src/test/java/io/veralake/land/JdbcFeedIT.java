package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestPostgres;
import io.veralake.lake.DataException;
import io.veralake.lake.GateException;
import io.veralake.spec.Connection;
import io.veralake.spec.DumpMode;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dumps of a real PostgreSQL. */
final class JdbcFeedIT {
  private static final long SEED = Seed.of(20261121);
  private static final DumpMode FULL = new DumpMode.Full(50);

  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();

  @Test
  void fullDumpsStoreWhatChangedAndDeleteWhatIsGone() throws SQLException {
    try (Shelf shelf = Shelf.of(POSTGRES, "stock")) {
      Random random = new Random(SEED);
      shelf.insert(0, 200);
      assertThat(this.land("stock", FULL)).isEqualTo(landed("stock", 200, 200, 0, 0));
      for (int night = 0; night < 3; night++) {
        TreeMap<Long, String> before = shelf.rows();
        shelf.change(random, 30);
        TreeMap<Long, String> after = shelf.rows();
        long same = after.entrySet().stream().filter(before.entrySet()::contains).count();
        long gone = before.keySet().stream().filter(id -> !after.containsKey(id)).count();

        assertThat(this.land("stock", FULL))
            .as("seed %d, night %d", SEED, night)
            .isEqualTo(landed("stock", after.size(), after.size() - same, same, gone));
        assertThat(DumpedRows.current(LAKE.lake(), "stock")).isEqualTo(after);
        assertThat(this.land("stock", FULL))
            .isEqualTo(landed("stock", after.size(), 0, after.size(), 0));
      }

      shelf.run("delete from stock where id % 3 > 0");
      assertThatThrownBy(() -> this.land("stock", FULL))
          .isInstanceOf(GateException.class)
          .hasMessageMatching(
              "Cannot land raw.stock: \\d+ of \\d+ rows aren't in jdbc:db/stock, over max-deletes = 50 % \\(is the dump whole\\? if so, raise max-deletes for one run\\)");
      this.land("stock", new DumpMode.Full(100));
      assertThat(DumpedRows.current(LAKE.lake(), "stock")).isEqualTo(shelf.rows());
    }
  }

  /** Transactions that end late write earlier times than rows that were landed before. */
  @Test
  void randomHistoriesLandIncrementallyWithoutALostVersion() throws SQLException {
    Random random = new Random(SEED);
    DumpMode mode = new DumpMode.Incremental("at", Duration.ofMinutes(10), -1);
    try (Shelf shelf = Shelf.of(POSTGRES, "log")) {
      shelf.run("alter table log add at timestamptz");
      long clock = 1_790_000_000L;
      long landed = 0;
      Map<Long, Set<String>> versions = new TreeMap<>();
      for (int night = 0; night < 4; night++) {
        for (int i = 0; i < 30; i++) {
          clock += random.nextInt(120);
          // At the boundary, and up to the overlap behind what others wrote.
          long at = clock - (random.nextInt(3) == 0 ? random.nextInt(5) * 60L : 0);
          shelf.run(
              """
              insert into log values (%1$d, %2$d, 'x', to_timestamp(%3$d))
              on conflict (id) do update set n = excluded.n, at = excluded.at"""
                  .formatted(random.nextInt(40), random.nextInt(3), at));
        }
        // A row that changes without a new time.
        shelf.run(
            "update log set n = n + 1 where id = (select id from log order by at desc limit 1)");
        Landed result = this.land("log", mode);
        landed += result.appended();
        assertThat(DumpedRows.current(LAKE.lake(), "log").keySet())
            .isEqualTo(shelf.rows().keySet());
        TreeMap<Long, String> current = DumpedRows.current(LAKE.lake(), "log");
        current.replaceAll((id, row) -> row.replaceFirst("\\|[^|]*$", ""));
        assertThat(current).as("seed %d, night %d", SEED, night).isEqualTo(shelf.rows());
        current.forEach((id, row) -> versions.computeIfAbsent(id, k -> new TreeSet<>()).add(row));
        assertThat(result.read()).isLessThanOrEqualTo(40);
        Landed again = this.land("log", mode);
        assertThat(again.appended()).isZero();
        assertThat(again.read()).isPositive();
      }
      assertThat(LAKE.lake().rows("raw.log").count()).isEqualTo(landed);

      // A row that is dated ahead hides no others.
      shelf.run("insert into log values (1000, 1, 'ahead', now() + interval '1 year')");
      assertThat(this.land("log", mode).appended()).isOne();
      shelf.run("insert into log values (1001, 1, 'later', now() - interval '1 minute')");
      shelf.run("insert into log values (1002, 1, 'never', null), (1003, 1, 'end', 'infinity')");
      Landed last = this.land("log", mode);
      assertThat(last.appended()).isEqualTo(2);
      assertThat(last.quarantined()).isOne();
    }
  }

  @Test
  void aDumpInRangesIsOfOneMomentWhateverChangesMeanwhile() throws Exception {
    try (Shelf shelf = Shelf.of(POSTGRES, "moving");
        Shelf other = Shelf.open(POSTGRES, "moving")) {
      // One key in ten stands alone, far away.
      shelf.run(
          "insert into moving select case when g % 10 = 0 then g * 1000000000::bigint else g end, 0, 'a' from generate_series(1, 3000) g");
      AtomicBoolean done = new AtomicBoolean();
      Thread writer =
          new Thread(
              () -> {
                try {
                  while (!done.get()) {
                    // Each transaction changes all rows: a dump of one moment has one value of n.
                    other.run("update moving set n = n + 1");
                  }
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.start();
      Landed landed;
      try {
        landed =
            this.land(
                "moving",
                new LandSource.Jdbc(
                    "db",
                    "",
                    "select * from moving where id > 0",
                    new LandSource.KeyRanges("id", 5, LandSource.SnapshotOf.DUMP),
                    50,
                    FULL));
      } finally {
        done.set(true);
        writer.join();
      }
      assertThat(landed.appended()).isEqualTo(3000);
      List<Row> parts =
          LAKE.lake()
              .spark()
              .sql(
                  "select _source_file, count(*), count(distinct after.n) from %s.raw.moving group by 1 order by 1"
                      .formatted(LAKE.lake().catalog()))
              .collectAsList();
      assertThat(parts).hasSize(5).allSatisfy(part -> assertThat(part.getLong(1)).isEqualTo(600));
      assertThat(LAKE.lake().rows("raw.moving").select("after.n").distinct().count()).isOne();
    }
  }

  @Test
  void whatGoesWrongIsSaidWithPlaceAndWithoutSecrets() throws SQLException {
    try (Shelf shelf = Shelf.of(POSTGRES, "fine")) {
      shelf.insert(0, 3);
    }
    String host = POSTGRES.url();
    this.fails(
        Dumping.connection(POSTGRES.url(), POSTGRES.user(), "hunter2"),
        "fine",
        "id",
        "Cannot connect to the database of connection db (%s): FATAL: password authentication failed for user \"veralake\""
            .formatted(host));
    this.fails(
        Dumping.connection(
            "jdbc:postgresql://u:hunter2@127.0.0.1:1/x?password=hunter2", "u", "hunter2"),
        "fine",
        "id",
        "Cannot connect to the database of connection db (jdbc:postgresql://127.0.0.1:1/x): ");
    this.fails(
        Dumping.connection("jdbc:oracle:thin:@h:1521/x", "u", "hunter2"),
        "fine",
        "id",
        "Missing driver for connection db: jdbc:oracle:thin:@h:1521/x (add its jar: spark-submit --jars, or VERALAKE_CLASSPATH)");
    this.fails(
        Dumping.postgres(POSTGRES),
        "fin",
        "id",
        "Cannot read fin of connection db (%s): ERROR: relation \"fin\" does not exist"
            .formatted(host));
    this.fails(
        Dumping.postgres(POSTGRES),
        "fine",
        "ident",
        "Missing column in fine of connection db (%s): ident, from key of the land model fine (there are id, n, note)"
            .formatted(host));
    this.fails(
        Dumping.postgres(POSTGRES),
        "fine",
        "n, id",
        "Missing column in fine of connection db (%s): n, id, from key of the land model fine (there are id, n, note)"
            .formatted(host));
    assertThat(LAKE.lake().exists("raw.fine")).isFalse();
  }

  @Test
  void aConnectionThatIsCutLeavesNothingAndTheNextRunCatchesUp() throws SQLException {
    try (Shelf shelf = Shelf.of(POSTGRES, "cut")) {
      shelf.insert(0, 10);
      this.land("cut", FULL);
      shelf.insert(10, 2000);
      LandSource.Jdbc killed =
          new LandSource.Jdbc(
              "db",
              "",
              "select id, n, note from cut where case when id = 1500 then pg_terminate_backend(pg_backend_pid()) else true end",
              new LandSource.KeyRanges("", 0, LandSource.SnapshotOf.DUMP),
              100,
              FULL);
      assertThatThrownBy(() -> this.land("cut", killed))
          .satisfies(
              e ->
                  assertThat(messages(e))
                      .anyMatch(
                          message ->
                              message.startsWith(
                                  "Cannot read query of connection db ("
                                      + POSTGRES.url()
                                      + "): ")));
      assertThat(LAKE.lake().rows("raw.cut").count()).isEqualTo(10);
      assertThat(this.land("cut", FULL)).isEqualTo(landed("cut", 2000, 1990, 10, 0));
    }
  }

  @Test
  void unreadableRowsAreKeptAndTheirKeysAreNotGone() throws SQLException {
    try (Shelf shelf = Shelf.of(POSTGRES, "odd")) {
      shelf.run("alter table odd add price numeric(8,2)");
      shelf.insert(0, 10);
      this.land("odd", FULL);
      shelf.run("update odd set price = 'NaN' where id = 3");
      shelf.run("delete from odd where id = 4");
      Landed landed = this.land("odd", FULL);
      assertThat(landed).isEqualTo(new Landed("odd", 0, 9, 0, 8, 1, 0, 1, List.of()));
      assertThat(DumpedRows.current(LAKE.lake(), "odd")).containsKey(3L).doesNotContainKey(4L);

      // Corrected at the source, and what was kept is landed once the model can hold it.
      LandTable declared =
          Dumping.table("odd2", List.of("id"), Dumping.jdbc("odd", FULL), "price string");
      LandStep.run(
          Landing.context(LAKE.lake(), LAKE.folder(), "r1", Dumping.postgres(POSTGRES)), declared);
      assertThat(LAKE.lake().rows("raw.odd2").where("after.price = 'NaN'").count()).isOne();
      shelf.run("insert into odd (id) values (20), (21)");
      assertThatThrownBy(
              () ->
                  LandStep.run(
                      Landing.context(LAKE.lake(), LAKE.folder(), "r1", Dumping.postgres(POSTGRES)),
                      Dumping.table("twice", List.of("n"), Dumping.jdbc("odd", FULL))))
          .hasMessage(
              "Invalid dump of raw.twice: 3 keys more than once in jdbc:db/odd (key = [n] must tell all rows apart)");
    }
  }

  private void fails(Connection connection, String source, String key, String message) {
    assertThatThrownBy(
            () ->
                LandStep.run(
                    Landing.context(LAKE.lake(), LAKE.folder(), "r1", connection),
                    Dumping.table("fine", List.of(key), Dumping.jdbc(source, FULL))))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("hunter2");
  }

  private Landed land(String table, DumpMode mode) {
    return this.land(table, Dumping.jdbc(table, mode));
  }

  private Landed land(String table, LandSource.Jdbc source) {
    return LandStep.run(
        Landing.context(LAKE.lake(), LAKE.folder(), "r1", Dumping.postgres(POSTGRES)),
        Dumping.table(table, List.of("id"), source));
  }

  private static Landed landed(String table, long read, long appended, long same, long absent) {
    return new Landed(table, 0, read, appended, same, 0, 0, absent, List.of());
  }

  private static List<String> messages(Throwable e) {
    List<String> messages = new ArrayList<>();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      messages.add(String.valueOf(cause.getMessage()));
    }
    return messages;
  }
}
