package io.veralake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NightLockTest {
  private static final Instant NOW = Instant.parse("2026-03-02T00:30:00Z");

  @TempDir Path folder;

  @Test
  void secondRunIsRefusedUntilTheFirstHasEnded() {
    Catalog catalog = this.catalog();
    try (NightLock first = NightLock.acquire(catalog, "run-1", InstantSource.fixed(NOW))) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> NightLock.acquire(catalog, "run-2", InstantSource.fixed(NOW)))
          .isInstanceOf(NightRunningException.class)
          .hasMessageStartingWith(
              "Cannot start: run run-1 has been working on this lake since 2026-03-02T00:30:00Z on ")
          .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")");
    }
    NightLock.acquire(catalog, "run-2", InstantSource.fixed(NOW)).close();
  }

  @Test
  @SuppressWarnings("MustBeClosedChecker")
  void lockOfADeadRunIsFreeOnceItsLeaseHasRunOut() {
    Catalog catalog = this.catalog();
    NightLock.acquire(catalog, "dead", InstantSource.fixed(NOW));
    InstantSource later = InstantSource.fixed(NOW.plus(Duration.ofMinutes(4)));
    NightLock.acquire(catalog, "next", later).close();
  }

  @Test
  void oneOfManyAtOnceWins() throws Exception {
    NightLock.acquire(this.catalog(), "prepares-the-catalog", InstantSource.fixed(NOW)).close();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      // Several rounds: who comes second meets the winner's commit at another place each time.
      for (int round = 0; round < 10; round++) {
        Queue<NightLock> won = new ConcurrentLinkedQueue<>();
        Callable<Boolean> attempt =
            () -> {
              try {
                return won.add(
                    NightLock.acquire(
                        this.catalog(),
                        "run-" + Thread.currentThread().getId(),
                        InstantSource.fixed(NOW)));
              } catch (NightRunningException e) {
                return false;
              }
            };
        for (Future<Boolean> result :
            threads.invokeAll(IntStream.range(0, 6).mapToObj(i -> attempt).toList())) {
          result.get();
        }
        assertThat(won).hasSize(1);
        won.remove().close();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Catalog catalog() {
    return Catalogs.open(
        "lake",
        Map.of(
            "type",
            "jdbc",
            "uri",
            "jdbc:sqlite:" + this.folder.resolve("catalog.db") + "?busy_timeout=10000",
            "jdbc.schema-version",
            "V1",
            "warehouse",
            this.folder.resolve("warehouse").toString()),
        new Configuration());
  }
}
