package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestPostgres;
import io.veralake.lake.GateException;
import io.veralake.spec.DumpMode;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dumps of a real PostgreSQL. */
final class JdbcFeedIT {
  private static final long SEED = Long.getLong("veralake.seed", 20261121);
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

  private Landed land(String table, DumpMode mode) {
    return LandStep.run(
        Landing.context(LAKE.lake(), LAKE.folder(), "r1", Dumping.postgres(POSTGRES)),
        Dumping.table(table, List.of("id"), Dumping.jdbc(table, mode)));
  }

  private static Landed landed(String table, long read, long appended, long same, long absent) {
    return new Landed(table, 0, read, appended, same, 0, 0, absent, List.of());
  }
}
