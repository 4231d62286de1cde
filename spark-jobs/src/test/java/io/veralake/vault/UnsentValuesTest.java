package io.veralake.vault;

import static io.veralake.vault.FormsFixture.assertSame;
import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.PlainHashText;
import io.veralake.lake.PlainHashText.Value;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values that the source kept back because they hadn't changed. */
final class UnsentValuesTest {
  private static final Column ID = column("id", "bigint");
  private static final List<Column> PAYLOAD =
      List.of(column("name", "string"), column("n", "int"), column("both", "string"));
  private static final Map<String, Set<String>> MADE_FROM =
      Map.of("name", Set.of("name"), "n", Set.of("n"), "both", Set.of("name", "n"));
  private static final Hub HUB =
      new Hub("hub_customer", List.of(ID), List.of(VaultFixture.source("one")));

  private static Satellite satellite(VaultRules.Unsent unsent) {
    List<VaultSource> sources =
        List.of("one", "two").stream()
            .map(raw -> new VaultSource(raw, Map.of("both", "concat(name, '/', n)"), "true"))
            .toList();
    Satellite plain = new Satellite("sat_carried", HUB, PAYLOAD, List.of(), sources);
    return new Satellite(
        plain.name(),
        plain.parent(),
        plain.payload(),
        plain.personal(),
        plain.sources(),
        plain.form(),
        plain.names(),
        plain.hashdiff(),
        new VaultRules(Map.of(), Map.of(), unsent),
        plain.order());
  }

  /** Promise 1: however late rows come, each version has what was sent last before it. */
  @Test
  void versionsCarryWhatWasSentLast() throws Exception {
    long seed = Seed.of(41);
    RandomHistories random = new RandomHistories(seed, 300, 2, 0.4, 0);
    Satellite satellite = satellite(VaultRules.Unsent.CARRY);
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), RandomHistories.DDL)
            .raw("shop", "one", "two")
            .vault(satellite);
    Random kept = new Random(seed);
    List<RawRow> all = new ArrayList<>();
    for (int batch = 0; batch < random.batches(); batch++) {
      for (String raw : List.of("one", "two")) {
        Map<RawRow, RawRow> same = new HashMap<>();
        List<RawRow> rows =
            random.batch(raw, batch).stream()
                .map(row -> same.computeIfAbsent(row, one -> keptBack(one, kept)))
                .toList();
        vault.land(raw, rows);
        all.addAll(rows);
      }
      vault.load();
    }
    assertThat(all).anyMatch(row -> !row.unavailable().isEmpty());
    String sql =
        "SELECT lower(hex(hub_customer_hk)), name, n, both, unsent, deleted, unix_seconds(applied_time) FROM "
            + vault.lake().sqlName("vault.sat_carried" + VaultViews.HISTORY);
    List<String> found =
        vault
            .lake()
            .spark()
            .sql(sql.replace("hub_customer_hk", HUB.hashKey()))
            .collectAsList()
            .stream()
            .map(Row::toString)
            .sorted()
            .toList();
    assertSame("seed " + seed, found, expected(all));
    // Rehashed, the marked rows have the hashes that they have.
    HashText hash = new HashText("MD5");
    assertThat(
            new NewHashes(vault.lake(), hash)
                .of(satelliteOverHub(vault, satellite))
                .exceptAll(
                    vault
                        .lake()
                        .rows("vault.sat_carried")
                        .withColumn(
                            NewHashes.OLD, org.apache.spark.sql.functions.col(HUB.hashKey())))
                .count())
        .isZero();
  }

  private static Satellite satelliteOverHub(VaultFixture vault, Satellite satellite) {
    vault.vault(HUB).load();
    return satellite;
  }

  @Test
  void withoutThatDeclarationNothingIsLoaded() throws Exception {
    VaultFixture vault = vault(satellite(VaultRules.Unsent.REFUSE));
    assertThatThrownBy(vault::load)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot load vault.sat_carried: 1 rows lack a value that the source did not send because an update left it unchanged (PostgreSQL: ALTER TABLE … REPLICA IDENTITY FULL, then land the table anew; or, if no change can be missing, unsent = carry in the satellite's model)");
  }

  /** A table that was loaded before gets the column, and its hashes stay. */
  @Test
  void theDeclarationMayComeLater() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), RandomHistories.DDL).raw("shop", "one", "two");
    vault.land(
        "one", List.of(new RawRow("c", null, Arrays.asList(1L, "p", 1, "A", 1), 1, 1, "one")));
    vault.vault(satellite(VaultRules.Unsent.REFUSE)).load();
    VaultFixture later = vault.instead(satellite(VaultRules.Unsent.CARRY));
    later.land(
        "one",
        List.of(
            new RawRow("u", null, Arrays.asList(1L, "p", 1, null, 2), 2, 2, "one", List.of("name")),
            new RawRow("u", null, Arrays.asList(1L, "p", 1, null, 2), 3, 3, "one", List.of())));
    later.load();
    assertThat(
            later
                .lake()
                .spark()
                .sql(
                    "SELECT name, n, both, unsent FROM %s ORDER BY effective_from"
                        .formatted(later.lake().sqlName("vault.sat_carried_history")))
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly("[A,1,A/1,null]", "[A,2,A/1,ArraySeq(name, both)]", "[null,2,null,null]");
  }

  private static VaultFixture vault(Satellite satellite) throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), RandomHistories.DDL)
            .raw("shop", "one", "two")
            .vault(satellite);
    vault.land(
        "one",
        List.of(
            new RawRow(
                "u", null, Arrays.asList(1L, "p", 1, null, 1), 1, 1, "one", List.of("name"))));
    return vault;
  }

  /** {@code row} as a source sends it that keeps back some values of an update. */
  private static RawRow keptBack(RawRow row, Random random) {
    if (!row.op().equals("u")) {
      return row;
    }
    List<@Nullable Object> after = new ArrayList<>(row.after());
    List<String> names = new ArrayList<>();
    for (String name : List.of("name", "n")) {
      if (random.nextInt(3) == 0) {
        after.set(RandomHistories.COLUMNS.indexOf(name), null);
        names.add(name);
      }
    }
    return new RawRow(
        row.op(), row.before(), after, row.major(), row.second(), row.source(), names);
  }

  /** What an observer of a key sees at one place in the order. */
  private record Seen(
      String key, long major, long second, String source, Map<String, Object> sent, boolean gone) {
    private String hashdiff() {
      if (this.gone) {
        return PlainHashText.deletion("MD5");
      }
      Map<String, Value> parts = new HashMap<>();
      TreeSet<String> unsent = new TreeSet<>();
      for (Column column : PAYLOAD) {
        if (this.sent.containsKey(column.name())) {
          parts.put(column.name(), new Value(column.type(), this.sent.get(column.name())));
        } else {
          unsent.add(column.name());
        }
      }
      if (!unsent.isEmpty()) {
        parts.put("unsent", new Value(PAYLOAD.get(0).type(), String.join(",", unsent)));
      }
      return PlainHashText.difference("MD5", parts);
    }
  }

  private static List<String> expected(List<RawRow> rows) {
    Map<String, List<Seen>> keys = new TreeMap<>();
    for (RawRow row : rows) {
      observe(keys, row, row.row(), row.op().equals("d"));
      boolean moved =
          row.op().equals("u")
              && row.before() != null
              && !java.util.Objects.equals(row.before().get(0), row.after().get(0));
      if (moved) {
        observe(keys, row, row.before(), true);
      }
    }
    Comparator<Seen> order =
        Comparator.comparingLong(Seen::major)
            .thenComparingLong(Seen::second)
            .thenComparing(Seen::source)
            .thenComparing(Seen::hashdiff);
    List<String> result = new ArrayList<>();
    keys.forEach(
        (key, seen) -> {
          seen.sort(order);
          String state = "";
          Map<String, Object> now = new HashMap<>();
          for (Seen one : seen) {
            if (one.hashdiff().equals(state)) {
              continue;
            }
            state = one.hashdiff();
            if (one.gone()) {
              now.clear();
            }
            now.putAll(one.sent());
            List<String> unsent =
                one.gone()
                    ? List.of()
                    : PAYLOAD.stream()
                        .map(Column::name)
                        .filter(name -> !one.sent().containsKey(name))
                        .toList();
            result.add(
                "[%s,%s,%s,%s,%s,%s,%d]"
                    .formatted(
                        key,
                        now.get("name"),
                        now.get("n"),
                        now.get("both"),
                        unsent.isEmpty() ? null : "ArraySeq(" + String.join(", ", unsent) + ")",
                        one.gone(),
                        one.second()));
          }
        });
    return result.stream().sorted().toList();
  }

  private static void observe(
      Map<String, List<Seen>> keys, RawRow row, List<@Nullable Object> values, boolean gone) {
    Object id = values.get(0);
    if (id == null) {
      return;
    }
    Map<String, Object> sent = new HashMap<>();
    for (Column column : PAYLOAD) {
      Supplier<@Nullable Object> value =
          () ->
              column.name().equals("both")
                  ? both(known(row, values, "name"), known(row, values, "n"))
                  : known(row, values, column.name());
      boolean known =
          MADE_FROM.get(column.name()).stream()
              .allMatch(
                  name -> !row.unavailable().contains(name) || known(row, values, name) != null);
      if (!gone && known) {
        sent.put(column.name(), value.get());
      }
    }
    String key = PlainHashText.key("MD5", List.of(new Value(ID.type(), id)));
    keys.computeIfAbsent(key, k -> new ArrayList<>())
        .add(new Seen(key, row.major(), row.second(), row.source(), sent, gone));
  }

  private static @Nullable Object both(@Nullable Object name, @Nullable Object n) {
    return name == null || n == null ? null : name + "/" + n;
  }

  /** The value, or that of the row before if it was kept back. */
  private static @Nullable Object known(RawRow row, List<@Nullable Object> values, String name) {
    int place = RandomHistories.COLUMNS.indexOf(name);
    boolean kept = row.unavailable().contains(name);
    return kept && row.before() != null ? row.before().get(place) : values.get(place);
  }
}
