package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.spec.Mart;
import io.veralake.spec.Publication;
import io.veralake.spec.Reconciliation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Orders pass from the stream to the corrected table while new ones arrive: whoever looks at the
 * live view, at whatever instant, sees each order once, and never an earlier amount than before.
 */
final class LiveTailIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final int NIGHTS = 5;
  private static final int READERS = 2;
  private static final int ORDERS = 1000;
  private static final Instant FIRST = Instant.parse("2026-03-01T00:00:00Z");

  /** An order, new or with a higher amount, as the source committed it. */
  private record Change(int id, int amount) {}

  /** What the source committed, one a second; the first {@link #streamed} are in the stream. */
  private final List<Change> changes = new ArrayList<>();

  private final Map<Integer, Integer> amounts = new HashMap<>();

  private final AtomicInteger streamed = new AtomicInteger();
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger queries = new AtomicInteger();

  @Test
  void anOrderIsSeenOnceWhereverItIs() throws Exception {
    SmallStar star = new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), "tail").create();
    this.declare(star);
    star.execute("CREATE DATABASE tail_rt");
    star.execute(
        "CREATE TABLE tail_rt.sold (id Int64, day Date, amount Decimal(14, 2), commit_time DateTime64(6, 'UTC'))"
            + " ENGINE = ReplacingMergeTree(commit_time) ORDER BY id");
    star.sql(
        "CREATE TABLE %s.recon.summary (run_id string, as_of timestamp, reconciliation string, watermark timestamp) USING iceberg");
    ExecutorService pool = Executors.newFixedThreadPool(READERS + 1);
    List<Future<?>> readers = new ArrayList<>();
    Future<?> writer =
        pool.submit(
            () -> {
              this.write();
              return null;
            });
    try {
      for (int night = 1; night <= NIGHTS; night++) {
        this.night(star, night);
        if (night == 1) {
          for (int i = 0; i < READERS; i++) {
            readers.add(pool.submit(this::read));
          }
        }
      }
    } finally {
      this.done.set(true);
      pool.shutdown();
      assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    writer.get();
    for (Future<?> reader : readers) {
      reader.get();
    }
    assertThat(this.queries.get()).isGreaterThan(NIGHTS * 3);
    this.night(star, NIGHTS + 1);
    assertThat(star.query("SELECT count(), sum(amount) FROM %s.fact_live"))
        .as("all of it is corrected now")
        .isEqualTo(star.query("SELECT count(), sum(amount) FROM %s.fact"));
  }

  /** The source commits, and the stream brings it, a few at a time. */
  private void write() throws InterruptedException {
    Random random = new Random(Seed.of(20261123));
    int orders = 0;
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      while (!this.done.get()) {
        List<String> rows = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          boolean known = orders > 0 && (orders == ORDERS || random.nextInt(3) > 0);
          Change change = this.commit(known ? random.nextInt(orders) : orders++);
          Instant time = FIRST.plusSeconds(this.committed());
          rows.add(
              "(%d, '%s', %d, '%s')"
                  .formatted(
                      change.id,
                      day(change.id),
                      change.amount,
                      time.toString().replace('T', ' ').replace("Z", "")));
        }
        clickHouse.execute("INSERT INTO tail_rt.sold VALUES " + String.join(", ", rows));
        this.streamed.set(this.committed());
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  private synchronized Change commit(int id) {
    int amount = this.amounts.merge(id, 1, Integer::sum);
    Change change = new Change(id, amount);
    this.changes.add(change);
    return change;
  }

  private synchronized int committed() {
    return this.changes.size();
  }

  private static String day(int id) {
    return "2026-0%d-05".formatted(1 + id % 3);
  }

  /** The mart learns what was committed up to the watermark, and is published. */
  private void night(SmallStar star, int night) throws InterruptedException {
    int before = this.streamed.get();
    for (int i = 0; i < 600 && !this.done.get() && this.streamed.get() < before + 5; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    int watermark = this.streamed.get();
    Map<Integer, Integer> orders = new TreeMap<>();
    synchronized (this) {
      this.changes.subList(0, watermark).forEach(each -> orders.put(each.id, each.amount));
    }
    star.fact(
        orders.entrySet().stream()
            .map(
                order ->
                    "(%d, '%s', 'batch', %d)"
                        .formatted(order.getKey(), day(order.getKey()), order.getValue()))
            .collect(Collectors.joining(", ")));
    Instant asOf = FIRST.plus(Duration.ofDays(night));
    star.sql(
        "INSERT INTO %s.recon.summary VALUES ('r', TIMESTAMP'"
            + asOf
            + "', 'sales', TIMESTAMP'"
            + FIRST.plusSeconds(watermark)
            + "')");
    PublishStep.run(star.context(asOf), star.name);
  }

  /** Looks, and looks again. */
  private void read() {
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      BigDecimal sum = BigDecimal.ZERO;
      while (!this.done.get()) {
        int known = this.streamed.get();
        long orders;
        synchronized (this) {
          orders = this.changes.subList(0, known).stream().map(Change::id).distinct().count();
        }
        List<@Nullable String> row =
            clickHouse
                .rows("SELECT count(), uniqExact(id), max(id) + 1, sum(amount) FROM tail.fact_live")
                .get(0);
        long count = Long.parseLong(Objects.requireNonNull(row.get(0)));
        assertThat(row.subList(1, 3))
            .as("none twice, and none missing: %s", row)
            .containsOnly(Long.toString(count));
        assertThat(count).as("all that came before the query").isGreaterThanOrEqualTo(orders);
        BigDecimal now = new BigDecimal(Objects.requireNonNull(row.get(3)));
        assertThat(now).as("no amount goes back").isGreaterThanOrEqualTo(sum);
        sum = now;
        this.queries.incrementAndGet();
      }
    }
  }

  private void declare(SmallStar star) {
    Mart fact =
        TestModel.mart(
            "fact",
            SmallStar.FACT,
            List.of("id"),
            new Mart.PartitionField(Mart.PartitionField.Transform.MONTH, "day"));
    Reconciliation sales =
        new Reconciliation(
            "sales",
            fact,
            new Reconciliation.Stream(
                "tail_rt.sold",
                "SELECT * FROM tail_rt.sold FINAL",
                "commit_time",
                "commit_time",
                Duration.ofSeconds(5)),
            List.of("id"),
            "day",
            List.of(),
            List.of(),
            "day",
            "",
            List.of("shop"));
    star.publications(
        new Publication(
            "fact",
            star.name,
            fact,
            List.of("day", "id"),
            Map.of(),
            new Publication.Live(sales, Map.of("region", "'stream'"), "")));
  }
}
