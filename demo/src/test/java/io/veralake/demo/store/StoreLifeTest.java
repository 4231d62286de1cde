package io.veralake.demo.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on around the orders happens as often as in real life, and adds up. */
final class StoreLifeTest {
  private static final int DAYS = 4;

  @TempDir static Path folder;
  private static final Truth TRUTH = new Truth();

  @BeforeAll
  static void play() throws IOException {
    var simulation = new StoreSimulation(7, 0.3);
    for (int day = 1; day <= DAYS; day++) {
      simulation.play(folder.resolve("input"), StreamSink.NOTHING, TRUTH);
    }
    new VaultBooks(TRUTH, DAYS).write(folder.resolve("vault"));
  }

  /** The last rows of a table, by key; deleted ones as they were. */
  private static List<Object[]> last(SourceTable table) {
    List<Object[]> rows = new ArrayList<>();
    for (List<Long> key : TRUTH.keys(table)) {
      TRUTH.versions(table, key.get(0), key.get(1)).stream()
          .map(Truth.Version::row)
          .filter(Objects::nonNull)
          .reduce((one, other) -> other)
          .ifPresent(rows::add);
    }
    return rows;
  }

  private static Map<Object, Integer> counted(SourceTable table, int column) {
    Map<Object, Integer> counts = new HashMap<>();
    last(table).forEach(row -> counts.merge(row[column], 1, Integer::sum));
    return counts;
  }

  private static int deleted(SourceTable table) {
    return (int)
        TRUTH.keys(table).stream()
            .filter(key -> TRUTH.now(table, key.get(0), key.get(1)) == null)
            .count();
  }

  private static double share(Map<Object, Integer> counts, String value) {
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    return counts.getOrDefault(value, 0) / (double) all;
  }

  @Test
  void paymentsFailAndAreMadeAgain() {
    Map<Object, Integer> status = counted(SourceTable.TRANSACTIONS, 3);
    assertThat(share(status, "failed")).isBetween(0.04, 0.12);
    assertThat(share(status, "captured")).isGreaterThan(0.7);
    assertThat(status)
        .containsKeys("pending", "voided", "refunded", "partly-refunded", "charged-back");
    Map<Object, List<Object>> byOrder = new TreeMap<>();
    last(SourceTable.TRANSACTIONS)
        .forEach(row -> byOrder.computeIfAbsent(row[1], any -> new ArrayList<>()).add(row[3]));
    assertThat(byOrder.values()).contains(List.of("failed", "captured"));
    assertThat(byOrder.values())
        .noneMatch(all -> all.stream().filter("captured"::equals).count() > 1);
    assertThat(deleted(SourceTable.TRANSACTIONS)).isPositive();
  }

  /** What the gateway settled of a payment is what the shop says was paid less refunded. */
  @Test
  void settlementsAddUpToThePayments() {
    Map<String, Long> settled = new HashMap<>();
    Map<String, Set<String>> kinds = new HashMap<>();
    TRUTH
        .rows("pay_settlements")
        .forEach(
            (key, rows) -> {
              List<String> first = Objects.requireNonNull(rows.get(0).values());
              if (rows.size() == 1) {
                settled.merge(key.get(0), cents(first.get(1)), Long::sum);
              }
              kinds.computeIfAbsent(key.get(0), any -> new HashSet<>()).add(first.get(0));
            });
    int compared = 0;
    for (List<Long> key : TRUTH.keys(SourceTable.TRANSACTIONS)) {
      Object[] row = TRUTH.now(SourceTable.TRANSACTIONS, key.get(0), 0);
      String id = key.get(0).toString();
      if (row != null && settled.containsKey(id)) {
        boolean taken = row[3].equals("charged-back");
        assertThat(settled.get(id))
            .as("payment %s, %s, %s", id, row[3], kinds.get(id))
            .isEqualTo(taken ? 0 : (Long) row[4] - (Long) row[5]);
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(1000);
  }

  private static long cents(String amount) {
    return Long.parseLong(amount.replace(".", ""));
  }

  @Test
  void parcelsAreLostVoidedAndSentInTwo() {
    Map<Object, Integer> status = counted(SourceTable.DELIVERIES, 5);
    assertThat(status).containsKeys("shipped", "delivered", "lost", "returned-to-sender");
    assertThat(share(status, "lost")).isBetween(0.002, 0.04);
    assertThat(counted(SourceTable.DELIVERIES, 2).get(2)).isGreaterThan(20);
    assertThat(deleted(SourceTable.DELIVERIES)).isBetween(5, 60);
  }

  @Test
  void linesComeBackAndAreRefunded() {
    Map<Object, Integer> status = counted(SourceTable.RETURNS, 7);
    assertThat(status).containsKeys("requested", "received", "refunded", "rejected");
    int returns = TRUTH.keys(SourceTable.RETURNS).size();
    int delivered = counted(SourceTable.DELIVERIES, 5).getOrDefault("delivered", 0);
    assertThat(returns / (double) delivered).isBetween(0.06, 0.2);
    assertThat(deleted(SourceTable.RETURNS)).isPositive();
    assertThat(TRUTH.keys(SourceTable.RETURNS))
        .as("a return that was withdrawn comes again")
        .anyMatch(
            key -> {
              List<Truth.Version> all = TRUTH.versions(SourceTable.RETURNS, key.get(0), key.get(1));
              return all.stream().anyMatch(one -> one.row() == null)
                  && all.get(all.size() - 1).row() != null;
            });
  }

  @Test
  void purchasesAreCancelledAndSuppliersLeave() {
    Set<String> ends = new HashSet<>();
    TRUTH
        .rows("erp_purchase_orders")
        .values()
        .forEach(
            rows -> {
              assertThat(rows.get(0).values()).endsWith("open");
              ends.add(Objects.requireNonNull(rows.get(rows.size() - 1).values()).get(2));
            });
    assertThat(ends).contains("confirmed", "cancelled", "received");
    assertThat(TRUTH.rows("erp_suppliers").values())
        .anyMatch(rows -> rows.get(rows.size() - 1).values() == null)
        .anyMatch(
            rows ->
                rows.stream().anyMatch(row -> row.values() == null)
                    && rows.get(rows.size() - 1).values() != null);
  }

  @Test
  void productsMoveToOtherSellersAndBack() throws IOException {
    Map<String, List<String>> sellers = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("vault/sat_product_seller.tsv"))) {
      String[] values = line.split("\t");
      sellers.computeIfAbsent(values[0], any -> new ArrayList<>()).add(values[1]);
    }
    assertThat(sellers.values()).anyMatch(all -> all.size() > 1);
    assertThat(sellers.values()).anyMatch(all -> new HashSet<>(all).size() < all.size());
  }

  @Test
  void campaignsLeadToVisitsThatThereAre() {
    Set<String> sessions = new HashSet<>();
    TRUTH.rows("doc_sessions").keySet().forEach(key -> sessions.add(key.get(0)));
    Set<String> campaigns = new HashSet<>();
    TRUTH.rows("crm_campaigns").keySet().forEach(key -> campaigns.add(key.get(0)));
    assertThat(TRUTH.rows("web_campaign_touches").keySet())
        .hasSizeGreaterThan(200)
        .allMatch(key -> campaigns.contains(key.get(1)) && sessions.contains(key.get(2)));
  }

  @Test
  void noBookHoldsAPassword() throws IOException {
    try (var books = Files.list(folder.resolve("vault"))) {
      for (Path book : books.toList()) {
        assertThat(Files.readString(book)).as(book.toString()).doesNotContain("$2b$");
      }
    }
    try (var files = Files.list(folder.resolve("input/cdc/shop.credentials"))) {
      assertThat(files.anyMatch(file -> StoreLifeTest.read(file).contains("$2b$"))).isTrue();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
