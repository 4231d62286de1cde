package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.InstantViews;
import io.veralake.lake.VaultViews;
import io.veralake.spec.AtInstant;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** What is said of an instant is what a slow reader of all raw rows finds, in any load order. */
final class AtInstantTest {
  private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
  private static final List<VaultSource> SOURCE = List.of(VaultFixture.source("one"));
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), SOURCE);
  private static final Hub PRODUCT =
      new Hub("hub_product", List.of(column("other", "string")), SOURCE);
  private static final Link.End TO_CUSTOMER = new Link.End("customer", CUSTOMER);
  private static final Link LINE =
      new Link(
          "link_line",
          List.of(TO_CUSTOMER, new Link.End("product", PRODUCT)),
          List.of(),
          true,
          List.of(),
          SOURCE);
  private static final Satellite PROFILE =
      new Satellite("sat_profile", CUSTOMER, List.of(column("name", "string")), List.of(), SOURCE);
  private static final Satellite MEMBERS =
      satellite("sat_members", CUSTOMER, new SatelliteForm.Members(List.of(column("line", "int"))));
  private static final Satellite STATUS =
      new Satellite(
          "sat_status", CUSTOMER, List.of(), List.of(), SOURCE, new SatelliteForm.Status());
  private static final Satellite DRIVEN =
      new Satellite(
          "sat_driven",
          LINE,
          List.of(),
          List.of(),
          SOURCE,
          new SatelliteForm.Effectivity(List.of(TO_CUSTOMER), List.of()));

  private static Satellite satellite(String name, VaultTable parent, SatelliteForm form) {
    return new Satellite(name, parent, List.of(column("name", "string")), List.of(), SOURCE, form);
  }

  /** A change as the source made it, at a second of its own. */
  private record Change(long second, boolean gone, long id, String other, String name, int line) {
    RawRow raw() {
      List<Object> values = List.of(this.id, this.other, this.name, this.line);
      return this.gone
          ? new RawRow("d", values, null, this.second, this.second, "one")
          : new RawRow("c", null, values, this.second, this.second, "one");
    }
  }

  private static List<Change> history(Random random) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      changes.add(
          new Change(
              BEGIN + i * 3600L + random.nextInt(3600),
              random.nextInt(4) == 0,
              random.nextInt(5),
              "p" + random.nextInt(3),
              "v" + random.nextInt(3),
              random.nextInt(2)));
    }
    return changes;
  }

  /** Customers at {@code second}, as a reader of all changes in their order sees them. */
  private static List<String> customers(List<Change> changes, long second, String alive) {
    Map<Long, String> profile = new TreeMap<>();
    Map<Long, Map<Integer, String>> members = new TreeMap<>();
    Map<Long, Boolean> there = new TreeMap<>();
    changes.stream()
        .filter(change -> change.second() <= second)
        .sorted(Comparator.comparing(Change::second))
        .forEach(
            change -> {
              there.put(change.id(), !change.gone());
              Map<Integer, String> own =
                  members.computeIfAbsent(change.id(), id -> new TreeMap<>());
              if (change.gone()) {
                profile.remove(change.id());
                own.remove(change.line());
              } else {
                profile.put(change.id(), change.name());
                own.put(change.line(), change.name());
              }
            });
    List<String> result = new ArrayList<>();
    there.forEach(
        (id, is) -> {
          Map<Integer, String> own = members.getOrDefault(id, Map.of());
          boolean shown = alive.equals("status") ? is : profile.containsKey(id) || !own.isEmpty();
          if (shown) {
            List<String> all = new ArrayList<>();
            own.forEach((line, name) -> all.add(line + name));
            result.add("%d %s %s".formatted(id, profile.get(id), all.isEmpty() ? null : all));
          }
        });
    return result;
  }

  private static List<String> relations(List<Change> changes, long second) {
    Map<Long, String> pointed = new TreeMap<>();
    changes.stream()
        .filter(change -> change.second() <= second)
        .sorted(Comparator.comparing(Change::second))
        .forEach(
            change -> {
              if (!change.gone()) {
                pointed.put(change.id(), change.other());
              } else {
                pointed.remove(change.id(), change.other());
              }
            });
    List<String> result = new ArrayList<>();
    pointed.forEach((id, other) -> result.add(id + " " + other));
    return result;
  }

  private static List<String> texts(SparkSession spark, String sql) {
    return spark.sql(sql).collectAsList().stream().map(row -> text(row)).sorted().toList();
  }

  private static String text(Row row) {
    return row.mkString(" ");
  }

  @Test
  void everyInstantIsAsTheSourceHadIt() throws Exception {
    long seed = Seed.of(23);
    Random random = new Random(seed);
    List<Change> changes = history(random);
    List<Change> shuffled = new ArrayList<>(changes);
    Collections.shuffle(shuffled, random);
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, other string, name string, line int")
            .raw("shop", "one")
            .vault(CUSTOMER, PRODUCT, LINE, PROFILE, MEMBERS, STATUS, DRIVEN);
    for (List<Change> batch : List.of(shuffled.subList(0, 70), shuffled.subList(70, 120))) {
      vault.land("one", batch.stream().map(Change::raw).toList());
      vault.load();
    }
    // Its views and its variable are no other test's.
    SparkSession spark =
        ((org.apache.spark.sql.classic.SparkSession) vault.lake().spark()).cloneSession();
    new InstantViews(vault.model(), vault.lake().catalog()).statements().forEach(spark::sql);
    for (VaultTable table : vault.model().vault()) {
      String view = table.name() + VaultViews.HISTORY;
      spark
          .table(vault.lake().sqlName("vault." + table.name()))
          .createOrReplaceTempView(table.name());
      if (table instanceof Satellite satellite) {
        spark
            .sql(new VaultViews(vault.model()).history(satellite, table.name()))
            .createOrReplaceTempView(view);
      }
    }
    AtInstant withStatus = new AtInstant(vault.model().vault());
    AtInstant without = new AtInstant(List.of(CUSTOMER, PRODUCT, LINE, PROFILE, MEMBERS, DRIVEN));
    int relations = 0;
    for (int i = 0; i < 5; i++) {
      // Before all changes, at some of them, and just before one.
      long second =
          i == 0 ? BEGIN - 1 : changes.get(random.nextInt(120)).second() - (i == 4 ? 1 : 0);
      String at = "TIMESTAMP '" + Instant.ofEpochSecond(second) + "'";
      String asked =
          "SELECT id, sat_profile.name, transform(sat_members, m -> concat(m.line, m.name)) FROM hub_customer_at("
              + at
              + ") -- hub_customer_at()";
      String linked =
          "SELECT id, other FROM link_line_at(%s) AS l JOIN hub_customer USING (customer_hk) JOIN hub_product USING (product_hk)"
              .formatted(at);
      String what = "seed " + seed + " at " + at;
      List<String> expected = expected(customers(changes, second, "status"));
      spark.sql("SET VARIABLE " + InstantViews.VARIABLE + " = " + at);
      assertThat(texts(spark, asked.replace("(" + at + ")", ""))).as(what).isEqualTo(expected);
      assertThat(texts(spark, withStatus.expanded(asked))).as(what).isEqualTo(expected);
      assertThat(texts(spark, without.expanded(asked)))
          .as(what + " without status")
          .isEqualTo(expected(customers(changes, second, "satellites")));
      List<String> linkedThen = relations(changes, second);
      assertThat(texts(spark, linked.replace("(" + at + ")", ""))).as(what).isEqualTo(linkedThen);
      assertThat(texts(spark, withStatus.expanded(linked))).as(what).isEqualTo(linkedThen);
      relations += linkedThen.size();
    }
    assertThat(relations).as("relations that were looked at").isPositive();
  }

  private static List<String> expected(List<String> customers) {
    return customers.stream()
        .map(text -> text.replace("[", "ArraySeq(").replace("]", ")"))
        .sorted()
        .toList();
  }

  @Test
  void anInstantMayBeAnyExpression() {
    AtInstant at = new AtInstant(List.of(CUSTOMER, PROFILE));
    assertThat(at.expanded("SELECT 'sat_profile_at(' FROM my_sat_profile_at(1)"))
        .isEqualTo("SELECT 'sat_profile_at(' FROM my_sat_profile_at(1)");
    assertThat(at.expanded("SELECT * FROM SAT_PROFILE_AT( date_trunc('day', (x)) ) AS s"))
        .isEqualTo(
            "SELECT * FROM (SELECT * FROM sat_profile_history WHERE `effective_from` <= CAST((date_trunc('day', (x))) AS timestamp) AND (`effective_to` IS NULL OR `effective_to` > CAST((date_trunc('day', (x))) AS timestamp)) AND NOT `deleted`) AS s");
    assertThatThrownBy(() -> at.expanded("SELECT * FROM hub_customer_at()"))
        .hasMessage("hub_customer_at()");
    assertThatThrownBy(() -> at.expanded("SELECT * FROM sat_profile_at(x"))
        .hasMessage("sat_profile_at()");
  }
}
