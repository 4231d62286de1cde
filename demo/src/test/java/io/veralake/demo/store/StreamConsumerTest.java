package io.veralake.demo.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.demo.store.Fault.Cause;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Replays three days: the stream is the truth, but for the faults on the list. */
final class StreamConsumerTest {
  private static final long SEED = Long.getLong("veralake.seed", 20260301L);
  private static final int DAYS = 3;

  private static final Truth TRUTH = new Truth();
  private static final StreamRows STREAM = new StreamRows();
  private static final List<Fault> FAULTS = new ArrayList<>();

  @BeforeAll
  static void play() throws IOException {
    var simulation = new StoreSimulation(SEED, 0.2);
    for (int day = 1; day <= DAYS; day++) {
      FAULTS.addAll(simulation.play(null, STREAM, TRUTH).faults());
    }
  }

  @Test
  void linesWithoutFaultEqualTheTruth() {
    Map<String, String> truth = trueLines();
    Map<String, String> stream = new TreeMap<>();
    Set<String> left = faulty(Fault.LINES);
    STREAM
        .lastLines()
        .forEach(
            (key, rows) -> {
              if (rows.stream().anyMatch(row -> row.commitTime() >= StoreCalendar.fileCut(DAYS))) {
                left.add(key);
              }
              rows.stream()
                  .filter(row -> !row.deleted())
                  .forEach(row -> stream.put(key, text(row)));
            });
    truth.keySet().removeAll(left);
    stream.keySet().removeAll(left);
    assertThat(truth).as("seed %s", SEED).hasSizeGreaterThan(500);
    assertThat(stream).as("seed %s", SEED).isEqualTo(truth);
  }

  @Test
  void stockWithoutFaultEqualsTheTruth() {
    Map<String, String> truth = new TreeMap<>();
    TRUTH
        .stock()
        .forEach((key, level) -> truth.put(name(key), level.quantity() + "@" + level.changed()));
    Map<String, String> stream = new TreeMap<>();
    Set<String> left = faulty(Fault.STOCK);
    STREAM
        .lastStock()
        .forEach(
            (key, rows) -> {
              StockRow row = rows.get(0);
              stream.put(key, row.quantity() + "@" + row.commitTime());
              if (row.commitTime() >= StoreCalendar.fileCut(DAYS)) {
                left.add(key);
              }
            });
    truth.keySet().removeAll(left);
    stream.keySet().removeAll(left);
    assertThat(stream).as("seed %s", SEED).isEqualTo(truth);
  }

  @Test
  void faultsExplainTheRevenueOfEachDayToTheCent() {
    Map<LocalDate, Long> difference = new TreeMap<>();
    Map<LocalDate, Long> explained = new TreeMap<>();
    Set<String> faulty = faulty(Fault.LINES);
    eachTrueLine(
        (key, day, revenue) ->
            difference.merge(day, faulty.contains(key) ? revenue : 0, Long::sum));
    STREAM
        .lastLines()
        .forEach(
            (key, rows) ->
                rows.stream()
                    .filter(row -> !row.deleted() && faulty.contains(key))
                    .forEach(
                        row -> difference.merge(day(row.orderTime()), -row.revenue(), Long::sum)));
    for (Fault fault : FAULTS) {
      if (fault.table().equals(Fault.LINES) && fault.cause() != Cause.LATE) {
        explained.merge(fault.partition(), fault.delta().revenue(), Long::sum);
      }
    }
    difference.values().removeIf(cents -> cents == 0);
    assertThat(explained).as("seed %s", SEED).isEqualTo(difference).hasSize(DAYS);
  }

  @Test
  void everyCauseOccursEveryDayInBothTables() {
    for (int day = 1; day <= DAYS; day++) {
      for (String table : List.of(Fault.LINES, Fault.STOCK)) {
        Set<Cause> causes = new HashSet<>();
        for (Fault fault : FAULTS) {
          if (fault.day() == day && fault.table().equals(table)) {
            causes.add(fault.cause());
          }
        }
        assertThat(causes).as("day %s, %s, seed %s", day, table, SEED).containsOnly(Cause.values());
      }
    }
  }

  @Test
  void noKeyHasTwoFaultsAndNoneChangesAfterIts() {
    Map<String, Fault> byKey = new HashMap<>();
    for (Fault fault : FAULTS) {
      assertThat(byKey.put(fault.table() + name(fault.key()), fault)).isNull();
    }
    for (OrderLineRow row : STREAM.lines()) {
      Fault fault = byKey.get(Fault.LINES + StreamRows.name(row));
      if (fault != null) {
        assertThat(row.receivedTime()).isLessThan(StoreCalendar.streamCut(fault.day()));
      }
    }
  }

  @Test
  void lateRowsComeAfterTheDayIsClosedAndBeforeItsNight() {
    Map<String, List<OrderLineRow>> last = STREAM.lastLines();
    for (Fault fault : FAULTS) {
      if (fault.cause() == Cause.LATE && fault.table().equals(Fault.LINES)) {
        OrderLineRow row = Objects.requireNonNull(last.get(name(fault.key()))).get(0);
        assertThat(row.receivedTime())
            .isBetween(StoreCalendar.start(fault.day() + 1), StoreCalendar.streamCut(fault.day()));
      }
    }
  }

  @Test
  void otherRowsOfTheDayAreThereBeforeItIsClosed() {
    Set<String> faulty = faulty(Fault.LINES);
    for (OrderLineRow row : STREAM.lines()) {
      if (!faulty.contains(StreamRows.name(row))) {
        assertThat(row.receivedTime() - row.commitTime()).isBetween(0L, 2 * StoreCalendar.SECOND);
        assertThat(day(row.receivedTime())).isEqualTo(day(row.commitTime()));
      }
    }
  }

  @Test
  void rowsAreInFlightWhenTheNightBegins() {
    long midnight = StoreCalendar.start(DAYS + 1);
    assertThat(STREAM.lines()).anyMatch(row -> row.commitTime() > midnight && row.deleted());
    assertThat(STREAM.lines())
        .anyMatch(
            row -> row.commitTime() > midnight && row.orderTime() < midnight && !row.deleted());
    assertThat(STREAM.lines()).anyMatch(row -> row.orderTime() > midnight);
    assertThat(STREAM.stock()).anyMatch(row -> row.commitTime() > midnight);
  }

  /** Takes a line that is sold. */
  private interface Line {
    void take(String key, LocalDate day, long revenue);
  }

  private static void eachTrueLine(Line action) {
    trueLines()
        .forEach(
            (key, text) -> {
              String[] parts = text.split(" ");
              action.take(key, LocalDate.parse(parts[0]), Long.parseLong(parts[1]));
            });
  }

  private static Map<String, String> trueLines() {
    Map<String, String> lines = new TreeMap<>();
    for (List<Long> key : TRUTH.keys(SourceTable.ORDER_ITEMS)) {
      Object[] line = TRUTH.now(SourceTable.ORDER_ITEMS, key.get(0), key.get(1));
      Object[] order = TRUTH.now(SourceTable.ORDERS, key.get(0), 0);
      if (line != null && order != null) {
        long amount = (Integer) line[4] * (Long) line[5] - (Long) line[6];
        long revenue = order[2].equals("cancelled") ? 0 : amount;
        lines.put(
            name(key),
            day((Long) order[5])
                + " "
                + revenue
                + " "
                + amount
                + " "
                + order[5]
                + " "
                + order[1]
                + " "
                + line[2]
                + " "
                + line[3]
                + " "
                + order[4]
                + " "
                + order[3]
                + " "
                + order[2]
                + " "
                + line[4]
                + " "
                + line[5]
                + " "
                + line[6]);
      }
    }
    return lines;
  }

  private static String text(OrderLineRow row) {
    return day(row.orderTime())
        + " "
        + row.revenue()
        + " "
        + row.amount()
        + " "
        + row.orderTime()
        + " "
        + row.customerId()
        + " "
        + row.productId()
        + " "
        + row.sellerId()
        + " "
        + row.region()
        + " "
        + row.channel()
        + " "
        + row.status()
        + " "
        + row.quantity()
        + " "
        + row.unitPrice()
        + " "
        + row.discount();
  }

  private static Set<String> faulty(String table) {
    Set<String> keys = new TreeSet<>();
    FAULTS.stream()
        .filter(fault -> fault.table().equals(table))
        .forEach(fault -> keys.add(name(fault.key())));
    return keys;
  }

  private static String name(List<Long> key) {
    return key.get(0) + "/" + key.get(1);
  }

  private static LocalDate day(long micros) {
    return StoreCalendar.date(StoreCalendar.day(micros));
  }
}
