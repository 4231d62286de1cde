package io.veralake.demo.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreSimulationTest {
  private static final double SCALE = 0.1;
  private static final int DAYS = 3;

  @TempDir static Path folder;
  private static final List<Set<String>> FILES_BY_DAY = new ArrayList<>();

  @BeforeAll
  static void play() throws IOException {
    var simulation = new StoreSimulation(7, SCALE);
    for (int day = 1; day <= DAYS; day++) {
      simulation.play(folder.resolve("input"), StreamSink.NOTHING, Delivered.NOTHING);
      FILES_BY_DAY.add(files(folder.resolve("input")).keySet());
    }
  }

  @Test
  void sameSeedGivesTheSameBytesAndTimes(@TempDir Path other) throws IOException {
    var skipping = new StoreSimulation(7, SCALE);
    skipping.skipTo(2, Delivered.NOTHING);
    skipping.play(other, StreamSink.NOTHING, Delivered.NOTHING);
    Map<String, String> all = files(folder.resolve("input"));
    all.keySet().removeAll(FILES_BY_DAY.get(1));
    assertThat(files(other)).isNotEmpty().isEqualTo(all);
  }

  @Test
  void anotherSeedGivesOtherBytes(@TempDir Path other) throws IOException {
    new StoreSimulation(8, SCALE).play(other, StreamSink.NOTHING, Delivered.NOTHING);
    String file = "cdc/shop.orders/2026-03-01-2-000.json";
    assertThat(Files.mismatch(other.resolve(file), folder.resolve("input").resolve(file)))
        .isNotNegative();
  }

  @Test
  void rerunOfADayLeavesItsFilesAlone() throws IOException {
    Path input = folder.resolve("input");
    Path file = input.resolve("cdc/shop.orders/2026-03-01-2-000.json");
    Object before = Files.readAttributes(file, "unix:ino,lastModifiedTime").toString();
    Map<String, String> all = files(input);
    new StoreSimulation(7, SCALE).play(input, StreamSink.NOTHING, Delivered.NOTHING);
    assertThat(files(input)).isEqualTo(all);
    assertThat(Files.readAttributes(file, "unix:ino,lastModifiedTime").toString())
        .isEqualTo(before);
    assertThat(folder.resolve("input.part")).doesNotExist();
  }

  @Test
  void filesOfADayAppearWithThatDayOnly() {
    assertThat(FILES_BY_DAY.get(0)).noneMatch(name -> name.contains("2026-03-02"));
    Set<String> second = new HashSet<>(FILES_BY_DAY.get(1));
    second.removeAll(FILES_BY_DAY.get(0));
    assertThat(second)
        .contains(
            "cdc/shop.users/2026-03-01-late-000.json",
            "cdc/shop.products/2026-03-01-late-000.json",
            "cdc/shop.orders/2026-03-01-late-000.json",
            "cdc/shop.order_items/2026-03-01-late-000.json",
            "erp/stock/2026-03-02-0.csv",
            "documents/application_logs/2026-03-02.jsonl");
  }

  @Test
  void logHasAllOperationsDuplicatesAndDisorder() throws IOException {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> operations = new HashSet<>();
    int repeated = 0;
    int backwards = 0;
    for (String table : List.of("orders", "order_items", "users", "products", "sellers")) {
      long last = 0;
      for (String line : log(table)) {
        repeated += seen.merge(line, 1, Integer::sum) == 2 ? 1 : 0;
        Object event = Json.read(line);
        if (Json.at(event, "value") == null) {
          operations.add("tombstone");
          continue;
        }
        operations.add((String) Json.at(event, "value", "payload", "op"));
        long lsn = ((Number) Json.at(event, "value", "payload", "source", "lsn")).longValue();
        backwards += lsn < last ? 1 : 0;
        last = lsn;
      }
    }
    assertThat(operations).containsExactlyInAnyOrder("r", "c", "u", "d", "tombstone");
    assertThat(repeated).isGreaterThan(20);
    assertThat(backwards).isGreaterThan(20);
  }

  @Test
  void keysChangeOftenInASecondAndComeBackAfterADelete() throws IOException {
    Map<String, Set<Long>> inSecond = new HashMap<>();
    Map<String, Set<Long>> inTransaction = new HashMap<>();
    Map<String, TreeMap<Long, String>> history = new HashMap<>();
    for (String line : log("order_items")) {
      Object event = Json.read(line);
      if (Json.at(event, "value") != null) {
        Object payload = Json.at(event, "value", "payload");
        String key = String.valueOf(Json.at(event, "key", "payload"));
        long lsn = ((Number) Json.at(payload, "source", "lsn")).longValue();
        long second = ((Number) Json.at(payload, "source", "ts_ms")).longValue() / 1000;
        add(inSecond, key + second, lsn);
        add(inTransaction, key + Json.at(payload, "transaction", "id"), lsn);
        history
            .computeIfAbsent(key, any -> new TreeMap<>())
            .put(lsn, (String) Json.at(payload, "op"));
      }
    }
    assertThat(inSecond.values()).anyMatch(lsns -> lsns.size() > 1);
    assertThat(inTransaction.values()).anyMatch(lsns -> lsns.size() > 1);
    assertThat(history.values()).anyMatch(ops -> String.join("", ops.values()).contains("dc"));
  }

  private static void add(Map<String, Set<Long>> map, String key, long value) {
    map.computeIfAbsent(key, any -> new HashSet<>()).add(value);
  }

  @Test
  void productsGetAColorOnTheSecondDay() throws IOException {
    boolean before = false;
    boolean after = false;
    for (String line : log("products")) {
      long at =
          ((Number) Json.at(Json.read(line), "value", "payload", "source", "ts_us")).longValue();
      boolean colored = line.contains("\"field\":\"color\"");
      assertThat(colored).isEqualTo(at >= StoreCalendar.start(2) + 8 * StoreCalendar.HOUR);
      before |= !colored;
      after |= colored;
    }
    assertThat(before && after).isTrue();
  }

  @Test
  void brokenRecordsAreThere() throws IOException {
    int commas = 0;
    int broken = 0;
    for (String line : lines("documents/application_logs/2026-03-01.jsonl")) {
      commas += line.endsWith(",}") ? 1 : 0;
      broken += isJson(line) ? 0 : 1;
    }
    assertThat(commas).isGreaterThan(1);
    assertThat(broken).isGreaterThan(commas);
    List<String> orders = lines("cdc/shop.orders/2026-03-01-2-000.json");
    assertThat(isJson(orders.get(orders.size() - 1))).isFalse();
    assertThat(lines("erp/stock/2026-03-01-1.csv")).anyMatch(line -> line.contains("many"));
  }

  @Test
  void journeyIsTheSameWhateverTheSeed() throws IOException {
    List<String> story = story(7);
    assertThat(story).isEqualTo(story(8));
    assertThat(story)
        .containsExactly(
            "ORDERS c 2026-03-01T09:15:00.120000 [4711, 42, new, web, north]",
            "ORDER_ITEMS c 2026-03-01T09:15:00.120000 [4711, 1, 987, 7, 1, 5990, 0]",
            "ORDER_ITEMS c 2026-03-01T09:15:00.120000 [4711, 2, 988, 7, 2, 995, 100]",
            "ORDER_ITEMS u 2026-03-01T09:17:30.120000 [4711, 1, 987, 7, 2, 5990, 0]",
            "ORDER_ITEMS u 2026-03-01T09:17:30.620000 [4711, 1, 987, 7, 3, 5990, 0]",
            "ORDERS u 2026-03-01T09:20:00.120000 [4711, 42, paid, web, north]",
            "ORDER_ITEMS u 2026-03-02T16:00:00.000000 [4711, 1, 987, 7, 3, 5490, 0]",
            "ORDER_ITEMS d 2026-03-03T10:00:00.000000 [4711, 2, 988, 7, 2, 995, 100]");
  }

  private static List<String> story(long seed) throws IOException {
    List<String> story = new ArrayList<>();
    Delivered listener =
        new Delivered() {
          @Override
          public void change(ChangeEvent event) {
            if (Long.valueOf(Journey.ORDER).equals(event.row()[0]) && event.width() == 7) {
              int shown = event.table() == SourceTable.ORDERS ? 5 : 7;
              story.add(
                  event.table()
                      + " "
                      + event.op()
                      + " "
                      + new ByteText().time(event.place().commit(), 'T')
                      + " "
                      + List.of(event.row()).subList(0, shown));
            }
          }

          @Override
          public void stock(long product, int warehouse, int quantity, long changed) {}
        };
    new StoreSimulation(seed, 0.05).skipTo(DAYS, listener);
    return story;
  }

  private static boolean isJson(String line) {
    try {
      Json.read(line);
      return !line.contains("\ufffd");
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  private static List<String> log(String table) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file : files(folder.resolve("input")).keySet()) {
      if (file.startsWith("cdc/shop." + table + "/")) {
        lines(file).stream().filter(StoreSimulationTest::isJson).forEach(lines::add);
      }
    }
    return Collections.unmodifiableList(lines);
  }

  private static List<String> lines(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("input").resolve(file));
    return new String(bytes, StandardCharsets.UTF_8).lines().toList();
  }

  /** Names of all files with their size, time and content's hash. */
  private static TreeMap<String, String> files(Path root) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(path);
        files.put(
            root.relativize(path).toString(),
            bytes.length
                + " "
                + java.util.Arrays.hashCode(bytes)
                + " "
                + Files.getLastModifiedTime(path));
      }
    }
    return files;
  }
}
