package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ConcurrentReadersIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final int PUBLICATIONS = 15;
  private static final int READERS = 3;

  /** Each gives numbers that are all equal to the generation's, and a count that never changes. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT count(), min(f.amount), max(f.amount), min(toInt32(r.name)), max(toInt32(r.name))"
              + " FROM readers.fact AS f JOIN readers.region AS r USING (region)",
          "SELECT count(), min(f.amount), max(f.amount), min(toInt32(r.name)), max(toInt32(r.name))"
              + " FROM readers.region AS r JOIN readers.fact AS f ON f.region = r.region",
          "SELECT (SELECT count() FROM readers.fact), (SELECT min(amount) FROM readers.fact),"
              + " (SELECT max(amount) FROM readers.fact), (SELECT min(toInt32(name)) FROM readers.region),"
              + " (SELECT max(toInt32(name)) FROM readers.region)",
          "SELECT countIf(v < 0) + 300, minIf(v, v >= 0), maxIf(v, v >= 0), minIf(v, v >= 0), maxIf(v, v >= 0) FROM"
              + " (SELECT toInt32(name) AS v FROM readers.region UNION ALL SELECT toInt32(amount) FROM readers.fact)");

  @Test
  void noQueryEverSeesTwoGenerationsOrAHalf() throws Exception {
    SmallStar star = new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), "readers").create();
    this.state(star, 1);
    star.publish();
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong queries = new AtomicLong();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    ExecutorService pool = Executors.newFixedThreadPool(READERS);
    List<Future<?>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      int first = i;
      readers.add(pool.submit(() -> this.read(first, done, queries, seen)));
    }
    try {
      for (int state = 2; state <= PUBLICATIONS; state++) {
        this.state(star, state);
        assertThat(star.publish().generation()).isEqualTo(state);
      }
    } finally {
      done.set(true);
      pool.shutdown();
      assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    for (Future<?> reader : readers) {
      reader.get();
    }
    assertThat(seen).as(queries + " queries").allMatch(row -> row.matches("300,(\\d+)(,\\1){3}"));
    assertThat(seen).hasSizeGreaterThan(PUBLICATIONS / 2);
    assertThat(queries.get()).isGreaterThan(PUBLICATIONS);
  }

  private void read(int first, AtomicBoolean done, AtomicLong queries, Set<String> seen) {
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      for (int i = first; !done.get(); i++) {
        seen.add(String.join(",", clickHouse.rows(QUERIES.get(i % QUERIES.size())).get(0)));
        queries.incrementAndGet();
      }
    }
  }

  /** 300 facts in three months and two regions, all showing the number {@code state}. */
  private void state(SmallStar star, int state) {
    star.sql(
        "INSERT OVERWRITE %s.mart.fact SELECT id, add_months(DATE'2026-01-01', cast(id % 3 as int)), if(id % 2 = 0, 'a', 'b'), "
            + state
            + " FROM range(300)");
    star.region("('a', '" + state + "'), ('b', '" + state + "')");
  }
}
